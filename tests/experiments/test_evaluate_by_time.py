"""Comparisons by time: cuts, rhythms of refits, ties, and how receipts replay them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Catalog, Dataset
from matinee.errors import OptionError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.receipts.receipt_file import digest, read_receipt, write_receipt
from matinee.experiments.recipes import Recipe, read_recipe
from matinee.experiments.statistics.cut_bootstrap import CUTS_RULE
from matinee.experiments.verify import verify

DAY = 86_400


@pytest.fixture(scope="module")
def dated(dataset: Dataset) -> Dataset:
    """The planted ratings over a hundred days of 1995; viewers join one after the other."""
    ratings = dataset.interactions
    rng = np.random.default_rng(0)
    days = ratings.users + rng.integers(0, 40, len(ratings))
    times = (days + 25 * 365 + 6) * DAY + rng.integers(0, DAY, len(ratings))
    return replace(dataset, interactions=replace(ratings, times=times))


def replayed(comparison: Comparison, dataset: Dataset, tmp_path: Path) -> bool:
    path = tmp_path / "receipt.json"
    write_receipt(comparison, path)
    return verify(read_receipt(path), dataset).agrees


def test_cuts_are_compared_with_intervals_over_cuts_and_replayed(
    dated: Dataset, tmp_path: Path
) -> None:
    comparison = evaluate(["popular", "item-knn"], dated, "time", cuts=3, defaults=True)
    assert comparison.receipt["protocol"]["cuts"] == 3
    assert comparison.receipt["interval"].endswith(CUTS_RULE)
    assert [split.split[:2] for split in comparison.results[0].splits] == ["1:", "2:", "3:"]
    newcomers = [split.newcomers for split in comparison.results[0].splits]
    for test, mask in zip(comparison.tests, newcomers, strict=True):
        assert mask is not None
        np.testing.assert_array_equal(mask, test.histories.lengths == 0)
    assert any(mask is not None and mask.any() for mask in newcomers)
    for result in comparison.results:
        means = [split.means["ndcg@10"] for split in result.splits]
        assert result.means["ndcg@10"] == pytest.approx(np.mean(means))
        bounds = result.intervals["ndcg@10"]
        assert bounds.low < result.means["ndcg@10"] < bounds.high
    assert replayed(comparison, dated, tmp_path)


def test_options_are_chosen_on_the_past_of_each_cut(dated: Dataset) -> None:
    (result,) = evaluate(["item-knn"], dated, "time", cuts=2).results
    assert [split.origin for split in result.splits] == ["validation"] * 2
    scores = [[trial.score for trial in split.trials] for split in result.splits]
    assert scores[0] != scores[1]


def test_rhythms_fit_more_often_and_are_replayed(dated: Dataset, tmp_path: Path) -> None:
    fits = {}
    for rhythm in ("never", "monthly", "weekly", "daily", "window"):
        comparison = evaluate(["popular"], dated, "prequential", retrain=rhythm, defaults=True)
        assert comparison.receipt["protocol"]["retrain"] == rhythm
        fits[rhythm] = comparison.results[0].fits
        queries = sum(len(test.users) for test in comparison.tests)
        assert queries == sum(len(split.users) for split in comparison.results[0].splits)
        if rhythm == "weekly":
            assert replayed(comparison, dated, tmp_path)
            assert comparison.to_json()["results"][0]["splits"][0]["fits"] >= 1
    assert fits["never"] == 1
    assert fits["window"] == 10
    days = {int(time) // DAY for time in dated.interactions.times}
    assert 1 < fits["monthly"] < fits["weekly"] < fits["daily"] <= len(days)


def test_a_daily_model_finds_what_its_training_knows(dated: Dataset) -> None:
    """Every answer is that of a model fitted on the days before, as fitting it by hand says."""
    from matinee.models import create

    comparison = evaluate(["popular"], dated, "prequential", retrain="daily", defaults=True)
    ratings, test = dated.interactions, comparison.tests[4]
    lists = comparison.results[0].splits[4].lists
    assert lists is not None
    assert test.answer_times is not None
    for row in (0, len(test.users) // 2, len(test.users) - 1):
        before = ratings.times < test.answer_times[row] // DAY * DAY
        model = create("popular").fit(
            ratings.select(before), dated.catalog, rng=np.random.default_rng(0)
        )
        own = test.histories.take(slice(row, row + 1))
        scores = model.scores(own)[0]
        ranked = np.setdiff1d(np.arange(len(scores)), test.unranked(slice(row, row + 1)).indices)
        best = np.sort(scores[ranked])[::-1][:10]
        items = lists.items[row]
        np.testing.assert_array_equal(scores[items[items >= 0]], best[: (items >= 0).sum()])


def with_new_films(dated: Dataset, years: Sequence[int]) -> Dataset:
    """The same with a comedy of each year that nobody has rated: row 40 and following."""
    films = [dated.catalog.film(row) for row in range(len(dated.catalog))]
    new = [
        replace(films[0], id=f"new{place}", title=f"New {place}", year=year)
        for place, year in enumerate(years)
    ]
    catalog = Catalog.of([*films, *new])
    ratings = replace(dated.interactions, item_ids=catalog.item_ids)
    return replace(dated, interactions=ratings, catalog=catalog)


def test_auto_recommends_no_film_before_it_exists(dated: Dataset) -> None:
    """Three films without a rating: of 1990, of the year in which viewers come back, and of 2030.

    The ratings are moved so that the cut is in 1995, and half of the viewers come back in 1996.
    """
    ratings = dated.interactions
    moved = replace(dated, interactions=replace(ratings, times=ratings.times + 295 * DAY))
    new_year = int(np.datetime64("1996-01-01T00:00:00").astype(np.int64))
    comparison = evaluate(
        ["auto"], with_new_films(moved, [1990, 1996, 2030]), "time", k=43, defaults=True
    )
    (test,), (split,) = comparison.tests, comparison.results[0].splits
    assert split.lists is not None
    assert test.answer_times is not None
    assert test.train.times.max() < new_year
    late = test.answer_times >= new_year
    assert 5 < np.count_nonzero(late) < len(late) - 5
    old, young, unborn = ((split.lists.items == film).any(axis=1) for film in (40, 41, 42))
    assert old[late].any()
    assert old[~late].any()
    assert young[late].any()
    assert not young[~late].any()
    assert not unborn.any()
    unseen = 43 - np.diff(test.seen.indptr)
    np.testing.assert_array_equal(test.n_ranked, unseen - np.where(late, 1, 2))


def test_ties_are_drawn_by_the_seed_and_named_in_the_receipt(
    dated: Dataset, tmp_path: Path
) -> None:
    ratings = dated.interactions
    coarse = replace(dated, interactions=replace(ratings, times=ratings.times // (20 * DAY)))
    comparison = evaluate(["popular"], coarse, "last", seeds=[0, 1], defaults=True)
    assert comparison.receipt["protocol"]["ties"] == "shuffle"
    first, second = comparison.results[0].splits
    assert first.split == second.split == "last"
    one, other = comparison.tests
    assert (one.targets.indices != other.targets.indices).any()
    assert "have the same time as the viewer's film before; their order is drawn" in one.notes[0]
    assert replayed(comparison, coarse, tmp_path)


def test_a_receipt_of_the_order_of_the_file_is_still_read_as_such(
    dated: Dataset, tmp_path: Path
) -> None:
    ratings = dated.interactions
    coarse = replace(dated, interactions=replace(ratings, times=ratings.times // (20 * DAY)))
    path = tmp_path / "receipt.json"
    comparison = evaluate(["popular"], coarse, "last", ties="file", defaults=True)
    write_receipt(comparison, path)
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["protocol"]["ties"]
    path.write_text(json.dumps(document | {"sha256": digest(document)}), encoding="utf-8")
    assert read_receipt(path).recipe.ties == "file"
    assert verify(read_receipt(path), coarse).agrees


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"protocol": "random", "cuts": 5}, "cuts does not apply to protocol 'random'; use --prot"),
        ({"protocol": "time", "cuts": 5, "share": 0.7}, "share and cuts exclude each other"),
        ({"protocol": "time", "cuts": 5, "until": "1995-02-01"}, "until and cuts exclude each"),
        ({"protocol": "time", "cuts": 1}, "cuts must be a whole number from 2 to 50, not 1"),
        ({"protocol": "time", "ties": "set"}, "ties does not apply to protocol 'time'"),
        ({"protocol": "last", "ties": "random"}, "ties must be shuffle or file or set, not 'rand"),
        ({"protocol": "last", "retrain": "daily"}, "retrain does not apply to protocol 'last'"),
        ({"protocol": "prequential", "retrain": 7}, "retrain must be never or monthly or weekly"),
    ],
)
def test_settings_of_time_that_do_not_apply_are_errors(
    settings: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        Recipe(["popular"], **settings)  # type: ignore[arg-type]


def test_a_recipe_file_has_the_settings_of_time(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('protocol = "time"\ncuts = 5\n[[model]]\nname = "popular"\n', encoding="utf-8")
    assert read_recipe(path).cuts == 5
    path.write_text(
        'protocol = "prequential"\nretrain = "weekly"\n[[model]]\nname = "popular"\n',
        encoding="utf-8",
    )
    assert read_recipe(path).retrain == "weekly"
