"""All expected errors, as one tree.

    MatineeError
    ├── InputError                 the caller can fix it           exit status 2
    │   ├── UnknownNameError       no such model, data set, film, viewer, ...
    │   ├── OptionError            an unknown option, or a value out of bounds
    │   ├── ConflictError          other content under one event id, or another promotion meanwhile
    │   └── DataError              a missing or malformed file
    └── FailureError               the caller cannot fix it        exit status 1
        ├── FetchError             a wrong checksum, a file that is too large
        │   └── UnreachableError   no network, a bad certificate, a failing server
        ├── ArtefactError          a saved model that cannot be used
        ├── StoreError             a database that cannot be reached or is too new
        └── NotLiveError           no model was promoted yet

A message is one line, names what is wrong, and ends with the way out.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import ClassVar

__all__ = [
    "ArtefactError",
    "ConflictError",
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
    """Base of all expected errors; the message is for a person."""

    exit_status: ClassVar[int] = 1


class InputError(MatineeError):
    """Input that the caller can correct."""

    exit_status: ClassVar[int] = 2


class UnknownNameError(InputError):
    """A name that does not exist.

    The message suggests the nearest of the `known` names, lists them if there are at most twenty,
    and ends with the `hint`. `kind` is in the singular ("model", "film"). `suggestions` are the
    nearest names, if the caller knows them better than by spelling.
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
    """An unknown option, or a value that is not allowed."""


class ConflictError(InputError):
    """An event id that is in the log with other content, or a promotion that came too late."""


class DataError(InputError):
    """A file that is missing or not in its format."""


class FailureError(MatineeError):
    """A failure that the caller cannot correct."""


class FetchError(FailureError):
    """A download that failed."""


class UnreachableError(FetchError):
    """A server that cannot be reached or does not send the file; another one may have it."""


class ArtefactError(FailureError):
    """A saved model that is incomplete, damaged or of another version."""


class StoreError(FailureError):
    """A database that cannot be opened, reached or read."""


class NotLiveError(FailureError):
    """A site without a live model."""


def closest(name: str, known: Sequence[str], n: int = 3) -> list[str]:
    """Up to `n` known names most similar to `name`, best first; case is ignored.

    Names of the same letters come first: swapped letters are the likeliest slip.
    """
    word = name.lower()
    by_lower = {candidate.lower(): candidate for candidate in known}
    matches = difflib.get_close_matches(word, list(by_lower), n=max(len(by_lower), 1), cutoff=0.6)
    matches.sort(key=lambda candidate: sorted(candidate) != sorted(word))
    return [by_lower[candidate] for candidate in matches[:n]]
