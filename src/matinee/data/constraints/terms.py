"""Single conditions, their wording, and their text form: `kids under:120 with:"Tom Hanks"`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["KEYS", "THRESHOLDS", "Term"]

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

THRESHOLDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "max_age": (0, 99),
        "max_runtime": (1, 100_000),
        "min_runtime": (0, 100_000),
        "since": (1, 9999),
        "until": (1, 9999),
    }
)
"""Fields with one number, and its bounds."""

_BARE = re.compile(r'[^\s"\\]+')


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
