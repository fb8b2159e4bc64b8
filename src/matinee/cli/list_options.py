"""Options for varied lists and for groups of viewers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from matinee.data import Constraints, Query, Ranking
from matinee.pipeline import Recommender
from matinee.pipeline.groups import RULES

__all__ = ["list_for", "list_options", "require_group"]


def list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --diverse and --group; the command gets them as `diverse` and `rule`."""
    varied = click.option(
        "--diverse",
        type=click.FloatRange(0, 1),
        default=0.0,
        show_default=True,
        help="Variety of the list: 0 ranks by score alone, 0.3 mixes genres, people and decades, "
        "1 is as varied as possible.",
    )
    group = click.option(
        "--group",
        "rule",
        type=click.Choice(list(RULES)),
        help="Films for several viewers together, from several --user and --ratings: good for all "
        "on average, bad for nobody (least-misery), or something for everybody (fair).",
    )
    return varied(group(command))


def require_group(members: int, rule: str | None) -> None:
    """Refuses several viewers without a rule to choose films for them."""
    if members > 1 and rule is None:
        raise click.UsageError(
            f"{members} viewers are a group; add --group average, least-misery or fair, or name "
            "one viewer"
        )


def list_for(
    members: Sequence[tuple[str, Query]],
    recommender: Recommender,
    n: int,
    *,
    constraints: Constraints,
    among: Sequence[str] | None,
    diverse: float,
    rule: str | None,
) -> Ranking:
    """The films for one viewer, or for a group by a rule; `members` with their names."""
    return recommender.recommend_group(
        [query for _, query in members],
        n,
        rule=rule or "average",
        where=constraints,
        among=among,
        diverse=diverse,
        names=[name for name, _ in members],
    )
