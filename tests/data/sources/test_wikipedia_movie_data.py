from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from matinee.data import Film
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile
from matinee.data.sources import load
from matinee.data.sources.wikipedia_movie_data import WikipediaMovieData
from matinee.errors import DataError

FIXTURE = Path(__file__).parent / "fixtures" / "wikipedia-movie-data"
CAROUSEL = Film(
    id="the-tin-carousel-1915",
    title="The Tin Carousel",
    year=1915,
    genres=("Silent", "Drama"),
    countries=("United States",),
    cast=("Edith Marlow", "Frank Osprey"),
    overview="The Tin Carousel is a silent drama about two sisters who inherit a fairground.",
)


def test_films_have_facts_and_generated_ids(folder: Path) -> None:
    data = WikipediaMovieData().read(folder, Cleaning(strict=True))
    films = data.catalog.films()
    assert films[0] == CAROUSEL
    assert [film.id for film in films] == [
        "the-tin-carousel-1915",
        "the-tin-carousel-1915-2",
        "rio-quieto-1956",
        "film-2011",
    ]
    assert films[3].title == "???"
    assert len(data.interactions) == 0


def test_pieces_of_the_sentence_around_names_are_no_cast(folder: Path) -> None:
    names = ["will.i.am", '"Weird Al" Yankovic', "50 Cent", "Dave (Tex) O'Brien"]
    pieces = ["Voices of", "voices of", "(", "and", "nominee)", "(narrator)", ".", "the life of"]
    entry = {"title": "The Tin Carousel", "year": 1915, "cast": [*pieces, *names], "genres": []}
    (folder / "movies.json").write_text(json.dumps([entry]), encoding="utf-8")
    assert list(WikipediaMovieData().read(folder, Cleaning()).catalog.film(0).cast) == names


def test_files_by_decade_read_as_the_whole_file(folder: Path) -> None:
    whole = WikipediaMovieData().read(folder, Cleaning()).catalog.films()
    entries = json.loads((folder / "movies.json").read_text(encoding="utf-8"))
    (folder / "movies.json").unlink()
    parts = {"movies-1900s.json.gz": [], "movies-1910s.json": entries[:2]}
    for name, part in (parts | {"movies-2020s.json.gz": entries[2:]}).items():
        text = json.dumps(part).encode()
        (folder / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    assert WikipediaMovieData().recognises(folder)
    data = WikipediaMovieData().read(folder, Cleaning())
    assert data.catalog.films() == whole
    (note,) = data.notes
    assert note.startswith("the copy is incomplete: there is no movies-1920s.json, movies-1930s")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": " "}, "it has no title"),
        ({"year": "1915"}, "'1915' is no year of a film"),
        ({"year": 15}, "15 is no year of a film"),
        ({"cast": "Edith Marlow"}, "cast is not a list of texts"),
        ({"genres": [1]}, "genres is not a list of texts"),
        ({"extract": 7}, "extract is not a text"),
    ],
)
def test_a_malformed_film_is_left_out_and_named(
    change: dict[str, object], message: str, folder: Path
) -> None:
    entries = json.loads((folder / "movies.json").read_text(encoding="utf-8"))
    entries[1] |= change
    (folder / "movies.json").write_text(json.dumps(entries), encoding="utf-8")
    cleaning = Cleaning()
    assert len(WikipediaMovieData().read(folder, cleaning).catalog) == 3
    (finding,) = cleaning.findings
    assert finding.examples[0].endswith(f"movies.json, film 2: {message}")
    with pytest.raises(DataError, match=rf"film 2: {message}"):
        WikipediaMovieData().read(folder, Cleaning(strict=True))
    with pytest.raises(DataError, match="more than 0 malformed films"):
        WikipediaMovieData().read(folder, Cleaning(limit=0))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"{}", "is not a JSON array of films"),
        (b"[1]", "is not a JSON array of films"),
        (b"[]", "holds no films"),
    ],
)
def test_other_json_is_refused(content: bytes, message: str, folder: Path) -> None:
    (folder / "movies.json").write_bytes(content)
    with pytest.raises(DataError, match=rf"movies\.json {message}"):
        WikipediaMovieData().read(folder, Cleaning())


def test_a_damaged_archive_and_an_empty_folder_are_refused(folder: Path) -> None:
    (folder / "movies.json").unlink()
    with pytest.raises(DataError, match=r"neither movies\.json nor movies-1900s\.json"):
        WikipediaMovieData().read(folder, Cleaning())
    (folder / "movies.json.gz").write_bytes(gzip.compress(b"[]" * 500)[:-9])
    with pytest.raises(DataError, match=r"movies\.json\.gz cannot be read"):
        WikipediaMovieData().read(folder, Cleaning())


def test_it_is_downloaded_and_verified(
    tmp_path: Path, serve: Callable[[bytes], ThreadingHTTPServer]
) -> None:
    body = (FIXTURE / "movies.json").read_bytes()
    address = f"http://127.0.0.1:{serve(body).server_address[1]}/whole/movies.json"
    source = WikipediaMovieData(RemoteFile(address, len(body), hashlib.sha256(body).hexdigest()))
    lines: list[str] = []
    data = source.load(Cache(tmp_path, say=lines.append))
    assert data.catalog.film(0) == CAROUSEL
    assert lines == [f"wikipedia-movie-data: {source.licence}"]


def test_the_real_lists_are_complete(mirror: Path, tmp_path: Path) -> None:
    if not (mirror / "wikipedia-movie-data").is_dir():
        pytest.skip("the folder of real data sets has no wikipedia-movie-data")
    data = load("wikipedia-movie-data", Cache(tmp_path, mirror), Cleaning(strict=True))
    assert len(data.catalog) == 36_273
    assert sum(bool(cast) for cast in data.catalog.cast) == 35_387
    assert sum(bool(genres) for genres in data.catalog.genres) == 35_685
    assert sum(bool(overview) for overview in data.catalog.overviews) == 34_532
    assert data.notes == ()
