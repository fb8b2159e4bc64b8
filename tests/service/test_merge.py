"""Several data sets as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee import plugins
from matinee.data import Catalog, Dataset, Film, Interactions
from matinee.data.cleaning import Finding
from matinee.data.dataset import MOVIELENS
from matinee.data.fetching.cache import Cache
from matinee.errors import InputError, UnknownNameError
from matinee.service.datasets import imported, keep, load
from matinee.service.merge import merge_datasets
from matinee.service.train import train

EXTRA = Film(id="x1", title="Unrated", year=2001)


@pytest.fixture
def cache(tmp_path: Path, dataset: Dataset) -> Cache:
    """Holds "rated", without runtimes, and "facts", without ratings, from the last film on."""
    cache = Cache(tmp_path)
    films = dataset.catalog.films()
    bare = Catalog.of(replace(film, runtime=None, keywords=()) for film in films)
    rated = replace(
        dataset,
        catalog=bare,
        licence="Rated is ours.",
        folds=(np.arange(len(dataset.interactions)) % 5).astype(np.int8),
        demographics=pl.DataFrame({"user_id": ["1"], "age": [30]}),
        notes=("a note",),
        findings=(Finding("lines left out", 2, ()),),
    )
    keep(rated, "rated", cache)
    reverse = [replace(film, id=f"f{film.id}") for film in reversed(films)]
    facts = Catalog.of([*reverse, EXTRA])
    keep(Dataset("facts", Interactions.empty(facts.item_ids), facts, "Facts."), "facts", cache)
    return cache


def pairs(dataset: Dataset) -> list[tuple[str, str, float]]:
    """Viewer, film and rating, independent of the rows and ids of the films."""
    ratings = dataset.interactions
    return [
        (str(ratings.user_ids.ids[user]), dataset.catalog.film(item).label, float(value))
        for user, item, value in zip(ratings.users, ratings.items, ratings.values, strict=True)
    ]


def test_the_rated_films_get_the_facts_and_keep_their_rows(cache: Cache, dataset: Dataset) -> None:
    merged = merge_datasets(["rated", "facts"], "both", cache)
    back = load("both", cache)
    assert merged.ratings_of == "rated"
    assert merged.folder.parent == cache.home / "imported"
    assert back.catalog.films() == dataset.catalog.films()
    undescribed = replace(back.interactions, attributes=None)
    assert undescribed.content_hash == dataset.interactions.content_hash
    assert back.interactions.attributes is not None
    assert merged.films.report.left_out == 1
    assert back.provenance is not None
    assert back.provenance.of(3, "runtime") == back.provenance.of(3, "keywords") == "facts"
    assert back.provenance.of(3, "genres") == "rated"


def test_facts_about_the_sources_are_joined(cache: Cache) -> None:
    back = merge_datasets(["rated", "facts"], "both", cache).dataset
    assert back.licence == "rated: Rated is ours. facts: Facts."
    assert back.notes[0].startswith(
        "merged from rated, facts: 40 films of 2 catalogues, 1 left out"
    )
    assert back.notes[1:] == ("rated: a note",)
    assert back.findings == (Finding("rated: lines left out", 2, ()),)
    assert back.folds is not None
    assert back.demographics is not None
    assert len(back.folds) == len(back.interactions)


@pytest.mark.parametrize("all_films", [False, True])
def test_ratings_follow_their_films(cache: Cache, dataset: Dataset, *, all_films: bool) -> None:
    back = merge_datasets(["facts", "rated"], "both", cache, all_films=all_films).dataset
    assert pairs(back) == pairs(dataset)
    assert back.catalog.film(0).id == "f139"
    assert back.catalog.film(0).runtime == 119
    assert len(back.catalog) == (41 if all_films else 40)


def test_all_films_come_behind_those_of_the_first(cache: Cache, dataset: Dataset) -> None:
    back = merge_datasets(["rated", "facts"], "both", cache, all_films=True).dataset
    assert len(back.catalog) == 41
    assert back.catalog.film(40) == EXTRA
    assert np.array_equal(back.interactions.items, dataset.interactions.items)
    query = replace(back.liking("Comedy 3"), n=5)
    assert len(train(back, "item-knn").recommend(query)) == 5


def test_ratings_are_those_of_the_first_data_set_with_a_note(
    cache: Cache, dataset: Dataset
) -> None:
    half = dataset.interactions.select(np.arange(0, len(dataset.interactions), 2))
    keep(replace(dataset, interactions=half), "half", cache)
    merged = merge_datasets(["facts", "half", "rated"], "all", cache)
    assert merged.ratings_of == "half"
    assert pairs(merged.dataset) == pairs(replace(dataset, interactions=half))
    assert "the ratings are those of half; those of rated are left out" in merged.dataset.notes


def test_without_ratings_every_film_stays(cache: Cache) -> None:
    catalog = Catalog.of([Film("1", "Another", 1999)])
    keep(Dataset("few", Interactions.empty(catalog.item_ids), catalog, ""), "few", cache)
    merged = merge_datasets(["few", "facts"], "films", cache)
    assert merged.ratings_of == ""
    assert (len(merged.dataset.catalog), merged.films.report.left_out) == (42, 0)
    assert len(merged.dataset.interactions) == 0


def test_the_most_trusted_fact_is_taken(cache: Cache, dataset: Dataset) -> None:
    other = Catalog.of(replace(film, runtime=200) for film in dataset.catalog.films())
    keep(Dataset("odd", Interactions.empty(other.item_ids), other, ""), "odd", cache)
    plain = merge_datasets(["rated", "facts", "odd"], "a", cache).dataset
    trusted = merge_datasets(["rated", "facts", "odd"], "b", cache, trust={"runtime": ["odd"]})
    assert plain.catalog.runtimes.tolist() == dataset.catalog.runtimes.tolist()
    assert set(trusted.dataset.catalog.runtimes.tolist()) == {200}
    assert {each.field for each in trusted.films.report.conflicts} == {"runtime"}


def test_editions_of_movielens_are_known_by_their_source(cache: Cache, dataset: Dataset) -> None:
    renamed = Catalog.of(replace(film, title="Other", year=1) for film in dataset.catalog.films())
    other = Dataset("other", Interactions.empty(renamed.item_ids), renamed, "")
    keep(replace(dataset, numbering=MOVIELENS), "ours", cache)
    for numbering, by_id in (("", 0), (MOVIELENS, 40)):
        keep(replace(other, numbering=numbering), "theirs", cache)
        merged = merge_datasets(["ours", "theirs"], "both", cache)
        assert merged.films.report.joined[1].by_id == by_id
        assert merged.dataset.numbering == MOVIELENS
    every = merge_datasets(["ours", "facts"], "every", cache, all_films=True)
    assert every.dataset.numbering == ""


def test_the_editions_that_share_a_numbering() -> None:
    numberings = {name: plugins.get("sources", name).numbering for name in plugins.names("sources")}
    numbered = {name for name, numbering in numberings.items() if numbering == MOVIELENS}
    assert numbered == {
        "ml-1m", "ml-10m", "ml-20m", "ml-25m", "ml-32m", "ml-latest", "ml-latest-small", "movies"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (["rated"], "both", "two data sets or more"),
        (["rated", "facts", "rated"], "both", "rated and rated are both called 'rated'"),
        (["rated", "./rated.csv"], "both", "rated and ./rated.csv are both called 'rated'"),
        (["rated", "facts"], "rated", "'rated' is one of the data sets to merge"),
        (["rated", "facts"], "film-table", "'film-table' is the name of a source"),
        (["rated", "facts"], "No Good", "cannot name a data set"),
        (["rated", "fact"], "both", "unknown data set 'fact'"),
    ],
)
def test_wrong_data_sets_and_names_are_refused(
    cache: Cache, data: list[str], name: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        merge_datasets(data, name, cache)
    assert imported(cache) == ("facts", "rated")


def test_trust_in_unknown_fields_and_data_sets_is_refused(cache: Cache) -> None:
    data = ["rated", "facts"]
    with pytest.raises(UnknownNameError, match=r"unknown field 'runtme'.*known: title, year"):
        merge_datasets(data, "both", cache, trust={"runtme": ["facts"]})
    with pytest.raises(UnknownNameError, match="data set to trust 'z'; known: rated, facts"):
        merge_datasets(data, "both", cache, trust={"runtime": ["z"]})


def test_a_real_merge_finds_most_films_by_id(
    mirror: Path, film_table: Path, tmp_path: Path
) -> None:
    datasets = tmp_path / "datasets"
    datasets.mkdir()
    (datasets / "film-table").symlink_to(film_table)
    cache = Cache(tmp_path, mirror=mirror)
    merged = merge_datasets(["ml-latest-small", "film-table"], "merged", cache)
    of_table = merged.films.report.joined[1]
    assert (of_table.films, of_table.by_id, of_table.by_title) == (17_470, 7_589, 0)
    assert merged.films.provenance.counts()["runtime"]["film-table"] == 7_474
    assert (len(merged.dataset.catalog), len(merged.dataset.interactions)) == (9_742, 100_836)
    film = merged.dataset.film("Toy Story")
    assert (film.certificate, film.imdb_id, film.directors) == (
        "G", "tt0114709", ("John Lasseter",)
    )  # fmt: skip


@pytest.mark.parametrize("bounds", [{"since": 1990}, {"min_votes": 5}])
def test_a_bound_without_ratings_is_refused(cache: Cache, bounds: dict[str, int]) -> None:
    bare = Catalog.of([EXTRA])
    keep(Dataset("more", Interactions.empty(bare.item_ids), bare, "More."), "more", cache)
    with pytest.raises(InputError, match="no data set has ratings, so all films are kept"):
        merge_datasets(["facts", "more"], "both", cache, **bounds)  # type: ignore[arg-type]
    assert len(merge_datasets(["facts", "more"], "both", cache).dataset.catalog) == 41
