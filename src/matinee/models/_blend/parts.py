"""Models inside a model: how they are written in an option, fitted, stored and restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError, OptionError
from matinee.models import Model, create

__all__ = [
    "Part",
    "arrays_of",
    "fit_parts",
    "kept_query",
    "kept_ratings",
    "prefixed",
    "read_parts",
    "restored",
]


@dataclass(frozen=True)
class Part:
    """One model with its options, written "ials factors=32 l2=0.01"."""

    name: str
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{option}={value}" for option, value in self.options)])

    def model(self) -> Model:
        """It, unfitted; raises as `matinee.models.create`."""
        return create(self.name, dict(self.options))


def read_parts(text: str) -> tuple[Part, ...]:
    """The parts of "ease l2=300 + ials".

    Raises:
        OptionError: not of that form, no such model, an option it does not have, or a model that
            keeps its viewers.
    """
    parts = []
    for written in text.split("+"):
        name, *options = written.split() or [""]
        pairs = [each.partition("=") for each in options]
        if not name or not all(option and value for option, _, value in pairs):
            raise OptionError(f"{text!r} is not of the form 'ease l2=300 + ials'")
        part = Part(name, tuple((option, value) for option, _, value in pairs))
        _check(part)
        parts.append(part)
    return tuple(parts)


def fit_parts(
    parts: Sequence[Part], interactions: Interactions, catalog: Catalog, rng: np.random.Generator
) -> list[Model]:
    """Every part fitted, each with a generator of its own."""
    streams = rng.spawn(len(parts))
    return [
        part.model().fit(interactions, catalog, rng=stream)
        for part, stream in zip(parts, streams, strict=True)
    ]


def arrays_of(models: Sequence[Model]) -> dict[str, NDArray[Any]]:
    """The arrays of fitted parts side by side: "part0.weights"."""
    return {
        f"part{place}.{name}": array
        for place, model in enumerate(models)
        for name, array in model.arrays.items()
    }


def restored(parts: Sequence[Part], arrays: Mapping[str, NDArray[Any]]) -> list[Model]:
    """The fitted parts out of `arrays_of`; nothing is copied."""
    models = [part.model() for part in parts]
    for place, model in enumerate(models):
        model.arrays = prefixed(arrays, place)
    return models


def prefixed(arrays: Mapping[str, NDArray[Any]], place: int) -> dict[str, NDArray[Any]]:
    """The arrays of one part of `arrays_of` by their own names."""
    prefix = f"part{place}."
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def kept_ratings(histories: sp.csr_array, min_rating: float) -> sp.csr_array:
    """The histories without ratings below `min_rating`, the shape of `histories`."""
    kept = histories.data >= min_rating
    starts = np.concatenate([[0], np.cumsum(kept)])[histories.indptr]
    columns = histories.indices[kept]
    return sp.csr_array((histories.data[kept], columns, starts), shape=histories.shape)


def kept_query(query: Query, kept: NDArray[np.bool_]) -> Query:
    """A viewer with some of the films of the history, `bool[len(query)]`."""
    return replace(
        query, items=query.items[kept], values=query.values[kept], times=query.times[kept]
    )


def _check(part: Part) -> None:
    try:
        model = part.model()
    except InputError as error:
        raise OptionError(str(error)) from None
    if type(model).user_sized:
        raise OptionError(
            f"model {part.name!r} keeps the training viewers and cannot be a part of another"
        )
