"""What a contest comes to: parts with weights for viewers with a history, a ranking for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Interactions
from matinee.models import Candidate, Race
from matinee.models._auto.blends import Shortlists, best_shares, cross_fitted
from matinee.models._auto.candidates import is_personal
from matinee.models._auto.questions import Question
from matinee.models._auto.race import DEPTH, Contest, interval
from matinee.models._auto.self_test import KNOWN, NEWCOMERS
from matinee.models._auto.spreads import mean_spread
from matinee.models._shared.raced_popularity import HALF_LIVES, race_of

__all__ = ["Choice", "chosen_for_known", "popularity_record"]

_TOLERANCE = 0.02
"""Part of the best quality that a combination may lack, if the standard error is not larger: what
combines several models depends less on chance."""

_DIGITS = 5

Qualities = Mapping[str, NDArray[np.float64]]
"""NDCG of every viewer by candidate."""


@dataclass(frozen=True, eq=False)
class Choice:
    """What answers viewers with a history.

    Attributes:
        texts: the parts with their options.
        shares: of each part in the sum, once its scores are divided by their spread.
        race: the record; `None` if nothing was compared.
    """

    texts: tuple[str, ...]
    shares: tuple[float, ...]
    race: Race | None


def chosen_for_known(
    contest: Contest, kinds: Sequence[Sequence[str]], questions: Sequence[Question]
) -> Choice:
    """The best candidate, or a combination within 2% of it that is not below popularity."""
    blends = {parts: _Blend.of(parts, contest, questions) for parts in _blends(contest, kinds)}
    rows = {text: contest.answers[text].rows for kind in kinds for text in kind}
    rows |= {" + ".join(parts): blend.rows for parts, blend in blends.items()}
    best = _preferred(rows, parts_earn_places=contest.keeps_kinds)
    race = _race(contest, rows, best)
    for parts, blend in blends.items():
        if " + ".join(parts) == best:
            return Choice(*blend.result(parts), race)
    return Choice((best,), (1.0,), race)


@dataclass(frozen=True, eq=False)
class _Blend:
    """A weighted sum of parts on the questions.

    Attributes:
        lists: scores over their spread.
        rows: NDCG of every viewer, `float64[n]`, with weights that other viewers chose.
    """

    lists: Shortlists
    rows: NDArray[np.float64]

    @classmethod
    def of(cls, parts: Sequence[str], contest: Contest, questions: Sequence[Question]) -> _Blend:
        scores = [contest.answers[text].scores for text in parts]
        lists = Shortlists.stacked(
            [
                Shortlists.of(
                    [each[place].dense() for each in scores], questions[place].known.targets
                )
                for place in sorted(scores[0])
            ]
        )
        spreads = tuple(mean_spread([terms.spreads for terms in each.values()]) for each in scores)
        lists.scores[:] /= np.array(spreads, dtype=np.float32)[:, None, None]
        return cls(lists, cross_fitted(lists, DEPTH))

    def result(self, parts: Sequence[str]) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """The parts with a share, and their shares."""
        shares = best_shares(self.lists, DEPTH)
        result = [(part, float(each)) for part, each in zip(parts, shares, strict=True) if each]
        return tuple(part for part, _ in result), tuple(each for _, each in result)


def popularity_record(ratings: Interactions, like_from: float | None) -> Race | None:
    """The race that decided `raced_popularity`, for readers; `None` where there was none.

    Newcomers share one list, so intervals are over the cuts.
    """
    race = race_of(ratings, like_from)
    if not race.judged:
        return None
    names = [*(f"trending half_life={days:g}" for days in HALF_LIVES), "popular"]
    place = len(HALF_LIVES) if race.half_life is None else HALF_LIVES.index(race.half_life)
    gaps = race.quality - race.quality[:, [place]]
    means = race.quality.mean(axis=0)
    candidates = [
        _candidate(names[each], float(means[each]), interval(gaps[:, each], ddof=1), 0.0)
        for each in np.argsort(-means, kind="stable")
    ]
    count = int(race.newcomers.sum())
    return Race(f"{NEWCOMERS}, by popularity", count, names[place], tuple(candidates))


def _blends(contest: Contest, kinds: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Sums of the best of two or three kinds; one is popularity where several kinds of it compete.

    What is watched now counts for everybody, also where too few viewers decide to prove it.
    """

    def quality(text: str) -> float:
        return contest.answers[text].quality

    best = sorted((max(kind, key=quality) for kind in kinds), key=quality, reverse=True)
    personal = [text for text in best if is_personal(text)]
    popular = [text for text in best if not is_personal(text) and contest.races_popularity]
    if popular:
        pairs = [(first, *popular) for first in personal[:1]]
        return [*pairs, (*personal[:2], *popular)] if len(personal) > 1 else pairs
    if not contest.keeps_kinds:
        personal = personal[:3]
    return [(*personal[:1], *others) for n in (1, 2) for others in combinations(personal[1:], n)]


def _preferred(rows: Qualities, *, parts_earn_places: bool = False) -> str:
    """The best, or a combination if the best one is as good within 2% or a standard error.

    With `parts_earn_places`, of combinations within two standard errors of the best one that is
    taken whose weakest part is best alone: the best of ten is ahead of some by chance.
    Combinations below the best popularity are not considered.
    """

    def quality(text: str) -> float:
        return float(rows[text].mean())

    def weakest(text: str) -> float:
        return min(quality(part) for part in text.split(" + "))

    best = max(rows, key=quality)
    floor = max((quality(text) for text in rows if not is_personal(text)), default=0.0)
    sums = [text for text in rows if "+" in text and quality(text) >= floor]
    if not sums:
        return best
    leading = max(sums, key=quality)
    if _lost(rows[best], rows[leading], tolerance=_TOLERANCE * quality(best)) > 0:
        return best
    if not parts_earn_places:
        return leading
    level = [text for text in sums if _lost(rows[leading], rows[text], errors=2) <= 0]
    return max(level, key=lambda text: (weakest(text), quality(text)))


def _lost(
    best: NDArray[np.float64],
    other: NDArray[np.float64],
    *,
    errors: float = 1,
    tolerance: float = 0,
) -> float:
    """What a candidate lacks beyond the tolerance and some standard errors of the difference."""
    lost = best - other
    return float(lost.mean() - max(tolerance, errors * lost.std() / np.sqrt(len(lost))))


def _race(contest: Contest, rows: Qualities, best: str) -> Race:
    """The record of the race for viewers with a history; the best first, then who left."""
    candidates = []
    for text in sorted(rows, key=lambda text: -float(rows[text].mean())):
        gap = interval(rows[text] - rows[best])
        work = contest.answers[text].work if text in contest.answers else 0.0
        candidates.append(_candidate(text, float(rows[text].mean()), gap, work))
    left = [text for text in contest.answers if text not in rows]
    for text in sorted(left, key=lambda each: -contest.answers[each].quality):
        each = contest.answers[text]
        candidates.append(_candidate(text, each.quality, each.gap, each.work, each.note))
    return Race(KNOWN, len(rows[best]), best, tuple(candidates))


def _candidate(
    text: str, quality: float, gap: tuple[float, float], work: float, note: str = ""
) -> Candidate:
    figures = (round(each, _DIGITS) for each in (quality, *gap, work))
    quality, low, high, work = figures
    return Candidate(text, quality, low, high, work, note)
