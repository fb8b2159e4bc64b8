"""Reads conditions from text: `genre:comedy under:120` and "comedy under 2 hours", also mixed.

A word that starts no condition is a genre; whether films have it, only a catalogue knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from matinee.data.constraints.cursor import PAIR, QUOTED, Cursor, unescaped
from matinee.data.constraints.phrases import AND, EXCLUSIONS, FILLER, GENRE, NAMED, OR, PHRASES
from matinee.data.constraints.terms import KEYS, THRESHOLDS
from matinee.errors import OptionError, closest

__all__ = ["parsed"]

_FIELDS = {key: field for field, key in KEYS.items()}
_VALUE = re.compile(rf'(?:{QUOTED.pattern}|([^\s"\\]+))(?:\s+|\Z)', re.DOTALL)
"""A value in quotes, or one word."""
_DECADE = re.compile(r"(\d{3}0)s?")
_NUMBER = re.compile(r"-?[0-9]{1,12}")
_BARE_KEY = re.compile(r"-?[A-Za-z][A-Za-z-]*(?![\w:])")

Entries = list[tuple[str, Any]]
"""Fields of `Constraints`, each with one value."""


def parsed(text: str) -> dict[str, Any]:
    """Fields of `Constraints` with the values that the text gives them.

    Raises:
        OptionError: a part of the text is not a condition or has two meanings, or a number is
            repeated.
    """
    fields: dict[str, Any] = {}
    names: dict[str, list[str]] = {}
    for field, value in _entries(Cursor(text.strip())):
        if field == "kids":
            fields["kids"] = True
        elif field in THRESHOLDS:
            if field in fields:
                raise OptionError(
                    f"{KEYS[field]} is repeated, with {fields[field]} and with {value}"
                )
            fields[field] = value
        else:
            names.setdefault(field, []).append(value)
    return fields | {field: tuple(dict.fromkeys(each)) for field, each in names.items()}


def _entries(cursor: Cursor) -> Iterator[tuple[str, Any]]:
    excluded = choice = ""
    while cursor.place < len(cursor.text):
        if not cursor.at(GENRE) and cursor.take(FILLER):
            continue
        start = cursor.place
        entries = _pair(cursor) or _phrase(cursor) or _names(cursor)
        exclusion = [] if entries else _exclusion(cursor)
        genres = [] if entries or exclusion else _genres(cursor)
        words = cursor.text[start : cursor.place].strip()
        if genres and excluded:
            raise OptionError(
                f"{words!r} after {excluded!r} has two meanings; put {words!r} first, or write "
                f"'no {words}'"
            )
        if genres and genres[0][0] == "any_genres":
            if choice:
                raise OptionError(f"choose once between genres: {choice!r} or {words!r}")
            choice = words
        if not words:
            raise _unreadable(cursor)
        excluded = words if exclusion else ""
        yield from entries or exclusion or genres


def _pair(cursor: Cursor) -> Entries:
    """KEY:VALUE; `decade:1990s` is short for `since:1990 until:1999`."""
    match = cursor.at(PAIR)
    if match is None:
        return []
    key = match["key"].lower()
    if key not in _FIELDS and key != "decade":
        near = closest(key, [*_FIELDS, "decade"], n=1)
        raise OptionError(
            f"unknown condition {key!r}"
            + (f"; did you mean {near[0]!r}?" if near else "")
            + f"; known: {', '.join([*_FIELDS, 'decade'])}"
        )
    found = _VALUE.match(cursor.text, match.end())
    if found is None:
        raise _unreadable(cursor)
    cursor.place = found.end()
    value = found[2] or unescaped(found[1])
    if key == "decade":
        decade = _DECADE.fullmatch(value)
        if decade is None:
            raise OptionError(
                f"decade needs its first year, for instance decade:1990s, not {value!r}"
            )
        return [("since", int(decade[1])), ("until", int(decade[1]) + 9)]
    return [(_FIELDS[key], _value(key, value))]


def _value(key: str, value: str) -> int | str:
    if key == "kids":
        raise OptionError(f"kids takes no value, not {value!r}")
    if not value.strip():
        raise _no_value(key)
    if _FIELDS[key] not in THRESHOLDS:
        return value
    if not _NUMBER.fullmatch(value):
        raise OptionError(f"{key} needs a whole number, not {value!r}")
    low, high = THRESHOLDS[_FIELDS[key]]
    if not low <= int(value) <= high:
        raise OptionError(f"{key} must be between {low} and {high}, not {value}")
    return int(value)


def _phrase(cursor: Cursor) -> Entries:
    """Kids, an age, a length or years."""
    for pattern, bounds in PHRASES:
        match = cursor.take(pattern)
        if match:
            return list(bounds(match).items())
    return []


def _names(cursor: Cursor) -> Entries:
    """People, languages or countries: "with Tom Hanks and Meg Ryan", "in French or Italian"."""
    for field, (word, between) in NAMED.items():
        start = cursor.place
        if cursor.take(word):
            names = cursor.names(between)
            if names:
                return [(field, name) for name in names]
            cursor.place = start
    return []


def _exclusion(cursor: Cursor) -> Entries:
    """What must not be: "no horror or war"; after "without", unknown genres are people."""
    for field, word, between in EXCLUSIONS:
        start = cursor.place
        if cursor.take(word):
            names = cursor.names(between, genres=True)
            if names:
                return [("not_genres" if GENRE.fullmatch(each) else field, each) for each in names]
            cursor.place = start
    return []


def _genres(cursor: Cursor) -> Entries:
    """Genres that are all required, "romantic comedy", or a choice, "comedy, drama or war"."""
    _refuse_bare_key(cursor)
    start = end = cursor.place
    names: list[str] = []
    joints: list[str] = []
    while (cursor.at(GENRE) or not cursor.starts()) and (name := cursor.genre()):
        names.append(name)
        end = cursor.place
        joint = cursor.take(OR) or cursor.take(AND)
        joints.append(joint[0].lower() if joint else "")
    cursor.place = end
    choices = [joint.endswith("or") for joint in joints[: len(names) - 1]]
    if not any(choices):
        return [("genres", name) for name in names]
    if not choices[-1] or not all(
        choice or joint == "," for choice, joint in zip(choices, joints, strict=False)
    ):
        words = cursor.text[start:end].strip()
        pairs = " ".join(f"any-genre:{name}" for name in names)
        raise OptionError(f"{words!r} has two meanings; write a choice as {pairs}")
    return [("any_genres", name) for name in names]


def _refuse_bare_key(cursor: Cursor) -> None:
    match = cursor.at(_BARE_KEY)
    if match and match[0].lower() in _FIELDS:
        raise _no_value(match[0].lower())


def _no_value(key: str) -> OptionError:
    field = _FIELDS[key]
    example = "120" if field in THRESHOLDS else '"Tom Hanks"' if "people" in field else "comedy"
    return OptionError(f"{key} needs a value, for instance {key}:{example}")


def _unreadable(cursor: Cursor) -> OptionError:
    piece = cursor.text[cursor.place : cursor.place + 30]
    return OptionError(
        f"cannot read the condition at {piece!r}; write for instance 'comedy under 2 hours', or "
        'KEY:VALUE, with quotes around a value of several words: with:"Tom Hanks"'
    )
