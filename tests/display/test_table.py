from __future__ import annotations

from matinee.display.table import Table


def test_numbers_are_aligned_right_and_words_left() -> None:
    rows = (("ease", "0.3"), ("popular", "0.25"))
    assert Table(("model", "NDCG"), rows).text() == ("model    NDCG\nease      0.3\npopular  0.25")
    assert Table(("film", "why"), (("Up", "short"),), words=True).text() == "film  why\nUp    short"


def test_rows_behind_a_screen_are_counted() -> None:
    rows = tuple((f"model {n}", "0.5") for n in range(50))
    text = Table(("model", "NDCG"), rows).text()
    assert len(text.splitlines()) == 22
    assert text.endswith("... and 30 more")


def test_one_row_is_printed_however_long_it_is() -> None:
    text = Table(("film", "why"), (("A", "b" * 2000), ("B", "c" * 2000)), words=True).text()
    assert text.count("b") == 2000
    assert text.endswith("... and 1 more")


def test_a_table_without_rows_is_its_heading() -> None:
    assert Table(("film", "why"), (), words=True).text() == "film  why"
