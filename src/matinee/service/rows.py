"""Rows with a meaning: the lists of the front page, and each one whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data import Constraints, Film, Ranking
from matinee.data.reason import Opinion, opinion_of
from matinee.errors import InputError, UnknownNameError
from matinee.pipeline.rows import Order, ViewerScores
from matinee.service.answers import Answer, impression, require_n, viewer_query
from matinee.service.viewers import Visit

__all__ = ["Front", "Row", "front", "row"]

_FEWEST = 3
"""A row of fewer films is no row; the first one stands even then."""
_GENRES = 3
_TO_RATE = 6
_POOL = 40
"""Popular films from which those to rate are chosen."""
_TRIES = 3
"""Films of the history for which similar ones are looked up."""
_SHORT = Constraints(max_runtime=90)
_TITLES = {
    "for-you": "For you",
    "popular": "Widely watched",
    "lesser-known": "Lesser known, for you",
    "short": f"Under {_SHORT.max_runtime} minutes",
}
_KEYS = (*_TITLES, "because:FILM", "genre:NAME")


@dataclass(frozen=True)
class Row:
    """Films with something in common, ranked for a viewer.

    Attributes:
        key: names the row: one of "for-you", "popular", "lesser-known" and "short", or
            "because:FILM" or "genre:NAME".
        title: what its films have in common, to the viewer.
        answer: its films, with a request id of their own.
        films: how many films the whole row has.
        page: which page of it this is, from 1.
    """

    key: str
    title: str
    answer: Answer
    films: int
    page: int = 1

    @property
    def explained(self) -> bool:
        """Whether the reasons of its films say more than its title."""
        return any(each.kind != "popular" for each in self.answer.ranking.reasons)


@dataclass(frozen=True)
class Front:
    """What a viewer sees first.

    Attributes:
        rows: no film is in two of them.
        to_rate: well-known films of different genres, in none of the rows: a rating of each says
            much about a taste.
        personal: whether the viewer's ratings and dismissals decide on the rows.
    """

    rows: tuple[Row, ...]
    to_rate: tuple[Film, ...]
    personal: bool


@dataclass(frozen=True)
class _Plan:
    key: str
    title: str
    order: Order


def front(visit: Visit, *, n: int = 6, first: int = 6, now: int, logged: bool = True) -> Front:
    """The rows of the front page; each is logged as one impression.

    A viewer whose ratings or dismissals say something gets their own favourites, films like one
    they liked, what is widely watched, favourites that few know, and short ones. Others get what is
    widely watched, and genres of such films.

    Args:
        visit: the viewer.
        n: how many films a row has at most, 1 to `MOST_FILMS`.
        first: how many the first row has at most.
        now: Unix seconds.
        logged: false if the films do not count as shown.

    Raises:
        InputError: `n` or `first` is out of bounds.
        NotLiveError: no model is live.
    """
    require_n(n)
    require_n(first)
    scores = ViewerScores(visit.live.recommender, viewer_query(visit, now))
    plans = list(_for_viewer(visit, scores) if scores.personal else _for_everyone(visit, scores))
    plans = plans[:1] + [each for each in plans[1:] if len(each.order) >= _FEWEST]
    rankings = scores.rankings(
        [*(each.order for each in plans), scores.popular()],
        [first, *(n for _ in plans[1:]), _POOL],
    )
    pool = rankings.pop()
    rows = (
        _row(visit, plan, ranking, now, logged=logged)
        for plan, ranking in zip(plans, rankings, strict=True)
        if plan is plans[0] or len(ranking) >= _FEWEST
    )
    return Front(tuple(rows), _various(pool), scores.personal)


def row(
    visit: Visit, key: str, *, n: int = 48, page: int = 1, now: int, logged: bool = True
) -> Row:
    """One page of a whole row, also of one that is not on the viewer's front page.

    Pages continue each other as long as the viewer rates and marks nothing. A page is logged as one
    impression; one behind the end of the row is empty.

    Args:
        visit: the viewer.
        key: see `Row.key`.
        n: films of a page, 1 to `MOST_FILMS`.
        page: from 1.
        now: Unix seconds.
        logged: false if the films do not count as shown.

    Raises:
        UnknownNameError: no such row, film or genre.
        InputError: `n` or `page` is out of bounds, or the catalogue or the saved model lacks what
            this row is made from.
        NotLiveError: no model is live.
    """
    require_n(n)
    if page < 1:
        raise InputError(f"pages are counted from 1, so there is no page {page}")
    scores = ViewerScores(visit.live.recommender, viewer_query(visit, now))
    plan = _plan(visit, scores, key)
    ranking = scores.page(plan.order, n, page)
    return _row(visit, plan, ranking, now, page=page, logged=logged)


def _for_viewer(visit: Visit, scores: ViewerScores) -> Iterator[_Plan]:
    yield _plan(visit, scores, "for-you")
    for film_id in _liked(visit)[:_TRIES]:
        plan = _plan(visit, scores, f"because:{film_id}")
        if len(plan.order) >= _FEWEST:
            yield plan
            break
    yield _plan(visit, scores, "popular")
    if visit.live.recommender.ratings is not None:
        yield _plan(visit, scores, "lesser-known")
    if (visit.live.recommender.catalog.runtimes > 0).any():
        yield _plan(visit, scores, "short")


def _for_everyone(visit: Visit, scores: ViewerScores) -> Iterator[_Plan]:
    yield _plan(visit, scores, "popular")
    for name in visit.live.genres[:_GENRES]:
        yield _plan(visit, scores, f"genre:{name}")


def _plan(visit: Visit, scores: ViewerScores, key: str) -> _Plan:
    """The row of a key; see `row` for the errors."""
    recommender = visit.live.recommender
    kind, _, name = key.partition(":")
    if kind == "because" and name:
        item = recommender.catalog.item_ids.row(name)
        verb = _opinion(visit, name)
        label = recommender.catalog.film(item).label
        title = f"Because you {verb} {label}" if verb != "rated" else f"Similar to {label}"
        return _Plan(key, title, scores.similar(item))
    if kind == "genre" and name:
        having = recommender.catalog.genres.having(name)
        if not having.any():
            raise UnknownNameError("genre", name, visit.live.genres)
        return _Plan(key, name, scores.favourites(having))
    if key not in _TITLES:
        raise UnknownNameError("row", key, _KEYS)
    return _Plan(key, _TITLES[key], _order(visit, scores, key))


def _order(visit: Visit, scores: ViewerScores, key: str) -> Order:
    if key == "popular":
        return scores.popular()
    if key == "lesser-known":
        return scores.favourites(_tail(visit))
    return scores.favourites(constraints=_SHORT if key == "short" else None)


def _tail(visit: Visit) -> NDArray[np.bool_]:
    ratings = visit.live.recommender.ratings
    if ratings is None:
        raise InputError(
            "the live model was saved without the number of ratings of its films; train and "
            "promote it again"
        )
    return ratings.tail


def _liked(visit: Visit) -> list[str]:
    """Ids of rated films, the loved ones first, then the liked ones; of equals the latest."""
    rated = list(reversed(visit.history.items))
    opinions = {each: _opinion(visit, each) for each in rated}
    liked = ("loved", "watched", "liked")
    return [each for opinion in liked for each in rated if opinions[each] == opinion]


def _opinion(visit: Visit, film_id: str) -> Opinion:
    """What the viewer thinks of a film; "rated" also without a rating."""
    value = visit.ratings.get(film_id)
    if value is None:
        return "rated"
    if visit.live.recommender.model.counts:
        return "watched" if value > 0 else "rated"
    return opinion_of(value, visit.live.scale)


def _various(ranking: Ranking) -> tuple[Film, ...]:
    """The first films of different main genres."""
    catalog = ranking.catalog
    by_genre: dict[str, int] = {}
    for item in ranking.items.tolist():  # reading 40 whole films would take as long as the rows
        genres = catalog.genres[item]
        by_genre.setdefault(genres[0] if genres else "", item)
    return tuple(catalog.films([*by_genre.values()][:_TO_RATE]))


def _row(
    visit: Visit, plan: _Plan, ranking: Ranking, now: int, *, logged: bool, page: int = 1
) -> Row:
    answer = Answer(uuid.uuid4().hex, ranking, len(visit.history))
    if logged and len(ranking):
        visit.site._store.append_later(impression(answer, visit, now, plan.key))
    return Row(plan.key, plan.title, answer, len(plan.order), page)
