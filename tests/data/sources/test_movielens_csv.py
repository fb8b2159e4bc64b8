"""The CSV editions of MovieLens, and defects of their copies."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee import plugins
from matinee.data import Dataset, Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import MOVIELENS
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile
from matinee.data.sources import load
from matinee.data.sources._movielens_csv import edition_in
from matinee.data.sources.ml_25m import MovieLens25M
from matinee.data.sources.ml_latest_small import MovieLensLatestSmall
from matinee.errors import DataError, FetchError

FIXTURES = Path(__file__).parent / "fixtures"
RATINGS = "userId,movieId,rating,timestamp\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(FIXTURES / "ml-latest-small", tmp_path / "ml-latest-small")


def read(folder: Path, cleaning: Cleaning | None = None) -> tuple[Dataset, list[str]]:
    """The data set in a folder, and the findings."""
    cleaning = cleaning or Cleaning()
    dataset = MovieLensLatestSmall().read(folder, cleaning)
    return dataset, [str(each) for each in cleaning.findings]


def rows(dataset: Dataset) -> list[tuple[object, ...]]:
    return dataset.interactions.to_frame().rows()


def test_a_film_has_its_links_and_keywords_and_reads_naturally(folder: Path) -> None:
    dataset, findings = read(folder)
    assert dataset.catalog.film(0) == Film(
        id="1",
        title="The Clockwork Orchard",
        year=1995,
        genres=("Adventure", "Animation", "Comedy"),
        keywords=("whimsical, odd", "stop motion"),
        imdb_id="tt0000021",
        tmdb_id="862",
    )
    assert findings == []


def test_film_ids_are_those_of_movielens_only_if_the_films_are(
    folder: Path, tmp_path: Path
) -> None:
    def numbering() -> str:
        source, cache = MovieLensLatestSmall(), Cache(home=tmp_path)
        return source.completed(folder, cache, Cleaning()).numbering

    assert numbering() == ""
    films = folder / "movies.csv"
    text = films.read_text(encoding="utf-8")
    assert "Clockwork Orchard, The (1995)" in text
    films.write_text(
        text.replace("Clockwork Orchard, The (1995)", "Toy Story (1995)"), encoding="utf-8"
    )
    assert numbering() == MOVIELENS


def test_quotes_accents_and_missing_facts_are_read(folder: Path) -> None:
    catalog = read(folder)[0].catalog
    assert catalog.film(1).label == "Café of Echoes (Café des échos) (1994)"
    assert catalog.film(2).label == 'The "Lantern" Affair (1996)'
    assert catalog.film(3).label == "Paper Sea"
    assert catalog.genres[3] == ()
    assert (catalog.imdb_ids[1], catalog.tmdb_ids[1]) == ("tt0000022", "")
    assert catalog.imdb_ids[2] == "tt10000023"


def test_two_ids_of_one_title_stay_two_films_and_are_noted(folder: Path) -> None:
    dataset, _ = read(folder)
    assert dataset.catalog.films()[4].label == dataset.catalog.films()[5].label
    assert dataset.notes == ("1 titles with their year have two ids or more",)


def test_ratings_are_over_the_viewers_who_gave_them_and_all_films(folder: Path) -> None:
    interactions = read(folder)[0].interactions
    assert interactions.user_ids.ids.tolist() == ["1", "2", "4"]
    assert interactions.users.tolist() == [0, 0, 0, 1, 1, 2, 2, 2]
    assert interactions.items.tolist() == [0, 1, 2, 0, 3, 1, 4, 5]
    assert interactions.values.tolist() == [4, 0.5, 3.5, 5, 2.5, 4.5, 3, 1]
    assert interactions.times[:2].tolist() == [964982703, 964981247]
    assert interactions.scale == (0.5, 5.0)


def test_the_genome_adds_keywords_behind_those_of_viewers() -> None:
    catalog = MovieLens25M().read(FIXTURES / "ml-25m", Cleaning()).catalog
    assert catalog.keywords[0] == ("whimsical, odd", "stop motion", "orchard")
    assert catalog.keywords[1] == ("paris", "dull")


def test_no_film_has_more_than_twenty_keywords(folder: Path) -> None:
    tags = "".join(f"{user},1,tag {n:02},1\n" for user in (1, 2) for n in range(30))
    (folder / "tags.csv").write_text(f"userId,movieId,tag,timestamp\n{tags}")
    assert read(folder)[0].catalog.keywords[0] == tuple(f"tag {n:02}" for n in range(20))


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("1,2,3.5", "malformed lines left out ({}, line 3: 3 fields instead of 4"),
        ("99999999999,2,3,5", "malformed lines left out ({}, line 3: userId is '99999999999', not"),
        ("1,2,0,5", 'ratings of 0 left out as "not rated" ({}, line 3'),
        ("1,2,nan,5", "malformed lines left out ({}, line 3: rating is 'nan', not a number)"),
        ("1,2,5.5,5", "malformed lines left out ({}, line 3: rating 5.5 is outside 0.5 to 5)"),
        ("1,3,4,5", "ratings of films that the file of films lacks left out ({}: film 3)"),
        ("1,-3,4,5", "ratings of films that the file of films lacks left out ({}: film -3)"),
        ("8,99999999,4,5", "ratings of films that the file of films lacks left out ({}: film 9"),
    ],
)
def test_a_rating_that_cannot_be_is_left_out_and_named(
    folder: Path, line: str, finding: str
) -> None:
    (folder / "ratings.csv").write_text(f"{RATINGS}1,1,4.0,7\n{line}\n\n2,1,5.0,8\n")
    dataset, findings = read(folder)
    assert rows(dataset) == [("1", "1", 4.0, 7), ("2", "1", 5.0, 8)]
    assert len(findings) == 1
    assert findings[0].startswith(f"1 {finding.format(folder / 'ratings.csv')}")
    with pytest.raises(DataError, match=r"line 3|: film -?[39]"):
        read(folder, Cleaning(strict=True))


def test_ratings_on_another_scale_are_kept_and_said(folder: Path) -> None:
    lines = [f"{n},1,{1 + n % 10},7\n" for n in range(20)]
    (folder / "ratings.csv").write_text(RATINGS + "".join(lines))
    dataset, findings = read(folder)
    assert dataset.interactions.scale == (1.0, 10.0)
    assert dataset.interactions.values.tolist() == [1 + n % 10 for n in range(20)]
    assert findings == []
    assert any("kept on their scale, 1 to 10" in note for note in dataset.notes)


def test_a_file_of_ratings_without_a_usable_one_is_refused(folder: Path) -> None:
    (folder / "ratings.csv").write_text(RATINGS)
    with pytest.raises(DataError, match=r"ratings\.csv holds no ratings"):
        read(folder)
    (folder / "ratings.csv").write_text(RATINGS + "1,77,4,9\n")
    with pytest.raises(DataError, match=r"no rating of a film and viewer that the other files"):
        read(folder)


def test_the_limit_holds_for_ratings_of_unknown_films(folder: Path) -> None:
    lines = [f"{n},{1 if n < 9 else 77},4,9\n" for n in range(20)]
    (folder / "ratings.csv").write_text(RATINGS + "".join(lines))
    with pytest.raises(DataError, match=r"more than 10 ratings of films .*--limit allows more"):
        read(folder, Cleaning(limit=10))
    assert len(read(folder, Cleaning(limit=11))[0].interactions) == 9


@pytest.mark.parametrize("time", [-5, 4_102_444_801])
def test_impossible_times_are_unknown_and_ids_have_any_size(folder: Path, time: int) -> None:
    lines = f"999999999,2,4.0,{time}\n-3,1,5.0,4102444799\n"
    (folder / "ratings.csv").write_text(RATINGS + lines)
    dataset, findings = read(folder)
    assert rows(dataset) == [("999999999", "2", 4.0, 0), ("-3", "1", 5.0, 4102444799)]
    assert findings[0].startswith("1 impossible times, taken as unknown")


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [0, 2, 1, 3]])
def test_the_last_of_repeated_ratings_counts(folder: Path, order: list[int]) -> None:
    lines = ["1,1,4.0,7\n", "1,1,3.0,9\n", "1,2,3.5,7\n", "1,1,2.0,8\n"]
    (folder / "ratings.csv").write_text(RATINGS + "".join(lines[n] for n in order))
    dataset, findings = read(folder)
    assert sorted(rows(dataset)) == [("1", "1", 3.0, 9), ("1", "2", 3.5, 7)]
    example = f"{folder / 'ratings.csv'}: viewer 1 rated film 1 more than once"
    assert findings == [f"2 repeated ratings, the last kept ({example})"]


def test_films_without_title_and_repeated_films_are_left_out_and_counted(folder: Path) -> None:
    with (folder / "movies.csv").open("a") as file:
        file.write("1,Another (2000),Drama\r\n13,,Drama\r\n")
    dataset, findings = read(folder)
    assert len(dataset.catalog) == 6
    assert dataset.catalog.titles[0] == "The Clockwork Orchard"
    assert findings == [
        "1 films without a title left out",
        "1 rows that repeat a film's id left out",
    ]


def test_films_without_ratings_links_and_tags_are_a_catalogue(folder: Path) -> None:
    (folder / "ratings.csv").unlink()
    (folder / "tags.csv").unlink()
    dataset, _ = read(folder)
    assert (len(dataset.interactions), len(dataset.catalog)) == (0, 6)
    assert dataset.interactions.scale == (0.5, 5.0)
    assert dataset.notes == (
        "the films alone are here, without ratings: there is no ratings.csv",
        "1 titles with their year have two ids or more",
        "viewers' keywords are unknown: there is no tags.csv",
    )


def test_columns_of_another_layout_are_refused(folder: Path) -> None:
    (folder / "ratings.csv").write_text("user,item,stars,time\n1,1,4,7\n")
    with pytest.raises(DataError, match=r"ratings\.csv, line 1: columns \['user', 'item'"):
        read(folder)


def test_text_that_is_not_utf8_is_read_and_counted(folder: Path) -> None:
    file = folder / "movies.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    dataset, findings = read(folder)
    assert dataset.catalog.film(1).label == "Café of Echoes (Café des échos) (1994)"
    assert findings == [f"1 files that are not UTF-8, read as Windows-1252 ({file})"]


def test_a_folder_without_films_is_refused(folder: Path) -> None:
    (folder / "movies.csv").write_text("movieId,title,genres\n")
    with pytest.raises(DataError, match=r"movies\.csv holds no films"):
        read(folder)


@pytest.mark.parametrize("name", ["ml-20m", "ml-25m", "ml-32m", "ml-latest", "ml-latest-small"])
def test_an_edition_is_known_by_its_folder_or_by_its_readme(name: str, tmp_path: Path) -> None:
    assert edition_in(FIXTURES / name) == name
    other = shutil.copytree(FIXTURES / name, tmp_path / "films")
    assert edition_in(other) == "ml-latest"
    (other / "README.txt").write_text(f"Summary\n=====\n\nThis dataset ({name}) describes films\n")
    assert edition_in(other) == name


@pytest.mark.parametrize(
    ("films", "name"), [(27_278, "ml-20m"), (62_423, "ml-25m"), (87_585, "ml-32m")]
)
def test_an_edition_is_known_by_its_number_of_films(films: int, name: str, tmp_path: Path) -> None:
    lines = "".join(f"{n},Film,Drama\n" for n in range(films))
    (tmp_path / "movies.csv").write_text(f"movieId,title,genres\n{lines}")
    (tmp_path / "ratings.csv").write_text(RATINGS)
    assert edition_in(tmp_path) == name


@pytest.mark.parametrize("folder", sorted(FIXTURES.glob("ml-*")), ids=lambda folder: folder.name)
def test_one_source_recognises_each_folder_of_movielens(folder: Path) -> None:
    sources = {name: plugins.get("sources", name)() for name in plugins.names("sources")}
    assert [name for name, each in sources.items() if each.recognises(folder)] == [folder.name]


def test_a_zip_is_known_by_the_folder_inside(folder: Path, tmp_path: Path) -> None:
    edition = folder.rename(tmp_path / "ml-32m")
    zipped(edition, tmp_path / "sent")
    dataset = load(str(tmp_path / "sent.zip"), Cache(tmp_path))
    assert "32,000,204" in dataset.notes[0]


def test_other_tables_of_films_are_no_edition(tmp_path: Path) -> None:
    assert edition_in(tmp_path) is None
    (tmp_path / "movies.csv").write_text("id,name\n1,Alien\n")
    (tmp_path / "ratings.csv").write_text(RATINGS)
    assert edition_in(tmp_path) is None


title = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1
)
rating = st.tuples(
    st.integers(1, 999_999_999),
    st.integers(0, 5),
    st.integers(1, 10),
    st.integers(1, 2**32 - 2**28),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    titles=st.lists(title, min_size=6, max_size=6),
    ratings=st.lists(rating, unique_by=lambda each: each[:2], min_size=1),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_csv_reads_back_as_written(
    titles: list[str], ratings: list[tuple[int, int, int, int]], end: str, tmp_path: Path
) -> None:
    movies = io.StringIO()
    csv.writer(movies, lineterminator=end).writerows(
        [["movieId", "title", "genres"], *([n, f"{t} (1990)", "A|B"] for n, t in enumerate(titles))]
    )
    (tmp_path / "movies.csv").write_bytes(movies.getvalue().encode())
    lines = [f"{user},{item},{half / 2},{time}" for user, item, half, time in ratings]
    (tmp_path / "ratings.csv").write_bytes(end.join([RATINGS.strip(), *lines, ""]).encode())
    dataset, findings = read(tmp_path)
    assert [film.label for film in dataset.catalog.films()] == [f"{t} (1990)" for t in titles]
    assert rows(dataset) == [(str(u), str(i), half / 2, time) for u, i, half, time in ratings]
    assert findings == []


def test_the_real_latest_small_has_its_published_counts(mirror: Path, tmp_path: Path) -> None:
    dataset = load("ml-latest-small", Cache(tmp_path, mirror), Cleaning(strict=True))
    assert len(dataset.interactions) == 100_836
    assert dataset.interactions.n_users == 610
    assert len(dataset.catalog) == 9_742
    assert len(set(dataset.interactions.items.tolist())) == 9_724
    times = dataset.interactions.times
    assert (times.min(), times.max()) == (828124615, 1537799250)
    assert sum(not genres for genres in dataset.catalog.genres) == 34
    assert sum(not each for each in dataset.catalog.tmdb_ids) == 8
    assert dataset.notes == ("5 titles with their year have two ids or more",)
    toy_story = dataset.catalog.film(0)
    assert (toy_story.label, toy_story.imdb_id) == ("Toy Story (1995)", "tt0114709")


def test_keywords_of_the_real_latest_small_are_those_of_two_viewers(
    mirror: Path, tmp_path: Path
) -> None:
    tags = pl.read_csv(mirror / "ml-latest-small" / "tags.csv")
    assert tags.height == 3_683
    users_by_tag: dict[tuple[str, str], set[int]] = {}
    for user, item, tag, _ in tags.iter_rows():
        users_by_tag.setdefault((str(item), tag.lower().strip()), set()).add(user)
    shared = {pair for pair, users in users_by_tag.items() if len(users) > 1}
    catalog = load("ml-latest-small", Cache(tmp_path, mirror)).catalog
    assert {(film.id, tag) for film in catalog.films() for tag in film.keywords} == shared


def test_the_real_25m_without_ratings_is_a_catalogue(mirror: Path, tmp_path: Path) -> None:
    dataset = load("ml-25m", Cache(tmp_path, mirror))
    assert len(dataset.catalog) == 62_423
    if not (mirror / "ml-25m" / "ratings.csv").is_file():
        assert len(dataset.interactions) == 0
        assert "there is no ratings.csv" in dataset.notes[0]


def zipped(folder: Path, archive: Path) -> bytes:
    shutil.make_archive(str(archive), "zip", folder.parent, folder.name)
    return archive.with_suffix(".zip").read_bytes()


def test_an_edition_without_checksum_is_fetched_and_read(
    folder: Path, tmp_path: Path, serve: Callable[[bytes], ThreadingHTTPServer]
) -> None:
    server = serve(zipped(folder, tmp_path / "sent"))
    url = f"http://127.0.0.1:{server.server_port}/whole/ml-latest-small.zip"
    cache = Cache(tmp_path / "home")
    source = MovieLensLatestSmall()
    source.archive = RemoteFile(url, 100_000)
    dataset = source.load(cache)
    assert rows(dataset) == rows(read(folder)[0])
    assert np.array_equal(dataset.catalog.years, read(folder)[0].catalog.years)
    names = {each.name for each in cache.folder("ml-latest-small").iterdir()}
    assert names == {each.name for each in folder.iterdir()}
    source.archive = RemoteFile(url, 100)
    with pytest.raises(FetchError, match="more than the 100 it may have"):
        source.load(Cache(tmp_path / "elsewhere"))
