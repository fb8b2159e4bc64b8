"""The smallest relaxations, compared with every possible change."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.data.constraints.test_allowed import (
    meets,
    random_catalog,
    random_constraints,
)

from matinee.data import Catalog, Constraints, Film
from matinee.data.certificates import AGES
from matinee.data.constraints import Relaxation, Term, relaxations
from matinee.data.constraints.relaxation import DROP, smallest_moves

WEIGHT = {"max_runtime": 1, "min_runtime": 1, "since": 2, "until": 2, "max_age": 5}
MOST = 3

Size = tuple[int, int, int]


def size(limits: Constraints, other: Constraints) -> Size:
    """Conditions changed, conditions dropped, and the weighted sum of the moves."""
    changed = [term for term in limits.terms if term not in other.terms]
    moved = [term for term in changed if getattr(other, term.field) and term.field in WEIGHT]
    moves = [
        abs(getattr(limits, term.field) - getattr(other, term.field)) * WEIGHT[term.field]
        for term in moved
    ]
    return len(changed), len(changed) - len(moved), sum(moves)


def every_change(limits: Constraints, term: Term, films: list[Film]) -> Iterator[Constraints]:
    """The constraints with one condition dropped, or moved to the value of any film."""
    yield limits.without(term)
    if term.field not in WEIGHT:
        return
    ages = {AGES.get(film.certificate, -1) for film in films} - {-1}
    runtimes = {film.runtime for film in films if film.runtime}
    years = {film.year for film in films if film.year}
    values = {
        "max_runtime": {each + 1 for each in runtimes},
        "min_runtime": {each - 1 for each in runtimes},
        "since": years,
        "until": years,
        "max_age": ages,
    }[term.field]
    for value in values:
        if value:
            yield limits.moved(term.field, value)


def smallest_sizes(
    limits: Constraints, films: list[Film], minimum: int
) -> dict[frozenset[Term], Size]:
    """The size of the best change for every smallest set of conditions that is enough."""
    for many in range(1, MOST + 1):
        found: dict[frozenset[Term], Size] = {}
        for terms in itertools.combinations(limits.terms, many):
            changes = [limits]
            for term in terms:
                changes = [each for one in changes for each in every_change(one, term, films)]
            enough = [
                size(limits, each)
                for each in changes
                if sum(meets(film, each) for film in films) >= minimum
            ]
            exact = [each for each in enough if each[0] == many]
            if exact:
                found[frozenset(terms)] = min(exact)
        if found:
            return found
    return {}


def fewer(limits: Constraints) -> Constraints:
    """The constraints with at most two thresholds: every change of more takes too long."""
    thresholds = [term for term in limits.terms if term.field in WEIGHT][2:]
    for term in thresholds:
        limits = limits.without(term)
    return limits


@given(st.integers(0, 100_000))
def test_offers_are_the_smallest_changes_that_are_enough(seed: int) -> None:
    rng = np.random.default_rng(seed)
    catalog = random_catalog(rng, int(rng.integers(1, 9)))
    limits = fewer(random_constraints(rng))
    films = catalog.films()
    minimum = int(rng.integers(1, 4))
    offers = relaxations(limits, catalog, np.ones(len(films), dtype=np.bool_), minimum)
    minimum = min(minimum, len(films))
    if sum(meets(film, limits) for film in films) >= minimum:
        assert offers == ()
        return
    expected = smallest_sizes(limits, films, minimum)
    assert [size(limits, each.constraints) for each in offers] == sorted(expected.values())[:5]
    for each in offers:
        changed = frozenset(t for t in limits.terms if t not in each.constraints.terms)
        assert expected[changed] == size(limits, each.constraints)
        assert each.films == sum(meets(film, each.constraints) for film in films) >= minimum


@given(
    st.lists(st.tuples(*[st.sampled_from([0, 1, 2, 7, DROP])] * 3), min_size=1, max_size=9),
    st.tuples(*[st.integers(1, 5)] * 3),
    st.data(),
)
def test_no_cheaper_moves_of_three_thresholds_are_enough(
    needs: list[tuple[int, ...]], weights: tuple[int, ...], data: st.DataObject
) -> None:
    minimum = data.draw(st.integers(1, len(needs)))
    columns = [np.array(column, dtype=np.int64) for column in zip(*needs, strict=True)]

    def cost(moves: tuple[int, ...]) -> tuple[int, int]:
        pairs = [(move, weight) for move, weight in zip(moves, weights, strict=True)]
        return (
            sum(move == DROP for move, _ in pairs),
            sum(move * weight for move, weight in pairs if move != DROP),
        )

    enough = [
        moves
        for moves in itertools.product(*[set(column.tolist()) for column in columns])
        if sum(all(n <= m for n, m in zip(row, moves, strict=True)) for row in needs) >= minimum
    ]
    moves = smallest_moves(columns, weights, minimum)
    assert moves in enough
    assert cost(moves) == min(map(cost, enough))


def comedies() -> Catalog:
    return Catalog.of(
        Film(str(row), f"Film {row}", 1980 + row, 90 + 3 * row, ("Comedy",)) for row in range(10)
    )


def texts(offers: tuple[Relaxation, ...]) -> list[tuple[str, int]]:
    return [(each.text, each.films) for each in offers]


def test_a_threshold_moves_to_the_nearest_film() -> None:
    everything = np.ones(10, dtype=np.bool_)
    limits = Constraints(max_runtime=89)
    assert texts(relaxations(limits, comedies(), everything, 1)) == [
        ("2 minutes longer (under 91)", 1)
    ]
    assert texts(relaxations(limits, comedies(), everything, 3)) == [
        ("8 minutes longer (under 97)", 3)
    ]
    limits = Constraints(since=1995)
    offers = relaxations(limits, comedies(), everything, 2)
    assert texts(offers) == [("since 1988 instead of 1995", 2)]
    assert offers[0].constraints == Constraints(since=1988)


def test_moves_come_before_dropped_conditions_and_seen_films_do_not_count() -> None:
    catalog = Catalog.of([*comedies().films(), Film("x", "Dark", 1990, 80, ("Horror",))])
    limits = Constraints(max_runtime=85, not_genres=("Horror",))
    before = np.ones(11, dtype=np.bool_)
    before[0] = False
    assert texts(relaxations(limits, catalog, before, 1)) == [
        ("9 minutes longer (under 94)", 1),
        ("without the “not horror” filter", 1),
    ]
    before[10] = False
    assert texts(relaxations(limits, catalog, before, 1)) == [("9 minutes longer (under 94)", 1)]


def test_nothing_is_offered_if_enough_films_are_left_or_none_can_be_won() -> None:
    everything = np.ones(10, dtype=np.bool_)
    assert relaxations(Constraints(max_runtime=95), comedies(), everything, 2) == ()
    assert relaxations(Constraints(), comedies(), everything, 50) == ()
    assert relaxations(Constraints(max_runtime=5), comedies(), ~everything, 3) == ()


def test_a_threshold_that_no_move_can_satisfy_is_dropped() -> None:
    films = [replace(film, runtime=None) for film in comedies().films()]
    catalog = Catalog.of([*films, Film("x", "Known", 1990, 200, ("Drama",))])
    limits = Constraints(max_runtime=90, genres=("Comedy",))
    offers = relaxations(limits, catalog, np.ones(11, dtype=np.bool_), 4)
    assert texts(offers) == [("without the “under 90 minutes” filter", 10)]
