"""Recommenders fitted for a question: kept where that took long, and never a stale one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Catalog, Dataset
from matinee.service import fitted as module
from matinee.service.fitted import fitted
from matinee.service.train import train


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WORTH_KEEPING", 0.0)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models that were fitted, in order."""
    done: list[str] = []

    def counted(dataset: Dataset, model: str) -> object:
        done.append(model)
        return train(dataset, model)

    monkeypatch.setattr(module, "train", counted)
    return done


def test_what_was_fitted_before_answers_the_same_without_fitting(
    dataset: Dataset, tmp_path: Path, keeping: None, fits: list[str]
) -> None:
    query = dataset.viewer(str(dataset.interactions.user_ids.ids[0]))
    said: list[str] = []
    first = fitted(dataset, "ease", tmp_path, said.append).recommend(query)
    again = fitted(dataset, "ease", tmp_path, said.append).recommend(query)
    assert fits == ["ease"]
    assert len(said) == 1
    assert "it is kept, and taken next time" in said[0]
    np.testing.assert_array_equal(first.items, again.items)
    np.testing.assert_array_equal(first.scores, again.scores)


def test_what_is_fitted_in_no_time_is_not_kept(
    dataset: Dataset, tmp_path: Path, fits: list[str]
) -> None:
    for _ in range(2):
        fitted(dataset, "popular", tmp_path)
    assert fits == ["popular", "popular"]
    assert not list(tmp_path.iterdir())


def test_other_ratings_films_or_model_are_fitted_anew(
    dataset: Dataset, tmp_path: Path, keeping: None, fits: list[str]
) -> None:
    films = dataset.catalog.films()
    retitled = Catalog.of([replace(films[0], overview="new"), *films[1:]])
    fewer = replace(dataset, interactions=dataset.interactions.select(np.arange(300)))
    for other in (dataset, fewer, replace(dataset, catalog=retitled)):
        fitted(other, "ease", tmp_path)
    fitted(dataset, "item-knn", tmp_path)
    assert len(fits) == 4


def test_damaged_files_are_fitted_anew(
    dataset: Dataset, tmp_path: Path, keeping: None, fits: list[str]
) -> None:
    fitted(dataset, "ease", tmp_path)
    (pointer,) = tmp_path.glob("*.json")
    whole = pointer.read_text()
    for text in ("", "[]", '{"folder": "../elsewhere"}'):
        pointer.write_text(text)
        fitted(dataset, "ease", tmp_path)
        assert pointer.read_text() == whole
    assert len(fits) == 4


def test_the_one_used_longest_ago_goes_first(
    dataset: Dataset, tmp_path: Path, keeping: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_KEPT", 2)
    for model in ("ease", "item-knn", "ials"):
        fitted(dataset, model, tmp_path)
    assert len(list(tmp_path.glob("*.json"))) == 2
    assert sum(each.is_dir() for each in tmp_path.iterdir()) == 2


def test_a_folder_that_cannot_be_written_is_said_and_costs_no_answer(
    dataset: Dataset, tmp_path: Path, keeping: None
) -> None:
    (tmp_path / "file").write_text("")
    said: list[str] = []
    recommender = fitted(dataset, "ease", tmp_path / "file", said.append)
    assert recommender.model.name == "ease"
    assert "it could not be kept" in said[0]
