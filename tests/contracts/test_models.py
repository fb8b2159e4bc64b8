"""What every model must pass. A model is picked up by being a file in `matinee/models`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import plugins
from matinee.data import Attributes, Catalog, Context, Interactions, Query, Vocabulary
from matinee.errors import InputError, OptionError
from matinee.kernels.threads import threads
from matinee.models import Model, create


@pytest.fixture(scope="module", params=plugins.names("models"))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def fitted(name: str, interactions: Interactions, catalog: Catalog, seed: int = 0) -> Model:
    return create(name).fit(interactions, catalog, rng=np.random.default_rng(seed))


def query_of(items: list[int], values: list[float] | None = None) -> Query:
    ratings = [5.0] * len(items) if values is None else values
    return Query(
        items=np.array(items, dtype=np.int32),
        values=np.array(ratings, dtype=np.float32),
        times=np.arange(len(items), dtype=np.int64),
    )


def timeless(query: Query) -> Query:
    """The same without times, as a matrix of histories has none."""
    return replace(query, times=np.zeros(len(query), dtype=np.int64))


def ratings(rows: list[tuple[int, int, float]], catalog: Catalog, n_users: int = 3) -> Interactions:
    users, items, values = zip(*rows, strict=True)
    return Interactions(
        users=np.array(users, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=np.arange(len(rows), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(n_users)),
        item_ids=catalog.item_ids,
    )


def assert_good_scores(scores: NDArray[np.float32], n_items: int) -> None:
    assert scores.shape == (n_items,)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


@pytest.fixture(scope="module")
def model(name: str, planted: Interactions, planted_catalog: Catalog) -> Model:
    return fitted(name, planted, planted_catalog)


HISTORY = query_of([3, 0, 25, 7], [5.0, 4.0, 1.0, 5.0])


def test_every_film_gets_a_finite_float32_score(model: Model) -> None:
    assert_good_scores(model.score(HISTORY), 40)


def test_an_empty_history_is_ranked_by_the_prior(
    model: Model, planted: Interactions, planted_catalog: Catalog
) -> None:
    popular = fitted("popular", planted, planted_catalog).score(Query())
    stranger = model.score(Query())
    assert_good_scores(stranger, 40)
    np.testing.assert_array_equal(np.argsort(-stranger), np.argsort(-popular))
    np.testing.assert_array_equal(stranger, model.arrays["prior"])


def test_scoring_changes_neither_query_nor_model(
    model: Model, planted: Interactions, planted_catalog: Catalog
) -> None:
    query = query_of([3, 0, 25, 7], [5.0, 4.0, 1.0, 5.0])
    histories = planted.matrix[:5].copy()
    inputs: list[NDArray[Any]] = [query.items, query.values, query.times]
    inputs += [histories.data, histories.indices, histories.indptr]
    before = [each.copy() for each in inputs]
    arrays = {key: array.copy() for key, array in model.arrays.items()}
    model.score(query)[:] = 0
    model.score(Query())[:] = 0
    model.scores(histories)[:] = 0
    model.contributions(query, 1)
    for each, copy in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(each, copy)
    assert model.arrays.keys() == arrays.keys()
    for key, array in arrays.items():
        np.testing.assert_array_equal(model.arrays[key], array)


def test_the_same_seed_gives_the_same_arrays(
    name: str, model: Model, planted: Interactions, planted_catalog: Catalog
) -> None:
    again = fitted(name, planted, planted_catalog)
    assert again.arrays.keys() == model.arrays.keys()
    for key, array in model.arrays.items():
        np.testing.assert_array_equal(again.arrays[key], array)


@pytest.mark.parametrize("n", [1, 2])
def test_the_number_of_threads_changes_no_array(
    name: str, model: Model, planted: Interactions, planted_catalog: Catalog, n: int
) -> None:
    with threads(n):
        again = fitted(name, planted, planted_catalog)
    for key, array in model.arrays.items():
        np.testing.assert_array_equal(again.arrays[key], array)


@pytest.mark.parametrize("mmap_mode", [None, "r"])
def test_configuration_and_stored_arrays_restore_the_model(
    name: str, model: Model, planted: Interactions, tmp_path: Path, mmap_mode: Any
) -> None:
    restored = type(model)(model.config)
    for key, array in model.arrays.items():
        np.save(tmp_path / f"{key}.npy", array, allow_pickle=False)
        restored.arrays[key] = np.load(
            tmp_path / f"{key}.npy", mmap_mode=mmap_mode, allow_pickle=False
        )
    for query in (HISTORY, Query()):
        np.testing.assert_array_equal(restored.score(query), model.score(query))
    histories = planted.matrix[:5]
    np.testing.assert_array_equal(restored.scores(histories), model.scores(histories))


def test_an_unknown_option_is_refused_with_the_known_ones(name: str, model: Model) -> None:
    with pytest.raises(OptionError, match="no option 'moonphase'") as caught:
        create(name, {"moonphase": 1})
    for option in type(model).Config.model_fields:
        assert option in str(caught.value)


def test_an_option_that_is_no_number_is_refused_by_name(name: str, model: Model) -> None:
    for option in type(model).Config.model_fields:
        with pytest.raises(OptionError, match=option):
            create(name, {option: "many"})


def test_every_option_is_explained_and_its_candidates_are_allowed(name: str, model: Model) -> None:
    config = type(model).Config
    for option, field in config.model_fields.items():
        assert field.description, option
    tries = 1
    for option, values in config.candidates().items():
        tries *= len(values)
        for value in values:
            create(name, {option: value})
    assert tries <= 6, "every combination is tried on validation"


def test_no_array_is_as_long_as_the_viewers_but_the_declared(
    name: str, planted: Interactions, planted_catalog: Catalog
) -> None:
    n_users = 997  # no other dimension has this size or the next
    many = Interactions(
        users=np.arange(n_users, dtype=np.int32).repeat(2),
        items=np.stack([np.arange(n_users) % 20, 20 + np.arange(n_users) % 17], axis=1)
        .astype(np.int32)
        .ravel(),
        values=np.tile(np.array([5, 2], dtype=np.float32), n_users),
        times=np.zeros(2 * n_users, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(n_users)),
        item_ids=planted_catalog.item_ids,
    )
    model = fitted(name, many, planted_catalog)
    by_viewer = {
        key
        for key, array in model.arrays.items()
        if {n_users, n_users + 1, 2 * n_users} & set(array.shape)
    }
    assert by_viewer == type(model).user_sized


def test_two_planted_tastes_are_told_apart(name: str, model: Model) -> None:
    comedies, horrors = np.arange(20), np.arange(20, 40)
    for own, other in ((comedies, horrors), (horrors, comedies)):
        history, unseen = own[:8], own[8:]
        scores = model.score(query_of(history.tolist(), [5.0, 4.0] * 4))
        wins = scores[unseen][:, None] > scores[other]  # a tie is no win
        if type(model).personal:
            assert wins.mean() > 0.85  # chance is at most a half
    if not type(model).personal:
        np.testing.assert_array_equal(model.score(HISTORY), model.score(Query()))


def test_many_viewers_score_as_one_by_one(model: Model, planted: Interactions) -> None:
    rows = planted.matrix[:7].toarray()
    rows[3] = 0
    rows[5] = 0
    rows[5, 11] = 4
    histories = sp.csr_array(rows)
    together = model.scores(histories)
    assert together.shape == (7, 40)
    assert together.dtype == np.float32
    for row, scores in zip(rows, together, strict=True):
        items = np.flatnonzero(row)
        alone = model.score(timeless(query_of(items.tolist(), row[items].tolist())))
        np.testing.assert_allclose(scores, alone, rtol=1e-5, atol=1e-5)
    assert model.scores(histories[:0]).shape == (0, 40)


def test_what_is_known_of_viewers_counts_alike_one_by_one_and_together(
    name: str, planted: Interactions, planted_catalog: Catalog
) -> None:
    words = [("gender=F",) if viewer % 2 else ("gender=M",) for viewer in range(planted.n_users)]
    described = replace(planted, attributes=Attributes.of_words(words))
    model = fitted(name, described, planted_catalog)
    rows = planted.matrix[:6].toarray()
    rows[3] = 0
    histories = sp.csr_array(rows)
    seconds = np.arange(histories.nnz, dtype=np.int64)[::-1] * 86_400 + 1
    context = Context(
        sp.csr_array((seconds, histories.indices, histories.indptr), histories.shape),
        sp.csr_array(histories.shape, dtype=np.int64),
        Attributes.of_words([("gender=F",), ("age=25-34",), ("gender=M",), ("gender=F",), (), ()]),
    )
    together = model.scores_at(histories, context)
    assert together.shape == (6, 40)
    assert together.dtype == np.float32
    for row, scores in enumerate(together):
        shown = slice(histories.indptr[row], histories.indptr[row + 1])
        times, attributes = context.rest_of(row)
        oldest_first = np.argsort(times)
        query = Query(
            items=histories.indices[shown][oldest_first].astype(np.int32),
            values=histories.data[shown][oldest_first],
            times=times[oldest_first],
            attributes=attributes,
        )
        np.testing.assert_allclose(scores, model.score(query), rtol=1e-5, atol=1e-5)


def test_ratings_are_predicted_within_the_scale_or_not_at_all(name: str, model: Model) -> None:
    every = np.arange(40, dtype=np.int32)
    if not type(model).predicts_ratings:
        with pytest.raises(InputError, match="does not predict ratings"):
            model.predict(HISTORY, every)
        return
    for query in (HISTORY, Query(), query_of(list(range(40)))):
        predicted = model.predict(query, every)
        assert_good_scores(predicted, 40)
        assert predicted.min() >= 1
        assert predicted.max() <= 5
    assert model.predict(HISTORY, every[:0]).shape == (0,)


def test_many_predictions_at_once_are_those_of_each_viewer(model: Model) -> None:
    if not type(model).predicts_ratings:
        return
    rng = np.random.default_rng(3)
    rated = sp.random_array((7, 40), density=0.3, format="csr", dtype=np.float32, rng=rng)
    rated.data[:] = rng.integers(1, 6, rated.nnz)
    histories = sp.csr_array(rated * (rng.random((7, 1)) > 0.2))
    histories.eliminate_zeros()
    wanted = sp.random_array((7, 40), density=0.4, format="csr", rng=rng)
    together = model.predictions(histories, wanted)
    assert together.dtype == np.float32
    alone = []
    for row in range(7):
        shown = slice(histories.indptr[row], histories.indptr[row + 1])
        query = query_of(histories.indices[shown].tolist(), histories.data[shown].tolist())
        query = timeless(query)
        asked = wanted.indices[wanted.indptr[row] : wanted.indptr[row + 1]].astype(np.int32)
        alone.append(model.predict(query, asked))
    np.testing.assert_allclose(together, np.concatenate(alone), rtol=1e-5, atol=1e-5)
    assert model.predictions(histories[:0], wanted[:0]).shape == (0,)


def test_contributions_add_up_to_the_score(model: Model) -> None:
    scores = model.score(HISTORY)
    for item in range(40):
        parts = model.contributions(HISTORY, item)
        if parts is not None:
            assert parts.shape == (4,)
            assert parts.dtype == np.float32
            assert parts.sum() == pytest.approx(float(scores[item]), rel=1e-4, abs=1e-5)


def test_contributions_to_several_films_are_those_to_each(model: Model) -> None:
    several = model.contributions_to(HISTORY, np.arange(40))
    for item, parts in enumerate(several):
        alone = model.contributions(HISTORY, item)
        if alone is None:
            assert parts is None
        else:
            assert parts is not None
            np.testing.assert_allclose(parts, alone, rtol=1e-5, atol=1e-7)
    assert model.contributions_to(HISTORY, np.arange(0)) == []


def test_a_stranger_is_given_no_reasons(model: Model) -> None:
    assert model.contributions_to(Query(), np.arange(2)) == [None, None]
    assert model.contributions(Query(), 0) is None


def test_likeness_covers_every_film_or_is_refused(model: Model) -> None:
    if type(model).similar is Model.similar:
        with pytest.raises(InputError, match="does not compare films"):
            model.similar(3)
        return
    likeness = model.similar(3)
    assert_good_scores(likeness, 40)
    assert int(np.argmax(likeness)) == 3
    nearest = np.argsort(-likeness)[1:6]
    assert (nearest < 20).all()
    likeness[:] = 0
    assert model.similar(3).any()


def test_a_single_rating_is_enough_to_fit(name: str, planted_catalog: Catalog) -> None:
    model = fitted(name, ratings([(0, 5, 4.0)], planted_catalog), planted_catalog)
    for query in (Query(), query_of([5]), query_of([6])):
        assert_good_scores(model.score(query), 40)


def test_a_film_nobody_rated_is_scored_too(
    name: str, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fitted(name, planted.select(planted.items != 9), planted_catalog)
    assert_good_scores(model.score(HISTORY), 40)
    assert_good_scores(model.score(query_of([9])), 40)
    assert model.score(Query())[9] == model.score(Query()).min()


def test_a_viewer_who_rated_everything_is_scored(model: Model) -> None:
    assert_good_scores(model.score(query_of(list(range(40)))), 40)


def test_the_order_of_the_films_does_not_matter_to_models_that_draw_nothing(
    name: str, model: Model, planted: Interactions, planted_catalog: Catalog
) -> None:
    other_seed = fitted(name, planted, planted_catalog, seed=1)
    if other_seed.arrays.keys() != model.arrays.keys() or any(
        (other_seed.arrays[key] != array).any() for key, array in model.arrays.items()
    ):
        pytest.skip("draws its starting point film by film")
    order = np.random.default_rng(3).permutation(40)
    new_row = np.argsort(order)
    catalog = Catalog.of(planted_catalog.films(order))
    shuffled = Interactions(
        users=planted.users,
        items=new_row[planted.items].astype(np.int32),
        values=planted.values,
        times=planted.times,
        user_ids=planted.user_ids,
        item_ids=catalog.item_ids,
    )
    moved = query_of(new_row[HISTORY.items].tolist(), HISTORY.values.tolist())
    np.testing.assert_allclose(
        fitted(name, shuffled, catalog).score(moved),
        model.score(HISTORY)[order],
        rtol=1e-5,
        atol=1e-5,
    )


def test_min_rating_decides_what_counts_as_a_like(
    name: str, planted: Interactions, planted_catalog: Catalog
) -> None:
    if "min_rating" not in type(create(name)).Config.model_fields:
        pytest.skip("has no such option")
    model = create(name, {"min_rating": 4}).fit(
        planted, planted_catalog, rng=np.random.default_rng(0)
    )
    without_dislikes = query_of([3, 0, 7], [5.0, 4.0, 5.0])
    np.testing.assert_array_equal(model.score(HISTORY), model.score(without_dislikes))
    np.testing.assert_array_equal(model.score(query_of([25], [1.0])), model.score(Query()))
    with pytest.raises(InputError, match="min_rating"):
        create(name, {"min_rating": 6}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
