"""Single conditions, their wording, and their text form: `kids under:120 with:"Tom Hanks"`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from matinee.errors import OptionError, closest

__all__ = ["KEYS", "THRESHOLDS", "Term", "parsed"]

_FORMS = {
    "kids": ("kids", "for kids"),
    "max_age": ("age", "up to age {}"),
    "max_runtime": ("under", "under {} minutes"),
    "min_runtime": ("over", "over {} minutes"),
    "genres": ("genre", "{}"),
    "any_genres": ("any-genre", "{}"),
    "not_genres": ("-genre", "not {}"),
    "since": ("since", "since {}"),
    "until": ("until", "until {}"),
    "languages": ("language", "in {}"),
    "countries": ("country", "from {}"),
    "people": ("with", "with {}"),
    "not_people": ("-with", "without {}"),
}
"""Field of `Constraints` -> its key in the text form, and its wording, in the order of writing."""
KEYS = {field: key for field, (key, _) in _FORMS.items()}

THRESHOLDS = ("max_age", "max_runtime", "min_runtime", "since", "until")
"""Fields with one number."""

_BARE = re.compile(r'[^\s"\\]+')
_FIELDS = {key: field for field, key in KEYS.items()}
_TOKEN = re.compile(
    r"""(?P<key>-?[A-Za-z][A-Za-z-]*)  # kids, under, -genre
        (?: : (?: "(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<bare>[^\s"\\]+) ) )?
        (?: \s+ | \Z )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DECADE = re.compile(r"(\d{3}0)s?")
_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Term:
    """One condition of the constraints, which can be moved or dropped by itself.

    Attributes:
        field: the field of `Constraints`.
        values: its number or name; one of several names is enough; empty for `kids`.
    """

    field: str
    values: tuple[int | str, ...] = ()

    @property
    def phrase(self) -> str:
        """The condition in words: "under 120 minutes", "not horror", "in French or Italian"."""
        names = [str(each) for each in self.values]
        if self.field in {"genres", "any_genres", "not_genres"}:
            names = [each.lower() for each in names]
        return _FORMS[self.field][1].format(" or ".join(names))

    def __str__(self) -> str:
        """The text form that `Constraints.parse` reads: `under:120`, `-genre:horror`."""
        key = KEYS[self.field]
        return " ".join(f"{key}:{_quoted(str(each))}" for each in self.values) or key


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


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
            decade = _DECADE.fullmatch(value or "")
            if decade is None:
                raise OptionError(
                    f"decade needs its first year, for instance decade:1990s, not {value!r}"
                )
            _set_once(fields, "since", int(decade[1]))
            _set_once(fields, "until", int(decade[1]) + 9)
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
    text, place = text.strip(), 0
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
        place = token.end()
    return tokens


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


def _example(field: str) -> str:
    return "120" if field in THRESHOLDS else '"Tom Hanks"' if "people" in field else "comedy"
