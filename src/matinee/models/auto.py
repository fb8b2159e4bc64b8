"""Model selection inside a fit: what predicts likes outside its training data best answers."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from matinee import plugins
from matinee.data import Catalog, Histories, Interactions
from matinee.models import LikesConfig, Model, Race, RatingThreshold, Selection, no_likes, search
from matinee.models._auto.candidates import candidates
from matinee.models._auto.choice import Choice, chosen_for_known, popularity_record
from matinee.models._auto.mixture import Mixture
from matinee.models._auto.new_films import FILLER, with_new_films
from matinee.models._auto.questions import ChooseOn, Question, questions
from matinee.models._auto.race import DEPTH, Contest, Setting
from matinee.models._auto.self_test import KNOWN, NEWCOMERS, RANKER, ranker_race
from matinee.models._auto.spreads import weights_of
from matinee.models._auto.taste import with_taste
from matinee.models._blend.parts import (
    arrays_of,
    likes_of,
    parts_with_likes,
    read_parts,
    restored,
)
from matinee.models._shared.config import NONE
from matinee.models._shared.raced_popularity import raced_popularity

__all__ = ["Auto", "AutoConfig"]

_RULES: dict[ChooseOn, str] = {
    "future": "What viewers liked in the fifth of the ratings after each of {} cuts in time, by "
    "models fitted on the ratings before it",
    "next": "The last two likes of every viewer, by models fitted on the ratings before",
    "random": "A fifth of every viewer's likes, drawn at random, by models fitted on the others",
}
_SELF_TEST = (
    "What viewers liked after the latest cuts in time inside the training data, by ranker, with "
    "weights learned at earlier cuts, and by popularity"
)
_BUDGETS: dict[ChooseOn, float] = {"future": 3, "next": 10, "random": 3}
_KEEPS_KINDS = frozenset({"random"})
"""Questions that all kinds of models answer about as well, so that any of them may add to a sum."""
_AMOUNTS: dict[ChooseOn, str] = {"future": "cuts", "next": "questions", "random": "questions"}

_NOTHING = "No viewer has five likes, so nothing could be compared"

_log = logging.getLogger("matinee.auto")


class AutoConfig(LikesConfig):
    """Options of `Auto`."""

    like_from: RatingThreshold = None
    """Ratings from this one on are likes, which candidates have to find; in models that weigh
    ratings, lower ones count less, and dislikes count against similar films. None means that every
    rating is a like."""
    choose_on: ChooseOn = Field("future", json_schema_extra=search("future", "next", "random"))
    """What decides between candidates: what viewers liked after several cuts in time, every
    viewer's last likes, or likes drawn at random. Without times, always random."""
    budget: Annotated[PositiveFloat | None, NONE] = None
    """Seconds on two cores for comparing candidates, estimated from the size of the data and not
    measured: the same seed gives the same model. The final fit comes on top. None means 3, and 10
    where the next film decides: its models compare viewers, of whom a sample has too few."""
    most_films: PositiveInt = 10_000
    """With more films, no model with a matrix of all pairs of films is tried. Nor is one where the
    budget is too short for it."""


class Auto(Model[AutoConfig]):
    """Compares candidates on likes left out of training, and fits the best one on all ratings.

    For the future, `ranker` answers if its own test at later cuts in time finds it better than
    popularity. Otherwise candidates are compared: popularity with and without decay, item
    neighbours, linear autoencoders, factorisations, models of the next film, and weighted sums of
    the best; successive halving keeps the work in bounds. NDCG at 10 decides. Where likes are drawn
    at random and some ratings are dislikes, predicted stars are added to the sum. Newcomers get
    the prior of all models, or that of `ranker` where its test finds it better. Films without
    ratings are scored by a regression on their facts. This is model selection by validation (Stone,
    "Cross-validatory choice and assessment of statistical predictions", 1974); `selection` is its
    record.
    """

    reads_catalog: ClassVar[bool] = True
    common_part: ClassVar[bool] = True

    def __init__(self, config: AutoConfig | None = None) -> None:
        super().__init__(config)
        self._restored: dict[float | None, tuple[NDArray[np.uint8], Mixture]] = {}

    @property
    def winner(self) -> str:
        """The chosen model with its options, or several: "ease-sparse l2=200 + ials"."""
        parts = read_parts(_text(self.arrays["parts"]))
        return " + ".join(map(str, parts[: -1 if len(self.arrays["only_new"]) else None]))

    @property
    def user_sized(self) -> frozenset[str]:
        """Those of the chosen parts: `prefix-knn` keeps the order of likes."""
        if not self.arrays:
            return frozenset()
        parts = enumerate(self._mixture().parts)
        return frozenset(f"part{n}.{name}" for n, part in parts for name in part.user_sized)

    @property
    def selection(self) -> Selection | None:
        return Selection.from_array(self.arrays["selection"]) if self.arrays else None

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        ratings = likes_of(interactions, self.config)
        liked = self._liked(ratings.values)
        if not liked.any():
            raise no_likes(len(interactions))
        rule, cases = questions(ratings, liked, self.config.choose_on, rng)
        setting = Setting(catalog, self._like_from, int(rng.integers(2**32)))
        ranker = None
        if cases and rule == "future" and RANKER in plugins.names("models"):
            _log.info("fitting %s on all ratings", RANKER)
            ranker = setting.fit(read_parts(RANKER)[0], ratings)
        text, choice = self._choice(rule, cases, setting, ranker)
        if rule == "random":
            text, choice = with_taste(text, choice, ratings, self._like_from)
        popularity = popularity_record(ratings, self._like_from)
        races = [choice.race, popularity, *(_races(ranker, choice) if ranker else ())]
        record = Selection(text, f"NDCG@{DEPTH}", tuple(each for each in races if each))
        self.arrays["selection"] = record.to_array()
        self.arrays["prior"] = (
            ranker.arrays["prior"].copy()
            if ranker and ranker_race(ranker, NEWCOMERS).chosen == RANKER
            else raced_popularity(ratings, self._like_from)
        )
        self._learn(choice, {RANKER: ranker} if ranker else {}, setting, ratings)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        above = histories.select(self.config.likes(histories.values))
        return self._mixture().scores(above)

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return self._mixture().similar(items)

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        above = self.config.likes(histories.values)
        contributions = np.zeros((len(items), len(above)), dtype=np.float32)
        contributions[:, above] = self._mixture().contributions(histories.select(above), items)
        return contributions

    @property
    def _like_from(self) -> float | None:
        """`like_from`, which says nothing about counts."""
        return None if self.counts else self.config.like_from

    def _liked(self, values: NDArray[np.float32]) -> NDArray[np.bool_]:
        if self._like_from is None:
            return np.ones(len(values), dtype=np.bool_)
        return values >= self._like_from

    def _choice(
        self, rule: ChooseOn, cases: Sequence[Question], setting: Setting, ranker: Model | None
    ) -> tuple[str, Choice]:
        """What answers viewers with a history, and the rule that decided in words."""
        if not cases:
            return _NOTHING, Choice(("popular",), (1.0,), None)
        if ranker:
            race = ranker_race(ranker, KNOWN)
            if race.chosen == RANKER:
                return _SELF_TEST, Choice((RANKER,), (1.0,), race)
        budget = self.config.budget or _BUDGETS[rule]
        contest = Contest(setting, cases, budget, _AMOUNTS[rule], keeps_kinds=rule in _KEEPS_KINDS)
        kinds = contest.run(
            candidates(
                rule,
                contest.size,
                most_films=self.config.most_films,
                n_items=len(setting.catalog),
                budget=budget,
            )
        )
        text = _RULES[rule].format(len(contest.answers[kinds[0][0]].known))
        if contest.share < 1:
            text += f", of {contest.share:.0%} of the viewers"
        return text, chosen_for_known(contest, kinds, cases)

    def _learn(
        self,
        choice: Choice,
        fitted: Mapping[str, Model],
        setting: Setting,
        ratings: Interactions,
    ) -> None:
        """Fits the parts of the choice on all ratings, but those that are fitted."""
        texts, models = choice.texts, []
        for text in texts:
            if text not in fitted:
                _log.info("fitting %s on all ratings", text)
            models.append(fitted.get(text) or setting.fit(read_parts(text)[0], ratings))
        weights = weights_of(models, choice.shares, setting, ratings)
        all_films = np.zeros(0, dtype=np.bool_)
        mixture = Mixture(tuple(models), weights, self._like_from, all_films)
        mixture = with_new_films(mixture, setting, ratings)
        texts = (*texts, FILLER) if len(mixture.only_new) else texts
        self.arrays["parts"] = np.frombuffer(" + ".join(texts).encode(), dtype=np.uint8).copy()
        self.arrays["weights"], self.arrays["only_new"] = mixture.weights, mixture.only_new
        self.arrays["new_level"] = np.array([mixture.new_level], dtype=np.float32)
        self.arrays.update(arrays_of(mixture.parts))

    def _mixture(self) -> Mixture:
        """The fitted parts, restored once for the arrays of one fit and a threshold.

        That depends on the scale, which is that of the data for some verbs.
        """
        parts = self.arrays["parts"]
        entry = self._restored.get(self._like_from)
        if entry is None or entry[0] is not parts:
            mixture = Mixture(
                tuple(restored(parts_with_likes(_text(parts), self._like_from), self.arrays)),
                self.arrays["weights"],
                self._like_from,
                self.arrays["only_new"],
                float(self.arrays["new_level"][0]),
            )
            self._restored[self._like_from] = entry = (parts, mixture)
        return entry[1]


def _races(ranker: Model, choice: Choice) -> Iterator[Race]:
    """The races of a fitted ranker that are not the one of the choice."""
    for viewers in (KNOWN, NEWCOMERS):
        race = ranker_race(ranker, viewers)
        if race != choice.race:
            yield race


def _text(array: NDArray[np.uint8]) -> str:
    return bytes(array).decode()
