"""Tutorials of four libraries and a course take fewer lines with matinee, and mostly less time.

    python benchmarks/tutorials.py [NAME...]

Each pair of files in `benchmarks/tutorials/` does the same on the same data: what the first page of
Surprise, implicit, LensKit and RecTools teaches, and what a course on recommenders has in its
notebook. Lines are those of code, without comments and blank ones. Seconds are those of a whole
run, imports included, the least of three, both sides in turn. The data are folders `ml-100k` and
`ml-latest-small` below `MATINEE_MIRROR`.
"""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
PAIRS = HERE / "tutorials"
NAMES = sorted(path.stem.removesuffix("_ours") for path in PAIRS.glob("*_ours.py"))
OWN_ENVIRONMENT = {"lenskit": Path(".venv-peers/lenskit/bin/python")}
SETTINGS = {
    "implicit_theirs": {"OPENBLAS_NUM_THREADS": "1"},  # it warns of more
    "lenskit_theirs": {"LK_NUM_PROCS": "1"},  # its pool of processes takes longer to start
}
REPEATS = 3


def main() -> None:
    """Runs both sides of every pair in turn and prints outputs, then the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--folder", default=os.environ.get("MATINEE_MIRROR"), help="of the data")
    options = parser.parse_args()
    if not options.folder:
        sys.exit("name the folder of ml-100k and ml-latest-small with --folder or MATINEE_MIRROR")
    table = []
    for name in options.names or NAMES:
        theirs, ours = (PAIRS / f"{name}_{side}.py" for side in ("theirs", "ours"))
        peer = OWN_ENVIRONMENT.get(name, Path(".venv-peers/bin/python"))
        if not peer.is_file():
            sys.exit(f"{peer} is missing: run `make peers`, or `make peers-lenskit`")
        best: dict[Path, float] = {}
        for _ in range(REPEATS):
            for file, python in ((theirs, str(peer)), (ours, sys.executable)):
                seconds, printed = run(python, file, options.folder)
                if file not in best:
                    print(f"{file.stem}\n{printed}")
                best[file] = min(seconds, best.get(file, seconds))
        table.append((name, lines(theirs), best[theirs], lines(ours), best[ours]))
    print(f"{'tutorial':<10} {'lines':>6} {'seconds':>8}   {'ours: lines':>11} {'seconds':>8}")
    for name, *figures in table:
        print("{:<10} {:>6} {:>8.1f}   {:>11} {:>8.1f}".format(name, *figures))


def run(python: str, file: Path, folder: str) -> tuple[float, str]:
    """Seconds and output of one script, with the settings its library asks for."""
    env = os.environ | {"MATINEE_MIRROR": folder} | SETTINGS.get(file.stem, {})
    started = time.perf_counter()
    process = subprocess.run(
        [python, str(file), folder], env=env, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"{file.name} failed: {process.stderr.strip()[-2000:]}")
    return seconds, process.stdout


def lines(file: Path) -> int:
    """Lines with code, without those of the docstring."""
    text = file.read_text(encoding="utf-8")
    docstring = ast.parse(text).body[0].end_lineno or 0
    code = (line.strip() for line in text.splitlines()[docstring:])
    return sum(bool(line) and not line.startswith("#") for line in code)


if __name__ == "__main__":
    main()
