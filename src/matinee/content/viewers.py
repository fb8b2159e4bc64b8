"""What a viewer is like: tastes, habits and appetite for the popular, from their history alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.audience import Audience, residuals
from matinee.content.features import Features
from matinee.data import Interactions, Vocabulary
from matinee.errors import InputError

__all__ = ["Taste", "ViewerProfile", "ViewerProfiles", "viewer_profile", "viewer_profiles"]

_DAY = 86_400


class Taste(NamedTuple):
    """What a viewer makes of one name of a field.

    Attributes:
        name: of a genre, a person, a decade.
        effect: stars above or below the viewer's mean, shrunk.
        weight: in 0..1, how far the viewer's own ratings decided it and not the prior.
    """

    name: str
    effect: float
    weight: float


@dataclass(frozen=True, eq=False)
class ViewerProfiles:
    """Profiles of many viewers as columns; every column has one entry a viewer.

    Attributes:
        features: what the tastes are about.
        effects: `float32[n_viewers, n_features]`, stars, see `viewer_profiles`.
        weights: `float32[n_viewers, n_features]` in 0..1; positive where the viewer saw any.
        means: `float32[n_viewers]`, mean rating; the audience's for an empty history.
        spreads: `float32[n_viewers]`, standard deviation of the ratings.
        top_shares: `float32[n_viewers]`, share of ratings that are the best there is.
        popularity: `float32[n_viewers]`, mean popularity percentile of the films watched; the
            audience's for an empty history.
        popularity_appetite: `float32[n_viewers]`, `popularity` less that of the audience: above 0
            for who watches what everybody watches, below for who looks off the beaten track.
        counts: `int64[n_viewers]`, films in the history.
        active_days: `int64[n_viewers]`, different days (UTC) with a rating of known time.
        first: `int64[n_viewers]`, Unix seconds of the first rating; 0 where unknown.
        last: `int64[n_viewers]`, likewise of the last.
    """

    features: Features
    effects: sp.csr_array
    weights: sp.csr_array
    means: NDArray[np.float32]
    spreads: NDArray[np.float32]
    top_shares: NDArray[np.float32]
    popularity: NDArray[np.float32]
    popularity_appetite: NDArray[np.float32]
    counts: NDArray[np.int64]
    active_days: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.means)

    def profile(self, viewer: int) -> ViewerProfile:
        """One viewer's profile, by row."""
        return ViewerProfile(
            features=self.features,
            effects=self.effects[[viewer]].toarray()[0],
            weights=self.weights[[viewer]].toarray()[0],
            mean=float(self.means[viewer]),
            spread=float(self.spreads[viewer]),
            top_share=float(self.top_shares[viewer]),
            popularity=float(self.popularity[viewer]),
            popularity_appetite=float(self.popularity_appetite[viewer]),
            count=int(self.counts[viewer]),
            active_days=int(self.active_days[viewer]),
            first=int(self.first[viewer]),
            last=int(self.last[viewer]),
        )


@dataclass(frozen=True, eq=False)
class ViewerProfile:
    """One viewer; the attributes are those of `ViewerProfiles` in the singular."""

    features: Features
    effects: NDArray[np.float32]
    weights: NDArray[np.float32]
    mean: float
    spread: float
    top_share: float
    popularity: float
    popularity_appetite: float
    count: int
    active_days: int
    first: int
    last: int

    def tastes(self, field: str) -> list[Taste]:
        """What the viewer makes of the names of a field they met, the best liked first.

        Equals are in the order of the names. Empty for an empty history.

        Raises:
            UnknownNameError: the field was not encoded.
        """
        columns = self.features.columns(field)
        names = self.features.block_names(field)
        effects, weights = self.effects[columns], self.weights[columns]
        met = np.flatnonzero(weights)
        in_order = met[np.argsort(-effects[met], kind="stable")]
        return [Taste(names[each], float(effects[each]), float(weights[each])) for each in in_order]


def viewer_profiles(
    interactions: Interactions, features: Features, audience: Audience
) -> ViewerProfiles:
    """The profiles of all viewers of `interactions`, by sparse products.

    The taste for a name (a genre, a person, a decade) is the mean of the viewer's ratings of its
    films less the viewer's mean, shrunk towards nothing by the posterior mean of the
    normal model (Efron and Morris, JASA 1975):

        effect = S / (n + k),    weight = n / (n + k)

    where `S` is the sum over the viewer's `n` films of that name of rating less mean, and `k` the
    shrinkage of the field (`Audience.shrinkage`). So an effect lies between 0, the viewer's
    mean, and the raw difference, the nearer to that the more films speak. In columns that are not
    ones and zeros `S` sums `x` times rating less mean and `n` is the sum of `x²`: a ridge slope.

    Raises:
        InputError: ratings, features and audience are not over the same films or fields.
        DataError: a viewer rated a film twice.
    """
    n_items = len(audience.percentiles)
    if not features.matrix.shape[0] == interactions.n_items == n_items:
        raise InputError(
            f"the ratings are of {interactions.n_items:,} films, the features of "
            f"{features.matrix.shape[0]:,} and the audience of {n_items:,}; "
            "all three must be over the same rows"
        )
    if len(audience.shrinkage) != len(features.fields):
        raise InputError("the audience was measured over other fields; measure it over these")
    effects, weights = _tastes(interactions.matrix, features, audience)
    viewers, values = interactions.users, interactions.values.astype(np.float64)
    counts = np.bincount(viewers, minlength=interactions.n_users)
    means = _means(viewers, values, counts, audience.mean)
    deviations = (values - means[viewers]) ** 2
    tops = (values >= audience.scale[1]).astype(np.float64)
    popularity = _means(
        viewers, audience.percentiles[interactions.items], counts, audience.popularity
    )
    days, first, last = _activity(interactions)
    return ViewerProfiles(
        features=features,
        effects=effects,
        weights=weights,
        means=means.astype(np.float32),
        spreads=np.sqrt(_means(viewers, deviations, counts, 0)).astype(np.float32),
        top_shares=_means(viewers, tops, counts, 0).astype(np.float32),
        popularity=popularity.astype(np.float32),
        popularity_appetite=(popularity - audience.popularity).astype(np.float32),
        counts=counts,
        active_days=days,
        first=first,
        last=last,
    )


def viewer_profile(
    items: NDArray[np.int32],
    values: NDArray[np.float32],
    times: NDArray[np.int64],
    features: Features,
    audience: Audience,
) -> ViewerProfile:
    """The profile of one history, as `Query` holds it; formulae and errors of `viewer_profiles`.

    Args:
        items: `int32[n]`, rows of the features; may be empty.
        values: `float32[n]`, ratings in stars.
        times: `int64[n]`, Unix seconds; 0 where unknown.
        features: of the films.
        audience: of the same features.
    """
    history = Interactions(
        users=np.zeros(len(items), dtype=np.int32),
        items=items,
        values=values,
        times=times,
        user_ids=Vocabulary.of("viewer", ["viewer"]),
        item_ids=Vocabulary("film", np.arange(features.matrix.shape[0]).astype(np.str_)),
        scale=audience.scale,
    )
    return viewer_profiles(history, features, audience).profile(0)


def _tastes(
    matrix: sp.csr_array, features: Features, audience: Audience
) -> tuple[sp.csr_array, sp.csr_array]:
    watched = sp.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    films = features.matrix.astype(np.float64)
    lengths = (watched @ films.power(2)).tocsr()
    prior = np.repeat(audience.shrinkage, np.diff(features.bounds))[lengths.indices]
    shrunk = lengths.copy()
    shrunk.data = 1 / (lengths.data + prior)
    effects = (residuals(matrix) @ films).multiply(shrunk)
    weights = lengths.multiply(shrunk)
    return sp.csr_array(effects, dtype=np.float32), sp.csr_array(weights, dtype=np.float32)


def _means(
    viewers: NDArray[np.int32],
    values: NDArray[np.floating],
    counts: NDArray[np.int64],
    otherwise: float,
) -> NDArray[np.float64]:
    sums = np.bincount(viewers, weights=values, minlength=len(counts))
    return np.where(counts > 0, sums / np.maximum(counts, 1), otherwise)


def _activity(
    interactions: Interactions,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    n_viewers = interactions.n_users
    known = interactions.times > 0
    viewers, times = interactions.users[known], interactions.times[known]
    viewer_days = np.unique(np.stack([viewers.astype(np.int64), times // _DAY]), axis=1)[0]
    days = np.bincount(viewer_days, minlength=n_viewers)
    first = np.full(n_viewers, np.iinfo(np.int64).max)
    last = np.zeros(n_viewers, dtype=np.int64)
    np.minimum.at(first, viewers, times)
    np.maximum.at(last, viewers, times)
    return days, np.where(last > 0, first, 0), last
