"""What a metric may ask for: one table of names, shapes and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["INPUTS"]

INPUTS: Mapping[str, str] = MappingProxyType(
    {
        # lists, cut at k
        "items": "int32[n, k], rows of the recommended films, best first; -1 beyond a short list",
        "hits": "bool[n, k], whether the film at each rank is a target",
        "gains": "float32[n, k], the rating of the target at each rank, 0 where there is none",
        "ideal": "float32[n, k], each viewer's highest ratings among the targets, best first",
        "usual_items": "int32[n, k], what a primitive recommender, popularity, would list",
        # whole rankings of the films that were not seen
        "positions": "int64[t], rank of every target from 1, ties counted against the model",
        "bounds": "int64[n + 1], entries of viewer v are bounds[v]:bounds[v + 1]",
        "n_ranked": "int64[n], films that were ranked for each viewer",
        # predicted ratings
        "errors": "float64[t], prediction minus rating, in stars",
        "ratings": "float64[t], the ratings given, in stars",
        "lower": "float64[t], lower ends of the 80% prediction intervals, where a model gives them",
        "upper": "float64[t], upper ends",
        # viewers
        "n_targets": "int64[n], how many targets each viewer has",
        "histories": "sparse float32[n, n_items], the ratings that the model was shown",
        # films, and everybody's feedback in training
        "n_items": "int, films in the catalogue",
        "n_viewers": "int, viewers in training",
        "item_counts": "int64[n_items], viewers in training who rated each film",
        "train": "sparse float32[n_viewers, n_items], the ratings in training",
        "item_genres": "sparse float32[n_items, n_genres], 1 where a film is of a genre",
        "item_providers": "sparse float32[n_items, n_providers], 1 where a film is by a provider",
    }
)
"""Input names to shapes and meanings. A metric's parameters have these names."""
