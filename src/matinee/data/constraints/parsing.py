"""Parses the text form of constraints: `kids under:120 -genre:horror with:"Tom Hanks"`."""

from __future__ import annotations

import re
from typing import Any

from matinee.data.constraints.terms import KEYS, THRESHOLDS
from matinee.errors import OptionError, closest

__all__ = ["parsed"]

_FIELDS = {key: field for field, key in KEYS.items()}
_TOKEN = re.compile(
    r"""(?P<key>-?[A-Za-z][A-Za-z-]*)  # kids, under, -genre
        (?: : (?: "(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<bare>[^\s"\\]+) ) )?
        (?= \s | \Z )""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"\s*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DECADE = re.compile(r"(\d{3}0)s?")
_NUMBER = re.compile(r"[0-9]{1,6}")


def parsed(text: str) -> dict[str, Any]:
    """Fields of `Constraints` with the values that the text gives them.

    `decade:1990s` is short for `since:1990 until:1999`.

    Raises:
        OptionError: a part of the text is not a condition, or a number is repeated.
    """
    fields: dict[str, Any] = {}
    names: dict[str, list[str]] = {}
    for key, value in _tokens(text):
        if key == "decade":
            first = _decade(value)
            for field, year in (("since", first), ("until", first + 9)):
                _set_once(fields, field, year)
            continue
        field = _field(key, value)
        if field == "kids":
            if value is not None:
                raise OptionError(f"kids takes no value, not {value!r}")
            fields["kids"] = True
        elif value is None or not value.strip():
            raise OptionError(f"{key} needs a value, for instance {key}:{_example(field)}")
        elif field in THRESHOLDS:
            if not _NUMBER.fullmatch(value):
                raise OptionError(f"{key} needs a whole number, not {value!r}")
            _set_once(fields, field, int(value))
        else:
            names.setdefault(field, []).append(value)
    return fields | {field: tuple(dict.fromkeys(each)) for field, each in names.items()}


def _tokens(text: str) -> list[tuple[str, str | None]]:
    tokens: list[tuple[str, str | None]] = []
    place = _end_of_space(text, 0)
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise OptionError(
                f"cannot read the condition at {text[place : place + 30]!r}; write KEY:VALUE, "
                'with quotes around a value of several words: with:"Tom Hanks"'
            )
        quoted, bare = token["quoted"], token["bare"]
        value = bare if quoted is None else _ESCAPED.sub(r"\1", quoted)
        tokens.append((token["key"].lower(), value))
        place = _end_of_space(text, token.end())
    return tokens


def _end_of_space(text: str, place: int) -> int:
    space = _SPACE.match(text, place)
    return space.end() if space else place


def _field(key: str, value: str | None) -> str:
    if key in _FIELDS:
        return _FIELDS[key]
    if value is None:
        raise OptionError(f"{key!r} alone is not a condition; for a genre write genre:{key}")
    near = closest(key, [*_FIELDS, "decade"], n=1)
    raise OptionError(
        f"unknown condition {key!r}"
        + (f"; did you mean {near[0]!r}?" if near else "")
        + f"; known: {', '.join([*_FIELDS, 'decade'])}"
    )


def _set_once(fields: dict[str, Any], field: str, value: int) -> None:
    if field in fields:
        raise OptionError(f"{KEYS[field]} is repeated, with {fields[field]} and with {value}")
    fields[field] = value


def _decade(value: str | None) -> int:
    match = _DECADE.fullmatch(value or "")
    if match is None:
        raise OptionError(f"decade needs its first year, for instance decade:1990s, not {value!r}")
    return int(match[1])


def _example(field: str) -> str:
    return "120" if field in THRESHOLDS else '"Tom Hanks"' if "people" in field else "comedy"
