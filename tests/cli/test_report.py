"""evaluate --report."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run


def test_a_report_is_written_beside_the_answer(
    run: Run, planted_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "pages" / "report.html"
    file.parent.mkdir()
    flags = ["--data", str(planted_folder), "--defaults", "--report", str(file)]
    outcome = run("evaluate", "popular", "ease", *flags, "--json")
    assert len(outcome.json["results"]) == 2
    assert f"the report is {file}" in outcome.err
    page = file.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert list(file.parent.iterdir()) == [file]  # and nothing half written


def test_without_plotly_the_error_names_the_extra(
    run: Run, planted_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what an import finds when it is missing
    for name in {"plotly", *(each for each in sys.modules if each.startswith("plotly."))}:
        monkeypatch.setitem(sys.modules, name, None)
    file = tmp_path / "report.html"
    outcome = run(
        "evaluate", "ease", "--data", str(planted_folder), "--report", str(file), status=1
    )
    assert "pip install 'matinee[report]'" in outcome.err
    assert outcome.out == ""
    assert not file.exists()
