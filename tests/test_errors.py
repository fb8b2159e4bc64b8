"""Suggestions for misspelt names."""

from __future__ import annotations

import pytest

from matinee.errors import closest


@pytest.mark.parametrize(
    ("name", "known", "best"),
    [
        ("ndgc", ["ndcg", "ndcl", "map"], "ndcg"),
        ("ndgc", ["ndcl", "ndcg", "ndca"], "ndcg"),
        ("isal", ["isalt", "ials", "ease"], "ials"),
        ("EAZE", ["ease", "slim"], "ease"),
        ("recal", ["recall", "precision"], "recall"),
    ],
)
def test_swapped_letters_come_before_other_letters(name: str, known: list[str], best: str) -> None:
    assert closest(name, known)[0] == best
    assert closest(name, known[::-1], n=1) == [best]


def test_nothing_is_close_to_another_word() -> None:
    assert closest("zzz", ["ease", "slim"]) == closest("ease", []) == []
