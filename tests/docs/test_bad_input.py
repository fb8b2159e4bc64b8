"""Bad input is refused in one line and leaves nothing behind, and the page is up to date."""

from __future__ import annotations

import pytest
from docs.bad_input import PAGE, Outcome, page, run
from docs.bad_input_cases import REFUSED, REPAIRED, Case

_REFUSED = [case for cases in REFUSED.values() for case in cases]
_NOTES = {"fetch netflix-prize": 1}
"""Lines before the error: the terms of a data set are shown before it is fetched."""
_FAILURES = {"fetch netflix-prize", "data describe r.csv --html no/p.html"}


@pytest.fixture(scope="module")
def outcomes() -> dict[Case, Outcome]:
    return {case: run(case) for case in [*_REFUSED, *REPAIRED]}


def named(case: Case) -> str:
    return case.what


@pytest.mark.parametrize("case", _REFUSED, ids=named)
def test_bad_input_is_refused_in_one_line_and_leaves_no_file(
    case: Case, outcomes: dict[Case, Outcome]
) -> None:
    outcome = outcomes[case]
    assert outcome.status == (1 if case.command in _FAILURES else 2)
    assert (outcome.out, outcome.left) == ("", ())
    *notes, error = outcome.err.splitlines()
    assert error.startswith("matinee: ")
    assert len(notes) == _NOTES.get(case.command, 0)
    assert "Traceback" not in outcome.err
    assert "/tmp" not in error.replace("'/tmp/ratings.csv'", "")  # noqa: S108 - a name in a zip


@pytest.mark.parametrize("case", REPAIRED, ids=named)
def test_repaired_input_is_read_and_reported(case: Case, outcomes: dict[Case, Outcome]) -> None:
    outcome = outcomes[case]
    assert outcome.status == 0, outcome.err
    assert "matinee: " not in outcome.err
    if case.command.startswith("import"):
        assert "use it with --data" in outcome.out
        assert any(each.startswith("home/imported/") for each in outcome.left)
    assert not any(each.startswith("passing/") for each in outcome.left)


def test_cases_have_different_names() -> None:
    assert len({case.what for case in _REFUSED}) == len(_REFUSED)
    assert len({case.what for case in REPAIRED}) == len(REPAIRED)


def test_the_page_is_up_to_date(outcomes: dict[Case, Outcome]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(outcomes), "run: make docs"


def test_nothing_is_printed_past_python(capfd: pytest.CaptureFixture[str]) -> None:
    """A compiled library can print past Python's streams."""
    for case in (each for each in _REFUSED if "arquet" in each.what or "zip" in each.command):
        run(case)
    assert capfd.readouterr() == ("", "")
