"""Files and folders appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matinee.errors import FailureError, InputError
from matinee.files import folder_aside, move_in, replace_folder, require_writable, write_file


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    write_file(path, b"old")
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "receipt.json"
    write_file(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FailureError, match="No space left"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unwritable_place_is_reported_beforehand(tmp_path: Path) -> None:
    require_writable(tmp_path / "receipt.json")
    with pytest.raises(InputError, match="is a folder; name a file in it"):
        require_writable(tmp_path)
    with pytest.raises(InputError, match="is not a writable folder"):
        require_writable(tmp_path / "nowhere" / "receipt.json")


def test_a_folder_appears_when_it_is_moved_in(tmp_path: Path) -> None:
    with folder_aside(tmp_path) as folder:
        (folder / "film").write_text("Alien")
        assert not (tmp_path / "final").exists()
        move_in(folder, tmp_path / "final")
    assert [each.name for each in tmp_path.iterdir()] == ["final"]
    assert (tmp_path / "final" / "film").read_text() == "Alien"


def test_a_folder_that_is_there_already_stays(tmp_path: Path) -> None:
    (tmp_path / "final").mkdir()
    (tmp_path / "final" / "film").write_text("first")
    with folder_aside(tmp_path) as folder:
        (folder / "film").write_text("second")
        move_in(folder, tmp_path / "final")
    assert (tmp_path / "final" / "film").read_text() == "first"
    assert [each.name for each in tmp_path.iterdir()] == ["final"]


def test_a_folder_that_was_not_filled_is_deleted(tmp_path: Path) -> None:
    def fill() -> None:
        with folder_aside(tmp_path):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        fill()
    assert list(tmp_path.iterdir()) == []


def _film_in(folder: Path, title: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "film").write_text(title)
    return folder


def test_a_folder_replaces_another_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    final = _film_in(tmp_path / "final", "old")
    with folder_aside(tmp_path) as folder:
        replace_folder(_film_in(folder, "new"), final)
    assert (final / "film").read_text() == "new"
    assert list(tmp_path.iterdir()) == [final]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_replacement_that_fails_at_any_step_leaves_the_former_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, step: int
) -> None:
    final = _film_in(tmp_path / "final", "old")
    rename, fsync, steps = Path.rename, os.fsync, [0]

    def count() -> None:
        steps[0] += 1
        if steps[0] == step:
            raise failure

    def renamed(self: Path, target: Path) -> Path:
        if self.name == "folder":
            count()
        return rename(self, target)

    def synced(descriptor: int) -> None:
        count()
        fsync(descriptor)

    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(os, "fsync", synced)
    with pytest.raises(type(failure)), folder_aside(tmp_path) as folder:
        replace_folder(_film_in(folder, "new"), final)
    assert (final / "film").read_text() == "old"
    assert list(tmp_path.iterdir()) == [final]


def test_a_former_folder_that_cannot_go_back_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final = _film_in(tmp_path / "final", "old")
    rename = Path.rename

    def once(self: Path, target: Path) -> Path:
        if self != final:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", once)
    with (
        pytest.raises(OSError, match=r"the former folder is .*final-former-.*, rename it"),
        folder_aside(tmp_path) as folder,
    ):
        replace_folder(_film_in(folder, "new"), final)
    (former,) = tmp_path.iterdir()
    assert (former / "film").read_text() == "old"
