"""How a model chose, as tables of a report."""

from __future__ import annotations

from dataclasses import replace

from matinee.experiments.measuring.results import Comparison
from matinee.models import Candidate, Race, Selection
from matinee.service.pages.report.choices import choices

_RACE = Race(
    "new viewers",
    1200,
    "trending half_life=7",
    (
        Candidate("trending half_life=7", 0.4006, 0.0, 0.0, 0.02),
        Candidate("popular", 0.3952, -0.0121, -0.0012, 0.0, "left after 2 of 6 cuts"),
    ),
)


def test_each_race_is_a_table_with_the_chosen_one_marked(ranked: Comparison) -> None:
    assert list(choices(ranked)) == []
    first = ranked.results[0]
    selection = Selection("What viewers liked later", "NDCG@10", (_RACE,))
    splits = (replace(first.splits[0], selection=selection), *first.splits[1:])
    chosen = replace(ranked, results=(replace(first, splits=splits), *ranked.results[1:]))
    ((title, rule, table),) = choices(chosen)
    assert title == f"{first.name}, {first.splits[0].split}: 1,200 new viewers"
    assert rule == "What viewers liked later"
    assert table.rows == (
        ("trending half_life=7", "0.4006", "", "0.0 s", "chosen"),
        ("popular", "0.3952", "-0.0121 to -0.0012", "", "left after 2 of 6 cuts"),
    )
