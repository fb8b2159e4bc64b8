"""A part of the sum that predicts stars: films that a viewer would rate low sink."""

from __future__ import annotations

from dataclasses import replace

from matinee import plugins
from matinee.data import Interactions
from matinee.models._auto.candidates import read_name
from matinee.models._auto.choice import Choice

__all__ = ["TASTE", "with_taste"]

TASTE = "svd ranks_by=taste"
"""Predicts how far a viewer's rating is above that of others, in stars."""
_SHARE = 1.2
"""Weight of a star where the rest of the sum has a spread of about 1; chosen on validation of three
data sets, docs/decisions/0039."""


def with_taste(
    rule: str, choice: Choice, ratings: Interactions, like_from: float | None
) -> tuple[str, Choice]:
    """Rule and choice, with a prediction of stars as one more part where some ratings are dislikes.

    Candidates are compared on likes, which cannot tell a film that a viewer would rate low from one
    they would not watch. So no comparison decides on this part. It is not added to popularity.
    """
    dislikes = like_from is not None and bool((ratings.values < like_from).any())
    names = [read_name(text) for text in choice.texts]
    personal = any(plugins.get("models", name).personal for name in names)
    if not (dislikes and personal and read_name(TASTE) in plugins.names("models")):
        return rule, choice
    added = f"; since some ratings are dislikes, {TASTE} is added, {_SHARE:g} for each star"
    texts, shares = (*choice.texts, TASTE), (*choice.shares, _SHARE)
    return rule + added, replace(choice, texts=texts, shares=shares)
