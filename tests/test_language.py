"""Words of a private language stay out of sources, pages and docs (see docs/glossary.md)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path
    for folder in ("src", "docs", "benchmarks", "examples")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".md", ".html", ".js"} and path.name != "glossary.md"
)
NORMAL_TOO = "many|few|much|long|large|small|short|slow|close|far|little|late|near|big|old|narrow"
RETIRED = {
    "likeness": ("similarity", r"(?<![a-z])likeness"),
    "worth": ("weight", r"_worth\b|\bworth_|\bworth\s*[=:(\[,)]|\b(is|are|was|were|of) worth\b"),
    "turned": ("transposed", r"\bturned\("),
    "whole": ("symmetric", r"\bwhole\("),
    "hands": ("blocks or shards", r"\bin hands of\b|\bhands\s*[=:(\[,)]"),
    "exchanged": ("permuted", r"\bexchanged films?\b|\bfilms (that )?(are |is )?exchanged\b"),
    "sitting": ("session", r"(?<![a-z])sittings?(?![a-z])"),
    "moments": ("sessions", r"\b_?moments\s*[=:(\[]|`moments`"),
    "uneven": ("heteroscedastic", r"(?<![a-z])uneven(ness)?\b|\bevenness\b|\bsteadiness\b"),
    "yardstick": ("metric set or measurement", r"\byardsticks?\b"),
    "stranger": ("new viewer", r"(?<![a-z])strangers?(?![a-z])"),
    "besides": ("also, or in addition", r"\bbesides\b"),
    "too": ("also", rf", too\b(?! ({NORMAL_TOO})\b)"),
    "given way": ("weakened", r"\bgiv(en?|es|ing) way\b"),
    "alike": ("similar, or equal", r"\bhow (much )?alike\b"),
}
"""By word: what to say instead, and a pattern of the private use (normal English may stay)."""
ALLOWED = {
    "stranger": ("src/matinee/experiments/audience/films.py",),
    "besides": ("src/matinee/content/stop_words.py",),
}
"""Beginnings of paths where a word has its normal meaning."""
PARTICIPLES = {"asked", "given", "held", "kept", "said", "shown", "taken", "told"}
"""No names: a name is a noun of the field, or a verb."""


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_does_not_come_back(word: str) -> None:
    instead, pattern = RETIRED[word]
    found = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in FILES
        if not relative(path).startswith(ALLOWED.get(word, ()))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line, re.IGNORECASE)
    ]
    assert not found, f"say {instead}:\n" + "\n".join(found)


def test_no_participle_is_a_name() -> None:
    found = []
    for path in (each for each in FILES if each.suffix == ".py" and "src" in each.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.arg if isinstance(node, ast.arg) else ""
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                name = node.id
            elif isinstance(node, ast.FunctionDef):
                name = node.name.strip("_")
            if name in PARTICIPLES:
                found.append(f"{relative(path)}:{getattr(node, 'lineno', 0)}: {name}")
    assert not found, "name it by a noun:\n" + "\n".join(found)
