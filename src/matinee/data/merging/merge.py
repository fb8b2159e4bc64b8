"""Merges catalogues: each film once, each fact from the most trusted catalogue that has it.

`enrich` fills unknown facts of one catalogue from the films of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.merging.duplicates import Duplicate, duplicates
from matinee.data.merging.joining import Group, Joined, join
from matinee.data.people import in_order_of, is_alphabetical
from matinee.data.provenance import FACTS, Provenance
from matinee.data.spelling import normalise, title_keys
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy
from matinee.display import formats
from matinee.errors import InputError, OptionError, UnknownNameError

__all__ = ["Conflict", "MergeReport", "Merged", "OtherFilms", "enrich", "merge"]

_EXAMPLES = 3
_FILLED = ("runtime", "certificate", "languages", "countries", "directors", "cast", "imdb_id")


@dataclass(frozen=True)
class Conflict:
    """A field of `Film` whose facts differ, and for how many films; the most trusted one counts.

    `examples` are the first few, with the fact of each catalogue, the most trusted first.
    """

    field: str
    films: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class OtherFilms:
    """Which films join that only the other catalogues have; without bounds, all of them.

    Attributes:
        since: earliest year.
        min_votes: least number of votes.
    """

    since: int | None = None
    min_votes: int | None = None

    def __post_init__(self) -> None:
        for name, number in (("since", self.since), ("min_votes", self.min_votes)):
            if number is not None and number < 1:
                raise OptionError(f"{name} must be 1 or more, not {number}")

    def __str__(self) -> str:
        """Such as "of 2025 or later with 1,000 votes or more"."""
        since = f"of {self.since} or later" if self.since else ""
        votes = f"with {formats.count(self.min_votes, 'vote')} or more" if self.min_votes else ""
        return " ".join(filter(None, (since, votes)))

    def admits(self, year: int | None, votes: int | None) -> bool:
        """Whether a film joins; one whose year or votes are unknown meets no bound on them."""
        return (year or 0) >= (self.since or 0) and (votes or 0) >= (self.min_votes or 0)


@dataclass(frozen=True)
class MergeReport:
    """How a merge went.

    Attributes:
        films: number of films in the merged catalogue.
        left_out: number of films that `films_of` does not have and that do not join.
        conflicts: most films first.
        duplicates: films of the result that could be one: a catalogue lists them twice, or they
            were ambiguous.
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
    """A catalogue merged from several.

    Attributes:
        catalog: the films, in the order of the catalogues. The id of a film is from the first
            catalogue that has it, with the catalogue's name in front ("tmdb:862") if an earlier
            film has the same id.
    """

    catalog: Catalog
    provenance: Provenance
    report: MergeReport


def merge(
    catalogs: Mapping[str, Catalog],
    trust: Mapping[str, Sequence[str]] | None = None,
    movielens: Collection[str] = (),
    films_of: str | None = None,
    others: OtherFilms | None = None,
) -> Merged:
    """One catalogue of all films, each fact from the most trusted catalogue that has it.

    Films are joined by film id with equal title and year, by IMDb and TMDB id, then by title and
    year (see `FilmMatcher.match_titles`). Films with several candidates are not joined, and films
    whose ids contradict each other are not joined by title. Two films of one catalogue stay two. A
    list (genres, cast) is one fact; a cast in alphabetical order takes the order of billing of
    another catalogue that has one.

    Args:
        catalogs: catalogues by name, the most trusted first.
        trust: for a field of `Film`, names of the catalogues most trusted for it, in order.
        movielens: names of catalogues that share one numbering of film ids, such as the editions
            of MovieLens from 1M on: an equal id is enough to join their films.
        films_of: name of a catalogue; only its films are in the result, and the others add facts.
            `None` for the films of all catalogues.
        others: films that join beside those of `films_of`.

    Raises:
        InputError: no catalogues, or more than 127.
        UnknownNameError: an unknown field or catalogue in `trust`, `movielens` or `films_of`.
    """
    if not 1 <= len(catalogs) <= np.iinfo(np.int8).max:
        raise InputError(f"1 to 127 catalogues can be merged, not {len(catalogs)}")
    names = tuple(catalogs)
    order = _order(names, trust or {})
    numbered = {_position(names, name) for name in movielens}
    required = None if films_of is None else _position(names, films_of)
    films = [catalog.films() for catalog in catalogs.values()]
    all_groups, joined = join(names, films, numbered)

    def fact(group: Group, field: str) -> Any:
        at = _chosen(group, films, order[field], field)
        return None if at < 0 else getattr(films[at][group[at]], field)

    def joins(group: Group) -> bool:
        if required is None or required in group:
            return True
        return others is not None and others.admits(fact(group, "year"), fact(group, "votes"))

    groups = list(filter(joins, all_groups))
    chosen = np.array(
        [[_chosen(group, films, order[field], field) for field in FACTS] for group in groups],
        dtype=np.int8,
    ).reshape(len(groups), len(FACTS))
    catalog = Catalog.of(_merged_films(groups, films, names, chosen))
    report = MergeReport(
        films=len(catalog),
        left_out=len(all_groups) - len(groups),
        joined=joined,
        conflicts=_conflicts(groups, films, names, order),
        duplicates=duplicates(catalog),
    )
    return Merged(catalog, Provenance(names, FACTS, chosen, _rows(groups, len(names))), report)


def _order(names: tuple[str, ...], trust: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Positions of the catalogues for every field, the most trusted first."""
    for field in trust:
        if field not in FACTS:
            raise UnknownNameError("field", field, FACTS)
    first = {field: [_position(names, each) for each in trust.get(field, ())] for field in FACTS}
    return {field: list(dict.fromkeys([*first[field], *range(len(names))])) for field in FACTS}


def _position(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise UnknownNameError("catalogue", name, names)
    return names.index(name)


def _chosen(group: Group, films: Sequence[Sequence[Film]], order: Iterable[int], field: str) -> int:
    known = (at for at in order if at in group and getattr(films[at][group[at]], field))
    return next(known, -1)


def _merged_films(
    groups: Iterable[Group],
    films: Sequence[Sequence[Film]],
    names: tuple[str, ...],
    chosen: NDArray[np.int8],
) -> Iterable[Film]:
    ids: set[str] = set()
    for group, sources in zip(groups, chosen.tolist(), strict=True):
        first = min(group)
        film_id = films[first][group[first]].id
        while film_id in ids:
            film_id = f"{names[first]}:{film_id}"
        ids.add(film_id)
        facts: dict[str, Any] = {
            field: getattr(films[at][group[at]], field)
            for field, at in zip(FACTS, sources, strict=True)
            if at >= 0
        }
        if "cast" in facts:
            facts["cast"] = _billed(
                facts["cast"], (films[at][row].cast for at, row in group.items())
            )
        yield Film(**{"id": film_id, "title": "", **facts})


def _billed(cast: tuple[str, ...], casts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """A cast in the order of billing, if any of the catalogues' casts has one."""
    if is_alphabetical(cast):
        for each in casts:
            if not is_alphabetical(each):
                return in_order_of(cast, each)
    return cast


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
            facts = [
                (names[at], fact)
                for at in order[field]
                if at in group and (fact := getattr(films[at][group[at]], field))
            ]
            if all(_agree(field, facts[0][1], fact) for _, fact in facts[1:]):
                continue
            counts[field] += 1
            if len(examples[field]) < _EXAMPLES:
                label = films[min(group)][group[min(group)]].label
                values = (f"{_shortened(fact)} ({name})" for name, fact in facts)
                examples[field].append(f"{label}: {', '.join(values)}")
    conflicts = (Conflict(field, n, tuple(examples[field])) for field, n in counts.items() if n)
    return tuple(sorted(conflicts, key=lambda conflict: -conflict.films))


def _agree(field: str, fact: Any, other: Any) -> bool:
    """Whether two facts are equal, but for spelling and the order of a list."""
    if fact == other:
        return True
    if field == "title":
        return bool(title_keys(fact) & title_keys(other))
    if isinstance(fact, tuple):
        return set(map(normalise, fact)) == set(map(normalise, other))
    return isinstance(fact, str) and normalise(fact) == normalise(other)


def _shortened(fact: object) -> str:
    text = ", ".join(map(str, fact)) if isinstance(fact, tuple) else str(fact)
    return text if len(text) <= 60 else f"{text[:57]}..."


def enrich(catalog: Catalog, facts: Sequence[Film]) -> tuple[Catalog, str]:
    """The catalogue with unknown fields filled from `facts`, and how many films were matched.

    Films are matched by title and year (see `FilmMatcher.match_titles`). Known facts do not change,
    and genres, keywords and overviews are not filled. `merge` also matches by id and can keep films
    of both catalogues.
    """
    films = catalog.films()
    matcher = FilmMatcher([FilmKey.of(fact) for fact in facts])
    matches = matcher.match_titles(FilmKey.of_catalog(catalog))
    for at, row in matches.rows.items():
        films[at] = films[at].filled(facts[row], _FILLED)
    matched, by = len(matches.rows), matches.by
    return Catalog.of(films), (
        f"{matched:,} of {len(films):,} films matched to the film table by title and year "
        f"({100 * matched / max(len(films), 1):.1f} %: {by[MatchedBy.TITLE]:,} exactly, "
        f"{by[MatchedBy.PART]:,} by a part of the title, {by[MatchedBy.NEAR_YEAR]:,} one year off; "
        f"{len(matches.ambiguous):,} ambiguous and left alone)"
    )
