"""The record of a choice survives the way through an array."""

from __future__ import annotations

from matinee.models import Candidate, Race, Selection


def test_a_selection_is_read_as_it_was_written() -> None:
    candidates = (
        Candidate("ease l2=150", 0.34, 0.0, 0.0, 1.5),
        Candidate("popular", 0.15, -0.2, -0.18, 0.01, "left after 2 of 6 cuts"),
    )
    races = (Race("viewers with a history", 12, "ease l2=150", candidates),)
    selection = Selection("Likes after a cut", "NDCG@10", races)
    assert Selection.from_array(selection.to_array()) == selection
    assert Selection.from_json(selection.to_json()) == selection
