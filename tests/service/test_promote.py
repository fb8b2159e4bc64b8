"""Promotions across data sets, and what they leave on disk."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Catalog, Dataset, Film, Interactions
from matinee.errors import InputError, UnknownNameError
from matinee.service.own_history import site_export
from matinee.service.promote import ROLLBACKS, Transfer, install, make_live, promote, transfer
from matinee.service.recommend import recommend
from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.train import save, train
from matinee.service.viewers import Visit, history, imported_viewer
from matinee.store.artefacts import list_artefacts

NOW = 1_700_000_000


def films(dataset: Dataset, name: str, **ids: tuple[str, str]) -> Dataset:
    """Two films, "1" and "2", each with an IMDb and a TMDB id; rated by the planted viewers."""
    catalog = Catalog.of(
        Film(id_, f"{name} {id_}", imdb_id=ids[f"film{id_}"][0], tmdb_id=ids[f"film{id_}"][1])
        for id_ in ("1", "2")
    )
    ratings = dataset.interactions.select(slice(0, 30))
    rows = np.arange(30, dtype=np.int32) % 2
    return Dataset(
        name, replace(ratings, items=rows, item_ids=catalog.item_ids), catalog, licence="ours"
    )


@pytest.fixture
def one(dataset: Dataset) -> Dataset:
    return films(dataset, "one", film1=("tt0000001", ""), film2=("tt0000002", "22"))


@pytest.fixture
def two(dataset: Dataset) -> Dataset:
    """Its film "2" is the first one's "1"; its own "1" is in no other data set."""
    return films(dataset, "two", film1=("tt0000009", "99"), film2=("tt0000001", "11"))


def go_live(site: Site, dataset: Dataset) -> list[str]:
    said: list[str] = []
    install(site, dataset, train(dataset, "popular"), say=said.append)
    return said


def test_an_id_of_another_data_set_is_never_read_as_its_film(
    empty_site: Site, one: Dataset, two: Dataset
) -> None:
    assert go_live(empty_site, one) == []
    record(empty_site, [Event("e1", "ann", "rating", "1", 4.0, NOW)])
    record(empty_site, [Event("e2", "ann", "rating", "2", 2.0, NOW + 1)])
    record(empty_site, [Event("e3", "bob", "dismissal", "1", time=NOW)])
    said = go_live(empty_site, two)
    visit = Visit(empty_site, "ann")
    assert visit.ratings == {"2": 4.0}
    assert visit.unmapped == 1
    assert [each.film.title for each in history(visit)] == ["two 2"]
    assert Visit(empty_site, "bob").dismissed == ("2",)
    assert recommend(visit, now=NOW).history_size == 1
    assert transfer(empty_site) == Transfer(usable=1, unusable=1)
    assert len(said) == 1
    assert "1 mapped by IMDb or TMDB id, 1 kept" in said[0]
    assert [(each.film_id, each.title) for each in site_export(empty_site, "ann")] == [
        ("2", "two 2"),
        ("2", ""),
    ]


def test_going_back_loses_nothing_and_the_last_word_counts_in_both(
    empty_site: Site, one: Dataset, two: Dataset
) -> None:
    go_live(empty_site, one)
    record(empty_site, [Event("e1", "ann", "rating", "1", 4.0, NOW)])
    record(empty_site, [Event("e2", "ann", "rating", "2", 2.0, NOW + 1)])
    go_live(empty_site, two)
    record(empty_site, [Event("e3", "ann", "rating", "2", 5.0, NOW + 2)])
    assert Visit(empty_site, "ann").ratings == {"2": 5.0}
    go_live(empty_site, one)
    assert Visit(empty_site, "ann").ratings == {"2": 2.0, "1": 5.0}
    record(empty_site, [Event("e4", "ann", "removal", "1", time=NOW + 3)])
    assert Visit(empty_site, "ann").ratings == {"2": 2.0}
    go_live(empty_site, two)
    assert Visit(empty_site, "ann").ratings == {}


def test_a_tmdb_id_counts_unless_the_imdb_ids_contradict(
    empty_site: Site, dataset: Dataset
) -> None:
    first = films(dataset, "first", film1=("", "11"), film2=("tt0000002", "22"))
    second = films(dataset, "second", film1=("tt0000001", "11"), film2=("tt0000003", "22"))
    go_live(empty_site, first)
    record(empty_site, [Event("e1", "ann", "rating", "1", 4.0, NOW)])
    record(empty_site, [Event("e2", "ann", "rating", "2", 2.0, NOW)])
    go_live(empty_site, second)
    visit = Visit(empty_site, "ann")
    assert (visit.ratings, visit.unmapped) == ({"1": 4.0}, 1)


def test_editions_of_one_numbering_share_their_ids(
    empty_site: Site, one: Dataset, two: Dataset
) -> None:
    go_live(empty_site, replace(one, numbering="shared"))
    record(empty_site, [Event("e1", "ann", "rating", "1", 4.0, NOW)])
    go_live(empty_site, replace(two, numbering="shared"))
    assert Visit(empty_site, "ann").ratings == {"1": 4.0}
    assert transfer(empty_site) is None


def test_other_data_under_a_name_that_is_taken_are_refused(
    site: Site, dataset: Dataset, planted: Interactions
) -> None:
    others = Catalog.of(replace(film, title=f"Other {film.id}") for film in dataset.catalog.films())
    other = replace(dataset, catalog=others, interactions=planted.select(slice(0, 99)))
    recommender = train(other, "popular")
    before, live = site._store.counts(), site.live()
    message = "40 of 40 film ids mean other films than before under 'planted': '100' was"
    with pytest.raises(InputError, match=message):
        install(site, other, recommender)
    with pytest.raises(InputError, match=message):
        promote(site, save(other, recommender, site.artefacts))
    assert (site._store.counts(), site.live()) == (before, live)
    install(site, replace(other, name="planted-2"), recommender)
    assert site.live().source == "planted-2"


def test_an_edition_that_renames_some_films_is_the_same_numbering(
    site: Site, dataset: Dataset
) -> None:
    films_now = [
        replace(film, title=f"Renamed {film.id}") if row % 2 else film
        for row, film in enumerate(dataset.catalog.films())
    ]
    newer = replace(dataset, catalog=Catalog.of(films_now))
    record(site, [Event("e1", "ann", "rating", "101", 4.0, NOW)])
    install(site, newer, train(newer, "popular"))
    assert [each.film.title for each in history(Visit(site, "ann"))] == ["Renamed 101"]


def test_a_page_from_before_a_promotion_rates_the_film_it_showed(
    empty_site: Site, one: Dataset, two: Dataset
) -> None:
    go_live(empty_site, two)
    go_live(empty_site, one)
    former = Event("e1", "ann", "rating", "2", 4.0, NOW, numbering="two")
    record(empty_site, [former])
    assert Visit(empty_site, "ann").ratings == {"1": 4.0}
    with pytest.raises(UnknownNameError, match="film id of two '1'; the films here changed"):
        record(empty_site, [replace(former, id="e2", item="1")])


def test_only_viewers_of_the_live_data_are_public(
    empty_site: Site, one: Dataset, two: Dataset
) -> None:
    go_live(empty_site, one)
    assert imported_viewer(empty_site, "1") == imported_viewer(empty_site, "one/1") == "one/1"
    record(empty_site, [Event("e1", "ann", "rating", "1", 4.0, NOW)])
    go_live(empty_site, two)
    assert imported_viewer(empty_site, "1") == "two/1"
    assert imported_viewer(empty_site, "one/1") is None
    assert imported_viewer(empty_site, "ann") is None
    assert all(each.startswith("two/") for each in empty_site.live().examples)


def test_a_forgotten_viewer_does_not_return_with_more_data(empty_site: Site, one: Dataset) -> None:
    most = replace(one, interactions=one.interactions.select(slice(0, 29)))
    go_live(empty_site, most)
    [(_, first), *_] = empty_site._store.events(0, 1)
    empty_site._store.forget(first.viewer)
    go_live(empty_site, one)
    assert len(empty_site._store.history(first.viewer)) == 0
    assert empty_site._store.source_of(first.viewer) == ""
    other = [each for each in empty_site._store.viewers(99, "one") if each != first.viewer]
    assert len(other) == len(set(one.interactions.users.tolist())) - 1


def test_a_data_set_with_ids_the_log_cannot_hold_is_refused_whole(
    empty_site: Site, dataset: Dataset, one: Dataset
) -> None:
    bad = Catalog.of(Film(id_, "x") for id_ in ("1", "x" * 129))
    ratings = replace(one.interactions, item_ids=bad.item_ids)
    with pytest.raises(InputError, match="event item"):
        go_live(empty_site, replace(one, catalog=bad, interactions=ratings))
    assert empty_site._store.counts().events == 0


@pytest.fixture
def old_and_new(empty_site: Site, dataset: Dataset) -> list[Path]:
    """Saved recommenders from the oldest to the newest; none is live."""
    folders = []
    for age in range(10):
        recommender = train(dataset, "ease", l2=10.0 + age)
        folder = save(dataset, recommender, empty_site.artefacts)
        time = NOW + 1000 * age
        os.utime(folder / "manifest.json", (time, time))
        folders.append(folder)
    return folders


def test_a_promotion_deletes_what_is_older_than_those_that_were_live_last(
    empty_site: Site, old_and_new: list[Path]
) -> None:
    promoted = [old_and_new[age] for age in (1, 3, 5, 6, 7, 8)]
    for folder in promoted[: ROLLBACKS - 1]:
        promote(empty_site, folder)
    assert set(old_and_new) == set(list_artefacts(empty_site.artefacts))
    for folder in promoted[ROLLBACKS - 1 :]:
        promote(empty_site, folder)
    # The five promoted last, and the newer ones that were never promoted.
    assert set(old_and_new[3:]) == set(list_artefacts(empty_site.artefacts))
    assert empty_site.live().recommender.version == promoted[-1].name[:12]


def test_a_deleted_artefact_still_answers_where_it_was_loaded(site: Site) -> None:
    visit = Visit(site, "planted/1")
    before = recommend(visit, now=NOW).ranking.items.tolist()
    for folder in list_artefacts(site.artefacts):
        shutil.rmtree(folder)
    assert recommend(visit, now=NOW).ranking.items.tolist() == before


def test_an_old_artefact_that_was_live_lately_stays(
    empty_site: Site, old_and_new: list[Path]
) -> None:
    for age in (0, 5, 6, 7, 0, 8, 9):
        make_live(empty_site, old_and_new[age])
    assert set(old_and_new) == set(list_artefacts(empty_site.artefacts))


def test_interactions_of_no_viewers_can_be_live(empty_site: Site, one: Dataset) -> None:
    nothing = replace(one, interactions=Interactions.empty(one.catalog.item_ids))
    make_live(empty_site, save(nothing, train(one, "popular"), empty_site.artefacts))
    assert empty_site.live().examples == ()
    assert imported_viewer(empty_site, "1") is None
