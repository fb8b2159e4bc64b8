"""Compilation of kernels: its cache, and calls from several threads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import matinee.kernels

FOLDER = Path(matinee.kernels.__path__[0])


def run(script: Path, program: str, **environment: str) -> str:
    script.write_text(program, encoding="utf-8")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")}
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_cached_kernel_is_renewed_when_a_kernel_of_another_file_changes(tmp_path: Path) -> None:
    # numba by itself renews it only when its own file changes
    folder = tmp_path / "house"
    folder.mkdir()
    shutil.copy(FOLDER / "compiled.py", folder)
    (folder / "__init__.py").touch()
    decorated = "from house.compiled import compiled\n{more}\n@compiled()\ndef {line}\n"
    (folder / "caller.py").write_text(
        decorated.format(more="from house.callee import grown", line="answer(x): return grown(x)")
    )
    program = """
from house.caller import answer
print(answer(1), sum(answer.stats.cache_hits.values()), sum(answer.stats.cache_misses.values()))
"""
    printed = []
    for line in ("grown(x): return x + 1", "grown(x): return x + 1", "grown(x): return x + 2"):
        (folder / "callee.py").write_text(decorated.format(more="", line=line))
        printed.append(run(tmp_path / "script.py", program))
    assert printed == ["2 0 1\n", "2 1 0\n", "3 0 1\n"]


def test_threads_take_turns_where_numba_cannot_share_its_own(tmp_path: Path) -> None:
    # numba's workqueue aborts the process if a second thread enters a parallel kernel
    program = """
from concurrent.futures import ThreadPoolExecutor
import numba, numpy as np
from matinee.kernels.alternate import gram

factors = np.ones((200_000, 16), dtype=np.float32)
with ThreadPoolExecutor(4) as pool:
    sums = list(pool.map(lambda _: gram(factors, 1.0)[0, 0], range(40)))
print(numba.threading_layer(), set(map(float, sums)))
"""
    printed = run(tmp_path / "script.py", program, NUMBA_THREADING_LAYER="workqueue")
    assert printed == "workqueue {200000.0}\n"


def test_kernels_run_where_no_cache_can_be_written(tmp_path: Path) -> None:
    # root may write anywhere, so the cache folders are put below a plain file instead of a
    # read-only folder: making them fails for everybody
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    shutil.copy(FOLDER / "compiled.py", tmp_path / "compiled_here.py")
    (tmp_path / "__pycache__").write_text("not a folder", encoding="utf-8")
    program = """
import compiled_here, numba

def single(x): return x
try: numba.njit(cache=True)(single)
except RuntimeError: print('no cache')

@compiled_here.compiled()
def double(x): return 2 * x
print(double(21))
"""
    printed = run(
        tmp_path / "script.py",
        program,
        HOME=str(blocked),
        XDG_CACHE_HOME=str(blocked / "cache"),
        PYTHONDONTWRITEBYTECODE="1",
    )
    assert printed == "no cache\n42\n"
