"""Inputs of metrics: names, shapes and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["INPUTS"]

INPUTS: Mapping[str, str] = MappingProxyType(
    {
        # lists, cut at k
        "items": "int32[n, k], rows of the recommended films, best first; -1 beyond a short list",
        "hits": "bool[n, k], whether the film at each rank is a target",
        "gains": "float32[n, k], the rating of the target at each rank, 0 for no target",
        "ideal": "float32[n, k], each viewer's highest ratings among the targets, best first",
        "usual_items": "int32[n, k], the films that popularity would list",
        # full rankings of the unseen films
        "positions": "int64[t], rank of every target from 1, ties counted against the model",
        "bounds": "int64[n + 1], the entries of viewer v are bounds[v]:bounds[v + 1]",
        "n_ranked": "int64[n], number of ranked films for each viewer",
        # predicted ratings
        "errors": "float64[t], prediction minus rating, in stars",
        "ratings": "float64[t], the true ratings, in stars",
        "lower": "float64[t], lower ends of the 80% prediction intervals, if the model has them",
        "upper": "float64[t], upper ends",
        # viewers
        "n_targets": "int64[n], number of targets of each viewer",
        "histories": "sparse float32[n, n_items], the ratings of each viewer's history",
        # films, and training ratings
        "n_items": "int, films in the catalogue",
        "n_viewers": "int, viewers in training",
        "item_counts": "int64[n_items], number of training viewers of each film",
        "train": "sparse float32[n_viewers, n_items], the ratings in training",
        "item_genres": "sparse float32[n_items, n_genres], 1 if a film has a genre",
        "item_providers": "sparse float32[n_items, n_providers], 1 if a film is by a provider",
    }
)
"""Shape and meaning by name. Parameters of metrics have these names."""
