"""Model selection inside a fit: what predicts entry-out likes best answers."""

from __future__ import annotations

import logging
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions
from matinee.models import LikesConfig, Model, Race, RatingThreshold, Selection, no_likes, search
from matinee.models._auto.candidates import candidates
from matinee.models._auto.choice import Choice, chosen_for_known, chosen_for_newcomers
from matinee.models._auto.mixture import Mixture
from matinee.models._auto.new_films import FILLER, with_new_films
from matinee.models._auto.questions import ChooseOn, questions
from matinee.models._auto.race import DEPTH, Contest, Setting
from matinee.models._blend.parts import arrays_of, read_parts, restored

__all__ = ["Auto", "AutoConfig"]

_RULES: dict[ChooseOn, str] = {
    "future": "What viewers liked in the fifth of the ratings after each of {} cuts in time, by "
    "models fitted on the ratings before it",
    "next": "The last two likes of every viewer, by models fitted on the ratings before",
    "random": "A fifth of every viewer's likes, drawn at random, by models fitted on the others",
}
_AMOUNTS: dict[ChooseOn, str] = {"future": "cuts", "next": "questions", "random": "questions"}

_log = logging.getLogger("matinee.auto")


class AutoConfig(LikesConfig):
    """Options of `Auto`."""

    like_from: RatingThreshold = None
    """Ratings from this one on are likes, which candidates have to find; models that weigh ratings
    take lower ones as evidence against similar films. None means that every rating is a like."""
    choose_on: ChooseOn = Field("future", json_schema_extra=search("future", "next", "random"))
    """What decides between candidates: what viewers liked after several cuts in time, every
    viewer's last likes, or likes drawn at random. Without times all are random."""
    budget: PositiveFloat = 3.0
    """Seconds on two cores for comparing candidates, estimated from the size of the data and not
    measured: the same seed gives the same model. The final fit comes on top."""
    most_films: PositiveInt = 4_000
    """With more films, no model with a matrix of all pairs of films is tried."""


class Auto(Model[AutoConfig]):
    """Compares candidates on entry-out likes and keeps what ranks them best, fitted on all ratings.

    Viewers with a history and newcomers are compared apart. Candidates are popularity with and
    without decay, item neighbours, linear autoencoders, factorisations, models of the future or of
    the next film, and weighted sums of the best; successive halving keeps the work in bounds. NDCG
    at 10 decides. Films without ratings are scored by a regression on their facts. This is model
    selection by validation (Stone, "Cross-validatory choice and assessment of statistical
    predictions", 1974); `selection` is its record.
    """

    reads_catalog: ClassVar[bool] = True
    common_part: ClassVar[bool] = True

    def __init__(self, config: AutoConfig | None = None) -> None:
        super().__init__(config)
        self._restored: dict[str, tuple[NDArray[np.uint8], Mixture]] = {}

    @property
    def winner(self) -> str:
        """The chosen model with its options, or several: "ease-sparse l2=200 + ials"."""
        parts = read_parts(_text(self.arrays["parts"]))
        return " + ".join(map(str, parts[: -1 if len(self.arrays["only_new"]) else None]))

    @property
    def selection(self) -> Selection | None:
        return Selection.from_array(self.arrays["selection"]) if self.arrays else None

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        ratings = interactions.select(config.likes(interactions.values))
        liked = self._liked(ratings.values)
        if not liked.any():
            raise no_likes(len(interactions))
        rule, cases = questions(ratings, liked, config.choose_on, rng)
        setting = Setting(catalog, config.like_from, int(rng.integers(2**32)))
        choice, newcomers, races = None, "popular", tuple[Race, ...]()
        text = "No viewer has five likes, so nothing could be compared"
        if cases:
            contest = Contest(setting, cases, config.budget, _AMOUNTS[rule])
            kinds = candidates(rule, config.most_films, len(catalog), config.like_from)
            finalists = contest.run(kinds)
            choice = chosen_for_known(contest, finalists, cases)
            newcomers, race = chosen_for_newcomers(setting, cases, contest, choice)
            races = (choice.race,) if race is None else (choice.race, race)
            text = _RULES[rule].format(len(contest.answers[finalists[0][0]].known))
        self.arrays["selection"] = Selection(text, f"NDCG@{DEPTH}", races).to_array()
        self._learn(choice, newcomers, setting, ratings)
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

    def _liked(self, values: NDArray[np.float32]) -> NDArray[np.bool_]:
        if self.config.like_from is None:
            return np.ones(len(values), dtype=np.bool_)
        return values >= self.config.like_from

    def _learn(
        self, choice: Choice | None, newcomers: str, setting: Setting, ratings: Interactions
    ) -> None:
        """Fits the parts of the choice on all ratings."""
        texts = choice.texts if choice else ("popular",)
        weights = np.array(choice.weights if choice else (1.0,), dtype=np.float32)
        models = []
        for text in texts:
            _log.info("fitting %s on all ratings", text)
            models.append(setting.fit(read_parts(text)[0], ratings))
        (prior,) = read_parts(newcomers)
        own = [model for model, text in zip(models, texts, strict=True) if text == newcomers]
        self.arrays["prior"] = (own or [setting.fit(prior, ratings)])[0].arrays["prior"]
        everything = np.zeros(0, dtype=np.bool_)
        mixture = Mixture(tuple(models), weights, self.config.like_from, everything)
        mixture = with_new_films(mixture, setting, ratings)
        texts = (*texts, FILLER) if len(mixture.only_new) else texts
        self.arrays["parts"] = np.frombuffer(" + ".join(texts).encode(), dtype=np.uint8).copy()
        self.arrays["weights"], self.arrays["only_new"] = mixture.weights, mixture.only_new
        self.arrays.update(arrays_of(mixture.parts))

    def _mixture(self) -> Mixture:
        """The fitted parts, restored once for the arrays of one fit."""
        parts = self.arrays["parts"]
        entry = self._restored.get("mixture")
        if entry is None or entry[0] is not parts:
            mixture = Mixture(
                tuple(restored(read_parts(_text(parts)), self.arrays)),
                self.arrays["weights"],
                self.config.like_from,
                self.arrays["only_new"],
            )
            self._restored["mixture"] = entry = (parts, mixture)
        return entry[1]


def _text(array: NDArray[np.uint8]) -> str:
    return bytes(array).decode()
