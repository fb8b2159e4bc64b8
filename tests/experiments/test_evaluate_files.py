"""Evaluations over files of one's own: a test, and a list of films."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.experiments.toy_models import FilmMeans, Together

from matinee.data import Dataset
from matinee.errors import DataError, InputError, OptionError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.recipes import Recipe


class TestOwnFiles:
    @pytest.fixture
    def parts(self, dataset: Dataset) -> tuple[Dataset, Dataset]:
        assert dataset.folds is not None
        first = dataset.folds == 0
        train, test = (dataset.interactions.select(rows) for rows in (~first, first))
        return (
            replace(dataset, interactions=train, folds=None),
            replace(dataset, interactions=test, folds=None),
        )

    def test_predict_as_the_fold_does(
        self, dataset: Dataset, parts: tuple[Dataset, Dataset]
    ) -> None:
        (own,) = evaluate([FilmMeans()], parts[0], "ratings", test=parts[1]).results
        (folds,) = evaluate([FilmMeans()], dataset, "folds").results
        assert own.means["rmse"] == pytest.approx(folds.splits[0].means["rmse"], abs=1e-6)

    def test_rank_by_default_and_keep_both_hashes(self, parts: tuple[Dataset, Dataset]) -> None:
        train, test = parts
        comparison = evaluate([Together()], train, test=test.interactions.to_frame())
        receipt = comparison.receipt
        assert receipt["protocol"]["name"] == "files"
        assert receipt["data"]["sha256"] == train.interactions.content_hash
        assert receipt["test_data"]["ratings"] == len(test.interactions)
        (split,) = comparison.tests
        assert split.targets.nnz == len(test.interactions)
        assert "known viewers" in comparison.results[0].splits[0].groups

    def test_are_refused_under_protocols_that_draw_a_test(
        self, parts: tuple[Dataset, Dataset]
    ) -> None:
        with pytest.raises(OptionError, match="test does not apply to protocol 'random'"):
            evaluate([Together()], parts[0], "random", test=parts[1])

    def test_named_by_a_recipe_are_asked_for(self, dataset: Dataset) -> None:
        with pytest.raises(InputError, match=r"names 'a\.csv' as its test; load it and give it as"):
            evaluate(Recipe(["ease"], protocol="files", test="a.csv"), dataset)

    def test_are_read_on_the_scale_of_the_training(
        self, parts: tuple[Dataset, Dataset], tmp_path: Path
    ) -> None:
        train, test = parts
        high = test.interactions.values >= 4  # alone, these would be on a scale of their own
        frame = test.interactions.select(high).to_frame()
        as_data = replace(test, interactions=test.interactions.select(high))
        (own,), (known,) = (
            evaluate([FilmMeans()], train, "ratings", test=each).results
            for each in (frame, as_data)
        )
        assert own.means == pytest.approx(known.means, nan_ok=True)

    def test_name_what_was_left_out_of_them(self, parts: tuple[Dataset, Dataset]) -> None:
        train, test = parts
        frame = test.interactions.to_frame()
        name = frame.columns[2]
        wild = frame.with_columns(pl.Series(name, [99.0, *frame[name].to_list()[1:]]))
        comparison = evaluate([Together()], train, test=wild)
        assert comparison.tests[0].notes[0].startswith("the test: 1 ")
        assert comparison.receipt["test_data"]["ratings"] == len(frame) - 1

    def test_that_cannot_be_used_are_called_the_test(self, parts: tuple[Dataset, Dataset]) -> None:
        train, test = parts
        with pytest.raises(DataError, match="the test cannot be read: "):
            evaluate([Together()], train, test=pl.DataFrame({"a": [1]}))
        elsewhere = pl.DataFrame({"user": [1], "movie": ["no film"], "rating": [3]})
        with pytest.raises(InputError, match="no rated film of the test is a film of planted"):
            evaluate([Together()], train, test=elsewhere)
        pairs = test.interactions.to_frame()
        plays = pl.DataFrame({"user": pairs[:, 0], "movie": pairs[:, 1], "plays": 7})
        with pytest.raises(InputError, match="the test has counts and planted has none"):
            evaluate([Together()], train, test=plays)


def test_among_some_films_the_others_are_not_ranked(dataset: Dataset, tmp_path: Path) -> None:
    ids = dataset.catalog.item_ids.ids[:20].tolist()
    (tmp_path / "films.txt").write_text("\n".join(ids))
    recipe = Recipe([Together()], among=str(tmp_path / "films.txt"))
    comparison = evaluate(recipe, dataset)
    lists = comparison.results[0].splits[0].lists
    assert lists is not None
    assert lists.items.max() < 20
    protocol = comparison.receipt["protocol"]
    assert protocol["among"] == "films.txt"
    (tmp_path / "reversed.txt").write_text("\n".join(ids[::-1]))
    again = evaluate(Recipe([Together()], among=str(tmp_path / "reversed.txt")), dataset)
    assert again.receipt["protocol"]["among_sha256"] == protocol["among_sha256"]
    (tmp_path / "fewer.txt").write_text("\n".join(ids[1:]))
    fewer = evaluate(Recipe([Together()], among=str(tmp_path / "fewer.txt")), dataset)
    assert fewer.receipt["protocol"]["among_sha256"] != protocol["among_sha256"]
