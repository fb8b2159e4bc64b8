"""Fitted recommenders are kept if fitting was slow, and never stale."""

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
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models that were fitted, in order."""
    done: list[str] = []

    def counted(dataset: Dataset, model: str) -> object:
        done.append(model)
        return train(dataset, model)

    monkeypatch.setattr(module, "train", counted)
    return done


def test_a_kept_recommender_answers_the_same_without_a_fit(
    dataset: Dataset, tmp_path: Path, fits: list[str]
) -> None:
    query = dataset.viewer(str(dataset.interactions.user_ids.ids[0]))
    messages: list[str] = []
    first = fitted(dataset, "ease", tmp_path, messages.append, slow=0).recommend(query)
    again = fitted(dataset, "ease", tmp_path, messages.append, slow=0).recommend(query)
    assert fits == ["ease"]
    assert len(messages) == 1
    assert "kept for next time" in messages[0]
    np.testing.assert_array_equal(first.items, again.items)
    np.testing.assert_array_equal(first.scores, again.scores)
    assert first.version == again.version != "unsaved"


def test_a_quick_fit_is_not_kept(dataset: Dataset, tmp_path: Path, fits: list[str]) -> None:
    for _ in range(2):
        fitted(dataset, "popular", tmp_path)
    assert fits == ["popular", "popular"]
    assert not list(tmp_path.iterdir())


def test_other_ratings_films_or_models_mean_a_new_fit(
    dataset: Dataset, tmp_path: Path, fits: list[str]
) -> None:
    films = dataset.catalog.films()
    retitled = Catalog.of([replace(films[0], overview="new"), *films[1:]])
    fewer = replace(dataset, interactions=dataset.interactions.select(np.arange(300)))
    for other in (dataset, fewer, replace(dataset, catalog=retitled)):
        fitted(other, "ease", tmp_path, slow=0)
    fitted(dataset, "item-knn", tmp_path, slow=0)
    assert len(fits) == 4


def test_another_version_of_an_installed_model_means_a_new_fit(
    dataset: Dataset, tmp_path: Path, fits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = iter(["1", "1", "2"])
    monkeypatch.setattr(module, "class_hash", lambda kind: f"{kind.name} {next(versions)}")
    for _ in range(3):
        fitted(dataset, "ease", tmp_path, slow=0)
    assert fits == ["ease", "ease"]


def test_damaged_files_mean_a_new_fit(dataset: Dataset, tmp_path: Path, fits: list[str]) -> None:
    fitted(dataset, "ease", tmp_path, slow=0)
    (pointer,) = tmp_path.glob("*.json")
    whole = pointer.read_text()
    for text in ("", "[]", '{"folder": "../elsewhere"}'):
        pointer.write_text(text)
        fitted(dataset, "ease", tmp_path, slow=0)
        assert pointer.read_text() == whole
    assert len(fits) == 4


def test_the_least_recently_used_one_is_deleted_first(dataset: Dataset, tmp_path: Path) -> None:
    for model in ("ease", "item-knn", "ials"):
        fitted(dataset, model, tmp_path, slow=0, keep=2)
    assert len(list(tmp_path.glob("*.json"))) == 2
    assert sum(each.is_dir() for each in tmp_path.iterdir()) == 2


def test_without_a_writable_folder_there_is_a_note_and_an_answer(
    dataset: Dataset, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    messages: list[str] = []
    recommender = fitted(dataset, "ease", tmp_path / "file", messages.append, slow=0)
    assert recommender.model.name == "ease"
    assert "cannot be kept" in messages[0]


def test_a_fit_to_much_data_is_said_before_it_starts(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MANY_RATINGS", 900)
    messages: list[str] = []

    def refused(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "train", refused)
    with pytest.raises(KeyboardInterrupt):
        fitted(dataset, "ease", tmp_path, messages.append)
    assert messages == ["fitting ease on planted, 900 ratings ..."]
