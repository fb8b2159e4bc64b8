"""Every model on some wild questions; `queries.py` asks as many as wanted."""

from __future__ import annotations

import pytest
from tests.fuzz.queries import question, recommender_of

from matinee import plugins


@pytest.mark.parametrize("name", plugins.names("models"))
def test_a_wild_question_is_refused_by_name_or_answered_with_finite_numbers(name: str) -> None:
    recommender = recommender_of(name)
    outcomes = {seed: question(recommender.model, recommender, seed) for seed in range(60)}
    assert {"answer", "refusal"} <= set(outcomes.values())
    wrong = [each for each in outcomes.items() if each[1] not in ("answer", "refusal")]
    assert wrong == []
