"""Training data of a site: the data set it started from, joined with its log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Dataset, Interactions, Vocabulary
from matinee.data.attributes import Attributes
from matinee.service.site import Site
from matinee.store import LogRatings, Moment

__all__ = ["TrainingData", "training_data"]


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Ratings of a data set and of a site's log, as one data set.

    Attributes:
        dataset: the base with its films; its viewers without those who were forgotten, and after
            them everybody who rated on the site.
        seqs: `int64[n]`, number of each rating's event in the log; 0 for ratings of the base.
        cursor: number of the newest event that was read.
        from_log: ratings that come from the log.
        withdrawn: ratings of the base that their viewers took back or replaced on the site.
        forgotten: viewers of the base who are left out.
        off_scale: ratings of the log outside the scale of the base, left out.
        unmapped: last words about films that the base lacks, left out.
    """

    dataset: Dataset
    seqs: NDArray[np.int64]
    cursor: int
    from_log: int = 0
    withdrawn: int = 0
    forgotten: int = 0
    off_scale: int = 0
    unmapped: int = 0

    @property
    def interactions(self) -> Interactions:
        """The ratings, of each viewer and film once where the log has a word about it."""
        return self.dataset.interactions

    def remarks(self) -> tuple[str, ...]:
        """What was left out, a line each."""
        found = (
            ("ratings of the data set replaced or taken back on the site", self.withdrawn),
            ("forgotten viewers of the data set, left out", self.forgotten),
            ("ratings of the log outside the scale, left out", self.off_scale),
            ("opinions about films that the data set lacks, left out", self.unmapped),
        )
        lines = [f"{what}: {count:,}" for what, count in found if count]
        if self.interactions.counts:
            lines.append("views and clicks of the log are no counts and left out")
        return tuple(lines)


def training_data(site: Site, base: Dataset, until: Moment | None = None) -> TrainingData:
    """Joins a data set with the log of a site.

    Viewers of the data set keep their ids, visitors have theirs. Of several ratings of a film by
    one viewer the latest counts, and a dismissal or removal takes a rating out. Views and clicks
    are no ratings and stay out. Visitors have no attributes.

    Where the data are counts, a like of the site is one play of a film without a count, and
    otherwise leaves the count as it is.

    Args:
        site: whose log is read.
        base: the data set.
        until: how far the log is read; the base is always read as a whole.

    Raises:
        InputError: the film ids of the data set meant other films on this site before.
    """
    site._store.add_films(base.namespace, base.catalog)
    ids = site._store.film_ids(base.namespace, base.catalog)
    log = site._store.interactions(ids, until)
    ratings, label = base.interactions, base.label
    users = [f"{label}/{each}" for each in ratings.user_ids.ids.tolist()]
    gone = site._store.forgotten_among(label, users)
    if not len(log) and not gone:
        zeros = np.zeros(len(ratings), dtype=np.int64)
        return TrainingData(base, zeros, log.cursor, unmapped=log.unmapped)
    remaining = np.array([each not in gone for each in users], dtype=np.bool_)
    rest = _without(ratings, remaining)
    log, off_scale = _on_scale(log, ratings)
    names = _names(log.viewers, label, rest.user_ids)
    user_ids = rest.user_ids.extended([names[user] for user in np.unique(log.users).tolist()])
    rows = np.array([user_ids.row(each) if each in user_ids else -1 for each in names], np.int32)
    return _joined(
        base,
        replace(rest, user_ids=user_ids, attributes=_extended(rest.attributes, len(user_ids))),
        log,
        rows[log.users],
        forgotten=len(gone),
        off_scale=off_scale,
    )


def _joined(
    base: Dataset,
    ratings: Interactions,
    log: LogRatings,
    users: NDArray[np.int32],
    *,
    forgotten: int,
    off_scale: int,
) -> TrainingData:
    """`ratings` without what the log replaces, then the ratings of the log; `users` are its own."""
    n = ratings.n_items
    keys = users.astype(np.int64) * n + log.items
    order = np.argsort(keys)
    of_base = ratings.users.astype(np.int64) * n + ratings.items
    again = np.flatnonzero(np.isin(of_base, keys))  # a film the log has a word about
    words = order[np.searchsorted(keys, of_base[again], sorter=order)]
    if ratings.counts:
        replaced, outdated = np.isnan(log.values[words]), ~np.isnan(log.values[words])
    else:
        replaced = ratings.times[again] <= log.times[words]
        outdated = ~replaced
    stays = np.ones(len(ratings), dtype=np.bool_)
    stays[again[replaced]] = False
    counted = ~np.isnan(log.values)
    counted[words[outdated]] = False
    interactions = replace(
        ratings,
        users=np.concatenate([ratings.users[stays], users[counted]]),
        items=np.concatenate([ratings.items[stays], log.items[counted]]),
        values=np.concatenate([ratings.values[stays], log.values[counted].astype(np.float32)]),
        times=np.concatenate([ratings.times[stays], log.times[counted]]),
    )
    zeros = np.zeros(np.count_nonzero(stays), dtype=np.int64)
    return TrainingData(
        replace(base, interactions=interactions, folds=None),
        np.concatenate([zeros, log.seqs[counted]]),
        log.cursor,
        from_log=int(np.count_nonzero(counted)),
        withdrawn=int(np.count_nonzero(~stays)),
        forgotten=forgotten,
        off_scale=off_scale,
        unmapped=log.unmapped,
    )


def _on_scale(log: LogRatings, ratings: Interactions) -> tuple[LogRatings, int]:
    """The log without ratings outside the scale of the data, and how many there were.

    Where the data are counts, a film that was not liked has no count.
    """
    low, high = ratings.scale
    with np.errstate(invalid="ignore"):
        off = (log.values < low) | (log.values > high)
    if ratings.counts:
        log = replace(log, values=np.where(log.values <= 0, np.nan, log.values))
    if not off.any():
        return log, 0
    columns = ("users", "items", "values", "times", "seqs")
    rest = {name: getattr(log, name)[~off] for name in columns}
    return replace(log, **rest), int(np.count_nonzero(off))


def _names(viewers: Sequence[str], label: str, own: Vocabulary) -> list[str]:
    """Ids of viewers of the log in the training data.

    A visitor whose id is also one of the base is somebody else, and gets an id of the log's kind.
    """
    prefix = f"{label}/"
    return [
        each.removeprefix(prefix)
        if each.startswith(prefix)
        else f"/{each}"
        if each in own
        else each
        for each in viewers
    ]


def _without(ratings: Interactions, remaining: NDArray[np.bool_]) -> Interactions:
    """Ratings of the users marked in `bool[n_users]`."""
    if remaining.all():
        return ratings
    rows = np.cumsum(remaining) - 1
    rest = ratings.select(remaining[ratings.users])
    attributes = ratings.attributes
    return replace(
        rest,
        users=rows[rest.users].astype(np.int32),
        user_ids=Vocabulary(ratings.user_ids.kind, ratings.user_ids.ids[remaining]),
        attributes=attributes and attributes.take(np.flatnonzero(remaining)),
    )


def _extended(attributes: Attributes | None, n: int) -> Attributes | None:
    """Attributes of `n` users, of whom the last ones have none."""
    if attributes is None:
        return None
    more = sp.csr_array((n - len(attributes), len(attributes.names)), dtype=np.float32)
    return Attributes(attributes.names, sp.vstack([attributes.matrix, more], format="csr"))
