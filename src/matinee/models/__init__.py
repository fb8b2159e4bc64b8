"""The contract of a model. Every file beside this one is one model.

A model never stores users: `scores` takes histories and answers for anyone. Learned state is
`self.arrays` and nothing else, so that configuration and arrays restore a model exactly. A model
needs `fit` and `scores`; the other verbs are optional. `matinee.testing.check_model` holds a model
to the contract.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Self, cast, get_args

import numpy as np
import pydantic
import scipy.sparse as sp
from numpy.typing import NDArray
from typing_extensions import TypeVar

from matinee import plugins
from matinee.data import Catalog, Histories, Interactions, Query
from matinee.display import formats
from matinee.errors import InputError, OptionError, closest
from matinee.models._shared.checked import check_verbs, no_ratings
from matinee.models._shared.config import (
    Config,
    CountsConfig,
    DislikesConfig,
    LikesConfig,
    RatingsConfig,
    RatingThreshold,
    Weighting,
    broken_rule,
    default_options,
    search,
    span,
)
from matinee.models._shared.factors import cosine_rows
from matinee.models._shared.list_damping import damped_for_lists, rating_counts
from matinee.models._shared.popularity import damped_popularity
from matinee.models._shared.ridge import ridge_solve
from matinee.models._shared.selection import Candidate, Race, Selection
from matinee.models._shared.star_scale import StarScale
from matinee.models._shared.weighting import no_likes, rating_weights, require_likes, weighted

__all__ = [
    "Candidate",
    "Config",
    "CountsConfig",
    "DislikesConfig",
    "LikesConfig",
    "Model",
    "Race",
    "RatingThreshold",
    "RatingsConfig",
    "Selection",
    "StarScale",
    "Weighting",
    "cosine_rows",
    "create",
    "damped_for_lists",
    "damped_popularity",
    "default_options",
    "has_item_vectors",
    "model_class",
    "models_with",
    "no_likes",
    "rating_counts",
    "require_predictions",
    "require_ratings",
    "require_similarity",
    "ridge_solve",
    "search",
    "span",
]

_LONGEST = 200
"""Characters of the options that name a model."""

C_co = TypeVar("C_co", bound=Config, covariant=True, default=Config)


class Model(ABC, Generic[C_co]):
    """A recommender model with its options: `class Ease(Model[EaseConfig])`.

    The base class keeps the rating scale as `arrays["scale"]`, `float32[2]`, and sets
    `arrays["prior"]`, `float32[n_items]`, to `raced_popularity` where `fit` sets no prior. Rows of
    `scores` that are zero throughout are replaced by the prior.

    The code of a model sees ratings in stars from 1 to 5, whatever the scale of the data: the base
    class maps ratings, histories, `arrays["scale"]` and each `RatingThreshold` of the options
    before a verb runs, and maps predictions and intervals back. So the answers depend on opinions
    and not on the numbers that stand for them. `arrays["stars"]` is that map, where there is one.

    Every verb checks its input first, so the code of a model can rely on it: a model that is
    fitted, histories of its films, rows that are films, a sound `wanted`.
    """

    name: ClassVar[str] = ""
    """Registered name; the class name in kebab case for a class of your own."""
    Config: ClassVar[type[Config]] = Config
    predicts_ratings: ClassVar[bool] = False
    """Whether the model has `predictions` of ratings."""
    personal: ClassVar[bool] = True
    """Whether the ranking depends on the history."""
    learns: ClassVar[bool] = True
    """Whether scores depend on the training data; False for a floor such as chance."""
    reads_catalog: ClassVar[bool] = False
    """Whether the model learns from film data and not from ratings alone."""
    common_part: ClassVar[bool] = False
    """Whether scores have a part beside the contributions of the history: what a film has for
    everybody, such as being watched a lot. It is 0 for the average film, and the same for
    viewers with equally many ratings at the same times."""
    continues: ClassVar[bool] = False
    """Whether a fit can start from `earlier`, and then needs fewer of its `iterations`."""
    adds_average: bool = True
    """Whether the average viewer's answer is added where dislikes outweigh likes."""
    earlier: Mapping[str, NDArray[Any]] = MappingProxyType({})
    """Arrays of a fit on older ratings of the same films, where a model with iterations starts."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for base in vars(cls).get("__orig_bases__", ()):
            for option in get_args(base):
                if isinstance(option, type) and issubclass(option, pydantic.BaseModel):
                    cls.Config = cast("type[Config]", option)
        if "name" not in vars(cls):
            cls.name = _registered_name(cls)
        check_verbs(cls)

    def __init__(self, config: C_co | None = None) -> None:
        self.config: C_co = cast("C_co", self.Config()) if config is None else config
        self.arrays: dict[str, NDArray[Any]] = {}

    def __repr__(self) -> str:
        """The name with options that differ from the defaults, and what it is fitted on."""
        chosen = self.config.model_dump(exclude_defaults=True).items()
        options = ", ".join(f"{name}={value}" for name, value in chosen)
        films = f"fitted on {self.n_items:,} films" if "prior" in self.arrays else "not fitted"
        return f"{self.name}({formats.short(options, _LONGEST)}), {films}"

    @abstractmethod
    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        """Learn `self.arrays`; the same `rng` gives the same arrays.

        Raises:
            InputError: the data lacks what this model learns from.
        """

    @abstractmethod
    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """`float32[n, n_items]`, finite, higher is better; seen films are scored as well.

        A row of zeros means that the history says nothing; the base class puts the prior there.
        """

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        """Ratings on the scale of the data, `float32[wanted.nnz]` in storage order.

        Args:
            histories: of `n` users.
            wanted: `int64[n, n_items]`; an entry is stored for every rating to predict, and its
                value is the time of that rating in Unix seconds, 0 where unknown.

        Raises:
            InputError: this model ranks and does not predict ratings.
        """
        require_predictions(type(self))
        raise NotImplementedError(f"{type(self).__name__} promises predictions and has none")

    def intervals(
        self, histories: Histories, wanted: sp.csr_array
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]] | None:
        """80% prediction intervals: lower and upper ends, `[wanted.nnz]` each.

        Arguments are those of `predictions`. `None` for models without intervals.
        """
        return None

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        """Part of each item's score that each rating of one history adds, `float32[m, nnz]`.

        Rows follow `items`, columns follow `histories.items`, and a row sums to the score without
        what a film has for everybody. That is nothing for most models; with `common_part` it is
        that part, and where dislikes outweigh likes also the average viewer's. A row of zeros means
        that the history says nothing about the item. `None` for models whose score is no such sum.

        Args:
            histories: of a single user.
            items: `int[m]`, rows of the catalogue.
        """
        return None

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Similarity of every film to each of some films, `float32[len(items), n_items]`.

        A film's similarity to itself is the highest of its row.

        Raises:
            InputError: this model does not compare films.
        """
        require_similarity(type(self))
        raise NotImplementedError(f"{type(self).__name__} promises similarities and has none")

    def factors(
        self, histories: Histories
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Users' and items' factors, `float32[n, f]` and `float32[n_items, f]`.

        `scores` must be their product, with the prior for users whose factors are all 0. Top lists
        for many users are several times as fast with factors. `None` for other models.
        """
        return None

    @property
    def selection(self) -> Selection | None:
        """How a model that chooses between candidates has chosen; `None` for other models."""
        return None

    @property
    def item_vectors(self) -> NDArray[np.float32] | None:
        """One vector per film, `float32[n_items, f]`, in the model's own space; `None` without.

        Vectors of similar films point in similar directions.
        """
        return None

    def score(self, query: Query) -> NDArray[np.float32]:
        """`scores` of one query, `float32[n_items]`.

        Raises:
            InputError: the query names a film that the model does not have, or one twice.
        """
        return self.scores(Histories.of(query, self.n_items))[0]

    def weigh(self, ratings: Histories | Interactions) -> sp.csr_array:
        """Weights of ratings by value and age, `float32[n, n_items]` with zero weights left out.

        The options of `Weighting` decide. The age of a rating counts in histories only, not in
        training.

        Raises:
            InputError: no training rating has a weight.
        """
        training = isinstance(ratings, Interactions)
        histories = (
            Histories.of_interactions(ratings) if isinstance(ratings, Interactions) else ratings
        )
        weights = self.rating_weights(histories)
        if training:
            require_likes(self.config, histories.values, weights, counts=self.counts)
        return weighted(histories.ratings, weights)

    def rating_weights(self, histories: Histories) -> NDArray[np.float32]:
        """The same as one number per rating, `float32[nnz]`, zeros included; not to be changed."""
        scale = self.arrays["scale"]
        return rating_weights(self.config, histories, scale, counts=self.counts)

    @property
    def user_sized(self) -> frozenset[str]:
        """Arrays with one entry or row per training user; empty for nearly every model."""
        return frozenset()

    @property
    def counts(self) -> bool:
        """Whether it was fitted on counts, and histories are of counts."""
        return "fitted_on_counts" in self.arrays

    @property
    def n_items(self) -> int:
        """Number of films the model was fitted on.

        Raises:
            InputError: it is not fitted.
        """
        if "prior" not in self.arrays:
            raise InputError(f"model {self.name!r} is not fitted; call its fit first")
        return len(self.arrays["prior"])

    @property
    def attributes(self) -> tuple[str, ...]:
        """Attributes of users the model has learned from, "gender=F"; empty for most models."""
        return tuple(self.arrays["attributes"].tolist()) if "attributes" in self.arrays else ()


def model_class(model: object) -> type[Model]:
    """The class of a model by its name, or the class itself.

    Raises:
        UnknownNameError: no such model.
        InputError: neither a name nor a class of models.
    """
    if isinstance(model, str):
        return plugins.get("models", model)
    if not (isinstance(model, type) and issubclass(model, Model)):
        other = model.__name__ if isinstance(model, type) else type(model).__name__
        raise InputError(f'a model is a name, as "ease", or a class of your own, not {other}')
    return model


def create(model: str | type[Model], options: Mapping[str, object] | None = None) -> Model:
    """An unfitted model by name or class, with options as values or as text.

    Raises:
        UnknownNameError: no such model.
        OptionError: an unknown option, or a value outside its bounds.
    """
    kind = model_class(model)
    name = kind.name
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
        annotation = kind.Config.model_fields[str(first["loc"][0])].annotation
        is_text = str in (annotation, *get_args(annotation))
        reason = _reason(broken_rule(first), first["input"], is_text=is_text)
        raise OptionError(f"model {name!r}, option {option!r}: {reason}") from None


def _reason(message: str, value: object, *, is_text: bool) -> str:
    """Why a value of an option is refused; several values are for a search.

    A text can have commas and dots of its own.
    """
    several = isinstance(value, list | tuple)
    if several or (isinstance(value, str) and not is_text and (".." in value or "," in value)):
        return f"it takes one value, not {value!r}; to search several, use matinee tune"
    return f"{message}, not {value!r}"


def models_with(ability: Callable[[type[Model]], bool]) -> tuple[str, ...]:
    """Names of the registered models that have an ability; imports all of them."""
    return tuple(name for name in plugins.names("models") if ability(plugins.get("models", name)))


def has_item_vectors(kind: type[Model]) -> bool:
    """Whether a class of models has vectors of films."""
    return kind.item_vectors is not Model.item_vectors


def require_predictions(kind: type[Model], *, counts: bool = False) -> None:
    """Refuses a model that does not predict ratings, and any model of `counts`.

    Raises:
        InputError: the model only ranks, or learns from counts.
    """
    if counts:
        raise no_ratings()
    if not kind.predicts_ratings:
        able = ", ".join(models_with(lambda each: each.predicts_ratings))
        raise InputError(
            f"model {kind.name!r} ranks films and does not predict ratings; models that do: {able};"
            " to evaluate it, choose a ranking protocol such as --protocol random"
        )


def require_similarity(kind: type[Model]) -> None:
    """Refuses a model that does not compare films.

    Raises:
        InputError: it does not.
    """
    if kind.similar is Model.similar:
        raise InputError(
            f"model {kind.name!r} does not compare films with each other; "
            "use content, item-knn or ease"
        )


def require_ratings(interactions: Interactions) -> None:
    """Refuses empty training data.

    Raises:
        InputError: there are no ratings.
    """
    if not len(interactions):
        raise InputError("there are no ratings to learn from; use a model that needs none")


def _registered_name(kind: type) -> str:
    package, _, file = kind.__module__.rpartition(".")
    own = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", kind.__name__).lower()
    return file.replace("_", "-") if package == __name__ else own
