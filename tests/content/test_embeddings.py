"""Sentence embeddings, compared with a reference implementation; their cache and main directions.

The reference values come from `transformers` 5.23 with PyTorch 2.13 on the same files.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.content.embeddings import (
    embed,
    fetch_encoder,
    film_embeddings,
    film_texts,
    main_directions,
)
from matinee.content.sentence_encoder import SentenceEncoder
from matinee.data import Catalog, Film
from matinee.data.fetching.cache import Cache
from matinee.errors import DataError, FetchError, InputError, OptionError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "ship", "##s", "war", "love"]
WIDTH, INNER = 8, 12
CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "max_position_embeddings": 16,
    "layer_norm_eps": 1e-12,
    "hidden_size": WIDTH,
    "intermediate_size": INNER,
    "vocab_size": len(WORDS),
}


def shapes() -> dict[str, tuple[int, ...]]:
    norm: dict[str, tuple[int, ...]] = {"weight": (WIDTH,), "bias": (WIDTH,)}
    named: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (16, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    named |= {f"embeddings.LayerNorm.{key}": shape for key, shape in norm.items()}
    for layer in range(2):
        name = f"encoder.layer.{layer}."
        for part, rows, columns in (
            ("attention.self.query", WIDTH, WIDTH),
            ("attention.self.key", WIDTH, WIDTH),
            ("attention.self.value", WIDTH, WIDTH),
            ("attention.output.dense", WIDTH, WIDTH),
            ("intermediate.dense", INNER, WIDTH),
            ("output.dense", WIDTH, INNER),
        ):
            named |= {f"{name}{part}.weight": (rows, columns), f"{name}{part}.bias": (rows,)}
        for part in ("attention.output", "output"):
            named |= {f"{name}{part}.LayerNorm.{key}": shape for key, shape in norm.items()}
    return named


def write_model(folder: Path) -> Path:
    """A BERT of two layers whose weights are values of the sine."""
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = {word: row for row, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106  no secret
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    (folder / "1_Pooling").mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    modules = [
        {"type": f"sentence_transformers.models.{each}"} for each in ("Transformer", "Pooling")
    ]
    documents = {
        "config.json": CONFIG,
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": 6},
        "1_Pooling/config.json": {"pooling_mode_mean_tokens": True},
    }
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document))
    weights = {
        name: np.sin(0.37 * np.arange(np.prod(shape)) ** 2 + row).reshape(shape).astype(np.float32)
        for row, (name, shape) in enumerate(shapes().items())
    }
    save_file(weights, folder / "model.safetensors")
    return folder


TEXTS = ["A ship's war", "ships", "love war love war a ships ships", ""]
REFERENCE = [
    [-0.25826, -0.58307, 0.066119, -0.069009, -0.304181, 0.418071, -0.501071, -0.256544],
    [-0.255675, -0.588839, 0.064529, -0.069261, -0.3068, 0.420107, -0.492469, -0.256507],
    [-0.254736, -0.593174, 0.064335, -0.069512, -0.307361, 0.419949, -0.487917, -0.25572],
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def encoder(model: Path) -> SentenceEncoder:
    return SentenceEncoder.load(model)


@pytest.mark.parametrize("batch_size", [1, 2, 16])
def test_embeddings_equal_those_of_the_reference(encoder: SentenceEncoder, batch_size: int) -> None:
    embeddings = encoder.encode(TEXTS, batch_size)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(embeddings[:3], REFERENCE, atol=5e-6)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, rtol=1e-6)
    long, longer = encoder.encode(["love war love war", "love war love war ship a"], batch_size)
    np.testing.assert_allclose(long, longer, atol=1e-6)  # truncated


def test_embeddings_are_computed_once_and_again_if_their_file_is_damaged(
    encoder: SentenceEncoder, tmp_path: Path
) -> None:
    first = embed(TEXTS, encoder, tmp_path / "cache")
    (file,) = (tmp_path / "cache").iterdir()
    marked: NDArray[np.float32] = np.zeros_like(first)
    np.save(file, marked)
    np.testing.assert_array_equal(embed(TEXTS, encoder, tmp_path / "cache"), marked)
    file.write_bytes(file.read_bytes()[:-9])
    np.testing.assert_array_equal(embed(TEXTS, encoder, tmp_path / "cache"), first)
    np.testing.assert_array_equal(np.load(file), first)


def test_other_texts_and_other_weights_have_files_of_their_own(
    encoder: SentenceEncoder, model: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(model, other)
    (other / "sentence_bert_config.json").write_text('{"max_seq_length": 7}')
    for texts, each in (
        (["a", "ship"], encoder),
        (["as", "hip"], encoder),
        (["a", "ship"], SentenceEncoder.load(other)),
    ):
        embed(texts, each, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 3
    assert embed([], encoder, tmp_path / "cache").shape == (0, WIDTH)


def test_texts_have_all_known_fields_of_a_film() -> None:
    films = [
        Film("1", "Heat", genres=("Crime", "Drama"), keywords=("heist",), overview="A chase."),
        Film("2", "M"),
    ]
    assert film_texts(Catalog.of(films)) == ["Heat. Crime, Drama. heist. A chase.", "M."]


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("config.json", '{"model_type": "roberta"}', "only 'bert' is supported"),
        ("config.json", json.dumps(CONFIG | {"num_hidden_layers": 3}), "does not match config"),
        (
            "config.json",
            json.dumps(CONFIG | {"position_embedding_type": "relative_key"}),
            "only 'absolute' is supported",
        ),
        ("config.json", "{", "cannot be read"),
        (
            "modules.json",
            '[{"type": "x.Transformer"}, {"type": "x.Dense"}]',
            "Dense is not supported",
        ),
        ("1_Pooling/config.json", '{"pooling_mode_cls_token": true}', "only the mean"),
        ("tokenizer.json", "{}", "tokenizer.json cannot be read"),
        ("model.safetensors", "damaged", "model.safetensors cannot be read"),
    ],
)
def test_another_kind_of_model_or_a_damaged_one_is_refused(
    model: Path, tmp_path: Path, file: str, text: str, message: str
) -> None:
    shutil.copytree(model, tmp_path / "other")
    (tmp_path / "other" / file).write_text(text)
    with pytest.raises(DataError, match=message):
        SentenceEncoder.load(tmp_path / "other")


def test_a_missing_file_or_extra_is_named(
    encoder: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match=r"has no config\.json"):
        SentenceEncoder.load(tmp_path)
    with pytest.raises(OptionError, match="batch_size"):
        encoder.encode(["a"], 0)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(InputError, match=r"matinee\[text\]"):
        SentenceEncoder.load(tmp_path)


def test_the_published_encoder_has_the_cosines_of_the_reference(tmp_path: Path) -> None:
    try:
        folder = fetch_encoder(Cache(tmp_path))
    except FetchError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no encoder: {error}")
    films = SentenceEncoder.load(folder).encode(
        [
            "A boy befriends a stranded visitor from space.",
            "A child protects an alien that was left behind on Earth.",
            "Two detectives hunt a murderer through a rainy city.",
        ]
    )
    cosines = films @ films.T
    np.testing.assert_allclose(cosines[0, 1:], [0.3813, 0.0078], atol=1e-4)
    np.testing.assert_allclose(cosines[1, 2], 0.0515, atol=1e-4)


FILMS = Catalog.of(
    [
        Film("1", "A ship", overview="love war love"),
        Film("2", "War"),
        Film("3", ""),
        Film("4", "Love", overview="a ships ships"),
    ]
)


def test_films_without_text_are_zeros_and_the_others_unit_vectors(model: Path) -> None:
    reduced = film_embeddings(FILMS, str(model), 2)
    assert reduced.dtype == np.float32
    assert reduced.shape == (4, 2)
    np.testing.assert_allclose(np.linalg.norm(reduced, axis=1), [1, 1, 0, 1], atol=1e-6)
    assert len(list((model / "embeddings").iterdir())) == 1
    np.testing.assert_array_equal(film_embeddings(FILMS, str(model), 2), reduced)


@pytest.mark.parametrize("folder", ["", "no/such/folder"])
def test_a_missing_encoder_is_refused_with_the_way_out(folder: str) -> None:
    with pytest.raises(OptionError, match="encoder=FOLDER, the folder that `matinee fetch"):
        film_embeddings(FILMS, folder, 8)


def test_with_all_directions_the_cosines_of_centred_embeddings_remain() -> None:
    embeddings = np.random.default_rng(0).standard_normal((30, 7)).astype(np.float32)
    centred = embeddings - embeddings.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    reduced = main_directions(embeddings, 9)
    assert reduced.shape == (30, 7)
    np.testing.assert_allclose(reduced @ reduced.T, unit @ unit.T, atol=1e-5)
    # equal texts have no direction
    assert not main_directions(np.ones((5, 4), dtype=np.float32), 2).any()
