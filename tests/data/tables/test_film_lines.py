"""Catalogues as lines of JSON."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from tests.data.test_catalog import FILMS

from matinee.data.catalog import Catalog, Film
from matinee.data.provenance import Provenance
from matinee.data.tables.film_lines import read_film_lines, write_film_lines


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(FILMS)
def test_what_is_written_is_read(tmp_path: Path, films: list[Film]) -> None:
    file, provenance = tmp_path / "films.jsonl", Provenance.single("ours", films)
    write_film_lines(file, Catalog.of(films), provenance, ["a note"])
    catalog, read, notes = read_film_lines(file)
    assert catalog.films() == films
    assert notes == ("a note",)
    assert (read.sources, read.fields) == (provenance.sources, provenance.fields)
    assert read.chosen.tolist() == provenance.chosen.tolist()
    assert read.rows.tolist() == provenance.rows.tolist()
