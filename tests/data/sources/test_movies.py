from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import MOVIELENS
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile
from matinee.data.sources import Source, load
from matinee.data.sources.ml_latest_small import MovieLensLatestSmall
from matinee.data.sources.movies import Movies
from matinee.data.sources.wikipedia_movie_data import WikipediaMovieData
from matinee.errors import DataError, FetchError, UnreachableError

NOWHERE = RemoteFile("http://127.0.0.1:9/nothing.zip", 1)
MOVIELENS_FILES = {
    "movies.csv": (
        "movieId,title,genres\n1,Toy Story (1995),Animation|Children\n2,Heat (1995),Crime\n"
    ),
    "ratings.csv": "userId,movieId,rating,timestamp\n1,1,5.0,964982703\n1,2,2.5,964982704\n",
    "links.csv": "movieId,imdbId,tmdbId\n1,0114709,862\n2,0113277,949\n",
    "tags.csv": "userId,movieId,tag,timestamp\n",
}
WIKIPEDIA = [
    {
        "title": "Toy Story",
        "year": 1995,
        "cast": ["Voices of", "Tom Hanks", "Tim Allen"],
        "genres": ["Animated"],
        "extract": "Toys are alive.",
    },
    {"title": "Another Film", "year": 1995, "cast": [], "genres": [], "extract": "No matter."},
]


class OutOfReach(WikipediaMovieData):
    """A part that nobody has a copy of."""

    @property
    def name(self) -> str:
        return "wikipedia-movie-data"

    def download(self, cache: Cache, folder: Path) -> None:
        raise UnreachableError("there is no network")


def put(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """A mirror with the ratings and the plots."""
    put(tmp_path / "mirror" / "ml-latest-small", MOVIELENS_FILES)
    put(tmp_path / "mirror" / "wikipedia-movie-data", {"movies.json": json.dumps(WIKIPEDIA)})
    return Cache(tmp_path / "home", tmp_path / "mirror")


def movies(*facts: Source) -> Movies:
    return Movies(facts=facts)


def test_the_films_of_the_ratings_have_the_facts_of_the_other_parts(cache: Cache) -> None:
    data = movies(WikipediaMovieData()).load(cache)
    toy_story, heat = data.catalog.films()
    assert (toy_story.id, toy_story.overview) == ("1", "Toys are alive.")
    assert toy_story.genres == ("Animation", "Children")
    assert toy_story.cast == ("Tom Hanks", "Tim Allen")
    assert (heat.imdb_id, heat.overview) == ("tt0113277", "")
    assert data.numbering == MOVIELENS
    assert data.notes == ("1 of 2 films have facts from wikipedia-movie-data",)
    assert data.provenance is not None
    assert data.provenance.of(0, "overview") == "wikipedia-movie-data"
    assert data.provenance.having(1) == ("ml-latest-small",)


def test_its_ratings_are_those_of_latest_small(cache: Cache) -> None:
    data, ratings = movies(WikipediaMovieData()).load(cache), load("ml-latest-small", cache)
    assert data.interactions.content_hash == ratings.interactions.content_hash
    assert data.licence.startswith(ratings.licence)
    assert WikipediaMovieData.licence in data.licence


def test_it_is_merged_once(cache: Cache) -> None:
    first = movies(WikipediaMovieData()).load(cache)
    again = movies(OutOfReach()).load(cache)
    assert again.catalog.films() == first.catalog.films()
    assert again.notes == first.notes


def test_a_part_out_of_reach_is_noted_with_the_way_to_get_it(cache: Cache) -> None:
    nowhere = Cache(cache.home, cache.mirror)
    (cache.home.parent / "mirror" / "wikipedia-movie-data" / "movies.json").unlink()
    data = movies(OutOfReach()).load(nowhere)
    assert len(data.interactions) == 2
    (note,) = data.notes
    assert note.startswith(
        "plots and the order of the cast are unknown: wikipedia-movie-data could"
    )
    assert "there is no network" in note
    assert note.endswith(f"then remove {cache.folder('movies')} and run matinee fetch movies")


def test_without_the_ratings_there_is_no_data_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MovieLensLatestSmall, "archive", NOWHERE)
    with pytest.raises(
        FetchError, match=r"ml-latest-small could not be .*ml-100k is in the package index"
    ):
        movies().load(Cache(tmp_path / "home"))
    assert not (tmp_path / "home" / "datasets" / "movies").exists()


def test_a_copy_of_the_films_alone_is_refused(cache: Cache) -> None:
    assert cache.mirror is not None
    (cache.mirror / "ml-latest-small" / "ratings.csv").unlink()
    with pytest.raises(FetchError, match=r"ml-latest-small has no ratings\.csv; remove it"):
        movies().load(cache)


@pytest.mark.parametrize(
    ("line", "text", "message"),
    [
        (1, "", r"films\.jsonl is not lines of JSON"),
        (1, "{}", r"films\.jsonl, line 1: KeyError\('sources'\)"),
        (2, '{"film": {"id": "1"}, "from": {}, "rows": {}}', r"line 2: .*'title'"),
        (3, '{"film": {}, "from": {"year": "?"}, "rows": {}}', r"line 3"),
        (4, "7", r"line 4"),
    ],
)
def test_damaged_lines_are_refused(folder: Path, line: int, text: str, message: str) -> None:
    file = folder / "films.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[: line - 1], text, *lines[line:]]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=message):
        Movies().read(folder, Cleaning())


def test_an_empty_file_is_refused(folder: Path) -> None:
    (folder / "films.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="is empty"):
        Movies().read(folder, Cleaning())
