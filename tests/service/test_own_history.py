from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.exports import RatedFilm, export_history
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError, InputError, NotLiveError
from matinee.service.own_history import export_everyone, own_query, site_export
from matinee.service.promote import install
from matinee.service.recommend import recommend
from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.train import train
from matinee.service.viewers import Visit

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


def test_a_query_has_the_ratings_as_they_were_given(dataset: Dataset, tmp_path: Path) -> None:
    rows = ("Horror 25,2005,9,2020-01-01", "Horror 26,2006,10,2021-01-01")
    query, _ = own_query(table(tmp_path, *rows), dataset)
    assert query.values.tolist() == [np.float32(1 + 4 * 8 / 9), 5.0]
    assert query.own.tolist() == [9.0, 10.0]
    [first, *_] = train(dataset, "ease").recommend(query)
    assert {film.rating for film in first.reason.films} <= {9.0, 10.0}
    same, _ = own_query(table(tmp_path, "Horror 25,2005,5,", "Horror 26,2006,1,"), dataset)
    assert len(same.own) == 0


@pytest.fixture(scope="module")
def plays(dataset: Dataset) -> Dataset:
    """The planted likes as counts."""
    likes = dataset.interactions.select(dataset.interactions.values >= 4)
    values = (1 + np.arange(len(likes)) % 7).astype(np.float32)
    counts = replace(likes, values=values, scale=(0.0, 1.0), counts=True)
    return replace(dataset, name="plays", interactions=counts)


def test_own_counts_stay_counts_and_own_likes_count_one(plays: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "plays.csv"
    path.write_text("title,year,plays\nHorror 25,2005,12\nHorror 26,2006,0\n", encoding="utf-8")
    query, report = own_query(path, plays)
    assert (query.values.tolist(), len(query.own)) == ([12.0], 0)
    assert "counts are taken as they are" in report.lines
    stars = table(tmp_path, "Horror 25,2005,5,", "Horror 26,2006,2,")
    query, report = own_query(stars, plays)
    assert (query.values.tolist(), query.own.tolist()) == ([1.0, 0.0], [5.0, 2.0])
    assert any("a like on 1-5" in line for line in report.lines)
    [first, *_] = train(plays, "ease").recommend(query)
    assert first.reason.text() == "Because you loved Horror 25 (2005), also with Actor 12"


def test_own_counts_are_no_ratings(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "plays.csv"
    path.write_text("title,year,plays\nHorror 25,2005,12\n", encoding="utf-8")
    with pytest.raises(DataError, match="look like counts of plays"):
        own_query(path, dataset)


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


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_the_ratings_of_all_viewers_are_read_back_without_options(
    suffix: str, site: Site, dataset: Dataset, tmp_path: Path
) -> None:
    record(site, [Event("e1", "ann", "rating", "105", 4.5, NOW)])
    site._store.append([Event("e2", "ann", "rating", "of another catalogue", 5.0, time=NOW + 1)])
    path, said = tmp_path / f"all.{suffix}", list[str]()
    written = export_everyone(site, path, said.append, block=100)
    back = read_ratings(path, cleaning=Cleaning())
    assert written == len(dataset.interactions) + 1 == len(back.interactions)
    assert said == ["1 ratings of films that the live catalogue does not have are left out"]
    assert back.interactions.scale == dataset.interactions.scale
    rows = {row[:3] for row in back.interactions.to_frame().iter_rows()}
    planted = dataset.interactions.to_frame().select("user_id", "item_id", "rating").iter_rows()
    assert rows == {("ann", "105", 4.5), *((f"planted/{u}", i, r) for u, i, r in planted)}
    ids = back.catalog.item_ids
    assert back.catalog.film(ids.row("105")).label == "Comedy 5 (1985)"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_everyones_counts_are_read_back_as_counts(
    empty_site: Site, plays: Dataset, tmp_path: Path
) -> None:
    install(empty_site, plays, train(plays, "ials", factors=4))
    export_everyone(empty_site, tmp_path / "all.csv")
    assert pl.read_csv(tmp_path / "all.csv").columns[-2:] == ["count", "time"]
    back = read_ratings(tmp_path / "all.csv", cleaning=Cleaning())
    assert back.interactions.counts
    assert back.interactions.values.sum() == plays.interactions.values.sum()
    one = site_export(empty_site, "plays/2")
    assert {each.is_count for each in one} == {True}
    assert {each.scale for each in one} == {None}


def test_a_visitor_of_a_site_of_counts_likes_with_a_thumb(empty_site: Site, plays: Dataset) -> None:
    install(empty_site, plays, train(plays, "ials", factors=4))
    likes = [("125", 1.0), ("126", 1.0), ("103", 0.0)]
    for at, (film, value) in enumerate(likes):
        record(empty_site, [Event(f"e{at}", "ann", "rating", film, value, NOW + at)])
    ranking = recommend(Visit(empty_site, "ann"), n=5, now=NOW + 9).ranking
    assert all(line.film.title.startswith("Horror") for line in ranking)
    assert "watched Horror" in next(iter(ranking)).reason.text()
    with pytest.raises(InputError, match="between 0 and 1, not 12"):
        record(empty_site, [Event("e9", "ann", "rating", "105", 12.0, NOW)])


def test_nothing_is_exported_without_a_model_or_ratings(empty_site: Site, tmp_path: Path) -> None:
    with pytest.raises(NotLiveError):
        export_everyone(empty_site, tmp_path / "all.csv")
    assert list(tmp_path.glob("all*")) == []
