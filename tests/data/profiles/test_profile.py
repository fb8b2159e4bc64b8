from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Catalog, Dataset, Film, Interactions, Vocabulary
from matinee.data.cleaning import Finding
from matinee.data.fetching.cache import Cache
from matinee.data.merging.duplicates import Duplicate, duplicates
from matinee.data.profiles.charts import charts
from matinee.data.profiles.profile import Activity, profile
from matinee.data.profiles.rows import sections
from matinee.data.sources import load

FILMS = (
    Film(id="1", title="Rage", year=1995, runtime=90, genres=("Drama",)),
    Film(id="2", title="Rage!", year=1995, overview="Anger."),
    Film(id="3", title="Rage", year=1996, imdb_id="tt7"),
    Film(id="4", title="Calm", imdb_id="tt7"),
    Film(id="5", title="Calm"),
)
FEB = 825_000_000  # 1996-02-22
APRIL = 829_000_000  # 1996-04-08


def dataset(
    counts: tuple[int, ...] = (6, 3, 1, 0, 0), times: tuple[int, ...] | None = None
) -> Dataset:
    """The first `counts[row]` viewers rated the film of that row."""
    catalog = Catalog.of(FILMS)
    items = np.repeat(np.arange(len(counts)), counts)
    users = np.concatenate([np.arange(count) for count in counts])
    return Dataset(
        "planted",
        Interactions(
            users=users.astype(np.int32),
            items=items.astype(np.int32),
            values=(users % 2 + 3).astype(np.float32),
            times=np.array(times or [FEB] * len(items), dtype=np.int64),
            user_ids=Vocabulary.of("viewer", range(8)),
            item_ids=catalog.item_ids,
        ),
        catalog,
        licence="Free for all.",
    )


def test_rated_films_are_counted_apart_from_all_films() -> None:
    measured = profile(dataset())
    assert (measured.viewers, measured.viewers_rating) == (8, 6)
    assert (measured.films, measured.films_rated, measured.ratings) == (5, 3, 10)
    assert measured.density == pytest.approx(10 / 40)
    assert measured.values == ((3.0, 6), (4.0, 4))
    assert measured.mean == pytest.approx(3.4)


def test_the_long_tail_is_as_computed_by_hand() -> None:
    tail = profile(dataset()).long_tail
    assert tail is not None
    assert tail.top_1 == tail.top_10 == pytest.approx(0.6)  # one film of three
    assert tail.gini == pytest.approx(1 / 3)  # (6*2 + 3*0 - 1*2) / (3 * 10)
    assert tail.rare == 2
    assert np.array(tail.curve) == pytest.approx(
        np.array([(0, 0), (1 / 3, 0.6), (2 / 3, 0.9), (1, 1)])
    )


@given(st.lists(st.integers(0, 6), min_size=5, max_size=5).filter(any))
def test_gini_is_half_the_mean_difference_over_the_mean(counts: list[int]) -> None:
    tail = profile(dataset(tuple(counts))).long_tail
    rated = np.array([count for count in counts if count])
    differences = np.abs(rated[:, None] - rated[None, :]).mean()
    assert tail is not None
    assert tail.gini == pytest.approx(differences / (2 * rated.mean()))


@given(st.lists(st.integers(0, 60), min_size=5, max_size=5).filter(any))
def test_bins_cover_every_viewer_once_and_agree_with_numpy(counts: list[int]) -> None:
    data = dataset(tuple(min(count, 8) for count in counts))
    ratings = data.interactions
    of_viewer = np.bincount(ratings.users)
    spread = profile(data).per_viewer
    assert spread is not None
    assert dict(spread.quantiles)[50] == np.median(of_viewer)
    for lowest, highest, size in spread.bins:
        assert size == np.count_nonzero((of_viewer >= lowest) & (of_viewer <= highest))
    assert sum(size for *_, size in spread.bins) == len(of_viewer)


def test_activity_counts_months_and_undated_ratings() -> None:
    assert profile(dataset((3, 1), (FEB, APRIL, 0, FEB + 1))).activity == Activity(
        first="1996-02-22 14:40:00",
        last="1996-04-08 21:46:40",
        months=(("1996-02", 2), ("1996-04", 1)),
        undated=1,
    )
    assert profile(dataset((2,), (0, 0))).activity is None


def test_every_field_of_the_catalogue_is_counted() -> None:
    known = {each.field: (each.films, each.share) for each in profile(dataset()).known}
    assert known["year"] == (3, 0.6)
    assert known["runtime"] == known["genre"] == known["overview"] == (1, 0.2)
    assert known["IMDb id"] == (2, 0.4)
    assert known["country"] == known["certificate"] == known["TMDB id"] == (0, 0.0)


def test_duplicates_share_title_and_year_or_an_id() -> None:
    assert duplicates(Catalog.of(FILMS)) == (
        Duplicate("Rage (1995)", ("1", "2"), ("title and year",)),
        Duplicate("Rage (1996)", ("3", "4"), ("IMDb id",)),
    )


def test_duplicates_in_several_ways_are_listed_once() -> None:
    film = Film(id="1", title="Rage", year=1995, imdb_id="tt1", tmdb_id="1")
    (group,) = duplicates(Catalog.of([film, replace(film, id="2")]))
    assert group == Duplicate("Rage (1995)", ("1", "2"), ("title and year", "IMDb id", "TMDB id"))
    assert str(group) == (
        "Rage (1995): 1, 2 (same title and year and same IMDb id and same TMDB id)"
    )


def test_attributes_have_counts_of_few_values_or_a_spread_of_many_numbers() -> None:
    viewers = pl.DataFrame(
        {
            "user_id": [str(row) for row in range(40)],
            "n": ["x"] * 30 + ["y"] * 9 + [None],
            "age": range(10, 50),
            "zip_code": [f"z{row}" for row in range(40)],
        }
    )
    n, age, zip_code = profile(replace(dataset(), demographics=viewers)).traits
    assert (n.viewers, n.distinct, n.commonest) == (39, 2, (("x", 30), ("y", 9)))
    assert age.commonest == ()
    assert age.spread is not None
    assert age.spread.mean == pytest.approx(29.5)
    assert age.spread.bins == ((10, 19, 10), (20, 49, 30))
    assert (zip_code.distinct, zip_code.commonest, zip_code.spread) == (40, (), None)


@pytest.mark.parametrize("films", [(), FILMS])
def test_a_catalogue_without_ratings_is_described_by_its_films(films: tuple[Film, ...]) -> None:
    catalog = Catalog.of(films)
    measured = profile(Dataset("bare", Interactions.empty(catalog.item_ids), catalog, "Free."))
    assert (measured.films, measured.ratings) == (len(films), 0)
    assert (measured.density, measured.mean, measured.long_tail, measured.activity) == (None,) * 4
    titles = [section.title for section in sections(measured)]
    assert "Counts" in titles
    assert "Ratings" not in titles
    assert dict(sections(measured)[0].rows)["ratings"] == "none"


def test_json_has_plain_values_with_notes_and_findings() -> None:
    finding = Finding("repeated ratings, the last kept", 2, ("u.data, line 3",))
    measured = profile(replace(dataset(), notes=("A note.",), findings=(finding,)))
    document = measured.to_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["findings"] == [
        {"kind": finding.kind, "count": 2, "examples": ["u.data, line 3"]}
    ]
    rows = {section.title: section.rows for section in sections(measured)}
    assert rows["Findings"] == (("2", "repeated ratings, the last kept (u.data, line 3)"),)
    assert rows["Notes"] == (("", "A note."),)
    assert rows["Ratings"][0] == ("3", "6 (60.0 %)")


def test_a_long_list_of_duplicates_is_cut_with_a_note() -> None:
    films = [Film(id=str(row), title=f"Film {row // 2}", year=1990) for row in range(60)]
    catalog = Catalog.of(films)
    measured = profile(Dataset("bare", Interactions.empty(catalog.item_ids), catalog, "Free."))
    rows = next(each.rows for each in sections(measured) if each.title == "Films that may be one")
    assert rows[-1][1].startswith("and 5 more")


def test_movielens_100k_has_its_published_counts(mirror: Path, tmp_path: Path) -> None:
    # A cache of its own, and a mirror of ratings alone, so that no film table is looked for.
    measured = profile(load(str(mirror / "ml-100k"), Cache(tmp_path, mirror=mirror)))
    assert (measured.viewers, measured.films, measured.ratings) == (943, 1682, 100_000)
    assert [count for _, count in measured.values] == [6110, 11370, 27145, 34174, 21201]
    assert measured.per_viewer is not None
    assert dict(measured.per_viewer.quantiles)[0] == 20
    assert measured.activity is not None
    assert measured.activity.first == "1997-09-20 03:05:10"
    by_title = [each for each in measured.duplicates if "title and year" in each.same]
    assert len(by_title) == 18


def test_counts_come_in_classes_and_without_a_scale() -> None:
    values = np.array([1, 1, 2, 3, 7, 9, 12, 300], dtype=np.float32)
    n = len(values)
    films = Catalog.of(Film(str(each), f"Film {each}") for each in range(n))
    counts = Interactions(
        users=np.zeros(n, dtype=np.int32),
        items=np.arange(n, dtype=np.int32),
        values=values,
        times=np.zeros(n, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", ["1"]),
        item_ids=films.item_ids,
        scale=(0.0, 1.0),
        counts=True,
    )
    described = profile(Dataset("plays", counts, films, licence=""))
    assert described.scale is None
    assert list(described.values) == [(1, 2), (2, 2), (5, 2), (10, 1), (200, 1)]
    [rows] = [
        each.rows for each in sections(described) if each.title == "Counts per viewer and film"
    ]
    assert [label for label, _ in rows] == [
        *("1", "2 to 4", "5 to 9", "10 to 199", "200 and more", "mean")
    ]
    assert rows[-1][1] == "41.88 per viewer and film"
    assert dict(sections(described)[0].rows)["counts"] == "8"
    chart = next(charts(described))
    assert chart.title == "Counts"
    assert chart.caption == "The most frequent count is 1; the mean is 41.88."
    assert list(chart.figure["data"][0]["x"]) == [label for label, _ in rows[:-1]]
