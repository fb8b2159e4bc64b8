"""`retrain` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from tests.cli.conftest import Run

from matinee.service.record import Event, record
from matinee.service.site import Site

NOW = 1_700_000_000


def rate(home: Path, viewers: int, *, liked: range = range(120, 140)) -> None:
    rng = np.random.default_rng(0)
    with Site.open(f"sqlite:///{home / 'matinee.db'}", home / "artefacts") as site:
        for number in range(viewers):
            for place, film in enumerate(rng.choice(np.array(liked), 6, replace=False)):
                event = Event(
                    *(f"{number}-{film}", f"v{number}", "rating", str(film), 5.0),
                    time=NOW + 60 * place + number,
                )
                record(site, [event])


def test_a_retrain_learns_and_says_so(run: Run, home: Path, planted_folder: Path) -> None:
    assert "nothing to retrain" in run("retrain", status=1).err
    run("train", "ease", "-o", "l2=20", "--data", str(planted_folder), "--promote")
    assert run("retrain").out.splitlines()[-1].startswith("nothing new")
    rate(home, 30)
    dry = run("retrain", "--dry-run", "--json").json
    assert (dry["outcome"], dry["new_ratings"], dry["artefact"]) == ("dry run", 180, "")
    assert dry["comparison"]["viewers"] >= 20
    document = run("retrain", "--json", "--report", "report.json").json
    assert document == json.loads(Path("report.json").read_text(encoding="utf-8"))
    assert document["options"] == {"l2": 20.0}
    live = run("models", "live", "--json").json
    assert (live["hash"], live["ratings"]) == (document["artefact"], 1080)
    assert "nothing new" in run("retrain").out


def test_a_worse_model_ends_with_one_line(run: Run, home: Path, planted_folder: Path) -> None:
    run("train", "ease", "--data", str(planted_folder), "--promote")
    rate(home, 60)
    before = run("models", "live", "--json").json
    refused = run("retrain", "--model", "random", status=1)
    assert "the live one stays" in refused.out
    assert "is worse than the live one" in refused.err.splitlines()[-1]
    assert run("models", "live", "--json").json == before


def test_mistakes_are_one_line(run: Run, home: Path, planted_folder: Path) -> None:
    run("train", "ease", "--data", str(planted_folder), "--promote")
    assert "unknown model 'eas'" in run("retrain", "--model", "eas", status=2).err
    assert "l3" in run("retrain", "-o", "l3=1", status=2).err
    assert "nowhere" in run("retrain", "--data", "nowhere", status=2).err
