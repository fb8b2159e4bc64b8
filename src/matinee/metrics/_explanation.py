"""A metric explained by its own docstring and signature, so that it is written down once."""

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
    """What a docstring says.

    Attributes:
        summary: its first sentence.
        text: the paragraphs after it: definition, options, which libraries differ.
        example: values worked by hand, then the same as Python.
    """

    summary: str
    text: str
    example: str


@dataclass(frozen=True)
class Option:
    """One option of a definition.

    Attributes:
        default: what it is unless said otherwise.
        choices: all there are; empty where it is a number or a switch.
    """

    default: str | float | bool
    choices: tuple[str, ...] = ()


def explanation(function: Callable[..., Any]) -> Explanation:
    """The parts of a Google-style docstring that explain; those for callers are left out."""
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
    """The parameters of a function that have a default, with the values they can take."""
    hints = get_type_hints(_plain(function))
    return {
        name: Option(each.default, get_args(hints[name]))
        for name, each in inspect.signature(function).parameters.items()
        if each.default is not each.empty
    }


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function behind one with some options set."""
    return function.func if isinstance(function, partial) else function
