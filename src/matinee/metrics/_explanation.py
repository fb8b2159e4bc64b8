"""Explanations of metrics, taken from their docstrings and signatures."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args, get_type_hints

__all__ = ["Explanation", "Option", "explanation", "options"]

_FOR_CALLERS = ("Args:", "Returns:", "Raises:")
_EXAMPLE = "Example:"


@dataclass(frozen=True)
class Explanation:
    """The parts of a metric's docstring.

    Attributes:
        summary: its first sentence.
        text: the paragraphs after it: definition, options, libraries that differ.
        example: values worked by hand, then as Python.
    """

    summary: str
    text: str
    example: str


@dataclass(frozen=True)
class Option:
    """One option of a definition.

    Attributes:
        default: its value if not set.
        choices: all values; empty for a number or a switch.
    """

    default: str | float | bool
    choices: tuple[str, ...] = ()


def explanation(function: Callable[..., Any]) -> Explanation:
    """Explanation from a Google-style docstring, without the sections for callers."""
    written = inspect.getdoc(_plain(function)) or ""
    sections: dict[str, list[str]] = {"": []}
    current = ""
    for line in written.splitlines():
        if line in (*_FOR_CALLERS, _EXAMPLE):
            current = line
            sections[current] = []
        else:
            sections[current].append(line)
    summary, _, text = "\n".join(sections[""]).strip().partition("\n\n")
    example = inspect.cleandoc("\n" + "\n".join(sections.get(_EXAMPLE, [])))
    return Explanation(" ".join(summary.split()), text.strip(), example)


def options(function: Callable[..., Any]) -> Mapping[str, Option]:
    """Parameters with a default, and their possible values."""
    hints = get_type_hints(_plain(function))
    return {
        name: Option(each.default, get_args(hints[name]))
        for name, each in inspect.signature(function).parameters.items()
        if each.default is not each.empty
    }


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function behind a partial one."""
    return function.func if isinstance(function, partial) else function
