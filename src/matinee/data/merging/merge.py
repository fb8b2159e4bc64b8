"""Several catalogues as one: each film once, each fact from the source most trusted for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.merging.duplicates import Duplicate, duplicates
from matinee.data.merging.joining import Group, Joined, join
from matinee.data.provenance import FACTS, Provenance
from matinee.data.spelling import normalise, title_keys
from matinee.errors import InputError, UnknownNameError

__all__ = ["Conflict", "MergeReport", "Merged", "merge"]

_EXAMPLES = 3


@dataclass(frozen=True)
class Conflict:
    """A field in which catalogues differ; the most trusted one's fact was taken.

    Attributes:
        field: as `Film` has it.
        films: in how many films.
        examples: the first few, with what each catalogue says, the fact that was taken first.
    """

    field: str
    films: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class MergeReport:
    """How a merge went.

    Attributes:
        films: in the merged catalogue.
        left_out: films that were not asked for, since another catalogue alone has them.
        joined: how each catalogue was joined to those before it.
        conflicts: fields in which catalogues differ, most films first.
        duplicates: films of the result that could be one, since a catalogue lists them twice or
            nothing could decide.
    """

    films: int
    left_out: int
    joined: tuple[Joined, ...]
    conflicts: tuple[Conflict, ...]
    duplicates: tuple[Duplicate, ...]

    def __str__(self) -> str:
        parts = [
            f"{each.source}: {each.films:,} films, {each.by_id:,} joined by id, "
            f"{each.by_title:,} by title and year, {each.ambiguous:,} ambiguous and left alone, "
            f"{each.new:,} new"
            for each in self.joined
        ]
        left_out = f", {self.left_out:,} left out" if self.left_out else ""
        films = f"{self.films:,} films of {len(self.joined)} catalogues{left_out}"
        return f"{films} ({'; '.join(parts)})"


@dataclass(frozen=True, eq=False)
class Merged:
    """One catalogue made of several.

    Attributes:
        catalog: the films, in the order of the catalogues; the id is that of the first catalogue
            that has the film, with its name before it ("tmdb:862") where another film has it.
        provenance: where each fact comes from.
        report: how it went.
    """

    catalog: Catalog
    provenance: Provenance
    report: MergeReport


def merge(
    catalogs: Mapping[str, Catalog],
    trust: Mapping[str, Sequence[str]] | None = None,
    movielens: Collection[str] = (),
    films_of: str | None = None,
) -> Merged:
    """One catalogue of all films, each fact from the most trusted catalogue that has it.

    Films are joined by film id with equal title and year, by IMDb and TMDB id, then by title and
    year (see `match_titles`); never where two could be meant, and never by title against an id.
    What one catalogue lists as two films stays two. A list (genres, cast) is one fact.

    Args:
        catalogs: by name, the most trusted first.
        trust: for a field of `Film`, names of the catalogues that go first for it, in order.
        movielens: names of the catalogues whose film ids are one numbering, such as the editions
            of MovieLens from 1M on; there an equal id alone is enough.
        films_of: name of the catalogue whose films alone are kept; the others fill in facts. Every
            catalogue's films where it is `None`.

    Raises:
        InputError: no catalogue at all, or more than 127.
        UnknownNameError: `trust`, `movielens` or `films_of` names no field or catalogue there is.
    """
    if not 1 <= len(catalogs) <= np.iinfo(np.int8).max:
        raise InputError(f"1 to 127 catalogues can be merged, not {len(catalogs)}")
    names = tuple(catalogs)
    order = _order(names, trust or {})
    numbered = {_position(names, name) for name in movielens}
    kept = None if films_of is None else _position(names, films_of)
    films = [catalog.films() for catalog in catalogs.values()]
    found, joined = join(names, films, numbered)
    groups = [group for group in found if kept is None or kept in group]
    chosen = np.array(
        [[_chosen(group, films, order[field], field) for field in FACTS] for group in groups],
        dtype=np.int8,
    ).reshape(len(groups), len(FACTS))
    catalog = Catalog.of(_made(groups, films, names, chosen))
    report = MergeReport(
        films=len(catalog),
        left_out=len(found) - len(groups),
        joined=joined,
        conflicts=_conflicts(groups, films, names, order),
        duplicates=duplicates(catalog),
    )
    return Merged(catalog, Provenance(names, FACTS, chosen, _rows(groups, len(names))), report)


def _order(names: tuple[str, ...], trust: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """For every field the positions of the catalogues, most trusted first."""
    for field in trust:
        if field not in FACTS:
            raise UnknownNameError("field", field, FACTS)
    return {
        field: list(
            dict.fromkeys(
                [*(_position(names, name) for name in trust.get(field, ())), *range(len(names))]
            )
        )
        for field in FACTS
    }


def _position(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise UnknownNameError("catalogue", name, names)
    return names.index(name)


def _chosen(group: Group, films: Sequence[Sequence[Film]], order: Iterable[int], field: str) -> int:
    known = (at for at in order if at in group and getattr(films[at][group[at]], field))
    return next(known, -1)


def _made(
    groups: Iterable[Group],
    films: Sequence[Sequence[Film]],
    names: tuple[str, ...],
    chosen: NDArray[np.int8],
) -> Iterable[Film]:
    taken: set[str] = set()
    for group, sources in zip(groups, chosen.tolist(), strict=True):
        first = min(group)
        film_id = films[first][group[first]].id
        while film_id in taken:
            film_id = f"{names[first]}:{film_id}"
        taken.add(film_id)
        facts: dict[str, Any] = {
            field: getattr(films[at][group[at]], field)
            for field, at in zip(FACTS, sources, strict=True)
            if at >= 0
        }
        yield Film(**{"id": film_id, "title": "", **facts})


def _rows(groups: Sequence[Group], sources: int) -> NDArray[np.int32]:
    rows = np.full((len(groups), sources), -1, dtype=np.int32)
    for at, group in enumerate(groups):
        rows[at, list(group)] = list(group.values())
    return rows


def _conflicts(
    groups: Iterable[Group],
    films: Sequence[Sequence[Film]],
    names: tuple[str, ...],
    order: Mapping[str, Sequence[int]],
) -> tuple[Conflict, ...]:
    counts = dict.fromkeys(FACTS, 0)
    examples: dict[str, list[str]] = {field: [] for field in FACTS}
    for group in groups:
        if len(group) == 1:
            continue
        for field in FACTS:
            told = [
                (at, getattr(films[at][group[at]], field)) for at in order[field] if at in group
            ]
            told = [(at, value) for at, value in told if value]
            if all(_agree(field, told[0][1], value) for _, value in told[1:]):
                continue
            counts[field] += 1
            if len(examples[field]) < _EXAMPLES:
                label = films[min(group)][group[min(group)]].label
                said = (f"{_shown(value)} ({names[at]})" for at, value in told)
                examples[field].append(f"{label}: {', '.join(said)}")
    found = (Conflict(field, n, tuple(examples[field])) for field, n in counts.items() if n)
    return tuple(sorted(found, key=lambda conflict: -conflict.films))


def _agree(field: str, value: Any, other: Any) -> bool:
    """Whether two facts say the same, spelling and the order of a list aside."""
    if value == other:
        return True
    if field == "title":
        return bool(title_keys(value) & title_keys(other))
    if isinstance(value, tuple):
        return {normalise(each) for each in value} == {normalise(each) for each in other}
    return isinstance(value, str) and normalise(value) == normalise(other)


def _shown(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
