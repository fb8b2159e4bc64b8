"""The rule of the contract of models about low ratings: they lower films like those rated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matinee.data import Catalog, Interactions
from matinee.models import DislikesConfig, default_options
from matinee.testing.planted import TASTE, three_tastes
from matinee.testing.subject import (
    NotApplicableError,
    Subject,
    query_of,
    require,
    require_close,
)

__all__ = ["dislikes_lower_films_like_them"]


def dislikes_lower_films_like_them(subject: Subject) -> None:
    """Films rated lowest lower the unseen films of their kind, and 5 says no less than 4."""
    kind = subject.kind
    if not kind.personal or not kind.learns:
        raise NotApplicableError("does not rank by the history")
    usual = default_options(kind.Config, 3.5)
    if "min_rating" in usual:
        raise NotApplicableError("ignores ratings below min_rating")
    catalog, ratings = three_tastes()
    model = subject.fit(ratings, catalog, 0, **usual)

    def wins(value: float | None) -> float:
        """Pairs with an unseen film of the second taste above one of the third, both ways round."""
        shares = []
        for rated, other in ((1, 2), (2, 1)):
            items, values = list(range(6)), [5.0, 4.0] * 3
            if value is not None:
                items += range(rated * TASTE, rated * TASTE + 6)
                values += [value] * 6
            scores = model.score(query_of(items, values))
            unseen = scores[rated * TASTE + 6 : (rated + 1) * TASTE]
            shares.append((unseen[:, None] > scores[other * TASTE : (other + 1) * TASTE]).mean())
        return float(np.mean(shares))

    before, disliked, liked, loved = (wins(value) for value in (None, 1, 4, 5))
    require(
        disliked < before,
        f"unseen films of a kind the viewer rated lowest win {disliked:.0%} of pairs, and "
        f"{before:.0%} if these films are not rated; derive the options from "
        "matinee.models.DislikesConfig and weigh histories with self.weigh",
    )
    require(
        loved >= liked,
        f"films like those rated 5 win {loved:.0%} of pairs, and like those rated 4 {liked:.0%}",
    )
    require(liked > before, "rating films 4 does not raise films like them")
    _require_likes_alone(subject, catalog, ratings)


def _require_likes_alone(subject: Subject, catalog: Catalog, ratings: Interactions) -> None:
    """Where every rating is the highest, `like_from` and `min_rating` are the same."""
    if not issubclass(subject.kind.Config, DislikesConfig):
        return
    loved = replace(ratings, values=np.full(len(ratings), 5, dtype=np.float32))
    signed = subject.fit(loved, catalog, like_from=3.5)
    likes = subject.fit(loved, catalog, min_rating=3.5)
    query = query_of([3, 0, 25, 7])
    require_close(
        signed.score(query),
        likes.score(query),
        "like_from changes scores of somebody who loves everything, among such viewers",
    )
