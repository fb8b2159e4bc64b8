"""Every block of the cookbook runs as it stands, in order, and answers in a few lines."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from matinee.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|sh)\n(.*?)```", TEXT, flags=re.DOTALL)
LONGEST = 6


def answer(code: str, names: dict[str, Any]) -> object:
    """The value of the last expression, as a notebook shows it."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, str(PAGE), "exec"), names)  # noqa: S102 - our own page, which is the test
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), str(PAGE), "eval"), names)  # noqa: S307


@pytest.mark.usefixtures("home")
def test_the_python_runs_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for kind, code in BLOCKS:
        if kind == "python":
            found = answer(code, names)
            assert len(repr(found)) < 20_000, code


@pytest.mark.usefixtures("home")
def test_the_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (line for kind, code in BLOCKS if kind == "sh" for line in code.splitlines()):
        main(shlex.split(command)[1:])
        assert capsys.readouterr().out or "--out" in command, command


def test_no_answer_is_longer_than_a_few_lines() -> None:
    for kind, code in BLOCKS[:-1]:
        if kind == "python":
            assert len([line for line in code.splitlines() if line.strip()]) <= LONGEST, code
