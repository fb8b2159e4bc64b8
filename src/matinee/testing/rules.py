"""Rules of the contract of models, one function each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pydantic
from numpy.typing import NDArray

from matinee import plugins
from matinee.data import Catalog, Interactions, Query, Vocabulary
from matinee.errors import InputError, OptionError
from matinee.models import LikesConfig, StarScale, create
from matinee.testing.contribution_rules import contributions_add_up
from matinee.testing.dislike_rules import dislikes_lower_films_like_them
from matinee.testing.input_rules import INPUT_RULES
from matinee.testing.planted import N_FILMS
from matinee.testing.subject import (
    ContractError,
    NotApplicableError,
    Subject,
    has_verb,
    query_of,
    require,
    require_close,
    require_scores,
    wanted_ratings,
)

__all__ = ["RULES"]

_HISTORY = Query(
    items=np.array([3, 0, 25, 7], dtype=np.int32),
    values=np.array([5, 4, 1, 5], dtype=np.float32),
    times=np.array([1, 2, 3, 4], dtype=np.int64) * 86_400,
)


def every_film_has_a_finite_score(subject: Subject) -> None:
    """`scores` is `float32[n, n_items]` and finite, for any history and any number of users."""
    everything = query_of(range(N_FILMS))
    for query in (_HISTORY, Query(), query_of([5]), everything):
        require_scores(subject.model.score(query), (N_FILMS,), "score(query)")
    require_scores(subject.model.scores(subject.histories), (7, N_FILMS), "scores(histories)")
    none = subject.histories.take(slice(0))
    require_scores(subject.model.scores(none), (0, N_FILMS), "scores of no users")


def an_empty_history_is_scored_by_the_prior(subject: Subject) -> None:
    """The prior is the answer for a new viewer."""
    require_close(
        subject.model.score(Query()),
        subject.model.arrays["prior"],
        'the scores of an empty history differ from arrays["prior"]; return a row of zeros',
        exact=True,
    )


def rows_are_scored_one_by_one(subject: Subject) -> None:
    """A user's scores do not depend on the other rows."""
    together = subject.model.scores(subject.histories)
    for row, scores in enumerate(together):
        alone = subject.model.scores(subject.histories.take(slice(row, row + 1)))
        require_close(
            scores, alone[0], f"row {row} of scores(histories) differs from the row alone"
        )


def answers_change_nothing(subject: Subject) -> None:
    """Verbs return new arrays and leave histories and model unchanged."""
    model, histories = subject.fit(), subject.histories
    inputs: list[NDArray[Any]] = [
        histories.values,
        histories.items,
        histories.starts,
        histories.known_times,
    ]
    before = [each.copy() for each in inputs]
    arrays = {name: array.copy() for name, array in model.arrays.items()}
    model.scores(histories)[:] = 0
    model.score(Query())[:] = 0
    history = histories.take(slice(1))
    contributions = model.contributions(history, np.arange(3))
    if contributions is not None:
        contributions[:] = 0
    if has_verb(model, "similar"):
        model.similar(np.array([3]))[:] = 0
    for each, copy in zip(inputs, before, strict=True):
        require(np.array_equal(each, copy), "histories changed while the model answered")
    for name, array in arrays.items():
        require(
            np.array_equal(model.arrays[name], array),
            f"writing into an answer changed arrays[{name!r}]; return a copy",
        )


def the_same_seed_gives_the_same_arrays(subject: Subject) -> None:
    """`fit` draws from `rng` alone, whatever the number of threads."""
    from matinee.kernels.threads import threads  # noqa: PLC0415  brings numba

    for n in (1, 2):
        with threads(n):
            again = subject.fit()
        require(again.arrays.keys() == subject.model.arrays.keys(), "a second fit has other arrays")
        for name, array in subject.model.arrays.items():
            require(
                np.array_equal(again.arrays[name], array),
                f"a second fit with {n} thread(s) and the same seed has another arrays[{name!r}]; "
                "draw from the rng that fit is given",
            )


def config_and_arrays_restore_the_model(subject: Subject) -> None:
    """Learned state is in `self.arrays`, and the name leads back to the class."""
    model = subject.model
    require(
        plugins.get("models", model.name) is subject.kind,
        f"the name {model.name!r} leads to another model; rename the class",
    )
    config = subject.kind.Config.model_validate_json(model.config.model_dump_json())
    restored = subject.kind(config)
    restored.arrays = {name: array.copy() for name, array in model.arrays.items()}
    for array in restored.arrays.values():
        require(array.dtype != np.object_, "arrays must have no objects: they cannot be saved")
        array.setflags(write=False)  # as memory-mapped arrays are
    try:
        scores = restored.scores(subject.histories)
    except AttributeError as error:
        raise ContractError(f"{error}; `fit` must store what it learns in self.arrays") from error
    require_close(
        scores,
        model.scores(subject.histories),
        "a model restored from config and arrays gives other scores; store all state in arrays",
        exact=True,
    )


def options_are_checked(subject: Subject) -> None:
    """Unknown options are refused, and values to search are valid."""
    config = subject.kind.Config
    try:
        create(subject.model.name, {"moonphase": 1})
    except OptionError:
        pass
    else:
        raise ContractError("an unknown option is accepted; derive from matinee.models.Config")
    ends = {option: [span["low"], span["high"]] for option, span in config.spans().items()}
    for option, values in (*config.candidates().items(), *ends.items()):
        for value in values:
            try:
                subject.unfitted(**{option: value})
            except pydantic.ValidationError as error:
                raise ContractError(f"search value {value!r} of {option!r} is refused") from error


def no_array_grows_with_users(subject: Subject) -> None:
    """A model does not store its users, unless `user_sized` names the arrays."""
    n_users = 997  # no other dimension has this size, the next, or twice of it
    many = Interactions(
        users=np.arange(n_users, dtype=np.int32).repeat(2),
        items=np.stack([np.arange(n_users) % 20, 20 + np.arange(n_users) % 17], axis=1)
        .astype(np.int32)
        .ravel(),
        values=np.tile(np.array([5, 2], dtype=np.float32), n_users),
        times=np.arange(1, 2 * n_users + 1, dtype=np.int64) * 86_400,
        user_ids=Vocabulary.of("viewer", range(n_users)),
        item_ids=subject.catalog.item_ids,
    )
    model = subject.fit(many)
    sizes = {n_users, n_users + 1, 2 * n_users}
    grown = {name for name, array in model.arrays.items() if sizes & set(array.shape)}
    require(
        grown == model.user_sized,
        f"arrays with one entry per user: {sorted(grown)}; "
        f"`user_sized` names {sorted(model.user_sized)}",
    )


def two_tastes_are_told_apart(subject: Subject) -> None:
    """Fans of comedies get comedies; a tie is no win."""
    if not subject.kind.learns:
        few = subject.fit(subject.ratings.select(subject.ratings.items < 20))
        same = np.array_equal(few.score(_HISTORY), subject.model.score(_HISTORY))
        require(same, "`learns` is False and the scores depend on the training data")
        return
    comedies, horrors = np.arange(20), np.arange(20, 40)
    for own, other in ((comedies, horrors), (horrors, comedies)):
        scores = subject.model.score(query_of(own[:8], [5, 4] * 4))
        wins = float((scores[own[8:]][:, None] > scores[other]).mean())
        if subject.kind.personal:
            require(
                wins > 0.85,
                f"{wins:.0%} of unseen films of a viewer's genre score above films of the other; "
                "set `personal = False` if the ranking does not depend on the history",
            )
    if not subject.kind.personal:
        same = np.array_equal(subject.model.score(_HISTORY), subject.model.score(Query()))
        require(same, "`personal` is False and the scores depend on the history")


def predictions_stay_on_the_scale(subject: Subject) -> None:
    """Models with `predicts_ratings` predict within the scale, others refuse."""
    model, wanted = subject.model, wanted_ratings()
    if not subject.kind.predicts_ratings:
        try:
            model.predictions(subject.histories, wanted)
        except InputError:
            return
        raise ContractError("`predictions` answers and `predicts_ratings` is False; set it to True")
    predicted = model.predictions(subject.histories, wanted)
    require_scores(predicted, (wanted.nnz,), "predictions(histories, wanted)")
    low, high = subject.ratings.scale
    inside = predicted.size == 0 or (predicted.min() >= low and predicted.max() <= high)
    require(inside, f"a prediction lies outside {low:g} to {high:g}; clip it")
    for row in range(7):
        rows = slice(row, row + 1)
        alone = model.predictions(subject.histories.take(rows), wanted[rows])
        require_close(
            predicted[wanted.indptr[row] : wanted.indptr[row + 1]],
            alone,
            f"predictions of row {row} differ from those of the row alone",
        )
    nobody = model.predictions(subject.histories.take(slice(0)), wanted[:0])
    require_scores(nobody, (0,), "predictions for no users")


def the_scale_of_ratings_is_irrelevant(subject: Subject) -> None:
    """The same opinions from -10 to 10 have the same scores, and predictions on that scale."""
    wide = StarScale(low=1.0, factor=5.0, first=-10.0)
    ratings = subject.ratings.with_scale((-10.0, 10.0), wide.stars)
    histories = subject.histories.with_values(wide.stars(subject.histories.values))
    config = subject.unfitted().config.in_stars(wide)
    model, moved = subject.model, Subject(subject.kind, config).fit(ratings)
    advice = "on another scale; learn from what `fit` and the verbs are given, in stars from 1 to 5"
    require_close(
        moved.scores(histories), model.scores(subject.histories), f"scores differ {advice}"
    )
    for verb in ("predictions", "intervals"):
        if not has_verb(model, verb):
            continue
        found = getattr(moved, verb)(histories, wanted_ratings())
        stars = getattr(model, verb)(subject.histories, wanted_ratings())
        if stars is not None:
            require_close(np.array(found), wide.stars(np.array(stars)), f"{verb} differ {advice}")


def intervals_contain_predictions(subject: Subject) -> None:
    """Lower end, prediction and upper end are in this order."""
    if not subject.kind.predicts_ratings:
        raise NotApplicableError("predicts no ratings")
    wanted = wanted_ratings()
    ends = subject.model.intervals(subject.histories, wanted)
    if ends is None:
        raise NotApplicableError("has no intervals")
    predicted = subject.model.predictions(subject.histories, wanted)
    lower, upper = ends
    require(lower.shape == upper.shape == predicted.shape, "intervals have another shape")
    outside = np.count_nonzero((predicted < lower - 1e-4) | (predicted > upper + 1e-4))
    require(
        not outside,
        f"{outside} of {len(predicted)} predictions lie outside their interval; "
        "compute both from the same histories and times",
    )


def a_film_is_most_similar_to_itself(subject: Subject) -> None:
    """`similar` covers every film, or refuses."""
    model = subject.model
    if not has_verb(model, "similar"):
        try:
            model.similar(np.array([3]))
        except InputError:
            return
    similar = model.similar(np.array([3, 30]))
    require_scores(similar, (2, N_FILMS), "similar(items)")
    require(similar.argmax(axis=1).tolist() == [3, 30], "a film is not most similar to itself")
    nearest = np.argsort(-similar[0])[1:6]
    require(bool((nearest < 20).all()), "the films most similar to a comedy are no comedies")


def little_data_is_enough(subject: Subject) -> None:
    """A single rating can be fitted, and films nobody rated are scored, the prior last."""
    only = subject.ratings.select(np.array([0]))
    for query in (Query(), _HISTORY):
        require_scores(subject.fit(only).score(query), (N_FILMS,), "score after one rating")
    model = subject.fit(subject.ratings.select(subject.ratings.items != 9))
    for query in (_HISTORY, query_of([9])):
        require_scores(model.score(query), (N_FILMS,), "score with a film nobody rated")
    prior = model.score(Query())
    last = prior[9] == prior.min() or not subject.kind.learns
    require(last, "the prior ranks a film nobody rated above others")


def the_order_of_films_is_irrelevant(subject: Subject) -> None:
    """Shuffled rows of the catalogue give shuffled scores, unless the model draws per film."""
    arrays, other = subject.model.arrays, subject.fit(seed=1).arrays
    if arrays.keys() != other.keys() or any(
        not np.array_equal(other[name], array) for name, array in arrays.items()
    ):
        raise NotApplicableError("draws its starting point film by film")
    order = np.random.default_rng(3).permutation(N_FILMS)
    row = np.argsort(order)
    catalog = Catalog.of(subject.catalog.films(order))
    items = row[subject.ratings.items].astype(np.int32)
    shuffled = replace(subject.ratings, items=items, item_ids=catalog.item_ids)
    moved = replace(_HISTORY, items=row[_HISTORY.items].astype(np.int32))
    require_close(
        subject.fit(shuffled, catalog).score(moved),
        subject.model.score(_HISTORY)[order],
        "scores depend on the order of films in the catalogue",
    )


def ratings_below_min_rating_are_ignored(subject: Subject) -> None:
    """`min_rating` holds in training and in a history."""
    if not issubclass(subject.kind.Config, LikesConfig):
        raise NotApplicableError("has no option min_rating")
    model = subject.fit(min_rating=4)
    likes = query_of([3, 0, 7], [5, 4, 5], times=[1, 2, 4])
    require_close(
        model.score(_HISTORY),
        model.score(likes),
        "a rating below min_rating changes scores; weigh histories with self.weigh",
    )
    require_close(
        model.score(query_of([25], [1])),
        model.score(Query()),
        "a history of ratings below min_rating is not answered by the prior",
    )
    try:
        subject.fit(min_rating=6)
    except InputError:
        return
    raise ContractError("no rating reaches min_rating and `fit` goes on; use self.weigh")


RULES: tuple[Callable[[Subject], None], ...] = (
    every_film_has_a_finite_score,
    an_empty_history_is_scored_by_the_prior,
    rows_are_scored_one_by_one,
    answers_change_nothing,
    the_same_seed_gives_the_same_arrays,
    config_and_arrays_restore_the_model,
    options_are_checked,
    no_array_grows_with_users,
    two_tastes_are_told_apart,
    predictions_stay_on_the_scale,
    the_scale_of_ratings_is_irrelevant,
    intervals_contain_predictions,
    contributions_add_up,
    a_film_is_most_similar_to_itself,
    little_data_is_enough,
    the_order_of_films_is_irrelevant,
    ratings_below_min_rating_are_ignored,
    dislikes_lower_films_like_them,
    *INPUT_RULES,
)
