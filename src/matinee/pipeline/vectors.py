"""Vectors of films from factor models and embeddings, as a data frame."""

from __future__ import annotations

import polars as pl

from matinee.data import Catalog
from matinee.errors import InputError
from matinee.models import Model, has_item_vectors, models_with

__all__ = ["item_vectors", "require_item_vectors"]


def item_vectors(model: Model, catalog: Catalog) -> pl.DataFrame:
    """One row per film of the catalogue, in its order: item, title, vector, `f` numbers each.

    A film that nobody rated has the vector its model gives it: zeros, or in `nmf` the mean, in
    `bpr` what it was as a negative; models that read the catalogue predict it.

    Raises:
        InputError: the model has no vectors of films; names those that have.
    """
    require_item_vectors(type(model))
    vectors = model.item_vectors
    if vectors is None:
        raise InputError(f"this {model.name} has no directions; fit it with -o directions=64")
    return pl.DataFrame(
        {
            "item": catalog.item_ids.ids.tolist(),
            "title": list(catalog.titles),
            "vector": pl.Series(vectors, dtype=pl.Array(pl.Float32, vectors.shape[1])),
        },
        schema_overrides={"item": pl.String, "title": pl.String},
    )


def require_item_vectors(kind: type[Model]) -> None:
    """Refuses a model without vectors of films.

    Raises:
        InputError: it has none.
    """
    if not has_item_vectors(kind):
        able = ", ".join(models_with(has_item_vectors))
        raise InputError(f"model {kind.name!r} has no vectors of films; models that have: {able}")
