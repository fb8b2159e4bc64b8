"""The plan of a search: a model, its options to search, a protocol and the deciding metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from matinee.data import Catalog, Interactions
from matinee.errors import OptionError
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.measure import MetricSet, require_measured
from matinee.experiments.recipes import Recipe
from matinee.experiments.tuning.forms import read_form
from matinee.experiments.tuning.search_space import Choice, Range, Space, default_space
from matinee.models import (
    Config,
    LikesConfig,
    Model,
    create,
    default_options,
    model_class,
    require_predictions,
)

__all__ = ["Plan"]

_USUAL_K = 10


@dataclass(frozen=True)
class Plan:
    """A search for the best options of one model.

    Attributes:
        model: a name or a class.
        protocol: one of `protocols.PROTOCOLS`.
        metric: the deciding metric, such as "recall@20"; by default NDCG at 10, or RMSE for
            ratings.
        search: a range, a choice or one value of each option, as values or text (see `forms`).
            One value fixes the option. Without a range or choice, the options that `evaluate`
            chooses on validation are searched over the ranges of the model's `Config`.
        seeds: seeds of divisions and fits; scores are means over them. The first also seeds the
            search.
        min_rating: ratings below it are dropped before a ranking protocol splits.
        relevant_from: ratings below it are no targets of a ranking, and models that learn from
            likes ignore them, as in `Recipe`.

    Raises:
        UnknownNameError: no such model, protocol or metric.
        OptionError: an unknown option or a value out of bounds, a metric that cannot decide under
            the protocol, no option to search, or a setting that a `Recipe` refuses.
        InputError: no model, or one that only ranks where the protocol predicts ratings.
    """

    model: str | type[Model]
    protocol: str = "random"
    metric: str | None = None
    search: Mapping[str, object] = field(default_factory=dict)
    seeds: Sequence[int] = (0,)
    min_rating: float | None = None
    relevant_from: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "seeds", self.recipe.seeds)
        named = isinstance(self.search, Mapping) and all(
            isinstance(each, str) for each in self.search
        )
        if not named:
            raise OptionError(
                f'search names options, as {{"l2": (10, 1000)}}, and is not {self.search!r}'
            )
        name = self.unfitted.name
        if not type(self.unfitted.config).model_fields:
            raise OptionError(f"model {name!r} has no options, so there is nothing to tune")
        if not self.space:
            beside = " beside the fixed ones" if self.search else ""
            raise OptionError(
                f"model {name!r} has no option to search{beside}; name one of those that "
                f"`matinee models {name}` lists, with a range"
            )
        if not self.metric_set.ks:
            require_predictions(type(self.unfitted))

    @cached_property
    def recipe(self) -> Recipe:
        """The settings of the evaluation, checked."""
        return Recipe(
            protocol=self.protocol,
            seeds=self.seeds,
            min_rating=self.min_rating,
            relevant_from=self.relevant_from,
        )

    @cached_property
    def unfitted(self) -> Model:
        """The model with its fixed options, and the default ones for ratings that are likes."""
        fixed = {each: self.search[each] for each, where in self._forms.items() if where is None}
        return create(self.model, {**self._defaults, **fixed})

    @property
    def _defaults(self) -> dict[str, object]:
        """Options for training on all ratings as the trials train on those that are kept."""
        config = model_class(self.model).Config
        likes = self.min_rating if self.relevant_from is None else self.relevant_from
        if likes == self.relevant_from and "min_rating" not in self.search:
            return default_options(config, likes)
        return {"min_rating": likes} if issubclass(config, LikesConfig) else {}

    @cached_property
    def fixed_values(self) -> dict[str, Any]:
        """The fixed options as plain values, with the threshold of likes where there is one."""
        fixed = {option for option, where in self._forms.items() if where is None}
        options = self.unfitted.config.model_dump(mode="json")
        threshold = "min_rating" if options.get("like_from") is None else "like_from"
        if threshold in options and threshold not in self._forms:
            fixed.add(threshold)
        return {option: value for option, value in options.items() if option in fixed}

    @cached_property
    def space(self) -> Space:
        """The options to search."""
        named = {option: where for option, where in self._forms.items() if where is not None}
        if named:
            return named
        defaults = default_space(type(self.unfitted.config))
        return {option: where for option, where in defaults.items() if option not in self.search}

    @cached_property
    def _forms(self) -> dict[str, Range | Choice | None]:
        """The range or choice of every option in `search`; `None` for a fixed one."""
        return {option: read_form(self.model, option, form) for option, form in self.search.items()}

    @cached_property
    def metric_set(self) -> MetricSet:
        """The protocol's metrics with the deciding one, which scores trials."""
        protocol = protocols.get(self.protocol)
        ranks = not protocol.predicts_ratings
        if self.metric is None:
            return MetricSet.for_rankings(_USUAL_K) if ranks else MetricSet.for_ratings()
        if not isinstance(self.metric, str):
            raise OptionError(f"a metric is a name, as 'ndcg@10', not {self.metric!r}")
        decides, length = require_measured(self.metric, protocol)
        if decides.higher_is_better is None:
            raise OptionError(
                f"metric {decides.name!r} cannot decide, since neither direction of it is better; "
                "for instance --metric ndcg@10"
            )
        k = length or _USUAL_K
        metric_set = MetricSet.for_rankings(k) if ranks else MetricSet.for_ratings()
        return replace(metric_set, decides=decides)

    @property
    def higher_is_better(self) -> bool:
        """The direction of scores."""
        return bool(self.metric_set.decides.higher_is_better)

    def config(self, options: Mapping[str, Any]) -> Config:
        """The complete configuration of a trial."""
        return type(self.unfitted).Config.model_validate({**self.fixed_values, **options})

    def fitted(self, config: Config, train: Interactions, catalog: Catalog, seed: int) -> Model:
        """A new model, fitted with these options."""
        return type(self.unfitted)(config).fit(train, catalog, rng=np.random.default_rng(seed))
