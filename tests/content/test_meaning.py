"""Embeddings along their main directions, kept with the encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.content.meaning import main_directions, meanings
from matinee.content.sentence_encoder import SentenceEncoder
from matinee.data import Catalog, Film
from matinee.errors import OptionError

FILMS = Catalog.of(
    [
        Film("1", "Alien", genres=("Horror",), overview="A ship finds something."),
        Film("2", "Heat"),
        Film("3", ""),
        Film("4", "Ran", overview="A lord divides his realm."),
    ]
)


class Encoder:
    """Says the letters of a text; counts how often it was asked."""

    dimensions = 26
    hash = "letters"
    asked = 0

    def encode(self, texts: list[str], batch_size: int = 16) -> NDArray[np.float32]:
        type(self).asked += 1
        letters = [[text.lower().count(chr(97 + each)) for each in range(26)] for text in texts]
        return np.array(letters, dtype=np.float32)


@pytest.fixture
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def load(folder: Path) -> Any:
        return Encoder()

    monkeypatch.setattr(SentenceEncoder, "load", load)
    monkeypatch.setattr(Encoder, "asked", 0)
    return tmp_path


def test_a_film_is_a_few_numbers_and_one_without_words_is_none(encoder: Path) -> None:
    found = meanings(FILMS, str(encoder), 2)
    assert found.dtype == np.float32
    assert found.shape == (4, 2)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [1, 1, 0, 1], atol=1e-6)


def test_they_are_computed_once(encoder: Path) -> None:
    first = meanings(FILMS, str(encoder), 5)
    np.testing.assert_array_equal(meanings(FILMS, str(encoder), 5), first)
    assert Encoder.asked == 1


@pytest.mark.parametrize("named", ["", "no/such/folder"])
def test_a_folder_that_is_not_there_is_refused_with_the_way_out(named: str) -> None:
    with pytest.raises(OptionError, match="encoder=FOLDER"):
        meanings(FILMS, named, 8)


def test_with_all_directions_the_cosines_of_centred_embeddings_remain() -> None:
    embeddings = np.random.default_rng(0).standard_normal((30, 7)).astype(np.float32)
    centred = embeddings - embeddings.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    found = main_directions(embeddings, 9)
    assert found.shape == (30, 7)
    np.testing.assert_allclose(found @ found.T, unit @ unit.T, atol=1e-5)


def test_texts_that_are_all_the_same_differ_in_no_direction() -> None:
    assert not main_directions(np.ones((5, 4), dtype=np.float32), 2).any()
