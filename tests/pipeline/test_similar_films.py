"""Lists of similar films and what their reasons say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.pipeline.test_recommender import fixed

from matinee.content.similarity import FilmSimilarity
from matinee.data import Catalog, Dataset, Film, Interactions
from matinee.pipeline import Recommender, similar_films
from matinee.pipeline.similar_films import with_sentences


def alike(
    catalog: Catalog, scores: Sequence[float], prior: Sequence[float] | None = None
) -> Recommender:
    """Every film is as similar to each other one as `scores` say of that one."""
    n = len(catalog)
    order = np.argsort(-np.array(scores), kind="stable")
    items = np.array([order[order != row] for row in range(n)], dtype=np.int32)
    values = np.array(scores)[items].astype(np.float16)
    items[values <= 0] = -1
    similarity = FilmSimilarity(items, values, values > 0.5)
    return replace(fixed(catalog, list(prior or scores)), similarity=similarity)


def test_the_nearest_films_are_listed_without_the_film_itself() -> None:
    films = Catalog.of(Film(str(row), f"Film {row}") for row in range(5))
    ranking = alike(films, [0.2, 0.9, 0.6, 0.8, 0]).similar("Film 1")
    assert ranking.items.tolist() == [3, 2, 0]
    assert ranking.reasons[0].films[0].id == "1"
    assert np.allclose(ranking.scores, [0.8, 0.6, 0.2], atol=1e-3)


def test_films_without_a_common_fact_are_said_to_share_viewers_or_a_story() -> None:
    films = Catalog.of(
        [Film("0", "A", genres=("War",)), Film("1", "B"), Film("2", "C"), Film("3", "D",
              genres=("War",))]
    )  # fmt: skip
    texts = [each.text() for each in alike(films, [1, 0.9, 0.4, 0.3]).similar("A").reasons]
    assert texts == ["Watched by the same people", "A similar story", "War"]


def test_without_ratings_and_saved_similarity_films_are_compared_by_their_facts() -> None:
    genres = [("War",), ("War", "Drama"), ("Comedy",), ()]
    films = Catalog.of(Film(str(row), f"Film {row}", genres=g) for row, g in enumerate(genres))
    assert fixed(films, [0, 0, 0, 0]).similar("Film 0").items.tolist() == [1]
    assert len(fixed(films, [0, 0, 0, 0]).similar("Film 3")) == 0


def test_plots_are_also_compared_by_an_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    films = Catalog.of(
        Film(str(row), f"Film {row}", overview=text)
        for row, text in enumerate(["A shark bites.", "Fish attack people.", "Lawyers marry."])
    )
    bare = replace(fixed(films, [0, 0, 0]), data=Dataset("x", Interactions.empty(films.item_ids),
                   films, ""))  # fmt: skip
    sentences = np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    monkeypatch.setattr(similar_films, "plot_sentences", lambda *_: sentences)
    assert len(bare.similar("Film 0")) == 0
    ranking = with_sentences(bare, Path("encoder")).similar("Film 0")
    assert [each.film.title for each in ranking] == ["Film 1"]
    assert ranking.reasons[0].text() == "A similar story"
