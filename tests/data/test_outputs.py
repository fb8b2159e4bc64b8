"""Lines at a prompt and outputs in notebooks say what is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from matinee.data import (
    Catalog,
    Constraints,
    Dataset,
    Expected,
    Film,
    Interactions,
    Query,
    Ranking,
    Reason,
    ReasonFilm,
)
from matinee.data.constraints import Lacking, Relaxation
from matinee.data.vocabulary import Vocabulary

FILMS = [
    Film("a", "Alien", 1979, 117, ("Horror", "Sci-Fi"), "R", directors=("Ridley Scott",)),
    Film("b", "Up", 2009, genres=("Animation",)),
    Film("c", "Fargo", 1996),
]
CATALOG = Catalog.of(FILMS)
DAY = 86_400


def ratings(times: list[int] | None = None) -> Interactions:
    return Interactions(
        np.array([0, 0, 1], dtype=np.int32),
        np.array([0, 1, 2], dtype=np.int32),
        np.array([5, 3.5, 1], dtype=np.float32),
        np.array([DAY, 2 * DAY, 4 * DAY] if times is None else times, dtype=np.int64),
        Vocabulary.of("viewer", ["7", "8"]),
        CATALOG.item_ids,
    )


DATA = Dataset("tiny", ratings(), CATALOG, "Free.")


def ranking() -> Ranking:
    reasons = (
        Reason("history", (ReasonFilm("a", "Alien (1979)", 5, "loved"),)),
        Reason("popular", facts=("animation",)),
    )
    return Ranking(
        items=np.array([2, 1], dtype=np.int32),
        scores=np.array([4.5, 3.5], dtype=np.float32),
        reasons=reasons,
        catalog=CATALOG,
        model="svd",
        version="unsaved",
        expected=(Expected(4.5, 3.5, 5.0), Expected(3.5)),
        lacking=(Lacking("runtime", 2, 38, 40),),
    )


def test_a_data_set_is_its_counts_scale_and_dates_in_a_line() -> None:
    assert repr(DATA) == (
        "Dataset tiny: 3 ratings from 1 to 5 of 3 films by 2 viewers, 1970-01-02 to 1970-01-05"
    )
    undated = replace(DATA, interactions=ratings([0, 0, 0]))
    assert repr(undated).endswith("by 2 viewers")
    empty = replace(DATA, interactions=Interactions.empty(CATALOG.item_ids))
    assert repr(empty) == "Dataset tiny: 3 films, no ratings"
    html = DATA._repr_html_()
    for fact in ("<td>3 from 1 to 5</td>", "<td>years, runtimes, genres", "<td>Free.</td>"):
        assert fact in html


def test_a_catalogue_names_the_facts_that_some_films_have() -> None:
    assert (
        repr(CATALOG) == "Catalog of 3 films with years, runtimes, genres, certificates, directors"
    )
    assert CATALOG.known["runtimes"] == 1
    assert CATALOG.known["years"] == 3
    assert CATALOG.known["cast"] == 0


def test_a_film_is_a_line_and_a_poster_with_its_facts() -> None:
    assert repr(FILMS[0]) == (
        "Film 'a': Alien (1979), Horror, Sci-Fi, Ridley Scott, 117 minutes, R"
    )
    html = FILMS[0]._repr_html_()
    assert 'class="poster motif-teeth' in html
    assert '<th scope="row">directors</th><td>Ridley Scott</td>' in html
    assert "overview" not in html


def test_a_query_names_its_latest_films_and_what_is_wanted() -> None:
    viewer = DATA.viewer("7")
    assert repr(viewer) == (
        "Query of 2 ratings, the latest Up (2009) 3.5, Alien (1979) 5; for 10 films"
    )
    wish = replace(viewer, n=3, constraints=Constraints(genres=("comedy",), max_runtime=90))
    assert repr(wish).endswith("; for 3 films where under:90 genre:comedy")
    assert "Wanted: 3 films where under:90 genre:comedy." in wish._repr_html_()
    assert "<td>1970-01-03</td>" in viewer._repr_html_()
    assert '<th scope="col">date</th>' not in DATA.history({"Alien": 5})._repr_html_()
    assert repr(Query([1], [4])) == "Query of 1 rating, the latest row 1 4; for 10 films"  # type: ignore[arg-type]
    assert repr(Query()) == "Query of 0 ratings; for 10 films"


def test_ratings_on_their_own_scale_are_shown_on_it() -> None:
    viewer = replace(DATA.viewer("7"), own=[100, 60])  # type: ignore[arg-type]
    assert "Up (2009) 60, Alien (1979) 100" in repr(viewer)


def test_a_ranking_is_a_table_at_a_prompt() -> None:
    assert repr(ranking()) == (
        "Ranking of 2 films by svd\n"
        "   film          expected       why\n"
        "1  Fargo (1996)  4.5 (3.5-5.0)  Because you loved Alien (1979)\n"
        "2  Up (2009)     3.5            Animation. A favourite with most viewers."
    )


def test_histories_of_counts_are_called_counts() -> None:
    plays = replace(ratings(), values=np.array([12, 1, 1], dtype=np.float32), counts=True)
    viewer = replace(DATA, interactions=plays).viewer("7")
    assert repr(viewer).startswith("Query of 2 counts, the latest Up (2009) 1, Alien (1979) 12")
    html = viewer._repr_html_()
    assert "History of 2 counts" in html
    assert "rating" not in html[html.index("History") :]
    own = replace(viewer, own=[4, 5])  # type: ignore[arg-type]
    assert repr(own).startswith("Query of 2 ratings")


def test_one_more_film_is_one_film() -> None:
    offer = Relaxation(Constraints(max_runtime=120), "3 minutes longer (under 120)", 1)
    html = replace(ranking(), relaxations=(offer,))._repr_html_()
    assert "3 minutes longer (under 120): 1 film<" in html


def test_a_ranking_is_a_wall_of_posters_in_a_notebook() -> None:
    html = ranking()._repr_html_()
    assert html.count("<li>") == html.count('class="poster') == 2
    assert "<b>1. Fargo (1996)</b><br><small>\u2605 4.5 (3.5-5.0)</small>" in html
    assert "<small>Because you loved Alien (1979)</small>" in html
    assert "no known runtime and cannot be shown; it is known for 38 of 40 films" in html


def test_a_frame_has_expected_stars_and_whole_reasons_and_the_same_columns_without() -> None:
    frame = ranking().to_frame()
    assert frame["expected"].to_list() == [4.5, 3.5]
    assert frame["low"].to_list() == [3.5, None]
    assert frame["high"].to_list() == [5.0, None]
    assert frame["reason"][0] == "Because you loved Alien (1979)"
    without = replace(ranking(), expected=()).to_frame()
    assert without.schema == frame.schema
    assert without["expected"].null_count() == 2
    nothing = replace(
        ranking(),
        items=np.empty(0, np.int32),
        scores=np.empty(0, np.float32),
        reasons=(),
        expected=(),
    )
    assert nothing.to_frame().schema == frame.schema
    assert pl.concat([frame, without, nothing.to_frame()]).height == 4
