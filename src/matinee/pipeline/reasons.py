"""Why a film was recommended: the model's own sum, never a story made up afterwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Film, Histories, Query, Reason
from matinee.models import Model

__all__ = ["explain", "explain_each"]

_MOST_FILMS = 3
_SMALLEST_SHARE = 0.15
"""A film of the history that adds less than this part of the score is not named as its reason."""


def explain(model: Model, catalog: Catalog, query: Query, item: int) -> Reason:
    """`explain_each` of a single film."""
    return explain_each(model, catalog, query, np.array([item]))[0]


def explain_each(
    model: Model, catalog: Catalog, query: Query, items: NDArray[np.integer]
) -> list[Reason]:
    """The films of the history that add most to each film's score, with their shares of it.

    Models whose score is not a sum over the history give no such films; then the reason says
    only what is true: that it was scored by that model, or that the prior answered.
    """
    alike = [each.replace("=", " ") for each in query.attributes if each in model.attributes]
    if len(query) == 0:
        liked = f"liked by viewers with {_listed(alike)}" if alike else "popular with everybody"
        return [Reason(f"{liked}; rate a few films to make this yours")] * len(items)
    if not _gives_sums(model):
        rated = "the film" if len(query) == 1 else f"the {len(query)} films"
        besides = f", {_listed(alike)}" if alike else ""
        said = f"scored highest by {model.name} for {rated} you rated{besides}"
        return [Reason(said)] * len(items)
    histories = Histories.of(query, model.n_items)
    contributions = model.contributions(histories, items)
    if contributions is None:
        raise TypeError(f"model {model.name!r} has contributions for some histories only")
    back = np.argsort(np.argsort(query.items, kind="stable"))  # from storage order to history order
    return [_because(catalog, query, parts[back]) for parts in contributions]


def _because(catalog: Catalog, query: Query, parts: NDArray[np.float32]) -> Reason:
    """The films whose parts of a score are largest, `float32[len(query)]`."""
    if not parts.any():
        return Reason("popular with everybody; nothing you rated speaks for or against it")
    total = float(parts.sum())
    order = np.argsort(-parts, kind="stable")[:_MOST_FILMS]
    named = [row for row in order.tolist() if total > 0 and parts[row] / total >= _SMALLEST_SHARE]
    if not named and len(order) and parts[order[0]] > 0:
        named = order[:1].tolist()
    if not named:
        return Reason("popular with everybody")
    films = [_named(catalog, int(query.items[row])) for row in named]
    said = [
        f"{film.label} {_stars(float(query.values[row]))}"
        for film, row in zip(films, named, strict=True)
    ]
    return Reason(
        "because you rated " + _listed(said),
        tuple(film.id for film in films),
        tuple(float(parts[row]) / total if total else 0.0 for row in named),
    )


def _gives_sums(model: Model) -> bool:
    """Whether scores are sums over the history, so that None means that the prior answered."""
    return type(model).contributions is not Model.contributions


def _named(catalog: Catalog, row: int) -> Film:
    """A film with no more than its name: reading all of it is most of the time of an answer."""
    year = int(catalog.years[row]) or None
    return Film(id=str(catalog.item_ids.ids[row]), title=catalog.titles[row], year=year)


def _stars(value: float) -> str:
    return f"{round(value, 1):g}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
