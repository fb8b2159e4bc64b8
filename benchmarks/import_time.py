"""Claim P13: `import matinee` takes at most 0.3 seconds more than Python takes to start.

    python benchmarks/import_time.py [--rounds 15]

Two new processes alternate, one that does nothing and one that imports; medians. Files are in the
system's cache from the second round on.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from statistics import median

_LIMIT = 0.3


def main() -> None:
    """Measures both and prints the difference beside the limit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    programs = {"python": "pass", "import matinee": "import matinee"}
    found: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(options.rounds):
        for name, program in programs.items():
            found[name].append(_seconds(program))
    bare, importing = (median(found[name]) for name in programs)
    print(f"median of {options.rounds}, milliseconds")
    print(f"python -c pass             {bare * 1e3:7.1f}")
    print(f"python -c 'import matinee' {importing * 1e3:7.1f}")
    print(f"the import alone           {(importing - bare) * 1e3:7.1f}, limit {_LIMIT * 1e3:.0f}")


def _seconds(program: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
