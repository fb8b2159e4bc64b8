"""Searches in a file: resumed, completed, interrupted, damaged."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from matinee.data import Dataset
from matinee.errors import DataError, FailureError, InputError
from matinee.experiments.measuring.candidate_models import Trial
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.tuning.plan import Plan
from matinee.experiments.tuning.search import tune


@pytest.mark.parametrize("first", [1, 3])
def test_a_sample_of_combinations_is_completed(
    dataset: Dataset, tmp_path: Path, first: int
) -> None:
    search = {"l2": [10, 300, 1000], "lowest_weight": [0.5, 1]}
    study = tmp_path / "ease.study"
    sampled = tune("ease", dataset, search=search, trials=first, study=study).trials
    whole = tune("ease", dataset, search=search, trials=6, study=study).trials
    assert whole[:first] == sampled
    assert whole[0].options == {"l2": 300, "lowest_weight": 1}
    assert len({tuple(trial.options.values()) for trial in whole}) == 6
    later = [trial.options for trial in whole[first:]]
    assert not any(trial.options in later for trial in sampled)
    assert tune("ease", dataset, search=search, trials=9, study=study).trials == whole


def test_a_combination_that_was_stopped_is_tried_again(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search, study = {"l2": [10, 100, 1000]}, tmp_path / "ease.study"
    with monkeypatch.context() as stopped:
        stopped.setattr(MetricSet, "decisive", _stop)
        with pytest.raises(KeyboardInterrupt):
            tune("ease", dataset, search=search, trials=3, study=study)
    found = tune("ease", dataset, search=search, trials=3, study=study)
    assert sorted(trial.options["l2"] for trial in found.trials) == [10, 100, 1000]


def _stop(*_: object) -> float:
    raise KeyboardInterrupt


class TestStudy:
    def test_a_resumed_search_adds_new_trials(self, dataset: Dataset, tmp_path: Path) -> None:
        trials: tuple[Trial, ...] = ()
        for n in (2, 7, 9):
            found = tune(Plan("ease"), dataset, trials=n, study=tmp_path / "ease.study")
            assert found.trials[: len(trials)] == trials
            assert len(set(map(str, found.trials))) == n
            trials = found.trials

    def test_an_interrupt_keeps_the_finished_trials(
        self, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        decisive = MetricSet.decisive
        n_scores = 0

        def stopping(*arguments: Any) -> float:
            nonlocal n_scores
            n_scores += 1
            if n_scores == 4:
                raise KeyboardInterrupt
            return decisive(*arguments)

        monkeypatch.setattr(MetricSet, "decisive", stopping)
        with pytest.raises(KeyboardInterrupt):
            tune(Plan("ease"), dataset, trials=6, study=tmp_path / "ease.study")
        found = tune(Plan("ease"), dataset, trials=6, study=tmp_path / "ease.study")
        assert n_scores == 4 + 3
        assert len(found.trials) == 6

    def test_an_incomplete_last_line_is_dropped(self, dataset: Dataset, tmp_path: Path) -> None:
        study = tmp_path / "ease.study"
        tune(Plan("ease"), dataset, trials=3, study=study)
        study.write_bytes(study.read_bytes() + b'{"op_code":6,"wor')
        assert len(tune(Plan("ease"), dataset, trials=4, study=study).trials) == 4

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"seeds": (1,)}, "another seeds"),
            ({"metric": "recall@5"}, "another metric"),
            ({"min_rating": 2.0}, "another min rating"),
            ({"relevant_from": 4}, "another relevant from"),
            ({"search": {"min_rating": 3}}, "another fixed options"),
        ],
    )
    def test_a_study_of_something_else_is_refused(
        self, dataset: Dataset, tmp_path: Path, change: dict[str, Any], named: str
    ) -> None:
        study = tmp_path / "ease.study"
        tune(Plan("ease"), dataset, trials=1, study=study)
        with pytest.raises(InputError, match=f"is about {named}"):
            tune(Plan("ease", **change), dataset, trials=1, study=study)

    @pytest.mark.parametrize(
        "content",
        [
            "not JSON\n",
            "not JSON",
            '{"a": 1}\n',
            "[1]\n",
            "[" * 100_000 + "\n",
            '{"op_code": 0, "study_name": "another"}\n',
            '{"op_code": 0, "study_name": "matinee", "directions": [2]}\nnot JSON\n',
            '{"op_code": 0, "study_name": "matinee"}\n',
            '{"op_code": 9, "study_name": "matinee"}\n',
        ],
    )
    def test_damaged_studies_are_refused_and_other_files_never_changed(
        self, dataset: Dataset, tmp_path: Path, content: str
    ) -> None:
        other = tmp_path / "notes.txt"
        other.write_text(content)
        with pytest.raises(DataError, match=r"notes\.txt is not a study of matinee, or is damaged"):
            tune(Plan("ease"), dataset, trials=1, study=other)
        if '"study_name": "matinee"' not in content:
            assert other.read_text() == content

    def test_reading_never_unpickles(
        self, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("something was unpickled")

        tune(Plan("ease"), dataset, trials=2, study=tmp_path / "ease.study")
        monkeypatch.setattr(pickle, "loads", refuse)
        monkeypatch.setattr(pickle, "load", refuse)
        assert len(tune(Plan("ease"), dataset, trials=3, study=tmp_path / "ease.study").trials) == 3
        for line in (tmp_path / "ease.study").read_text().splitlines():
            json.loads(line)

    def test_a_missing_folder_is_an_error(self, dataset: Dataset, tmp_path: Path) -> None:
        with pytest.raises(FailureError, match="cannot be opened: No such file"):
            tune(Plan("ease"), dataset, trials=1, study=tmp_path / "none" / "ease.study")
