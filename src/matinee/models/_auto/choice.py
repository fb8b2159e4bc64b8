"""What a contest comes to: parts with weights for viewers with a history, a ranking for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee import plugins
from matinee.models import Candidate, Race
from matinee.models._auto.blends import Shortlists, best_shares, cross_fitted
from matinee.models._auto.candidates import NEWCOMERS, Size, fit_seconds, read_name
from matinee.models._auto.questions import Question
from matinee.models._auto.race import (
    DEPTH,
    OWN_PRIOR,
    Contest,
    Setting,
    interval,
    newcomers_ndcg,
    spread,
)
from matinee.models._blend.parts import read_parts

__all__ = ["Choice", "chosen_for_known", "chosen_for_newcomers"]

_TOLERANCE = 0.02
"""Part of the best quality that a combination may lack, if the standard error is not larger: what
combines several models depends less on chance."""

_DIGITS = 5

Qualities = Mapping[str, NDArray[np.float64]]
"""NDCG of every viewer by candidate."""
Rows = Mapping[int, NDArray[np.float64]]
"""NDCG of every viewer by question."""


@dataclass(frozen=True, eq=False)
class Choice:
    """What answers viewers with a history.

    Attributes:
        texts: the parts with their options.
        weights: of their scores.
        race: the record.
    """

    texts: tuple[str, ...]
    weights: tuple[float, ...]
    race: Race

    @property
    def text(self) -> str:
        """All parts in one text: "ease-sparse l2=200 + ials"."""
        return " + ".join(self.texts)


def chosen_for_known(
    contest: Contest, kinds: Sequence[Sequence[str]], questions: Sequence[Question]
) -> Choice:
    """The best candidate, or a combination within 2% of it that is not below popularity."""
    blends = {parts: _Blend.of(parts, contest, questions) for parts in _blends(contest, kinds)}
    rows = {text: contest.answers[text].rows for kind in kinds for text in kind}
    rows |= {" + ".join(parts): blend.rows for parts, blend in blends.items()}
    best = _preferred(rows)
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
        spreads: of the scores of each part.
        rows: NDCG of every viewer, `float64[n]`, with weights that other viewers chose.
    """

    lists: Shortlists
    spreads: tuple[float, ...]
    rows: NDArray[np.float64]

    @classmethod
    def of(cls, parts: Sequence[str], contest: Contest, questions: Sequence[Question]) -> _Blend:
        scores = [contest.answers[text].scores for text in parts]
        lists = Shortlists.stacked(
            [
                Shortlists.of([each[place] for each in scores], questions[place].known.targets)
                for place in sorted(scores[0])
            ]
        )
        spreads = tuple(spread([*each.values()]) for each in scores)
        lists.scores[:] /= np.array(spreads, dtype=np.float32)[:, None, None]
        return cls(lists, spreads, cross_fitted(lists, DEPTH))

    def result(self, parts: Sequence[str]) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """The parts with a weight, and their weights."""
        shares = best_shares(self.lists, DEPTH)
        weights = (float(share / each) for share, each in zip(shares, self.spreads, strict=True))
        result = [(part, each) for part, each in zip(parts, weights, strict=True) if each]
        return tuple(part for part, _ in result), tuple(each for _, each in result)


def chosen_for_newcomers(
    setting: Setting, questions: Sequence[Question], contest: Contest, choice: Choice
) -> tuple[str, Race | None]:
    """The ranking that newcomers of all cuts liked best, with the slowest decay that is as good.

    A faster decay has to be better by more than the standard error of the difference: a short
    half-life that wins by chance loses much. A ranking that the choice for other viewers learns has
    to beat that one, at the cuts where it was tried.
    """
    tests = {place: each.newcomers for place, each in enumerate(questions) if each.newcomers}
    if not tests:
        return NEWCOMERS[0], None
    rows, work = dict[str, Rows](), dict[str, float]()
    for text in NEWCOMERS:
        (part,) = read_parts(text)
        rankings = {
            place: setting.fit(part, questions[place].train).arrays["prior"] for place in tests
        }
        rows[text] = {place: newcomers_ndcg(rankings[place], tests[place]) for place in tests}
        work[text] = sum(fit_seconds(part, Size.of(questions[place].train)) for place in tests)
    highest = max(NEWCOMERS, key=lambda text: _mean(rows[text]))
    best = next(text for text in NEWCOMERS if not _beats(rows[highest], rows[text]))
    for text, answers in contest.answers.items():
        if answers.new:
            rows[text], work[text] = answers.new, 0.0
            if text in choice.texts and _beats(rows[text], rows[best]):
                best = text
    candidates = [
        _candidate(text, _mean(rows[text]), interval(_gain(rows[text], rows[best])), work[text])
        for text in sorted(rows, key=lambda text: -_mean(rows[text]))
    ]
    count = sum(map(len, rows[best].values()))
    return best, Race("new viewers", count, best, tuple(candidates))


def _mean(rows: Rows) -> float:
    return float(np.concatenate([*rows.values()]).mean())


def _gain(rows: Rows, others: Rows) -> NDArray[np.float64]:
    """Difference for every viewer of the questions that both have answered."""
    return np.concatenate([rows[place] - others[place] for place in rows if place in others])


def _beats(rows: Rows, others: Rows) -> bool:
    """Whether the mean gain exceeds its standard error."""
    gain = _gain(rows, others)
    return bool(gain.mean() > gain.std() / np.sqrt(len(gain)))


def _blends(contest: Contest, kinds: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Sums of the best of two or three kinds; one is popularity where several kinds of it compete.

    What is watched now counts for everybody, also where too few viewers decide to prove it.
    """

    def quality(text: str) -> float:
        return contest.answers[text].quality

    best = sorted((max(kind, key=quality) for kind in kinds), key=quality, reverse=True)
    personal = [text for text in best if _is_personal(text)][:3]
    popular = [text for text in best if not _is_personal(text) and contest.races_popularity]
    if popular:
        pairs = [(first, *popular) for first in personal[:1]]
        return [*pairs, (*personal[:2], *popular)] if len(personal) > 1 else pairs
    pairs = [(first, other) for first in personal[:1] for other in personal[1:]]
    return [*pairs, tuple(personal)] if len(personal) > 2 else pairs


def _preferred(rows: Qualities) -> str:
    """The best, or the best combination if it is as good within 2% or within a standard error."""

    def quality(text: str) -> float:
        return float(rows[text].mean())

    best = max(rows, key=quality)
    combined = [text for text in rows if "+" in text or read_name(text) in OWN_PRIOR]
    if not combined:
        return best
    alike = max(combined, key=quality)
    lost = rows[best] - rows[alike]
    error = float(lost.std()) / np.sqrt(len(lost))
    return alike if lost.mean() <= max(error, _TOLERANCE * quality(best)) else best


def _is_personal(text: str) -> bool:
    return "+" in text or bool(plugins.get("models", read_name(text)).personal)


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
    return Race("viewers with a history", len(rows[best]), best, tuple(candidates))


def _candidate(
    text: str, quality: float, gap: tuple[float, float], work: float, note: str = ""
) -> Candidate:
    figures = (round(each, _DIGITS) for each in (quality, *gap, work))
    quality, low, high, work = figures
    return Candidate(text, quality, low, high, work, note)
