"""The plan of a search: a model, its options to search, a protocol and the deciding metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pydantic

from matinee.data import Catalog, Interactions
from matinee.errors import OptionError
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.measure import MetricSet, require_measured
from matinee.experiments.tuning.search_space import Space, search_space
from matinee.models import Config, Model, create, require_predictions

__all__ = ["Plan"]

_USUAL_K = 10


@dataclass(frozen=True)
class Plan:
    """A search for the best options of one model.

    Attributes:
        model: a name, or a class whose `Config` marks options with `search(...)`.
        protocol: one of `protocols.PROTOCOLS`.
        metric: the deciding metric, such as "recall@20"; by default NDCG at 10, or RMSE for
            ratings.
        fixed: options that are not searched, as values or text.
        seeds: seeds of divisions and fits; scores are means over them. The first also seeds the
            search.
        min_rating: ratings below it are dropped before a ranking protocol splits.

    Raises:
        UnknownNameError: no such model, protocol or metric.
        OptionError: an unknown option or a value out of bounds, a metric that cannot decide under
            the protocol, no option to search, or no seed.
        InputError: the model only ranks and the protocol predicts ratings.
    """

    model: str | type[Model]
    protocol: str = "random"
    metric: str | None = None
    fixed: Mapping[str, object] = field(default_factory=dict)
    seeds: Sequence[int] = (0,)
    min_rating: float | None = None

    def __post_init__(self) -> None:
        name = self.unfitted.name
        if not self.space:
            beside = " beside the fixed ones" if self.fixed else ""
            raise OptionError(
                f"model {name!r} has no option to search{beside}; see: matinee models {name}"
            )
        if not self.metric_set.ks:
            require_predictions(type(self.unfitted))
        if not self.seeds:
            raise OptionError("seeds must be one or more whole numbers")

    @cached_property
    def unfitted(self) -> Model:
        """The model with its fixed options."""
        if isinstance(self.model, str):
            return create(self.model, self.fixed)
        try:
            return self.model(self.model.Config.model_validate(dict(self.fixed)))
        except pydantic.ValidationError as error:
            raise OptionError(str(error.errors()[0]["msg"])) from None

    @cached_property
    def fixed_values(self) -> dict[str, Any]:
        """The fixed options as plain values."""
        return self.unfitted.config.model_dump(mode="json", include=set(self.fixed))

    @cached_property
    def space(self) -> Space:
        """The options to search."""
        return search_space(type(self.unfitted.config), self.fixed)

    @cached_property
    def metric_set(self) -> MetricSet:
        """The protocol's metrics with the deciding one, which scores trials."""
        protocol = protocols.get(self.protocol)
        ranks = not protocol.predicts_ratings
        if self.metric is None:
            return MetricSet.for_rankings(_USUAL_K) if ranks else MetricSet.for_ratings()
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
