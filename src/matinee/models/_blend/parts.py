"""Models inside a model: how they are written in an option, fitted, stored and restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Interactions
from matinee.errors import InputError, OptionError
from matinee.models import LikesConfig, Model, StarScale, create, default_options, no_likes

__all__ = [
    "Part",
    "arrays_of",
    "fit_parts",
    "likes_of",
    "parts_with_likes",
    "prefixed",
    "read_parts",
    "restored",
    "silent_rows",
]


@dataclass(frozen=True)
class Part:
    """A model with its options, written "ials factors=32 l2=0.01"."""

    name: str
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{option}={value}" for option, value in self.options)])

    def model(self) -> Model:
        """An unfitted model; raises like `matinee.models.create`."""
        return type(self._template)(self._template.config)

    def with_likes_from(self, like_from: float | None) -> Part:
        """The same part with `default_options` for likes from a rating on, where it sets none."""
        written = dict(self.options)
        usual = default_options(type(self._template.config), like_from, written)
        added = tuple(
            (option, repr(value)) for option, value in usual.items() if option not in written
        )
        return Part(self.name, (*self.options, *added)) if added else self

    def in_stars(self, scale: StarScale) -> Part:
        """The same part with its thresholds in stars, see `Config.in_stars`."""
        before, after = self._template.config, self._template.config.in_stars(scale)
        options = tuple(
            (option, text if same else repr(getattr(after, option)))
            for option, text in self.options
            for same in [getattr(after, option) == getattr(before, option)]
        )
        return self if after is before else Part(self.name, options)

    @property
    def keeps_users(self) -> bool:
        """Whether the model stores its training users, see `Model.user_sized`."""
        return bool(self._template.user_sized)

    @cached_property
    def _template(self) -> Model:
        """Reading options takes longer than many answers, so it is done once."""
        return create(self.name, dict(self.options))


@lru_cache(maxsize=256)
def read_parts(text: str) -> tuple[Part, ...]:
    """The parts of "ease l2=300 + ials".

    Raises:
        OptionError: another form, or an unknown model or option.
    """
    parts = []
    for written in text.split("+"):
        name, *options = written.split() or [""]
        pairs = [each.partition("=") for each in options]
        if not name or not all(option and value for option, _, value in pairs):
            raise OptionError(f"{text!r} is not of the form 'ease l2=300 + ials'")
        part = Part(name, tuple((option, value) for option, _, value in pairs))
        try:
            part.model()
        except InputError as error:
            raise OptionError(str(error)) from None
        parts.append(part)
    return tuple(parts)


@lru_cache(maxsize=256)
def parts_with_likes(text: str, like_from: float | None) -> tuple[Part, ...]:
    """The parts of a text for likes from a rating on, see `Part.with_likes_from`."""
    return tuple(part.with_likes_from(like_from) for part in read_parts(text))


def fit_parts(
    parts: Sequence[Part], interactions: Interactions, catalog: Catalog, rng: np.random.Generator
) -> list[Model]:
    """Fitted parts; each has a random generator of its own."""
    streams = rng.spawn(len(parts))
    return [
        part.model().fit(interactions, catalog, rng=stream)
        for part, stream in zip(parts, streams, strict=True)
    ]


def arrays_of(models: Sequence[Model]) -> dict[str, NDArray[Any]]:
    """The arrays of fitted parts in one dictionary: "part0.weights"."""
    return {
        f"part{place}.{name}": array
        for place, model in enumerate(models)
        for name, array in model.arrays.items()
    }


def restored(parts: Sequence[Part], arrays: Mapping[str, NDArray[Any]]) -> list[Model]:
    """Fitted parts from `arrays_of`, without copies."""
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


def likes_of(interactions: Interactions, config: LikesConfig) -> Interactions:
    """The ratings that reach `min_rating`; the same object if all of them do.

    What is known of some data, such as its prior, is found by its identity.

    Raises:
        InputError: there are none.
    """
    liked = config.likes(interactions.values)
    likes = interactions if liked.all() else interactions.select(liked)
    if not len(likes):
        raise no_likes(len(interactions))
    return likes


def silent_rows(scores: NDArray[np.float32], prior: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Rows of `scores` that are the prior, since their histories tell the part nothing, `bool[n]`.

    Few agree in the first film, so the others are hardly ever looked at.
    """
    silent: NDArray[np.bool_] = (scores[:, :1] == prior[:1]).all(axis=1)
    if silent.any():
        silent[silent] = (scores[silent] == prior).all(axis=1)
    return silent
