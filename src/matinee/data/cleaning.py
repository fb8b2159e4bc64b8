"""Repairs made while data is read: counted, with file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from matinee.errors import DataError

__all__ = ["Cleaning", "Finding"]

_EXAMPLES = 3
_MALFORMED = "malformed lines left out"


@dataclass(frozen=True)
class Finding:
    """One kind of repair.

    Attributes:
        kind: the defect and the repair: "repeated ratings, the last kept".
        count: number of rows or lines.
        examples: the first few, each with file, line and reason.
    """

    kind: str
    count: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        examples = f" ({'; '.join(self.examples)})" if self.examples else ""
        return f"{self.count:,} {self.kind}{examples}"


@dataclass
class Cleaning:
    """Collects the findings of one data set while it is read.

    Attributes:
        strict: whether the first finding is an error.
        limit: malformed lines that are tolerated before reading fails.
    """

    strict: bool = False
    limit: int = 100
    _counts: dict[str, int] = field(default_factory=dict, repr=False)
    _examples: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def bad_line(self, file: Path | str, line: int, reason: str) -> None:
        """Reports a malformed line that is left out.

        Raises:
            DataError: in strict reading, or after more than `limit` malformed lines.
        """
        self.lost(_MALFORMED, example=f"{file}, line {line}: {reason}")

    def lost(self, kind: str, count: int = 1, example: str = "") -> None:
        """Counts rows that are left out, of which no more than `limit` a kind are tolerated.

        Raises:
            DataError: in strict reading, or if there are more.
        """
        self.count(kind, count, example)
        if count and self._counts[kind] > self.limit:
            what = "malformed lines" if kind == _MALFORMED else kind
            raise DataError(
                f"{example}; more than {self.limit} {what}, so reading stops (--limit allows more)"
            )

    def count(self, kind: str, count: int = 1, example: str = "") -> None:
        """Counts a kind of repair, `count` times; 0 is no finding.

        Raises:
            DataError: in strict reading.
        """
        if count == 0:
            return
        if self.strict:
            repair = f"without strict reading: {count:,} {kind}"
            raise DataError(f"{example}; {repair}" if example else repair)
        self._counts[kind] = self._counts.get(kind, 0) + count
        examples = self._examples.setdefault(kind, [])
        if example and len(examples) < _EXAMPLES:
            examples.append(example)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings so far, in the order of their first occurrence."""
        return tuple(
            Finding(kind, count, tuple(self._examples[kind]))
            for kind, count in self._counts.items()
        )
