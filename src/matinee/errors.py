"""Everything that can go wrong, as one tree.

    MatineeError
    ├── InputError                 the caller can fix it           exit status 2
    │   ├── UnknownNameError       no such model, data set, film, viewer ...
    │   ├── OptionError            an option unknown or out of bounds
    │   └── DataError              a file that is missing or malformed
    └── FailureError               the world got in the way        exit status 1
        ├── FetchError             a wrong checksum, a file too large, no way to get it
        │   └── UnreachableError   no network, bad certificate, a server that fails
        ├── ArtefactError          a stored model that cannot be used
        ├── StoreError             the database cannot be reached or is too new
        └── NotLiveError           no recommender was promoted yet

Messages are one line, say what was wrong by name, and end with the way out.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import ClassVar

__all__ = [
    "ArtefactError",
    "DataError",
    "FailureError",
    "FetchError",
    "InputError",
    "MatineeError",
    "NotLiveError",
    "OptionError",
    "StoreError",
    "UnknownNameError",
    "UnreachableError",
    "closest",
]


class MatineeError(Exception):
    """Base of every error raised on purpose; its text is meant for a person."""

    exit_status: ClassVar[int] = 1


class InputError(MatineeError):
    """What was asked for cannot be done as asked; the caller can put it right."""

    exit_status: ClassVar[int] = 2


class UnknownNameError(InputError):
    """A name that is not among the known ones.

    Args:
        kind: what was looked for, in the singular ("model", "film").
        name: the name that was not found.
        known: the names there are; the nearest are suggested, and a short list is shown whole.
        hint: a closing sentence that says where to look.
        suggestions: the nearest names, where the caller has a better idea of nearness.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        known: Sequence[str] = (),
        hint: str = "",
        suggestions: Sequence[str] = (),
    ) -> None:
        self.kind = kind
        self.name = name
        self.suggestions = list(suggestions) or closest(name, known)
        parts = [f"unknown {kind} {name!r}"]
        if self.suggestions:
            parts.append("did you mean " + " or ".join(map(repr, self.suggestions)) + "?")
        if known and len(known) <= 20:
            parts.append("known: " + ", ".join(known))
        if hint:
            parts.append(hint)
        super().__init__("; ".join(parts))


class OptionError(InputError):
    """An option that does not exist or whose value is refused."""


class DataError(InputError):
    """A file that is missing or does not say what its format promises."""


class FailureError(MatineeError):
    """Asked for correctly, but it could not be done."""


class FetchError(FailureError):
    """A data set could not be brought to this machine."""


class UnreachableError(FetchError):
    """A server that cannot be reached or does not give the file; another may have the same."""


class ArtefactError(FailureError):
    """A stored model that is incomplete, damaged or of another version."""


class StoreError(FailureError):
    """The database cannot be opened, reached or understood."""


class NotLiveError(FailureError):
    """The site has no recommender to answer with yet."""


def closest(name: str, known: Sequence[str], n: int = 3) -> list[str]:
    """The at most `n` known names most like `name`, best first, case ignored."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=n, cutoff=0.6)
    return [by_lower[candidate] for candidate in found]
