"""Finding a film on TMDB."""

from __future__ import annotations

import pytest
from tests.data.tmdb.server import FakeTmdb, movie

from matinee.data import Film
from matinee.data.tmdb import How, Tmdb, TmdbMatch


def film(
    title: str = "The Lamp", year: int | None = 1999, *, tmdb_id: str = "", imdb_id: str = ""
) -> Film:
    return Film(id="a", title=title, year=year, tmdb_id=tmdb_id, imdb_id=imdb_id)


def find(tmdb: Tmdb, film: Film) -> tuple[How, str]:
    found = tmdb.find(film)
    return found.how, found.fact.tmdb_id if found.fact else ""


@pytest.fixture(autouse=True)
def films(fake: FakeTmdb) -> None:
    fake.know(
        movie(7, "The Lamp", 1999, "tt0000007"),
        movie(8, "The Lamp", 2004, "tt0000008"),
        movie(9, "La Lampe d'Anne", 1999, original_title="The Lamp of Anne"),
    )


def test_an_imdb_id_takes_two_requests_and_a_tmdb_id_one(tmdb: Tmdb, fake: FakeTmdb) -> None:
    assert find(tmdb, film("Other", None, imdb_id="tt0000008")) == (How.IMDB_ID, "8")
    assert find(tmdb, film("Other", None, tmdb_id="7")) == (How.TMDB_ID, "7")
    assert fake.paths == ["/3/find/tt0000008", "/3/movie/8", "/3/movie/7"]
    assert fake.requests[0].query == {"external_source": "imdb_id"}
    assert fake.requests[1].query == {"append_to_response": "credits,keywords,release_dates"}


@pytest.mark.parametrize("title", ["The Lamp", "the LAMP", "The Lamp (Die Lampe)"])
@pytest.mark.parametrize("theirs", ["The Lamp", "Lamp, The", "THE LAMP!"])
def test_a_title_is_found_in_its_year(title: str, theirs: str, tmdb: Tmdb, fake: FakeTmdb) -> None:
    fake.movies[7]["title"] = theirs
    assert find(tmdb, film(title)) == (How.TITLE, "7")
    assert fake.requests[0].query == {
        "query": title.removesuffix(" (Die Lampe)"),
        "primary_release_year": "1999",
        "page": "1",
    }


def test_an_original_title_is_found(tmdb: Tmdb, fake: FakeTmdb) -> None:
    fake.movies[9]["title"] = "The Lamp of Anne (La Lampe d'Anne)"
    assert find(tmdb, film("The Lamp of Anne")) == (How.TITLE, "9")


@pytest.mark.parametrize(
    ("title", "year"), [("The Lamp", 2000), ("The Lamp", None), ("Lamps", 1999), ("(?)", 1999)]
)
def test_another_title_or_year_is_not_found(title: str, year: int | None, tmdb: Tmdb) -> None:
    assert tmdb.find(film(title, year)) == TmdbMatch(How.NOT_FOUND)


def test_two_films_of_one_title_and_year_or_of_one_imdb_id_are_ambiguous(
    tmdb: Tmdb, fake: FakeTmdb
) -> None:
    fake.know(movie(10, "The Lamp", 1999, "tt0000007"))
    assert tmdb.find(film()) == TmdbMatch(How.AMBIGUOUS)
    assert fake.paths == ["/3/search/movie"]
    assert tmdb.find(film(imdb_id="tt0000007")) == TmdbMatch(How.AMBIGUOUS)


def test_every_page_of_results_is_read(tmdb: Tmdb, fake: FakeTmdb) -> None:
    fake.pages = 1
    fake.know(movie(10, "The Lamp Maker", 1999))
    assert find(tmdb, film()) == (How.TITLE, "7")
    assert [each.query.get("page") for each in fake.requests] == ["1", "2", None]
    fake.know(movie(11, "Lamp, The", 1999))
    assert tmdb.find(film("Lamp, the", 1999)).how is How.AMBIGUOUS


def test_more_than_five_pages_are_ambiguous(tmdb: Tmdb, fake: FakeTmdb) -> None:
    fake.pages = 1
    fake.know(*(movie(20 + each, f"The Lamp, Part {each}", 1999) for each in range(5)))
    assert tmdb.find(film()) == TmdbMatch(How.AMBIGUOUS)


@pytest.mark.parametrize("tmdb_id", ["7", ""])
def test_a_contradicting_imdb_id_is_ambiguous(tmdb_id: str, tmdb: Tmdb) -> None:
    assert tmdb.find(film(imdb_id="tt0000099", tmdb_id=tmdb_id)) == TmdbMatch(How.AMBIGUOUS)


def test_an_unknown_tmdb_id_falls_back_to_the_imdb_id_and_the_title(
    tmdb: Tmdb, fake: FakeTmdb
) -> None:
    known = film(tmdb_id="70", imdb_id="tt0000007")
    assert find(tmdb, known) == (How.IMDB_ID, "7")
    fake.movies[8]["imdb_id"] = None
    unknown = film("The Lamp", 2004, tmdb_id="70", imdb_id="tt0000077")
    assert find(tmdb, unknown) == (How.TITLE, "8")
    assert tmdb.find(film("Gone", 1999, tmdb_id="70")) == TmdbMatch(How.NOT_FOUND)


@pytest.mark.parametrize(
    ("tmdb_id", "imdb_id"), [("../8", ""), ("0", ""), ("8?", ""), ("", "tt0000008/../8"), ("", "8")]
)
def test_malformed_ids_are_not_sent(tmdb_id: str, imdb_id: str, tmdb: Tmdb, fake: FakeTmdb) -> None:
    malformed = film("Gone", None, tmdb_id=tmdb_id, imdb_id=imdb_id)
    assert tmdb.find(malformed) == TmdbMatch(How.NOT_FOUND)
    assert fake.paths == []


def test_no_request_is_sent_twice(tmdb: Tmdb, fake: FakeTmdb) -> None:
    ids = (film(imdb_id="tt0000008"), film(tmdb_id="9"), film(tmdb_id="70"))
    films = (film(), *ids, film("Gone"))
    first = [tmdb.find(each) for each in films]
    sent = len(fake.requests)
    assert (tmdb.requests, tmdb.from_cache) == (sent, 2)
    assert [tmdb.find(each) for each in films] == first
    assert len(fake.requests) == sent
    assert tmdb.from_cache == 2 + sent + 2
