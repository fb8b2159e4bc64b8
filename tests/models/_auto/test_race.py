"""The race: the better half goes on, fits are shared, and the work decides, not the clock."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.data import Catalog, Interactions
from matinee.models import Model
from matinee.models._auto.questions import questions
from matinee.models._auto.race import Contest, Setting, interval, newcomers_ndcg
from matinee.models._blend.held_out import HeldOut
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
    first, second = (contest.answers[each].scores[0] for each in half_lives)
    assert not np.array_equal(first, second)


def test_an_interval_contains_the_mean() -> None:
    low, high = interval(np.array([0.1, 0.3, 0.2, 0.4]))
    assert low < 0.25 < high
    assert interval(np.full(9, 0.5)) == (0.5, 0.5)


def test_newcomers_share_one_list(contest: Contest) -> None:
    (question,) = contest._questions
    ranking = np.arange(question.train.n_items, 0, -1).astype(np.float32)
    known = question.known
    nothing = known.histories.select(np.zeros(known.histories.ratings.nnz, dtype=np.bool_))
    asked = HeldOut(known.train, nothing, known.targets)
    expected = asked.ndcg(np.tile(ranking, (len(nothing), 1)), 10)
    np.testing.assert_allclose(newcomers_ndcg(ranking, asked), expected)
