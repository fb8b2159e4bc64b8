"""Auto: the choice follows the question, and the winner answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.models.conftest import Contributions, Fit, History, Ratings

from matinee.data import Catalog, Film, Histories, Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model, StarScale, create
from matinee.models._auto.mixture import part_scores
from matinee.models._blend.parts import prefixed, read_parts
from matinee.models._shared.config import lowest_like
from matinee.models._shared.raced_popularity import raced_popularity
from matinee.models.auto import Auto

_DAY = 86_400


def chosen(model: Model) -> str:
    assert isinstance(model, Auto)
    return model.winner


def untimed(interactions: Interactions) -> Interactions:
    return replace(interactions, times=np.zeros(len(interactions), dtype=np.int64))


def test_the_winner_is_the_weighted_sum_of_its_parts(
    fit: Fit,
    planted: Interactions,
    planted_catalog: Catalog,
    history: History,
    contributions: Contributions,
) -> None:
    model = fit("auto", untimed(planted), catalog=planted_catalog)
    histories = Histories.of_users(planted, np.arange(4))
    expected = np.zeros((4, planted.n_items), dtype=np.float32)
    parts = read_parts(chosen(model))
    for place, (part, weight) in enumerate(zip(parts, model.arrays["weights"], strict=True)):
        alone = part.model()
        alone.arrays = prefixed(model.arrays, place)
        expected += weight * part_scores(alone, histories)
    np.testing.assert_allclose(model.scores(histories), expected, rtol=1e-5, atol=1e-6)
    query = history([0, 1, 2])
    popular = [part for part in parts if part.name in ("popular", "trending")]
    assert not popular
    assert contributions(model, query, [5]).sum() == pytest.approx(model.score(query)[5], rel=1e-4)


@pytest.mark.parametrize("choose_on", ["future", "next", "random"])
def test_tastes_are_not_answered_by_popularity(
    fit: Fit, planted: Interactions, planted_catalog: Catalog, choose_on: str
) -> None:
    model = fit("auto", planted, {"choose_on": choose_on}, catalog=planted_catalog)
    names = {part.name for part in read_parts(chosen(model))}
    assert names - {"popular", "trending"}


def test_popularity_ranks_where_everybody_likes_the_same(fit: Fit) -> None:
    rng = np.random.default_rng(5)
    rated = rng.random((300, 60)) < 0.05 + 0.8 * 0.9 ** np.arange(60)
    users, items = np.nonzero(rated)
    audience = Interactions(
        users=users.astype(np.int32),
        items=items.astype(np.int32),
        values=np.full(len(users), 4, dtype=np.float32),
        times=np.zeros(len(users), dtype=np.int64),
        user_ids=Vocabulary.of("viewer", range(300)),
        item_ids=Vocabulary.of("film", range(60)),
    )
    scores = fit("auto", audience).scores(Histories.of_users(audience, np.arange(50)))
    assert set(np.argsort(-scores.mean(axis=0))[:5]) <= set(range(9))


def test_without_users_of_five_ratings_popularity_answers(
    fit: Fit, ratings: Ratings, history: History, contributions: Contributions
) -> None:
    model = fit("auto", ratings([[5, 4, 0], [0, 3, 5]]))
    assert chosen(model) == "popular"
    assert not contributions(model, history([0, 1]), [2]).any()
    assert model.selection is not None
    assert "nothing could be compared" in model.selection.rule


def test_with_many_films_no_matrix_of_all_pairs_is_tried(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    for most, tried in ((39, False), (40, True)):
        model = fit("auto", untimed(planted), {"most_films": most}, catalog=planted_catalog)
        assert model.selection is not None
        names = {each.name.split()[0] for each in model.selection.races[0].candidates}
        assert ("dlae-content" in names) == tried


def test_newcomers_get_what_is_watched_now(fit: Fit) -> None:
    """Every day has a new viewer who watches films of the week, and comes back a week later."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(160):
        for day in (user, user + 7):
            films = 3 * (day // 8) + rng.permutation(9)[:4]
            rows += [(user, film, day * _DAY + place) for place, film in enumerate(films)]
    users, items, times = (np.array(column) for column in zip(*rows, strict=True))
    interactions = Interactions(
        users=users.astype(np.int32),
        items=items.astype(np.int32),
        values=np.full(len(rows), 5, dtype=np.float32),
        times=(times + 900_000_000).astype(np.int64),
        user_ids=Vocabulary.of("viewer", range(160)),
        item_ids=Vocabulary.of("film", range(72)),
    ).latest()
    model = fit("auto", interactions)
    assert set(np.argsort(-model.score(Query()))[:5]) <= set(range(54, 72))


def test_without_times_likes_are_drawn_and_the_record_says_so(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    for choose_on in ("future", "next"):
        model = fit("auto", untimed(planted), {"choose_on": choose_on}, catalog=planted_catalog)
        assert model.selection is not None
        assert "drawn at random" in model.selection.rule


def test_a_film_without_ratings_is_ranked_by_its_facts(
    fit: Fit, planted: Interactions, planted_catalog: Catalog, history: History
) -> None:
    """Also where genres are all that is known, and for every kind of winner."""
    bare = Catalog.of(
        Film(id=film.id, title=f"Film {film.id}", genres=film.genres)
        for film in planted_catalog.films(np.arange(40))
    )
    new = [4, 34]  # a comedy and a horror film
    seen = planted.select(~np.isin(planted.items, new))
    for choose_on in ("future", "next", "random"):
        model = fit("auto", untimed(seen), {"choose_on": choose_on}, catalog=bare)
        for fan, (own, other) in ((history([0, 1, 2, 3]), new), (history([36, 37, 38]), new[::-1])):
            scores = model.score(fan)
            assert scores[own] > scores[other]


def test_dislikes_reach_the_parts_that_know_them(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("auto", untimed(planted), {"like_from": 3.5}, catalog=planted_catalog)
    assert isinstance(model, Auto)
    assert "like_from" not in model.winner
    *likes, stars = model._mixture().parts
    assert {lowest_like(part.config) for part in likes} == {3.5}
    assert (stars.name, lowest_like(stars.config)) == ("svd", None)
    with pytest.raises(InputError, match="no likes"):
        fit("auto", planted, {"like_from": 5.5}, catalog=planted_catalog)


def test_a_larger_budget_compares_more_to_the_end(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    left = []
    for budget in (0.002, 10):
        model = fit("auto", untimed(planted), {"budget": budget}, catalog=planted_catalog)
        assert model.selection is not None
        notes = [each.note for each in model.selection.races[0].candidates]
        left.append(sum(map(bool, notes)))
    assert left[0] > left[1] == 0


def test_the_record_names_the_winner_and_every_candidate(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("auto", planted, catalog=planted_catalog)
    assert model.selection is not None
    race = model.selection.races[0]
    best = next(each for each in race.candidates if each.name == race.chosen)
    assert (best.low, best.high) == (0, 0)
    assert all(each.low <= each.high for each in race.candidates)
    assert {part.name for part in read_parts(chosen(model))} <= {
        part.name for part in read_parts(race.chosen)
    }


def test_the_threshold_is_exact_on_every_scale(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    """Halves of stars from .5 to 5 become thirds of a star: 3.5 is a like, to the last digit."""
    values = np.where(planted.values >= 3.5, 3.5, 2).astype(np.float32)
    halves = replace(untimed(planted), values=values, scale=(0.5, 5))
    model = fit("auto", halves, {"like_from": 3.5}, catalog=planted_catalog)
    assert isinstance(model, Auto)
    histories = Histories.of_users(halves, np.arange(4))
    model.similar(np.array([0]))  # is asked on the scale of the data, scores on that of stars
    assert (model.scores(histories) != model.arrays["prior"]).any(axis=1).all()
    like = StarScale.of((0.5, 5)).stars(np.array([3.5], dtype=np.float32))[0]
    mixture = model._restored[StarScale.of((0.5, 5)).stars(3.5)][1]
    parts = [part for part in mixture.parts if not part.predicts_ratings]
    for threshold in (mixture.like_from, *(lowest_like(part.config) for part in parts)):
        assert threshold is not None
        assert like >= threshold


def test_likes_of_counts_have_no_threshold(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    counts = replace(
        untimed(planted), values=np.ones(len(planted), np.float32), scale=(0.0, 1.0), counts=True
    )
    plain = fit("auto", counts, catalog=planted_catalog)
    model = fit("auto", counts, {"like_from": 3.5}, catalog=planted_catalog)
    histories = Histories.of_users(counts, np.arange(4))
    np.testing.assert_array_equal(model.scores(histories), plain.scores(histories))


def test_strangers_get_the_prior_of_all_models(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("auto", planted, {"choose_on": "next"}, catalog=planted_catalog)
    np.testing.assert_array_equal(model.score(Query()), raced_popularity(planted))


def test_create_reads_the_options_as_text() -> None:
    model = create("auto", {"choose_on": "next", "budget": "30", "like_from": "3.5"})
    assert isinstance(model, Auto)
    assert model.config.budget == 30
    assert create("auto", {"budget": "none"}).config.model_dump()["budget"] is None


def test_only_an_auto_with_prefixes_keeps_viewers(
    fit: Fit, planted: Interactions, planted_catalog: Catalog
) -> None:
    model = fit("auto", planted, {"choose_on": "next"}, catalog=planted_catalog)
    assert isinstance(model, Auto)
    names = {name.partition(".")[2] for name in model.user_sized}
    assert names == ({"starts", "items", "session"} if "prefix-knn" in model.winner else set())
    assert model.user_sized <= model.arrays.keys()
    assert not create("auto").user_sized
