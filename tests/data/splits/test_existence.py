"""Nobody is recommended a film that does not exist yet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from tests.data.splits.examples import N_FILMS, of_columns, stored

from matinee.data import Catalog, Dataset, Film, Interactions
from matinee.data.splits import Split, existing, first_instants, last, prequential, time
from matinee.data.splits.existence import ALWAYS
from matinee.data.splits.leakage import check
from matinee.errors import InputError
from matinee.experiments.measuring.protocols import divide
from matinee.experiments.measuring.sampling import sampled

DAY = 86_400
YEAR_1990 = 20 * 365 * DAY + 5 * DAY
"""The first of January, with five leap days since 1970."""


def dated() -> Interactions:
    """Ratings of January to December 1990: one on each first of a month of 30 days."""
    users = [0, 0, 1, 1, 2, 2, 0, 1, 3, 3, 1, 0]
    items = [0, 1, 0, 2, 1, 2, 3, 3, 9, 0, 4, 10]
    times = [YEAR_1990 + 30 * DAY * month for month in range(12)]
    return of_columns(users, items, [4.0] * 12, times)


def years(**known: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    given = np.zeros(N_FILMS, dtype=np.int16)
    for film, year in known.items():
        given[int(film.removeprefix("film"))] = year
    return given


def test_a_film_exists_from_its_year_or_from_an_earlier_rating() -> None:
    first = first_instants(dated(), years(film0=1990, film1=1991, film5=1991, film6=1960))
    assert first is not None
    assert first[0] == YEAR_1990  # rated on that day, of that year
    assert first[1] == YEAR_1990 + 30 * DAY  # rated before its year
    assert first[2] == YEAR_1990 + 90 * DAY  # of no known year
    assert first[5] == YEAR_1990 + 365 * DAY  # never rated
    assert first[6] == -3653 * DAY
    assert first[7] == ALWAYS  # nothing is known
    assert first_instants(dated(), years()) is None


def test_ratings_without_a_time_tell_nothing() -> None:
    untimed = replace(dated(), times=np.zeros(12, dtype=np.int64))
    first = first_instants(untimed, years(film0=1990))
    assert first is not None
    assert first[:2].tolist() == [YEAR_1990, ALWAYS]


def ranked(split: Split) -> list[set[int]]:
    left_out = split.unranked().toarray() != 0
    return [set(np.flatnonzero(~row).tolist()) for row in left_out]


def test_films_of_later_times_are_not_ranked_and_their_targets_are_left_out() -> None:
    ((_, test),) = time(dated(), 0.6)
    assert test.users.tolist() == [0, 1, 3]
    assert test.answer_times is not None
    # viewer 0 comes back in December, 1 in August, 3 in September
    assert ((test.answer_times - YEAR_1990) // (30 * DAY)).tolist() == [11, 7, 8]
    exists = first_instants(dated(), years(film7=1990, film8=1991))
    assert exists is not None
    narrow = existing(test, exists)
    # film 4 is rated for the first time in November, after viewer 1 was answered
    assert stored(test, test.targets) - stored(narrow, narrow.targets) == {(1, 4)}
    everything = set(range(N_FILMS))
    assert ranked(narrow) == [
        everything - {0, 1, 3} - {8},
        everything - {0, 2, 8, 9, 4, 10},
        everything - {8, 4, 10},
    ]
    assert narrow.n_ranked.tolist() == [len(each) for each in ranked(narrow)]
    assert narrow.notes[-1] == (
        "1 of 5 targets is of films that did not exist yet when the viewer was answered, and left "
        "out; nobody is recommended such a film"
    )
    check(narrow, dated())


def test_blocks_of_rows_and_samples_leave_the_same_films_out() -> None:
    ((_, test),) = time(dated(), 0.6)
    exists = first_instants(dated(), years(film7=1990, film8=1991))
    assert exists is not None
    narrow = existing(test, exists)
    whole = narrow.unranked().toarray() != 0
    for row in range(len(narrow.users)):
        block = narrow.unranked(slice(row, row + 1)).toarray() != 0
        np.testing.assert_array_equal(block[0], whole[row])
    few = sampled(narrow, 100)
    assert isinstance(few.candidates, sp.csr_array)
    np.testing.assert_array_equal(few.candidates.toarray() != 0, ~whole)
    assert few.n_ranked.tolist() == narrow.n_ranked.tolist()
    some = replace(narrow, candidates=np.arange(N_FILMS) % 2 == 0)
    assert some.n_ranked.tolist() == [len(each) for each in ranked(some)]


def test_a_target_of_a_film_that_does_not_exist_is_a_leak() -> None:
    ((_, test),) = time(dated(), 0.6)
    exists = first_instants(dated(), years(film8=1991))
    with pytest.raises(InputError, match="film '4' by viewer '1' is a target and of a film that d"):
        check(replace(test, exists_from=exists), dated())


def test_a_history_later_than_the_answer_is_a_leak() -> None:
    ((_, test),) = time(dated(), 0.6)
    assert test.answer_times is not None
    early = replace(test, answer_times=np.full(len(test.answer_times), YEAR_1990))
    with pytest.raises(InputError, match="is shown and later than the viewer is answered"):
        check(early, dated())


def test_a_viewer_whose_only_target_does_not_exist_is_skipped() -> None:
    ((_, test),) = time(dated(), 0.6)
    late = np.where(np.arange(N_FILMS) == 10, 2 * YEAR_1990, ALWAYS)
    narrow = existing(test, late)
    assert narrow.users.tolist() == [1, 3]
    assert narrow.skipped == test.skipped + 1
    with pytest.raises(InputError, match=r"no target of split .* existed when its viewer"):
        existing(test, np.full(N_FILMS, 2 * YEAR_1990))


def test_the_last_film_is_asked_for_at_the_time_of_the_one_before() -> None:
    ((_, test),) = last(dated())
    assert test.answer_times is not None
    for row, moment in enumerate(test.answer_times.tolist()):
        own = test.histories.take(slice(row, row + 1))
        assert moment == own.known_times.max()


def test_a_replayed_rating_is_asked_for_at_its_own_time_and_always_exists() -> None:
    when = {
        (user, item): moment
        for user, item, moment in zip(dated().users, dated().items, dated().times, strict=True)
    }
    exists = first_instants(dated(), years(film1=1995, film7=1995))
    assert exists is not None
    for _, test in prequential(dated(), 0, windows=3):
        assert test.answer_times is not None
        targets = zip(test.users, test.targets.indices, strict=True)
        assert [when[pair] for pair in targets] == test.answer_times.tolist()
        assert existing(test, exists).targets.nnz == test.targets.nnz


@pytest.mark.parametrize("protocol", ["time", "last", "random"])
def test_protocols_by_time_rank_what_exists(protocol: str) -> None:
    by_time = protocol != "random"
    films = [Film(str(row), f"Film {row}", 1990 + (row == 11)) for row in range(N_FILMS)]
    dataset = Dataset("dated", dated(), Catalog.of(films), "ours")
    if not by_time:
        users, items = [*range(4)] * 10, [row // 4 for row in range(40)]
        more = of_columns(users, items, [4.0] * 40, [YEAR_1990 + 1] * 40)
        dataset = replace(dataset, interactions=more)
    for division in divide(protocol, dataset):
        for split in division:
            assert (split.exists_from is not None) == by_time
            assert any(11 in films for films in ranked(split)) != by_time


def test_a_seen_film_with_a_rating_of_0_is_not_ranked() -> None:
    ((_, test),) = time(replace(dated(), scale=(0.0, 5.0)), 0.6)
    exists = np.full(N_FILMS, ALWAYS)
    exists[7] = np.iinfo(np.int64).max
    seen = test.seen.copy()
    seen.data[:] = 0
    zeros = replace(test, seen=seen, exists_from=exists)
    stars = replace(test, exists_from=exists)
    np.testing.assert_array_equal(zeros.unranked().toarray() != 0, stars.unranked().toarray() != 0)
    assert test.seen.nnz
