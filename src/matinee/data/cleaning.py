"""What was wrong with data while it was read: counted, named by file and line, never hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from matinee.errors import DataError

__all__ = ["Cleaning", "Finding"]

_EXAMPLES = 3
_MALFORMED = "malformed lines left out"


@dataclass(frozen=True)
class Finding:
    """One kind of defect and how it was dealt with.

    Attributes:
        kind: what and how, as a person reads it: "repeated ratings, the last kept".
        count: rows or lines it was found in.
        examples: the first few, each with file, line and reason.
    """

    kind: str
    count: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = f" ({'; '.join(self.examples)})" if self.examples else ""
        return f"{self.count:,} {self.kind}{shown}"


@dataclass
class Cleaning:
    """Collects findings while one data set is read; whoever reads passes it on.

    Attributes:
        strict: whether the first finding is an error.
        limit: malformed lines that are left out before reading stops with an error.
    """

    strict: bool = False
    limit: int = 100
    _counts: dict[str, int] = field(default_factory=dict, repr=False)
    _examples: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def bad_line(self, file: Path | str, line: int, reason: str) -> None:
        """A line that cannot be used and is left out.

        Raises:
            DataError: in strict reading, or when there are more than `limit` of them.
        """
        example = f"{file}, line {line}: {reason}"
        self.found(_MALFORMED, example=example)
        if self._counts[_MALFORMED] > self.limit:
            raise DataError(
                f"{example}; more than {self.limit} malformed lines, so nothing is read"
            )

    def found(self, kind: str, count: int = 1, example: str = "") -> None:
        """Something that was repaired or left out, `count` times; 0 is nothing.

        Raises:
            DataError: in strict reading.
        """
        if count == 0:
            return
        if self.strict:
            otherwise = f"without strict reading: {count:,} {kind}"
            raise DataError(f"{example}; {otherwise}" if example else otherwise)
        self._counts[kind] = self._counts.get(kind, 0) + count
        examples = self._examples.setdefault(kind, [])
        if example and len(examples) < _EXAMPLES:
            examples.append(example)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found so far, in the order it first came up."""
        return tuple(
            Finding(kind, count, tuple(self._examples[kind]))
            for kind, count in self._counts.items()
        )
