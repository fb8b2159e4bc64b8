"""Why films are recommended: the model's own sums, never a story made up afterwards.

A reason names what a large share of the score comes from: of what the history raises it by, or the
part that a film has for everybody (that of a model with `Model.common_part`, or the average
viewer's where dislikes outweigh likes).
"""

from __future__ import annotations

from operator import itemgetter
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories, Query, Reason, ReasonFilm
from matinee.data.reason import Opinion, opinion_of
from matinee.models import Model
from matinee.pipeline.fitted_model import FittedModel

__all__ = ["common_parts", "explain_each", "own_rating", "parts_of_scores"]

_LEAST_SHARE = 0.05
_TIMES_AVERAGE = 10.0
"""A reason has at least `_LEAST_SHARE` of what the history raises the score by or, in long
histories, so many times what a film has on average; in histories of a few films at least half the
average."""
_WEAK = 0.5
"""Part of that share which is enough where a sentence would be repeated."""
_BESIDE = 0.5
"""A second film is named if it is at least half as strong as the first."""
_CANDIDATES = 6
"""Films of the history with the largest parts, which are compared with the film."""
_DIRECTOR, _STAR = 2.0, 1.5
"""How much stronger a film is as a reason by the same director, or with the same star."""
_STARS = 3
"""Names at the head of a cast that count as its stars."""
_MOST_OF_GENRE = 0.5
_FILMS_OF_GENRE = 3
"""A genre is a reason if films of it, so many at least, are more than this share of the score."""
_COMMON_GENRE = 0.25
"""A genre of a larger part of all films says too little."""
_ROUNDING = 1e-4
"""Of the sizes of all parts of a score."""
_MOST_COMMON = 0.5
"""Share of the score from which on being watched a lot can be the reason."""


def explain_each(
    fitted: FittedModel,
    query: Query,
    items: NDArray[np.integer],
    scores: NDArray[np.floating],
) -> list[Reason]:
    """A reason for each of some films, `scores: [n_items]` being those of the model.

    The strongest of these: at most two films of the history, rather those that also have genres in
    common with the film; one by or with the same person; a genre that makes up more of the score
    than of the history; being watched a lot. Neighbours in the list have different sentences where
    one of them has a second reason. Films have their rating as the viewer gave it, see `Query.own`.
    """
    model = fitted.model
    used = tuple(each.replace("=", " ") for each in query.attributes if each in model.attributes)
    if len(query) == 0:
        return [Reason("popular", attributes=used)] * len(items)
    watched = model.counts and not len(query.own)
    whole = Reason("model", attributes=used, history_size=len(query), watched=watched)
    parts = parts_of_scores(model, query, items)
    if parts is None:
        return [whole] * len(items)
    common = np.maximum(common_parts(scores[items], parts), 0)
    raising = np.maximum(parts, 0)
    raised = np.maximum(raising.sum(axis=1), 1e-12)
    # films marked as not for them are no reasons
    shares = raising[:, : len(query)] * _likes(fitted, query, watched=watched) / raised[:, None]
    rest = common / (common + raised)
    least = max(min(_LEAST_SHARE, _TIMES_AVERAGE / len(query)), 0.5 / len(query))
    options = _options(fitted, query, items, shares, rest, least)
    silent, unliked = (~np.asarray(each.any(axis=1)) for each in (parts, shares))
    reasons: list[Reason] = []
    before: _Option | None = None
    facts = (silent.tolist(), unliked.tolist(), rest.tolist(), options)
    for nothing, no_like, widely, each in zip(*facts, strict=True):
        if nothing:
            reasons.append(Reason("widely" if model.common_part else "untouched"))
            before = None
            continue
        before = _choice(each, before, least, after_whole=bool(reasons) and reasons[-1] is whole)
        reason = whole
        if before:
            reason = _worded(fitted, query, before, 1 - widely, watched=watched)
        elif no_like:
            reason = Reason("widely" if widely > 0 or model.common_part else "untouched")
        reasons.append(reason)
    return reasons


def parts_of_scores(
    model: Model, query: Query, items: NDArray[np.integer]
) -> NDArray[np.float32] | None:
    """What each film of a history adds to the scores of some, `float32[len(items), h + d]`.

    In the order of the history, and of the dismissed films behind it. `None` for models whose
    scores are no such sums.
    """
    contributions = model.contributions(Histories.of(query, model.n_items), items)
    if contributions is None:
        return None
    parts = np.empty_like(contributions)
    order = np.argsort(np.concatenate([query.items, query.dismissed]), kind="stable")
    parts[:, order] = contributions  # from storage order to history order
    return parts


def common_parts(scores: NDArray[np.floating], parts: NDArray[np.floating]) -> NDArray[np.float64]:
    """What a history leaves of the scores of some films, `float64[m]`: the part for everybody.

    Args:
        scores: `float[m]`.
        parts: `float[m, h]`, what the films of the history add; a difference by rounding is 0.
    """
    rest = scores - parts.sum(axis=1, dtype=np.float64)
    sizes = np.abs(scores) + np.abs(parts).sum(axis=1, dtype=np.float64)
    return np.where(np.abs(rest) > _ROUNDING * sizes, rest, 0)


def own_rating(query: Query, place: int) -> float:
    """One rating of a history as the viewer gave it."""
    # The shortest decimals of single precision: 4.6, not 4.599999904632568.
    return float(str((query.own if len(query.own) else query.values)[place]))


class _Option(NamedTuple):
    """A possible reason.

    Attributes:
        kind: of the reason.
        places: of the films of the history that it names, with their shares of what the history
            raises the score by.
        common: as in `Reason`.
    """

    kind: Literal["history", "maker", "genre", "widely"]
    places: tuple[tuple[int, float], ...] = ()
    common: str = ""

    def says_the_same(self, other: _Option | None) -> bool:
        """Whether both have the same sentence."""
        return (
            other is not None
            and (self.kind, self.common) == (other.kind, other.common)
            and [place for place, _ in self.places] == [place for place, _ in other.places]
        )


_Strengths = list[tuple[float, _Option]]


def _choice(
    options: _Strengths, before: _Option | None, least: float, *, after_whole: bool
) -> _Option | None:
    """The strongest option that does not repeat the sentence before it; `None` if all are weak.

    `after_whole` says that the sentence before is about the whole history, as that of `None` is.
    """
    repeated: _Option | None = None
    for strength, each in sorted(options, key=itemgetter(0), reverse=True):
        enough = _WEAK * least if repeated or after_whole else least
        if strength < enough:
            break
        if not each.says_the_same(before):
            return each
        if strength >= least:
            repeated = repeated or each
    return repeated


def _options(
    fitted: FittedModel,
    query: Query,
    items: NDArray[np.integer],
    shares: NDArray[np.floating],
    rest: NDArray[np.floating],
    least: float,
) -> list[_Strengths]:
    """Possible reasons for each of `items` with their strength, from what contributes to scores.

    Args:
        fitted: the model with its films.
        query: the viewer.
        items: `int[m]`.
        shares: `float[m, h]`, of the history in what raises each score.
        rest: `float[m]`, share of the score that everybody has.
        least: strength from which on a reason is strong.
    """
    best = np.argsort(-shares, axis=1, kind="stable")[:, :_CANDIDATES]
    of_items, of_history = fitted.genre_rows[items], fitted.genre_rows[query.items]
    rows = np.arange(len(items))[:, None]
    found, overlaps = shares[rows, best], _overlaps(of_items, of_history)[rows, best]
    nearest = np.argsort(-found * (1 + overlaps), axis=1, kind="stable")[:, :2]
    films = (best[rows, nearest].tolist(), found[rows, nearest].tolist())
    genres = _genre_options(fitted, of_items, of_history, shares)
    widely = (rest > _MOST_COMMON) & fitted.widely_watched[items]
    options: list[_Strengths] = []
    for row, (places, own) in enumerate(zip(*films, strict=True)):
        each = _film_options(places, own, least) + genres[row]
        each += _maker_options(fitted, query, int(items[row]), best[row], found[row])
        if widely[row]:
            each.append((float(rest[row]), _Option("widely")))
        options.append(each)
    return options


def _likes(fitted: FittedModel, query: Query, *, watched: bool) -> NDArray[np.bool_]:
    """`bool[len(query)]`: ratings that can be reasons; a low one is none to watch another film."""
    if fitted.scale is None or watched:
        return np.ones(len(query), dtype=np.bool_)
    return query.values >= np.float32(sum(fitted.scale) / 2)


def _film_options(places: list[int], shares: list[float], least: float) -> _Strengths:
    """Each of two films, and both together.

    They are those with the largest shares, which count up to double by the overlap of genres.
    """
    named = [each for each in zip(places, shares, strict=True) if each[1] > 0]
    found = [(each[1], _Option("history", (each,))) for each in named]
    if len(found) == 2:
        first, second = (strength for strength, _ in found)
        # too weak to stand beside a strong film, unless that would repeat a sentence
        beside = second >= _BESIDE * first
        strength = first + second if beside and first >= least else min(0.99 * first, 2 * second)
        found.append((strength, _Option("history", tuple(named))))
    return found


def _maker_options(
    fitted: FittedModel,
    query: Query,
    item: int,
    places: NDArray[np.integer],
    shares: NDArray[np.floating],
) -> _Strengths:
    """Films of the history by the same director or with the same star."""
    found: _Strengths = []
    own = _makers(fitted, item)
    if not own:
        return found
    for place, share in zip(places.tolist(), shares.tolist(), strict=True):
        others = _makers(fitted, int(query.items[place])) if share > 0 else ()
        common = next((name for name in own if name in others), None)
        if common is not None:
            found.append((share * own[common], _Option("maker", ((place, share),), common)))
    return found


def _makers(fitted: FittedModel, item: int) -> dict[str, float]:
    """Directors and stars of a film, each with how much they strengthen a reason."""
    known = fitted.makers.get(item)
    if known is None:
        directors = {f"by {name}": _DIRECTOR for name in fitted.catalog.directors[item]}
        stars = {f"with {name}": _STAR for name in fitted.catalog.cast[item][:_STARS]}
        known = fitted.makers[item] = directors | stars
    return known


def _overlaps(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Jaccard index of the genres of films, `float32[len(some), len(others)]`, from their rows."""
    common = some @ others.T
    either = some.sum(axis=1)[:, None] + others.sum(axis=1) - common
    return common / np.maximum(either, 1)


def _genre_options(
    fitted: FittedModel,
    of_items: NDArray[np.float32],
    of_history: NDArray[np.float32],
    shares: NDArray[np.floating],
) -> list[_Strengths]:
    """The genre that makes up most of each score beyond its part of the history.

    Args:
        fitted: the model with its films.
        of_items: `float32[m, n_genres]`, ones and zeros.
        of_history: `float32[len(query), n_genres]`.
        shares: `float[m, len(query)]`.
    """
    part = shares @ of_history
    strong = (part >= _MOST_OF_GENRE) & (of_items > 0) & (fitted.genre_shares <= _COMMON_GENRE)
    found: list[_Strengths] = [[] for _ in of_items]
    if not strong.any():
        return found
    strong &= (shares > 0).astype(np.float32) @ of_history >= _FILMS_OF_GENRE
    usual = of_history.sum(axis=0) / len(of_history)
    for row, place in enumerate(np.where(strong, part - usual, 0).argmax(axis=1).tolist()):
        excess = float(part[row, place] - usual[place])
        if strong[row, place] and excess > 0:
            example = int(np.argmax(shares[row] * of_history[:, place]))
            named = ((example, float(shares[row, example])),)
            found[row].append((excess, _Option("genre", named, fitted.genre_names[place])))
    return found


def _worded(
    fitted: FittedModel, query: Query, option: _Option, personal: float, *, watched: bool
) -> Reason:
    """The reason of an option, with its films; `personal` is the share of the history."""
    films = []
    for place, share in option.places:
        item, label = fitted.named(int(query.items[place]))
        value = float(query.values[place])
        words: Opinion = "watched" if watched else opinion_of(value, fitted.scale)
        films.append(ReasonFilm(item, label, own_rating(query, place), words, share * personal))
    return Reason(option.kind, tuple(films), history_size=len(query), common=option.common)
