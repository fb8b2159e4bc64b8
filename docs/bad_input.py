"""Writes `docs/bad-input.md`: what commands print for bad input, from real runs.

Each case gets its own temporary folder and home. `make docs` runs this; a test fails if the page
differs from the output.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from docs.bad_input_cases import REFUSED, REPAIRED, Case

from matinee.cli import main as matinee

PAGE = Path(__file__).with_name("bad-input.md")
_LONGEST = 320
"""Longest line on the page, in characters."""
_USUAL = re.compile(
    "columns: user from 'userId', item from 'movieId', rating from 'rating', time from 'timestamp'"
    "|scale 1 to 5, guessed from the ratings|.* films have no title: called by their ids"
)
_HEAD = """# Bad input

Messages for input that is wrong. `make docs` runs every command on files made for it, so this is the real output; lines are cut at
{longest} characters with ` ...`. A zip is unpacked into a temporary folder, up to 8 GiB by its declared sizes (512 MiB for your own
ratings), and no member is read beyond its declared size.

## Refused

One line on stderr, `matinee: ` and the message; exit status 2 if the input can be corrected, 1 for another failure. There is no
traceback, and nothing is kept: no data set and no partial file.
"""
_REPAIRED = """## Repaired and reported

Exit status 0. The table shows stderr, without the lines that a clean table prints as well (columns, scale, films without titles), and
the last line of stdout. `--json` and `matinee data describe` also have them. `--strict` makes the first of these defects an error.
"""


@dataclass(frozen=True)
class Outcome:
    """Exit status, output with paths relative to the folder, and the files a command created."""

    status: int
    out: str
    err: str
    left: tuple[str, ...]


def run(case: Case) -> Outcome:
    """Runs a case in its own temporary folder and home."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary).resolve()
        folder, passing = root / "folder", root / "passing"
        for each in (folder, passing):
            each.mkdir()
        for name, content in case.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        own = {"MATINEE_HOME": str(root / "home"), "XDG_CONFIG_HOME": str(root)}
        others = {
            each: value for each, value in os.environ.items() if not each.startswith("MATINEE_")
        }
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, others | own, clear=True),
            patch.object(tempfile, "tempdir", str(passing)),
            contextlib.chdir(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = _status(shlex.split(case.command))
        inputs = {folder / name for name in case.files}
        left = sorted(each for each in root.rglob("*") if each.is_file() and each not in inputs)
        return Outcome(
            status,
            out.getvalue().replace(f"{folder}/", ""),
            err.getvalue().replace(f"{folder}/", ""),
            tuple(each.relative_to(root).as_posix() for each in left),
        )


def page(outcomes: Mapping[Case, Outcome]) -> str:
    """The page, from the outcomes of all cases."""
    parts = [_HEAD.format(longest=_LONGEST)]
    for heading, cases in REFUSED.items():
        rows = [_refused(case, outcomes[case]) for case in cases]
        parts.append(
            f"### {heading}\n\n" + _table(["what is wrong", "command", "status", "message"], rows)
        )
    rows = [_repaired(case, outcomes[case]) for case in REPAIRED]
    parts.append(_REPAIRED)
    parts.append(_table(["what is wrong", "command", "message", "answer"], rows))
    return "\n".join(parts)


def _status(arguments: list[str]) -> int:
    try:
        matinee(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def _refused(case: Case, outcome: Outcome) -> list[str]:
    message = outcome.err.splitlines()[-1].removeprefix("matinee: ")
    return [case.what, _code(case.command), str(outcome.status), _code(message)]


def _repaired(case: Case, outcome: Outcome) -> list[str]:
    messages = [line for line in outcome.err.splitlines() if not _USUAL.fullmatch(line)]
    answer = " ".join(outcome.out.splitlines()[-1].split())
    message = "<br>".join(map(_code, messages)) or "none: it is read unchanged"
    return [case.what, _code(case.command), message, _code(answer)]


def _table(columns: list[str], rows: Iterable[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _code(text: str) -> str:
    """Text as code in a table cell."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} ..."
    marks = "``" if "`" in short else "`"
    return f"{marks}{short}{marks}".replace("|", "\\|")


if __name__ == "__main__":
    every = [*(case for cases in REFUSED.values() for case in cases), *REPAIRED]
    PAGE.write_text(page({case: run(case) for case in every}), encoding="utf-8")
