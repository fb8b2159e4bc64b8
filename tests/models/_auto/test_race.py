"""The race: the better half goes on, fits are shared, and the work decides, not the clock."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.data import Catalog, Interactions
from matinee.models import Model
from matinee.models._auto.questions import questions
from matinee.models._auto.race import Answers, Contest, Setting, interval
from matinee.models._blend.parts import Part


@pytest.fixture
def contest(planted: Interactions, planted_catalog: Catalog) -> Contest:
    liked = np.ones(len(planted), dtype=np.bool_)
    _, asked = questions(planted, liked, "random", np.random.default_rng(0))
    return Contest(Setting(planted_catalog, None, 0), asked, 0.008, "questions")


_KINDS = [["popular"], ["item-knn"], [f"ease-sparse l2={l2}" for l2 in (20, 60, 200, 600)]]


def test_a_small_budget_drops_the_worse_half(contest: Contest) -> None:
    kept = [text for kind in contest.run(_KINDS) for text in kind]
    left = [text for text in contest.answers if text not in kept]
    assert len(left) == 1
    assert contest.answers[left[0]].quality <= min(contest.answers[each].quality for each in kept)
    assert contest.answers[left[0]].note.endswith("% of the viewers")


def test_half_lives_of_histories_share_a_fit(
    planted: Interactions, planted_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[str] = []
    original = Setting.fit

    def counted(self: Setting, part: Part, ratings: Interactions) -> Model:
        fitted.append(str(part))
        return original(self, part, ratings)

    monkeypatch.setattr(Setting, "fit", counted)
    liked = np.ones(len(planted), dtype=np.bool_)
    _, asked = questions(planted, liked, "random", np.random.default_rng(0))
    contest = Contest(Setting(planted_catalog, None, 0), asked, 10, "questions")
    half_lives = [f"ease-sparse half_life_items={n}" for n in (1, 5)]
    contest.run([half_lives, ["trending half_life=1", "trending half_life=90"]])
    assert len(fitted) == 3
    first, second = (contest.answers[each].scores[0].dense() for each in half_lives)
    assert not np.array_equal(first, second)


def test_an_interval_contains_the_mean() -> None:
    low, high = interval(np.array([0.1, 0.3, 0.2, 0.4]))
    assert low < 0.25 < high
    assert interval(np.full(9, 0.5)) == (0.5, 0.5)


def test_a_half_of_one_kind_gives_its_last_place_to_another(contest: Contest) -> None:
    """Six are alive and the best five are of one model: with six again no race would end."""
    alive = [*(f"ease-sparse l2={l2}" for l2 in (20, 60, 200, 400, 600)), "popular"]
    for place, text in enumerate(alive):
        contest.answers[text] = Answers(known={0: np.full(4, 1.0 - place / 10)})
    better = contest._better_half(alive, [alive[:5], alive[5:]], 1, 0.5)
    assert better == [*alive[:4], "popular"]


def test_the_best_of_every_kind_stays_for_sums_though_it_is_worse_alone(contest: Contest) -> None:
    linear = [f"ease-sparse l2={l2}" for l2 in (20, 60, 200, 400, 600)]
    factors = ["ials l2=0.01", "ials l2=0.02"]
    alive = [*linear, *factors, "popular"]
    for place, text in enumerate(alive):
        contest.answers[text] = Answers(known={0: np.full(4, 1.0 - place / 10)})
    kinds = [linear, factors, ["popular"]]
    contest.keeps_kinds = True
    better = contest._better_half(alive, kinds, 1, 0.5)
    assert better == [*linear[:4], factors[0]]
    assert contest.answers[linear[4]].note == "left after 50% of the viewers"


def test_the_record_knows_the_share_of_the_viewers(
    planted: Interactions, planted_catalog: Catalog
) -> None:
    liked = np.ones(len(planted), dtype=np.bool_)
    _, asked = questions(planted, liked, "random", np.random.default_rng(0))
    shares = []
    for budget in (1e-4, 10):
        contest = Contest(Setting(planted_catalog, None, 0), asked, budget, "questions")
        contest.run([["popular"], ["ease-sparse"]])
        shares.append(contest.share)
    assert shares[0] < shares[1] == 1
