"""Successive halving between candidates, with an amount of work in place of a clock."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.models import Model, Weighting
from matinee.models._auto.candidates import (
    Size,
    fit_seconds,
    is_personal,
    knows_dislikes,
    read_name,
)
from matinee.models._auto.mixture import as_term
from matinee.models._auto.questions import Question
from matinee.models._auto.terms import Terms
from matinee.models._blend.parts import Part, read_parts
from matinee.models._shared.denoising import facts_as_users

__all__ = ["DEPTH", "Answers", "Contest", "Setting", "interval"]

DEPTH = 10
"""NDCG at this depth decides."""
_FINALISTS = 5
"""So many candidates are compared to the end."""
_LEAST_SHARE = 0.02
"""Share of the viewers that a fit is never below."""
_OF_HISTORIES = ("half_life", "half_life_items")
"""Options of `Weighting` that change answers and not what is learned."""

_log = logging.getLogger("matinee.auto")


@dataclass(frozen=True, eq=False)
class Setting:
    """What is the same for every fit of a contest.

    Attributes:
        catalog: the films.
        like_from: ratings below it are dislikes; `None` if there are none.
        seed: of every fit.
    """

    catalog: Catalog
    like_from: float | None
    seed: int

    def ratings(self, model: Model, ratings: Interactions) -> Interactions:
        """The ratings that a model learns from: likes alone if it has no option to tell them."""
        if self.like_from is None or knows_dislikes(model):
            return ratings
        return ratings.select(ratings.values >= self.like_from)

    def fit(self, part: Part, ratings: Interactions) -> Model:
        """A fitted part, with the option that says which ratings are likes."""
        model = self.model(part)
        rng = np.random.default_rng(self.seed)
        return model.fit(self.ratings(model, ratings), self.catalog, rng=rng)

    def model(self, part: Part) -> Model:
        """An unfitted part with that option.

        It is no part of the text of a candidate, which is read on the scale of the data.
        """
        return part.with_likes_from(self.like_from).model()

    def histories(self, model: Model, histories: Histories) -> Histories:
        """The ratings of histories that a model answers to."""
        if self.like_from is None or knows_dislikes(model):
            return histories
        return histories.select(histories.values >= self.like_from)


@dataclass(eq=False)
class Answers:
    """What one candidate answered.

    Attributes:
        known: NDCG of viewers with a history, `float64[n]`, by question.
        work: seconds by the cost model.
        note: when it left, if it did.
        scores: terms of a sum, of viewers with a history, by question.
        full: questions for which it learned from all viewers.
        gap: 95% interval of the difference to the best one when it left.
    """

    known: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    work: float = 0.0
    note: str = ""
    scores: dict[int, Terms] = field(default_factory=dict)
    full: set[int] = field(default_factory=set)
    gap: tuple[float, float] = (0.0, 0.0)

    @property
    def quality(self) -> float:
        """Mean over viewers with a history."""
        return float(self.rows.mean())

    @property
    def rows(self) -> NDArray[np.float64]:
        """NDCG of all viewers with a history, question after question."""
        return np.concatenate([self.known[place] for place in sorted(self.known)])


class Contest:
    """Candidates on questions, within a budget.

    All candidates learn from a part of the work first; the better half goes on with more of it
    (successive halving, Jamieson & Talwalkar, AISTATS 2016), until all questions are answered or
    the budget is spent. The estimates of `fit_seconds` stand for time, so that the clock has no
    influence.

    Attributes:
        answers: of every candidate that took part, by text.
        share: of the viewers, that those compared to the end have learned from.
        keeps_kinds: whether the best of every personal kind is compared to the end, for sums.
    """

    def __init__(
        self,
        setting: Setting,
        questions: Sequence[Question],
        budget: float,
        amount: str,
        *,
        keeps_kinds: bool = False,
    ) -> None:
        """`amount` is a word for the questions in notes: "cuts"."""
        self._setting, self._questions, self._budget = setting, questions, budget
        self._amount, self.keeps_kinds = amount, keeps_kinds
        facts = facts_as_users(setting.catalog).shape[0]
        self._sizes = [Size.of(each.train, facts) for each in questions]
        self.answers: dict[str, Answers] = {}
        self.share = 1.0
        self._models: dict[tuple[str, int], Model] = {}

    @property
    def races_popularity(self) -> bool:
        """Whether popularity is compared with and without decay."""
        return any(read_name(text) == "trending" for text in self.answers)

    @property
    def size(self) -> Size:
        """Of the first question."""
        return self._sizes[0]

    def run(self, kinds: Sequence[Sequence[str]]) -> list[list[str]]:
        """Those that were compared to the end, by kind; kinds without one are left out."""
        alive = [text for kind in kinds for text in kind]
        remaining, done = self._budget, (0, 0.0)
        while True:
            last = len(alive) <= _FINALISTS
            n, share, work = self._affordable(alive, remaining, last=last)
            if n > done[0] or share > 2 * done[1]:  # else a round tells little more than the last
                remaining -= work
                self._round(alive, n, share)
                done = n, share
                self.share = share
            everything = done == (len(self._questions), 1)
            if last or everything or remaining <= 0:
                better = ([each for each in kind if each in alive] for kind in kinds)
                return [kind for kind in better if kind]
            alive = self._better_half(alive, kinds, *done)

    def _affordable(
        self, texts: Sequence[str], remaining: float, *, last: bool
    ) -> tuple[int, float, float]:
        """How many questions, with which share of the viewers, and the work of it."""
        work = [self._work(texts, n, 1.0) for n in range(1, len(self._questions) + 1)]
        if work[-1] <= remaining:
            return len(work), 1.0, work[-1]
        allowed = remaining if last else remaining / 2
        for n in reversed(range(len(work))):
            if work[n] <= allowed:
                return n + 1, 1.0, work[n]
        share = min(1.0, max(_LEAST_SHARE, allowed / work[0]))
        return 1, round(share, 2), share * work[0]

    def _work(self, texts: Sequence[str], n: int, share: float) -> float:
        """Seconds of the fits that are missing, for the first `n` questions."""
        fits = {
            (_fit_of(text), place)
            for text in texts
            for place in range(n)
            if share < 1 or place not in self._full(text)
        }
        return sum(
            fit_seconds(read_parts(text)[0], self._sizes[place].sample(share))
            for text, place in fits
        )

    def _full(self, text: str) -> set[int]:
        """Questions for which a candidate learned from all viewers."""
        return self.answers[text].full if text in self.answers else set()

    def _round(self, texts: Sequence[str], n: int, share: float) -> None:
        for place in range(n):
            question = self._questions[place]
            train = question.train if share == 1 else _some_viewers(question.train, share)
            missing = [each for each in texts if share < 1 or place not in self._full(each)]
            for count, text in enumerate(missing, start=1):
                _log.info("trying %s (%d of %d)", text, count, len(missing))
                self._answer(text, place, train, full=share == 1)
            self._models.clear()

    def _answer(self, text: str, place: int, train: Interactions, *, full: bool) -> None:
        """Fits a candidate, unless one that learns the same was fitted, and asks it."""
        (part,) = read_parts(text)
        answers = self.answers.setdefault(text, Answers())
        fit = (_fit_of(text), place)
        if fit not in self._models:
            self._models.clear()
            self._models[fit] = self._setting.fit(part, train)
            share = len(train) / max(1, len(self._questions[place].train))
            answers.work += fit_seconds(part, self._sizes[place].sample(share))
        model = self._setting.model(part)
        model.arrays = self._models[fit].arrays
        viewers = self._questions[place].known
        scores = model.scores(self._setting.histories(model, viewers.histories))
        terms = as_term(model, scores)
        for each in (scores, terms):
            each[viewers.histories.rows, viewers.histories.items] = -np.inf
        answers.known[place] = viewers.ndcg(scores, DEPTH)
        answers.scores[place] = Terms.of(terms)
        if full:
            answers.full.add(place)

    def _better_half(
        self, alive: Sequence[str], kinds: Sequence[Sequence[str]], n: int, share: float
    ) -> list[str]:
        """The better half; if all of it is of one kind, another kind replaces the last."""
        ranked = sorted(alive, key=lambda text: -self.answers[text].quality)
        personal = [kind for kind in kinds if self.keeps_kinds and is_personal(kind[0])]
        firsts = {next((text for text in ranked if text in kind), None) for kind in personal}
        room = max(_FINALISTS, ceil(len(ranked) / 2))
        better = sorted(ranked, key=lambda text: text not in firsts)[:room]
        if len({read_name(each) for each in better}) == 1:
            others = [each for each in ranked if read_name(each) != read_name(better[0])]
            better[-1:] = others[:1] or better[-1:]
        amount = f"{n} of {len(self._questions)} {self._amount}" if share == 1 else ""
        for text in ranked:
            if text not in better:
                answers = self.answers[text]
                answers.note = f"left after {amount or f'{share:.0%} of the viewers'}"
                answers.gap = interval(answers.rows - self.answers[ranked[0]].rows)
                answers.scores.clear()
        return [text for text in alive if text in better]


def interval(differences: NDArray[np.float64], ddof: int = 0) -> tuple[float, float]:
    """95% interval of a mean difference over viewers or cuts, by the normal approximation."""
    mean = float(differences.mean())
    error = float(differences.std(ddof=ddof)) / max(1.0, np.sqrt(len(differences)))
    return mean - 1.96 * error, mean + 1.96 * error


def _fit_of(text: str) -> str:
    """A candidate without the options that its fit does not depend on."""
    (part,) = read_parts(text)
    if not isinstance(part.model().config, Weighting):
        return text
    better = tuple(each for each in part.options if each[0] not in _OF_HISTORIES)
    return str(Part(part.name, better))


def _some_viewers(ratings: Interactions, share: float) -> Interactions:
    """The ratings of a share of the viewers: every k-th one."""
    step = 1 / share
    chosen = np.floor(np.arange(ratings.n_users) / step) != np.floor(
        (np.arange(ratings.n_users) - 1) / step
    )
    return ratings.select(chosen[ratings.users])
