"""Results of pieces in one file, a line of JSON each, to which several processes can append."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from matinee.display import formats
from matinee.errors import DataError, InputError

__all__ = ["Entry", "Extent", "Gain", "Line", "append", "check_extent", "read"]


@dataclass(frozen=True)
class Gain:
    """What `auto` gains over another model: mean, and 95% interval of a paired bootstrap."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Line:
    """One model of a piece.

    Attributes:
        name: the model, or library and model.
        peer: whether it is no model of ours.
        mean, low, high: the metric with its 95% interval over viewers.
        known, new: the metric of viewers with a history and of newcomers; `None` if all have one.
        gain: what `auto` gains over it; `None` for `auto` itself.
        fit_seconds: median over the splits.
        tried: number of options tried on validation; 0 if there was no choice.
        options: what was chosen, by split.
    """

    name: str
    peer: bool
    mean: float
    low: float
    high: float
    known: float | None
    new: float | None
    gain: Gain | None
    fit_seconds: float
    tried: int
    options: list[dict[str, Any]]


class Extent(NamedTuple):
    """How much of a piece was measured: numbers of seeds, cuts and models of others."""

    seeds: int
    cuts: int
    peers: int


@dataclass(frozen=True)
class Entry:
    """All models of one data set under one protocol, best first.

    Attributes:
        cuts: number of cuts in time; 0 for one.
        metric: "ndcg@10".
        likes: ratings of 4 and more of the data set.
        viewers: distinct viewers of all tests.
        threads: threads of a fit as the environment names them; 0 for all.
        choices: what `auto` chose, by split.
        seconds: wall-clock time of the whole piece.
    """

    data: str
    protocol: str
    cuts: int
    metric: str
    seeds: list[int]
    likes: int
    viewers: int
    threads: int
    lines: list[Line]
    choices: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def key(self) -> tuple[str, str]:
        """Data and protocol: a later entry replaces an earlier one."""
        return self.data, self.protocol

    @property
    def extent(self) -> Extent:
        """A later entry may not have less of anything."""
        return Extent(len(self.seeds), self.cuts, sum(each.peer for each in self.lines))


def append(entry: Entry, file: Path) -> None:
    """Adds an entry in one write, so that two processes do not mix."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(entry)) + "\n")


def read(file: Path) -> list[Entry]:
    """The last entry of every piece.

    Raises:
        DataError: the file is missing, or one of its lines is no entry, or has less than an earlier
            one of its piece.
    """
    if not file.is_file():
        raise DataError(f"{file} is missing; measure a piece with --json {file} first")
    entries: dict[tuple[str, str], Entry] = {}
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = _entry(json.loads(text))
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(f"{file}, line {number} is no result: {error}; remove it") from None
        lack = _lack(entries.get(entry.key), entry.extent)
        if lack:
            raise DataError(
                f"{file}, line {number}: {_piece(entry.key)} has {lack} in an earlier line; "
                "remove one of the two"
            )
        entries[entry.key] = entry
    return list(entries.values())


def check_extent(key: tuple[str, str], extent: Extent, file: Path) -> None:
    """Refuses a measurement that would replace a larger one.

    Raises:
        InputError: the file has more seeds, cuts or peers of this piece.
    """
    found = {each.key: each for each in read(file)} if file.is_file() else {}
    lack = _lack(found.get(key), extent)
    if lack:
        raise InputError(
            f"{_piece(key)} has {lack} in {file}; measure as many, or remove its line there"
        )


def _lack(earlier: Entry | None, extent: Extent) -> str:
    """What an earlier entry has more of, such as "3 seeds instead of 1"; "" if nothing."""
    if earlier is None:
        return ""
    pairs = zip(Extent._fields, earlier.extent, extent, strict=True)
    return ", ".join(
        f"{formats.count(old, name.removesuffix('s'))} instead of {new}"
        for name, old, new in pairs
        if old > new
    )


def _piece(key: tuple[str, str]) -> str:
    return " under ".join(key)


def _entry(record: dict[str, Any]) -> Entry:
    return Entry(**{**record, "lines": [_line(each) for each in record["lines"]]})


def _line(record: dict[str, Any]) -> Line:
    gain = record["gain"]
    return Line(**{**record, "gain": gain and Gain(**gain)})
