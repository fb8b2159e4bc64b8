"""The pictures of a generated audience exist, and their counts agree with values by hand."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
import pytest
from docs.audience_figures import (
    HEIGHT,
    STATISTICS,
    WIDTH,
    Beside,
    Counted,
    Statistic,
    at_least,
    by_rank,
    figure,
    means,
    over_time,
)

from matinee.data import Interactions
from matinee.experiments.audience import AudienceConfig, audience

DOCS = Path(__file__).parents[2] / "docs"
_DAY = 86_400


@pytest.fixture(scope="module")
def pairs() -> list[Beside]:
    def counted(seed: int) -> Counted:
        ratings = audience(AudienceConfig(30, 60, 600, seed)).interactions
        return Counted(ratings, {"EASE": 0.1 + seed}, 30)

    return [Beside(name, "months", counted(0), counted(1)) for name in ("one", "two")]


def test_counts_become_shares_and_ranks() -> None:
    assert at_least(np.array([5, 1, 1, 2])) == ([1, 2, 5], [1.0, 0.5, 0.25])
    assert by_rank(np.array([0, 3, 7, 3])) == ([1, 2, 3], [7.0, 3.0, 3.0])


def test_a_long_curve_keeps_its_ends_and_is_thinned() -> None:
    ranks, counts = by_rank(np.arange(1, 10_001))
    assert (ranks[0], ranks[-1], counts[0], counts[-1]) == (1, 10_000, 10_000.0, 1.0)
    assert len(ranks) <= 160
    assert all(rank + count == 10_001 for rank, count in zip(ranks, counts, strict=True))


def test_over_time_counts_from_the_first() -> None:
    times = np.array([_DAY, _DAY, 3 * _DAY + 1, 2 * _DAY - 1])
    assert over_time(times, 1) == ([0, 1, 2, 3], [0.75, 0.0, 0.25, 0.25])


def test_means_are_counted_at_the_nearest_step(planted: Interactions) -> None:
    rows = np.flatnonzero(planted.users < 2)
    few = planted.select(rows)
    steps, shares = means(few, width=1.0)
    assert steps == [1.0, 2.0, 3.0, 4.0, 5.0]
    expected = [0.0] * 5
    for user in (0, 1):
        mean = sum(few.values[few.users == user].tolist()) / 15
        expected[round(mean) - 1] += 0.5
    assert shares == expected


@pytest.mark.parametrize("statistic", STATISTICS, ids=lambda each: each.file)
def test_both_audiences_differ_in_both_panels(statistic: Statistic, pairs: list[Beside]) -> None:
    drawn = figure(statistic, pairs)
    names = [(trace["name"], trace["xaxis"]) for trace in drawn["data"]]
    assert names == [
        ("MovieLens", "x1"), ("generated", "x1"), ("MovieLens", "x2"), ("generated", "x2"),
    ]  # fmt: skip
    looks = [trace.get("line") or trace["marker"] for trace in drawn["data"]]
    assert looks[0] == looks[2] != looks[1] == looks[3]
    assert sum(trace["showlegend"] for trace in drawn["data"]) == 2
    assert drawn["layout"]["yaxis1"]["title"]["text"]
    assert all(len(trace["x"]) == len(trace["y"]) > 0 for trace in drawn["data"])
    notes = [note["text"].split("<br>")[0] for note in drawn["layout"]["annotations"]]
    assert notes == ["<b>beside one</b>", "<b>beside two</b>"]


def test_every_picture_exists_and_has_a_description() -> None:
    page = (DOCS / "generated-audience.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"!\[([^\]]*)\]\((images/[^)]+)\)", page))
    assert sorted(shown.values()) == sorted(
        f"images/audience-{each.file}.png" for each in STATISTICS
    )
    assert all(len(words) > 80 for words in shown)
    for name in shown.values():
        content = (DOCS / name).read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", content[16:24])
        assert (width, height) == (WIDTH * 1.5, HEIGHT * 1.5)
        assert 20_000 < len(content) < 120_000
