"""Output of `evaluate`: curves, groups of the protocol, warnings and notes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

EASE = ("evaluate", "ease", "popular", "--defaults")


def test_a_curve_is_printed_point_by_point_and_its_mean_is_named(
    run: Run, planted_folder: Path
) -> None:
    outcome = run(*EASE, "--data", str(planted_folder), "--protocol", "cold-viewers")
    (head,) = [line for line in outcome.out.splitlines() if line.startswith("ndcg@10 ")][-1:]
    assert head.split() == [
        "ndcg@10", "0", "shown", "1", "shown", "3", "shown", "5", "shown", "10", "shown",
        "mean", "over", "the", "curve",
    ]  # fmt: skip


def test_seeds_are_averaged_at_every_point_of_a_curve(run: Run, planted_folder: Path) -> None:
    options = ("--protocol", "cold-viewers", "--seed", "0", "--seed", "1")
    outcome = run(*EASE, "--data", str(planted_folder), *options)
    document = run(*EASE, "--data", str(planted_folder), *options, "--json")
    (ease,) = [each for each in document.json["results"] if each["model"] == "ease"]
    last = [each["metrics"]["ndcg@10"] for each in ease["splits"] if each["split"] == "10 shown"]
    assert len(last) == 2
    assert outcome.out.count("10 shown") == 1
    (row,) = [
        line
        for line in outcome.out.splitlines()
        if line.split()[:1] == ["ease"] and "[" not in line
    ]
    assert float(row.split()[5]) == pytest.approx(sum(last) / 2, abs=1e-4)


def test_a_long_curve_goes_down_the_page(run: Run, planted_folder: Path) -> None:
    outcome = run(*EASE, "--data", str(planted_folder), "--protocol", "prequential")
    lines = outcome.out.splitlines()
    (start,) = [place for place, line in enumerate(lines) if line.startswith("ndcg@10 by time")]
    assert set(lines[start].split()[3:]) == {"ease", "popular"}
    assert lines[start + 1].startswith("1: from 1997-")
    assert lines[start + 11].startswith("mean over the curve")


def test_groups_and_notes_of_the_protocol_are_printed(run: Run, planted_folder: Path) -> None:
    film = (planted_folder / "u.item").read_text().partition("|")[0]
    with (planted_folder / "u.data").open("a") as ratings:
        ratings.write(f"999\t{film}\t5\t2000000000\n")
    with (planted_folder / "u.user").open("a") as viewers:
        viewers.write("999|30|F|writer|00000\n")
    outcome = run(*EASE, "--data", str(planted_folder), "--protocol", "time")
    rows = [line.split() for line in outcome.out.splitlines()]
    assert ["model", "group", "viewers", "ratings", "ndcg@10", "recall@10"] in rows
    assert any(row[:3] == ["ease", "new", "viewers"] for row in rows)
    assert "that nobody rated before" in outcome.err
    document = run(*EASE, "--data", str(planted_folder), "--protocol", "time", "--json").json
    assert "known viewers" in document["results"][0]["splits"][0]["parts"]
    assert "nobody rated before" in document["notes"][0]["notes"][0]


def test_sampled_candidates_have_a_warning(run: Run, planted_folder: Path) -> None:
    outcome = run(*EASE, "--data", str(planted_folder), "--candidates", "10")
    assert "10 sampled" in outcome.out
    assert "sampled candidates: not comparable with full ranking (Krichene & Rendle 2020)" in (
        outcome.err
    )


def test_every_model_has_its_audit(run: Run, planted_folder: Path) -> None:
    outcome = run(*EASE, "--data", str(planted_folder), "--audit")
    assert outcome.err.count(": audit ") == 2
    assert "with permuted films" in outcome.err


def test_a_model_with_constant_scores_is_named(run: Run, planted_folder: Path) -> None:
    outcome = run("evaluate", "popular", "--data", str(planted_folder), "--protocol", "cold")
    assert "popular: all scores equal: " in outcome.err


def test_the_threshold_of_the_answering_model_is_named_with_its_flag(
    run: Run, planted_folder: Path
) -> None:
    data = ("--data", str(planted_folder))
    note = (
        "ease: every rating is a like here, and on the site those from 3.5 on; "
        "evaluate that with --relevant-from 3.5"
    )
    assert note in run(*EASE, *data).err
    for asked in (("--relevant-from", "3.5"), ("--min-rating", "4"), ("--protocol", "ratings")):
        models = ("baseline", "--defaults") if "ratings" in asked else EASE[1:]
        assert "and on the site" not in run("evaluate", *models, *data, *asked).err
    explicit = run("evaluate", "ease:min_rating=4", *data)
    assert "and on the site" not in explicit.err


def test_how_ratings_were_cut_stands_beside_the_protocol(run: Run, planted_folder: Path) -> None:
    data = ("--data", str(planted_folder))
    outcome = run(*EASE, *data, "--share", "0.7", "--relevant-from", "4")
    assert "protocol random (relevant from 4.0, share 0.7)," in outcome.err
    assert "test ratings are 4 or more and are targets" in outcome.err


def test_cuts_are_columns_and_the_interval_says_how_newcomers_count(
    run: Run, planted_folder: Path
) -> None:
    outcome = run(*EASE, "--data", str(planted_folder), "--protocol", "time", "--cuts", "3")
    (heading,) = [line for line in outcome.out.splitlines() if line.startswith("ndcg@10  ")]
    assert heading.count(": from ") == 3
    assert heading.endswith("mean")
    assert "protocol time (cuts 3)," in outcome.err
    assert "new viewers of a cut share one list and are resampled by cut" in outcome.err


def test_a_replay_says_how_often_models_were_fitted(run: Run, planted_folder: Path) -> None:
    data = ("--data", str(planted_folder), "--protocol", "prequential")
    for rhythm, fits in (("never", ["fits", "1", "1"]), ("window", ["fits", "10", "10"])):
        outcome = run(*EASE, *data, "--retrain", rhythm)
        assert fits in [line.split() for line in outcome.out.splitlines()]
        assert f"protocol prequential (retrain {rhythm})," in outcome.err
