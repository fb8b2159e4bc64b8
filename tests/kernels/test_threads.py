"""Limits on threads, and kernels where nothing can be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest
import threadpoolctl

import matinee.kernels
from matinee.errors import InputError
from matinee.kernels.threads import available, threads


def blas_threads() -> set[int]:
    return {
        pool["num_threads"]
        for pool in threadpoolctl.threadpool_info()
        if pool["user_api"] == "blas"
    }


def test_a_limit_holds_inside_the_block_and_not_after_it() -> None:
    before = numba.get_num_threads(), blas_threads()
    with threads(1):
        assert numba.get_num_threads() == 1
        assert blas_threads() == {1}
    assert (numba.get_num_threads(), blas_threads()) == before


def test_a_limit_is_lifted_after_an_error() -> None:
    before = numba.get_num_threads(), blas_threads()
    with pytest.raises(KeyError), threads(1):
        raise KeyError
    assert (numba.get_num_threads(), blas_threads()) == before


def test_more_threads_than_cores_are_no_error() -> None:
    with threads(10_000):
        assert numba.get_num_threads() >= 1


def test_no_threads_at_all_are_refused() -> None:
    with pytest.raises(InputError, match="at least 1, not 0"), threads(0):
        pass


def test_the_available_cores_are_counted() -> None:
    assert 1 <= available() <= (os.cpu_count() or 1)


def test_kernels_run_where_no_cache_can_be_written(tmp_path: Path) -> None:
    # root may write anywhere, so the cache folders are put below a plain file instead of a
    # read-only folder: making them fails for everybody
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    copy = tmp_path / "compiled_here.py"
    shutil.copy(Path(matinee.kernels.__path__[0]) / "compiled.py", copy)
    (tmp_path / "__pycache__").write_text("not a folder", encoding="utf-8")
    program = (
        "import compiled_here, numba\n"
        "def single(x): return x\n"
        "try: numba.njit(cache=True)(single)\n"
        "except RuntimeError: print('no cache')\n"
        "@compiled_here.compiled()\n"
        "def double(x): return 2 * x\n"
        "print(double(21))\n"
    )
    script = tmp_path / "script.py"
    script.write_text(program, encoding="utf-8")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")},
        "HOME": str(blocked),
        "XDG_CACHE_HOME": str(blocked / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "no cache\n42\n"
