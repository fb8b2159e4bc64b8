"""The contract of a model. One file beside this one is one model.

A model never stores users: `score` is given a history and answers for anyone. Learned state is
`self.arrays` and nothing else, so that configuration and arrays restore a model exactly.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import pydantic
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import plugins
from matinee.data import Catalog, Context, Interactions, Query
from matinee.errors import InputError, OptionError, closest

__all__ = ["Config", "Model", "create", "search"]


class Config(pydantic.BaseModel):
    """Options of one model: name, type, bounds, default and meaning, each in one place.

    The docstring under a field is its meaning, shown by `matinee models NAME`.
    """

    model_config = pydantic.ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )

    @classmethod
    def candidates(cls) -> dict[str, list[Any]]:
        """Values worth trying on validation, by option.

        Given as `Field(..., json_schema_extra=search(...))`; options without any are left at their
        default when options are chosen.
        """
        extras = {name: field.json_schema_extra for name, field in cls.model_fields.items()}
        return {
            name: list(extra["search"])  # type: ignore[arg-type]
            for name, extra in extras.items()
            if isinstance(extra, dict) and "search" in extra
        }


def search(*values: float | str | bool) -> dict[str, Any]:
    """Marks the values of an option worth trying when options are chosen on validation."""
    return {"search": list(values)}


class Model(ABC):
    """What every recommender model can do."""

    Config: ClassVar[type[Config]] = Config
    predicts_ratings: ClassVar[bool] = False
    """Whether `predict` answers in stars."""
    personal: ClassVar[bool] = True
    """Whether the ranking depends on the history; all but popularity."""
    reads_catalog: ClassVar[bool] = False
    """Whether it knows what films are about, and not only who rated them."""
    user_sized: ClassVar[frozenset[str]] = frozenset()
    """Arrays with one side as long as the training viewers; empty for nearly every model."""

    def __init__(self, config: pydantic.BaseModel | None = None) -> None:
        self.config: Any = self.Config() if config is None else config
        self.arrays: dict[str, NDArray[Any]] = {}

    @property
    def name(self) -> str:
        """The name it is registered by: its file's."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    @property
    def attributes(self) -> tuple[str, ...]:
        """What it has learned of viewers besides their ratings, "gender=F"; nothing in most."""
        return tuple(self.arrays["attributes"].tolist()) if "attributes" in self.arrays else ()

    @abstractmethod
    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        """Learn `self.arrays` from everybody's interactions; the same `rng` gives the same arrays.

        Raises:
            InputError: the data lacks what this model learns from.
        """

    @abstractmethod
    def score(self, query: Query) -> NDArray[np.float32]:
        """`float32[n_items]`, finite, higher is better; seen films are scored too.

        An empty history is answered by the prior, what is best for a stranger.
        """

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        """Many viewers at once: `histories` is `float32[n, n_items]`, the answer the same shape.

        Row for row equal to `score` up to float32 rounding, for histories without times and
        viewers without attributes.
        """
        rows = [self.score(_row_query(histories, row)) for row in range(histories.shape[0])]
        return np.stack(rows) if rows else np.empty(histories.shape, dtype=np.float32)

    def scores_at(self, histories: sp.csr_array, context: Context) -> NDArray[np.float32]:
        """`scores` where it is known when the histories were made, and of what viewers.

        Row for row equal to `score` of queries with these times and attributes, up to float32
        rounding. The same as `scores`, for a model that leaves this as it is.
        """
        return self.scores(histories)

    def factors(
        self, histories: sp.csr_array
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Viewers' and films' factors, `float32[n, f]` and `float32[n_items, f]`.

        `scores` are their product, but that a viewer whose factors are all 0 is answered by the
        prior. Lists for a whole audience are several times as fast from them. `None` where the
        scores are no such product: always, for a model that leaves this as it is.
        """
        return None

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        """Ratings in stars the viewer would give the films, `float32[len(items)]`.

        Raises:
            InputError: this model ranks and does not predict ratings.
        """
        raise InputError(
            f"model {self.name!r} ranks films and does not predict ratings; "
            "evaluate it with a ranking protocol, for instance --protocol random"
        )

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        """Ratings of many viewers at once, `float32[wanted.nnz]` in the order `wanted` stores them.

        Args:
            histories: `float32[n, n_items]`, ratings of each viewer.
            wanted: `[n, n_items]`; an entry is stored where a prediction is asked for.

        Raises:
            InputError: this model ranks and does not predict ratings.
        """
        predicted = [
            self.predict(
                _row_query(histories, row),
                wanted.indices[wanted.indptr[row] : wanted.indptr[row + 1]].astype(np.int32),
            )
            for row in range(wanted.shape[0])
        ]
        return np.concatenate([np.empty(0, dtype=np.float32), *predicted])

    def predictions_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> NDArray[np.float32]:
        """`predictions` where it is known when ratings were given, and are asked for.

        The same as `predictions`, for a model that leaves this as it is.
        """
        return self.predictions(histories, wanted)

    def intervals(
        self, histories: sp.csr_array, wanted: sp.csr_array
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]] | None:
        """80% prediction intervals of ratings: lower and upper ends in stars, `[wanted.nnz]` each.

        Arguments and order are those of `predictions`. `None` where the model does not say how
        sure it is of a rating: always, for one that leaves this as it is.
        """
        return None

    def intervals_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]] | None:
        """`intervals` where it is known when; the same, for a model that leaves this as it is."""
        return self.intervals(histories, wanted)

    def similar(self, item: int) -> NDArray[np.float32]:
        """`float32[n_items]`: how much alike every film is to one, that film itself included.

        Raises:
            InputError: this model has no notion of likeness between films.
        """
        raise InputError(
            f"model {self.name!r} does not compare films with each other; "
            "use content, item-knn or ease"
        )

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        """What each film of the history adds to one film's score, `float32[len(query)]`.

        `None` where the score is not such a sum, so that no reason is invented: always, for a
        model that leaves this as it is; else where the history says nothing and the prior answers.
        """
        return None

    def contributions_to(
        self, query: Query, items: NDArray[np.integer]
    ) -> list[NDArray[np.float32] | None]:
        """`contributions` to each of some films; models that share work between them override it.

        Args:
            query: the viewer.
            items: `int[n]`, rows of the catalogue.
        """
        return [self.contributions(query, int(item)) for item in items]


def create(name: str, options: Mapping[str, object] | None = None) -> Model:
    """An unfitted model by name, with options given as values or as text.

    Raises:
        UnknownNameError: no such model.
        OptionError: an option it does not have, or a value outside its bounds.
    """
    kind: type[Model] = plugins.get("models", name)
    known = list(kind.Config.model_fields)
    for option in options or {}:
        if option not in known:
            near = closest(option, known)
            raise OptionError(
                f"model {name!r} has no option {option!r}"
                + (f"; did you mean {near[0]!r}?" if near else "")
                + f"; known: {', '.join(known) or 'none'}"
            )
    try:
        return kind(kind.Config.model_validate(dict(options or {})))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        option = ".".join(map(str, first["loc"]))
        raise OptionError(
            f"model {name!r}, option {option!r}: {first['msg']}, not {first['input']!r}"
        ) from None


def _row_query(histories: sp.csr_array, row: int) -> Query:
    start, end = histories.indptr[row], histories.indptr[row + 1]
    return Query(
        items=histories.indices[start:end].astype(np.int32),
        values=histories.data[start:end].astype(np.float32),
        times=np.zeros(end - start, dtype=np.int64),
    )
