"""The README's code runs and its links exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def code() -> str:
    found = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_python_is_six_lines_at_most(code: str) -> None:
    assert len([line for line in code.splitlines() if line.strip()]) <= 6


@pytest.mark.usefixtures("home")
def test_the_python_works(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(code, str(README), "exec"), {})  # noqa: S102 - our own README, which is the test
    printed = capsys.readouterr().out
    assert printed.count("Because you ") >= 2


def test_every_linked_file_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []
