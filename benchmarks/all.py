"""Runs benchmarks and writes their output to docs/benchmarks.md, with machine and versions.

    python benchmarks/all.py            every claim: an hour or two on two cores
    python benchmarks/all.py svd ials   some of them; the other sections stay as they are

Run it on an idle machine. The figures of one section come from one run; compare their ratios.
"""

from __future__ import annotations

import ast
import os
import platform
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
ARGUMENTS = {
    "blends": ["--min-rating", "4", "--k", "20", "100"],
    "cold_items": ["ml-100k"],
    "cold_viewers": ["ml-100k"],
}
"""Arguments a benchmark needs, or that limit it to about ten minutes."""
_OWN_PAGE = {"all", "every_model", "default_recipe"}
"""Files that are not sections: every_model.py and default_recipe.py write their own pages."""
_HEAD = """# Benchmarks

Each claim about speed and accuracy is one file under `benchmarks/` that anyone can run: `make
peers`, then `make bench` or `python benchmarks/all.py NAME`. Other libraries run in their own
environment, alternating with ours, on the same data and with the same number of threads. Compare
the ratios of times within a section; the times themselves depend on the machine.
`benchmarks/all.py` writes this page; [every model](every-model.md) and the
[default recipe](default-recipe.md) have their own.
"""
_SECTION = re.compile(r"^## `(\w+)`\n(.*?)(?=^## `|\Z)", re.MULTILINE | re.DOTALL)


def main() -> None:
    """Runs the named benchmarks, or all, and writes the page after each."""
    known = sorted({path.stem for path in HERE.glob("*.py")} - _OWN_PAGE)
    names = sys.argv[1:] or known
    for name in names:
        if name not in known:
            sys.exit(f"unknown benchmark {name!r}; known: {', '.join(known)}")
    written = _SECTION.findall(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else []
    sections = {name: text for name, text in written if name in known}
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        sections[name] = measured(name)
        texts = (f"## `{each}`\n{sections[each].rstrip()}\n" for each in sorted(sections))
        PAGE.write_text("\n".join([_HEAD, *texts]), encoding="utf-8")


def measured(name: str) -> str:
    """One section: claim, command, output, machine."""
    file = HERE / f"{name}.py"
    arguments = ARGUMENTS.get(name, [])
    process = subprocess.run(
        [sys.executable, str(file), *arguments], capture_output=True, text=True, check=False
    )
    if process.returncode:
        sys.exit(f"{file.name} failed: {process.stderr.strip()[-2000:]}")
    claim = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split("\n\n")[0]
    command = " ".join(["python", f"benchmarks/{file.name}", *arguments])
    return f"\n{claim}\n\n```\n$ {command}\n{process.stdout.strip()}\n```\n\n{_machine()}\n"


def _machine() -> str:
    """Versions, processor and cores, without anything that identifies the machine."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "numba"))
    return (
        f"Python {platform.python_version()}, {libraries}; {platform.machine()}, "
        f"{len(os.sched_getaffinity(0))} cores."
    )


if __name__ == "__main__":
    main()
