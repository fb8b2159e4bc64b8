"""Sentence embeddings: BERT with mean pooling, in NumPy.

Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of Deep Bidirectional Transformers" (NAACL
2019); Reimers and Gurevych, "Sentence-BERT" (EMNLP 2019). A catalogue is small enough to do without
a deep-learning framework. No code of a model's folder is run: weights are read from a safetensors
file and the tokeniser from JSON. Other kinds of model are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.special
from numpy.typing import NDArray

from matinee.data.fetching.download import sha256_of
from matinee.errors import DataError, InputError, OptionError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["FILES", "SentenceEncoder"]

FILES = (
    "config.json",
    "modules.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
    "tokenizer.json",
    "model.safetensors",
)
"""The files of a sentence-transformers folder that are read."""

_KNOWN = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
_DEFAULTS = {"position_embedding_type": "absolute"}
_MODULES = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SentenceEncoder:
    """A loaded encoder.

    Attributes:
        weights: `float32` arrays by their name in the file.
        tokenizer: maps text to token ids and truncates it to the model's maximum length.
        heads: attention heads per layer.
        epsilon: added to the variance in layer normalisation.
        hash: SHA-256 over all files.
    """

    weights: Mapping[str, Array]
    tokenizer: Tokenizer
    layers: int
    heads: int
    epsilon: float
    hash: str

    @classmethod
    def load(cls, folder: Path) -> SentenceEncoder:
        """Loads an encoder from a sentence-transformers folder.

        Raises:
            InputError: the extra `text` is not installed.
            DataError: a file is missing or damaged, or the model is of another kind.
        """
        try:
            from safetensors import SafetensorError  # noqa: PLC0415  an extra
            from safetensors.numpy import load_file  # noqa: PLC0415  an extra
            from tokenizers import Tokenizer  # noqa: PLC0415  an extra
        except ImportError:
            raise InputError(
                "sentence embeddings need the extra text; install it with: "
                "pip install 'matinee[text]'"
            ) from None
        for name in FILES:
            if not (folder / name).is_file():
                raise DataError(
                    f"{folder} has no {name}; give the folder of a sentence-transformers model"
                )
        config = _checked(folder)
        try:
            stored = load_file(folder / "model.safetensors")
            weights = {
                name.removeprefix("bert."): array.astype(np.float32, copy=False)
                for name, array in stored.items()
                if array.dtype.kind == "f"
            }
        except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
            raise DataError(f"{folder / 'model.safetensors'} cannot be read ({error})") from None
        try:
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # noqa: BLE001  the library raises nothing more exact
            raise DataError(f"{folder / 'tokenizer.json'} cannot be read ({error})") from None
        tokenizer.no_padding()
        tokenizer.enable_truncation(_longest(folder, config))
        encoder = cls(
            weights=weights,
            tokenizer=tokenizer,
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
            hash=hashlib.sha256("".join(sha256_of(folder / n) for n in FILES).encode()).hexdigest(),
        )
        encoder._check_weights(folder)
        return encoder

    @property
    def dimensions(self) -> int:
        """Length of an embedding."""
        return int(self.weights["embeddings.word_embeddings.weight"].shape[1])

    def encode(self, texts: Sequence[str], batch_size: int = 16) -> Array:
        """Embeddings of unit length, `float32[n, dimensions]`; their inner products are cosines.

        Texts are truncated to the model's maximum length. Batches of at most `batch_size` texts
        bound the memory; they have similar lengths, so that there is little padding.

        Raises:
            OptionError: `batch_size` is not positive.
        """
        if batch_size < 1:
            raise OptionError(f"batch_size must be at least 1, not {batch_size}")
        embeddings = np.empty((len(texts), self.dimensions), dtype=np.float32)
        # by characters, which is nearly the order by tokens and needs no tokens in memory
        order = np.argsort([len(text) for text in texts], kind="stable")
        for start in range(0, len(texts), batch_size):
            rows = order[start : start + batch_size]
            tokens = [each.ids for each in self.tokenizer.encode_batch([texts[i] for i in rows])]
            embeddings[rows] = self._pooled(tokens)
        return embeddings

    def _pooled(self, tokens: Sequence[Sequence[int]]) -> Array:
        longest = max(map(len, tokens))
        real = np.array([[i < len(each) for i in range(longest)] for each in tokens])
        ids = np.array([[*each, *[0] * (longest - len(each))] for each in tokens], dtype=np.int64)
        x = self._embedded(ids)
        for layer in range(self.layers):
            x = self._layer(x, real, f"encoder.layer.{layer}.")
        sums: Array = (x * real[:, :, None]).sum(axis=1)
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)

    def _embedded(self, ids: NDArray[np.int64]) -> Array:
        words = self.weights["embeddings.word_embeddings.weight"][ids]
        positions = self.weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        segment = self.weights["embeddings.token_type_embeddings.weight"][0]
        return self._normed(words + positions + segment, "embeddings.LayerNorm")

    def _layer(self, x: Array, real: NDArray[np.bool_], name: str) -> Array:
        attended = self._attention(x, real, f"{name}attention.self.")
        attended = self._dense(attended, f"{name}attention.output.dense")
        x = self._normed(x + attended, f"{name}attention.output.LayerNorm")
        inner = self._dense(x, f"{name}intermediate.dense")
        inner *= 0.5 * (1 + scipy.special.erf(inner / np.float32(np.sqrt(2))))  # GELU
        return self._normed(
            x + self._dense(inner, f"{name}output.dense"), f"{name}output.LayerNorm"
        )

    def _attention(self, x: Array, real: NDArray[np.bool_], name: str) -> Array:
        n, length, width = x.shape
        split = (n, length, self.heads, width // self.heads)
        query, key, value = (
            self._dense(x, name + part).reshape(split).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(split[3]))
        scores = np.where(real[:, None, None, :], scores, np.float32(-np.inf))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return (scores @ value).transpose(0, 2, 1, 3).reshape(n, length, width)

    def _dense(self, x: Array, name: str) -> Array:
        weight = self.weights[f"{name}.weight"]
        # one large product; with three dimensions NumPy would multiply text by text
        dense: Array = x.reshape(-1, x.shape[-1]) @ weight.T + self.weights[f"{name}.bias"]
        return dense.reshape(*x.shape[:-1], len(weight))

    def _normed(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self.epsilon))
        return centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def _check_weights(self, folder: Path) -> None:
        try:
            self._pooled([self.tokenizer.encode("").ids or [0]])
        except (KeyError, ValueError, IndexError) as error:
            raise DataError(
                f"{folder / 'model.safetensors'} does not match config.json ({error})"
            ) from None


def _checked(folder: Path) -> dict[str, Any]:
    """The configuration of a supported model."""
    file = folder / "config.json"
    config: dict[str, Any] = _json(file, dict)
    for key, known in _KNOWN.items():
        if (value := config.get(key, _DEFAULTS.get(key))) != known:
            raise DataError(f"{file}: {key} is {value!r}; only {known!r} is supported")
    for key in ("num_hidden_layers", "num_attention_heads", "max_position_embeddings"):
        if not isinstance(config.get(key), int) or config[key] < 1:
            raise DataError(f"{file}: {key} must be a positive integer")
    file = folder / "modules.json"
    parts = [each for each in _json(file, list) if isinstance(each, dict)]
    modules = [str(each.get("type", "")).rpartition(".")[2] for each in parts]
    if modules not in _MODULES:
        raise DataError(
            f"{file}: {', '.join(modules)} is not supported; "
            "only Transformer, Pooling and Normalize are"
        )
    file = folder / "1_Pooling" / "config.json"
    modes = [key for key, on in _json(file, dict).items() if key.startswith("pooling_mode_") and on]
    if modes != ["pooling_mode_mean_tokens"]:
        raise DataError(f"{file}: only the mean of tokens is supported")
    return config


def _longest(folder: Path, config: Mapping[str, Any]) -> int:
    limit = _json(folder / "sentence_bert_config.json", dict).get("max_seq_length")
    positions = int(config["max_position_embeddings"])
    return min(limit, positions) if isinstance(limit, int) and limit > 2 else positions


def _json(file: Path, kind: type) -> Any:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{file} cannot be read ({error})") from None
    if not isinstance(document, kind):
        raise DataError(f"{file} must be a JSON {'object' if kind is dict else 'list'}")
    return document
