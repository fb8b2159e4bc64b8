"""Whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matinee.errors import FailureError, InputError
from matinee.experiments.receipts.whole_file import require_writable, write_whole


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "receipt.json"
    write_whole(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FailureError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_takes_no_file_is_told_beforehand(tmp_path: Path) -> None:
    require_writable(tmp_path / "receipt.json")
    with pytest.raises(InputError, match="is a folder; name a file in it"):
        require_writable(tmp_path)
    with pytest.raises(InputError, match="is no folder that takes files"):
        require_writable(tmp_path / "nowhere" / "receipt.json")
