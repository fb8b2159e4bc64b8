"""The source of every fact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.data.catalog import Film
from matinee.data.provenance import FACTS, Provenance
from matinee.errors import UnknownNameError

CHOSEN = np.full((3, len(FACTS)), -1, dtype=np.int8)
CHOSEN[:, 0] = (0, 0, 1)
CHOSEN[0, FACTS.index("runtime")] = 1
ROWS = np.array([[0, 4], [1, -1], [-1, 2]], dtype=np.int32)
PROVENANCE = Provenance(("ours", "theirs"), FACTS, CHOSEN, ROWS)


def test_every_fact_of_a_film_has_its_source() -> None:
    assert FACTS[0] == "title"
    assert [PROVENANCE.of(row, "title") for row in range(3)] == ["ours", "ours", "theirs"]
    assert [PROVENANCE.of(row, "runtime") for row in range(3)] == ["theirs", "", ""]
    with pytest.raises(UnknownNameError, match="unknown field 'runtme'; did you mean 'runtime'"):
        PROVENANCE.of(0, "runtme")


def test_a_fact_that_an_older_version_did_not_know_has_no_source() -> None:
    older = replace(PROVENANCE, fields=FACTS[:-2], chosen=CHOSEN[:, :-2])
    assert (older.of(0, "title"), older.of(0, "votes")) == ("ours", "")


def test_facts_and_films_are_counted_by_source() -> None:
    assert PROVENANCE.counts()["title"] == {"ours": 2, "theirs": 1}
    assert PROVENANCE.counts()["runtime"] == {"ours": 0, "theirs": 1}
    assert PROVENANCE.films() == {"ours": 2, "theirs": 2}


def test_a_film_has_the_sources_that_list_it() -> None:
    having = [PROVENANCE.having(row) for row in range(3)]
    assert having == [("ours", "theirs"), ("ours",), ("theirs",)]


def test_a_fact_that_another_source_fills_has_that_source() -> None:
    before = [Film("1", "Heat", 1995), Film("2", "Fargo", 1996, runtime=98)]
    after = [replace(film, runtime=film.runtime or 170, certificate="R") for film in before]
    filled = Provenance.single("ours", before).filled("TMDB", before, after)
    assert filled.sources == ("ours", "TMDB")
    assert [filled.of(row, "runtime") for row in (0, 1)] == ["TMDB", "ours"]
    assert [filled.of(row, "certificate") for row in (0, 1)] == ["TMDB", "TMDB"]
    assert filled.of(0, "overview") == ""
    assert filled.having(0) == ("ours",)
    again = filled.filled("TMDB", after, [replace(film, overview="...") for film in after])
    assert (again.sources, again.of(1, "overview")) == (("ours", "TMDB"), "TMDB")
