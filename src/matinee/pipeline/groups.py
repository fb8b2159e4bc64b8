"""Films for several viewers at once.

Films are compared by their place in each member's own list, over the films that nobody in the group
has seen. Places can be compared between members; scores and stars cannot, since one viewer's four
stars are another one's three.

| rule | score of a film |
|---|---|
| average | 1 / the geometric mean of its places |
| least-misery | 1 / the worst of its places; ties by the mean of 1 / place |
| fair | sum over the members of p times 1 - p of every film before it; p is 1 / (place + 1) |

"fair" is GFAR (Kaya, Bridge and Tintarev, "Ensuring Fairness in Group Recommendations by
Rank-Sensitive Balancing of Relevance", RecSys 2020): a member who has found a film counts less from
then on. For the other two see Masthoff, "Group Recommender Systems: Combining Individual Models",
Recommender Systems Handbook 2011.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matinee.data import Query, Ranking, Reason
from matinee.data.reason import Member
from matinee.data.vocabulary import id_text
from matinee.errors import InputError, UnknownNameError
from matinee.pipeline.candidates import Candidates
from matinee.pipeline.discounts import FilmScores
from matinee.pipeline.diversity import CANDIDATES
from matinee.pipeline.expected import expected
from matinee.pipeline.fitted_model import FittedModel
from matinee.pipeline.listing import choose, ranking_of
from matinee.pipeline.reasons import explain_each
from matinee.pipeline.viewers import Viewer

__all__ = ["MOST_MEMBERS", "RULES", "members_by_name", "rank_for_group", "require_rule"]

MOST_MEMBERS = 50
_TIE = 1e-12
"""Weight of the mean where the worst places are equal."""

Places = NDArray[np.int64]
"""`[n_members, n_films]`, from 1."""
Scores = NDArray[np.float64]
"""`[n_films]`."""


def _average(places: Places, _: int) -> Scores:
    return np.exp(-np.log(places).mean(axis=0))


def _least_misery(places: Places, _: int) -> Scores:
    return 1 / places.max(axis=0) + _TIE * (1 / places).mean(axis=0)


def _fair(places: Places, n: int) -> Scores:
    """Scores of the first `n` films, chosen one by one; minus infinity for the others."""
    chances = 1 / (places + 1)
    scores = np.full(places.shape[1], -np.inf)
    rest = np.ones(len(places))
    for _ in range(min(n, len(scores))):
        gain = np.where(scores > -np.inf, -np.inf, rest @ chances)
        film = int(np.argmax(gain))
        scores[film] = gain[film]
        rest *= 1 - chances[:, film]
    return scores


RULES: Mapping[str, Callable[[Places, int], Scores]] = {
    "average": _average,
    "least-misery": _least_misery,
    "fair": _fair,
}


def require_rule(rule: object) -> None:
    """Refuses an unknown rule.

    Raises:
        UnknownNameError: there is no such rule.
        InputError: it is no text.
    """
    if not isinstance(rule, str):
        raise InputError(f'a rule for groups is a word, as rule="average", not {rule!r}')
    if rule not in RULES:
        raise UnknownNameError("rule for groups", rule, list(RULES))


def members_by_name(viewers: Iterable[Viewer], names: Sequence[str] = ()) -> dict[str, Viewer]:
    """The members by name: their ids, or "member 2" for ratings.

    Args:
        viewers: as `Recommender.recommend` takes them.
        names: instead of these.

    Raises:
        InputError: no list of 1 to 50 viewers, the same one twice, or not one name for each.
    """
    if isinstance(viewers, str | Mapping | Query) or not isinstance(viewers, Iterable):
        raise InputError(
            'a group is a list of viewers, as ["196", "22"], not one '
            f"{type(viewers).__name__}; one viewer is for recommend"
        )
    members = list(viewers)
    if not 1 <= len(members) <= MOST_MEMBERS:
        raise InputError(f"a group has 1 to {MOST_MEMBERS} members, not {len(members)}")
    if names and len(names) != len(members):
        raise InputError(f"there are {len(members)} members and {len(names)} names")
    own = [
        f"member {number}" if isinstance(each, Query | Mapping) else id_text(each, "viewer")
        for number, each in enumerate(members, start=1)
    ]
    labels = list(names) or own
    for place, (label, name, each) in enumerate(zip(labels, own, members, strict=True)):
        before = members[:place]
        if label in labels[:place] or name in own[:place] or any(each is one for one in before):
            raise InputError(f"{label} is in the group twice; name each member once")
    return dict(zip(labels, members, strict=True))


def rank_for_group(
    fitted: FittedModel, members: Mapping[str, Query], group: Query, rule: str
) -> Ranking:
    """The films of `group`, a query without a history, that are best for all of its members.

    Raises:
        InputError: a member's query has conditions of its own.
    """
    for name, query in members.items():
        if query.constraints or query.among is not None or query.diverse:
            raise InputError(
                f"the query of {name} has conditions; a group has them in common: where=, among=, "
                "diverse="
            )
    scored = [fitted.score(query) for query in members.values()]
    scores = np.stack([each.total for each in scored])
    films = Candidates.of(group, scores.sum(axis=0), fitted.catalog, fitted.copies)
    within = films.within(group.n)
    places = np.zeros(scores.shape, dtype=np.int64)
    places[:, within] = _places(scores[:, within])
    n = group.n * (CANDIDATES if group.diverse else 1)
    if films.first is not None and within is not films.first:
        n = films.count  # the films to list first may come late
    joint = np.full(scores.shape[1], -np.inf)
    joint[within] = RULES[rule](places[:, within], n)
    items = choose(fitted, films, joint, group)
    parts = [
        _parts(fitted, name, query, items, scored[row], places[row, items])
        for row, (name, query) in enumerate(members.items())
    ]
    reasons = [Reason("group", members=each) for each in zip(*parts, strict=True)]
    return ranking_of(fitted, films, items, joint, group, reasons)


def _parts(
    fitted: FittedModel,
    name: str,
    query: Query,
    items: NDArray[np.int32],
    scored: FilmScores,
    places: NDArray[np.int64],
) -> list[Member]:
    """What each of `items` is to one member; `places` are aligned with `items`."""
    reasons = explain_each(fitted, query, items, scored.by_model)
    stars: list[float | None] = [each.stars for each in expected(fitted.model, query, items)]
    stars = stars or [None] * len(items)
    lines = zip(places.tolist(), scored.total[items].tolist(), reasons, stars, strict=True)
    return [Member(name, *line) for line in lines]


def _places(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Place of each film in the list of each member, from 1; ties by row."""
    order = np.argsort(-scores, axis=1, kind="stable")
    places = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(places, order, np.arange(1, order.shape[1] + 1)[None, :], axis=1)
    return places
