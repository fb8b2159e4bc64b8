"""Rules of the contract of models about what they are given: wrong input is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from matinee.data import Histories, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model
from matinee.testing.planted import N_FILMS
from matinee.testing.subject import (
    ContractError,
    Subject,
    has_verb,
    query_of,
    require,
    require_scores,
    wanted_ratings,
)

__all__ = ["INPUT_RULES"]


def films_that_do_not_exist_are_refused(subject: Subject) -> None:
    """Rows of films outside the catalogue are refused by every verb, on both sides."""
    model, history = subject.model, subject.histories.take(slice(1))
    for row in (-1, -N_FILMS, N_FILMS, 10**6):
        if row > 0:
            _refused(f"a history of film {row}", model.score, query_of([3, row]))
        if has_verb(model, "similar"):
            _refused(f"similar of film {row}", model.similar, np.array([3, row]))
        if has_verb(model, "contributions"):
            items = np.array([row])
            _refused(f"contributions to film {row}", model.contributions, history, items)
    _refused("a history with a film twice", model.score, query_of([3, 5, 3]))


def histories_of_other_films_are_refused(subject: Subject) -> None:
    """Wider and narrower histories, and other matrices, never reach the code of a model."""
    model, matrix = subject.model, subject.histories.ratings
    wide = sp.csr_array((matrix.data, matrix.indices, matrix.indptr), shape=(7, 6000))
    narrow = sp.csr_array(matrix[:, :20])
    for argument, what in (
        (Histories(wide), "histories of 6,000 films"),
        (Histories(narrow), "histories of 20 films"),
        (matrix, "a matrix in place of Histories"),
    ):
        _refused(f"scores of {what}", model.scores, argument)
        for verb in _of_ratings(model):
            _refused(f"{verb.__name__} of {what}", verb, argument, wanted_ratings())
        if has_verb(model, "contributions") and isinstance(argument, Histories):
            one = argument.take(slice(1))
            _refused(f"contributions of {what}", model.contributions, one, np.array([0]))


def ratings_to_predict_are_checked(subject: Subject) -> None:
    """`wanted` has the shape of the histories, int64 times, and columns that are films."""
    wanted = wanted_ratings()
    beyond, below = wanted.copy(), wanted.copy()
    beyond.indices[5], below.indices[5] = N_FILMS, -1
    for verb in _of_ratings(subject.model):
        for other, what in (
            (wanted[:, :20], "fewer films"),
            (wanted[:3], "fewer viewers"),
            (wanted.astype(np.float64), "times that are not whole"),
            (wanted.tocsc(), "a CSC array"),
            (beyond, "a film beyond the catalogue"),
            (below, "film -1"),
        ):
            _refused(f"{verb.__name__} with {what}", verb, subject.histories, other)


def a_model_that_is_not_fitted_says_so(subject: Subject) -> None:
    """Every verb of a new model is refused."""
    model = subject.unfitted()
    _refused("score before fit", model.score, Query())
    _refused("scores before fit", model.scores, subject.histories)
    for verb in _of_ratings(model):
        _refused(f"{verb.__name__} before fit", verb, subject.histories, wanted_ratings())
    if has_verb(model, "similar"):
        _refused("similar before fit", model.similar, np.array([3]))


def a_second_fit_equals_the_first(subject: Subject) -> None:
    """A model that is fitted again keeps nothing of the fit before."""
    again = subject.fit(subject.ratings.select(subject.ratings.users < 1))
    again.fit(subject.ratings, subject.catalog, rng=np.random.default_rng(0))
    expected = subject.model.arrays
    require(again.arrays.keys() == expected.keys(), "a second fit leaves arrays of the first")
    for name, array in expected.items():
        require(
            np.array_equal(again.arrays[name], array),
            f"a second fit of the same model has another arrays[{name!r}]",
        )


def users_and_films_without_ratings_do_no_harm(subject: Subject) -> None:
    """An empty row and an empty column, at the borders and between."""
    ratings = subject.ratings
    some = ratings.select(~np.isin(ratings.items, [0, 21, N_FILMS - 1]))
    ids = Vocabulary.of("viewer", range(ratings.n_users + 3))
    sparse = replace(some, users=some.users + (some.users > 10) + 1, user_ids=ids)
    model = subject.fit(sparse)
    for query in (Query(), query_of([0, 21]), query_of([3, 25]), query_of([N_FILMS - 1])):
        require_scores(model.score(query), (N_FILMS,), "score after a fit with empty rows")


def wild_ratings_get_finite_answers_or_are_refused(subject: Subject) -> None:
    """Ratings far outside the scale and impossible times give no NaN."""
    for value in (0.0, -3.0, 100.0, 1e6, -1e9):
        for days in ([0, 0], [-5, 10**4], [2**30, -(2**30)]):
            query = query_of([3, 25], [value, 4], days)
            try:
                scores = subject.model.score(query)
            except InputError:
                continue
            require_scores(scores, (N_FILMS,), f"score of a rating of {value:g}")
    for value in (np.nan, np.inf, 1e30):
        _refused(f"a rating of {value}", query_of, [3], [value])


INPUT_RULES: tuple[Callable[[Subject], None], ...] = (
    films_that_do_not_exist_are_refused,
    histories_of_other_films_are_refused,
    ratings_to_predict_are_checked,
    a_model_that_is_not_fitted_says_so,
    a_second_fit_equals_the_first,
    users_and_films_without_ratings_do_no_harm,
    wild_ratings_get_finite_answers_or_are_refused,
)


def _of_ratings(model: Model) -> list[Callable[..., Any]]:
    """`predictions` and `intervals`, if the model has them."""
    verbs = ("predictions", "intervals")
    return [getattr(model, verb) for verb in verbs if has_verb(model, verb)]


def _refused(what: str, ask: Callable[..., Any], *arguments: Any) -> None:
    try:
        ask(*arguments)
    except InputError:
        return
    raise ContractError(
        f"{what} is not refused with an InputError; call the verb of the base class"
    )
