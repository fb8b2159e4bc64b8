from __future__ import annotations

from pathlib import Path

import pytest

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.exports import RatedFilm, export_history
from matinee.errors import DataError
from matinee.service.own_history import own_query, site_export
from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.train import train

NOW = 1_700_000_000


def table(folder: Path, *rows: str) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join(["title,year,rating,time", *rows]), encoding="utf-8")
    return path


def test_own_ratings_are_answered_with_own_taste(dataset: Dataset, tmp_path: Path) -> None:
    path = table(tmp_path, "Horror 25,2005,5,2020-01-01", "Horror 26,2006,5,", "Horror 27,2007,,")
    query, report = own_query(path, dataset, n=5)
    ranking = train(dataset, "ease").recommend(query)
    titles = [line.film.title for line in ranking]
    assert len(titles) == 5
    assert all(title.startswith("Horror") for title in titles)
    assert not {"Horror 25", "Horror 26", "Horror 27"} & set(titles)
    assert (report.rated, report.seen) == (2, 1)


def test_repeated_ratings_are_a_finding(dataset: Dataset, tmp_path: Path) -> None:
    path = table(tmp_path, "Horror 25,2005,5,2020-01-01", "Horror 25,2005,2,2021-01-01")
    cleaning = Cleaning()
    query, _ = own_query(path, dataset, cleaning)
    assert query.values.tolist() == [2.0]
    assert [str(each) for each in cleaning.findings] == ["1 repeated ratings, the last kept"]


def test_a_scale_can_be_given(dataset: Dataset, tmp_path: Path) -> None:
    path = table(tmp_path, "Horror 25,2005,5,")
    query, _ = own_query(path, dataset, scale=(1.0, 9.0))
    assert query.values.tolist() == [3.0]


def test_an_export_of_unknown_films_is_one_clear_error(dataset: Dataset, tmp_path: Path) -> None:
    path = table(tmp_path, "Alien,1979,5,")
    with pytest.raises(DataError, match=r"none of the 1 films in .*mine\.csv .* among the 40 of"):
        own_query(path, dataset)


def test_an_export_has_every_rating(site: Site) -> None:
    record(site, [Event("e1", "ann", "rating", "105", 4.0, NOW)])
    site._store.append([Event("e2", "ann", "rating", "of another catalogue", 5.0, time=NOW + 1)])
    assert site_export(site, "ann") == (
        RatedFilm("105", "Comedy 5", 1985, "", "", 4.0, NOW, (1.0, 5.0)),
        RatedFilm("of another catalogue", "", None, "", "", 5.0, NOW + 1),
    )


def test_an_export_needs_no_live_model(empty_site: Site) -> None:
    empty_site._store.append([Event("e1", "ann", "rating", "105", 4.0, time=NOW)])
    assert site_export(empty_site, "ann") == (RatedFilm("105", "", None, "", "", 4.0, NOW),)
    assert site_export(empty_site, "nobody") == ()


def test_an_export_can_be_read_again(site: Site, dataset: Dataset, tmp_path: Path) -> None:
    for at, (film, value) in enumerate([("105", 4.0), ("125", 2.0), ("106", 5.0)]):
        record(site, [Event(f"e{at}", "ann", "rating", film, value, NOW + at)])
    export_history(site_export(site, "ann"), tmp_path / "mine.csv", "csv")
    query, report = own_query(tmp_path / "mine.csv", dataset, Cleaning(strict=True))
    assert dataset.catalog.item_ids.ids[query.items].tolist() == ["105", "125", "106"]
    assert query.values.tolist() == [4.0, 2.0, 5.0]
    assert query.times.tolist() == [NOW, NOW + 1, NOW + 2]
    assert report.by == (("by film id and title", 3),)
