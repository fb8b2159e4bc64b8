"""What is searched, and by which metric: all that can be said before there is data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pydantic

from matinee import metrics
from matinee.errors import OptionError
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.measure import Yardstick
from matinee.experiments.tuning.search_space import Space, search_space
from matinee.models import Model, create, require_predictions

__all__ = ["Plan", "plan_of"]

_USUAL_K = 10


@dataclass(frozen=True)
class Plan:
    """A search.

    Attributes:
        name: the model's.
        kind: its class.
        fixed: options that every trial has.
        space: the options that are searched, at least one.
        yardstick: whose deciding metric is to be best.
    """

    name: str
    kind: type[Model]
    fixed: Mapping[str, Any]
    space: Space
    yardstick: Yardstick


def plan_of(
    model: str | type[Model],
    protocol: str,
    *,
    metric: str | None = None,
    fixed: Mapping[str, object],
) -> Plan:
    """A search of a model's options.

    Args:
        model: a name or a class.
        protocol: one of `protocols.PROTOCOLS`.
        metric: what decides: "recall@20", "mae"; unless told NDCG at 10, or RMSE for ratings.
        fixed: options that are not searched, as values or as text.

    Raises:
        UnknownNameError: no such model, protocol or metric.
        OptionError: an option the model does not have or out of bounds, a metric that cannot
            decide under the protocol, or nothing to search.
        InputError: ratings are to be predicted by a model that only ranks.
    """
    given = _unfitted(model, fixed)
    space = search_space(type(given.config), fixed)
    if not space:
        raise OptionError(
            f"model {given.name!r} has no option to search"
            + (" beside those that are fixed" if fixed else "")
            + f"; see: matinee models {given.name}"
        )
    yardstick = _yardstick(protocol, metric)
    if not (yardstick.ks or given.predicts_ratings):
        require_predictions(type(given))
    kept = given.config.model_dump(mode="json", include=set(fixed))
    return Plan(given.name, type(given), kept, space, yardstick)


def _unfitted(model: str | type[Model], fixed: Mapping[str, object]) -> Model:
    if isinstance(model, str):
        return create(model, fixed)
    try:
        return model(model.Config.model_validate(dict(fixed)))
    except pydantic.ValidationError as error:
        raise OptionError(str(error.errors()[0]["msg"])) from None


def _yardstick(protocol: str, metric: str | None) -> Yardstick:
    """The protocol's own, or one where another metric decides."""
    ranks = not protocols.get(protocol).predicts_ratings
    if metric is None:
        return Yardstick.for_rankings(_USUAL_K) if ranks else Yardstick.for_ratings()
    name, at, length = metric.partition("@")
    decides = metrics.get(name)
    if decides.higher_is_better is None:
        raise OptionError(
            f"metric {name!r} cannot decide: neither more nor less of it is better; "
            "for instance --metric ndcg@10"
        )
    if (decides.kind != "rating") != ranks:
        fitting = "rankings, for instance ndcg@10" if ranks else "ratings, for instance rmse"
        raise OptionError(
            f"metric {name!r} does not suit protocol {protocol!r}; name one of {fitting}"
        )
    if at and (decides.kind != "list" or not length.isdecimal() or not int(length)):
        raise OptionError(
            f"metric {metric!r} is no metric at a length of list; for instance recall@20"
        )
    yardstick = (
        Yardstick.for_rankings(int(length or _USUAL_K)) if ranks else Yardstick.for_ratings()
    )
    return replace(yardstick, decides=decides)
