"""MovieLens 1M and 10M, with "::" between fields."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee.data import Dataset, Film
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.data.sources.ml_1m import MovieLens1M
from matinee.data.sources.ml_10m import MovieLens10M
from matinee.errors import DataError

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return shutil.copytree(FIXTURES / "ml-1m", tmp_path / "ml-1m")


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    return shutil.copytree(FIXTURES / "ml-10m", tmp_path / "ml-10m")


def read(source: MovieLens1M | MovieLens10M, folder: Path) -> tuple[Dataset, list[str]]:
    cleaning = Cleaning()
    dataset = source.read(folder, cleaning)
    return dataset, [str(each) for each in cleaning.findings]


def rows(dataset: Dataset) -> list[tuple[object, ...]]:
    return dataset.interactions.to_frame().rows()


def test_films_of_1m_are_latin1_and_a_title_may_hold_the_separator(one: Path) -> None:
    catalog = read(MovieLens1M(), one)[0].catalog
    assert catalog.film(1) == Film(
        id="2", title="Café of Echoes (Le Café des échos)", year=1994, genres=("Drama", "Romance")
    )
    assert catalog.film(2).label == "Signal :: Noise (1999)"
    assert catalog.film(3).label == "Paper Sea"


def test_viewers_of_1m_include_those_without_ratings(one: Path) -> None:
    dataset, findings = read(MovieLens1M(), one)
    assert dataset.interactions.user_ids.ids.tolist() == ["1", "2", "3"]
    assert dataset.interactions.users.tolist() == [0, 0, 2, 2]
    assert dataset.interactions.scale == (1.0, 5.0)
    assert dataset.demographics is not None
    assert dataset.demographics.rows() == [
        ("1", 1, "F", "K-12 student", "48067"),
        ("2", 56, "M", "self-employed", "70072"),
        ("3", 25, "M", "scientist", "55117-1234"),
    ]
    assert findings == []


def test_a_copy_of_1m_without_all_ratings_is_noted(one: Path) -> None:
    (note,) = read(MovieLens1M(), one)[0].notes
    assert note.startswith("ratings.dat holds 4 ratings, the published edition 1,000,209: ")


def test_10m_has_half_stars_and_keywords_from_tags(ten: Path) -> None:
    dataset, findings = read(MovieLens10M(), ten)
    assert dataset.interactions.values.tolist() == [5, 0.5, 3.5, 4.5]
    assert dataset.interactions.scale == (0.5, 5.0)
    assert dataset.interactions.user_ids.ids.tolist() == ["1", "3", "8"]
    assert dataset.catalog.keywords[2] == ("radio", "ratio 1::2")
    assert dataset.catalog.keywords[0] == ()
    assert dataset.catalog.titles[1] == "Café of Echoes (Café des échos)"
    assert dataset.catalog.genres[3] == ()
    assert findings == []


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("1::2::5", "malformed lines left out ({}, line 2: 3 fields instead of 4"),
        ("1::x::5::9", "malformed lines left out ({}, line 2: movieId is 'x', not a whole number"),
        ("1::4::6::7", "malformed lines left out ({}, line 2: rating 6 is outside 1 to 5)"),
        ("1::4::0.5::7", "malformed lines left out ({}, line 2: rating 0.5 is outside 1 to 5)"),
        ("9::4::5::7", "ratings of viewers that the file of viewers lacks left out ({}: viewer 9)"),
        ("1::9::5::7", "ratings of films that the file of films lacks left out ({}: film 9)"),
    ],
)
def test_a_rating_that_cannot_be_is_left_out_and_named(one: Path, line: str, finding: str) -> None:
    (one / "ratings.dat").write_text(f"1::1::3::7\n{line}\n3::4::4::8\n")
    dataset, findings = read(MovieLens1M(), one)
    assert rows(dataset) == [("1", "1", 3.0, 7), ("3", "4", 4.0, 8)]
    assert len(findings) == 1
    assert findings[0].startswith(f"1 {finding.format(one / 'ratings.dat')}")


def test_malformed_films_and_repeated_viewers_are_left_out_and_counted(one: Path) -> None:
    with (one / "movies.dat").open("a") as file:
        file.write("7:Half a separator (1999)::Drama\n8::Without genres (1999)\n")
    with (one / "users.dat").open("a") as file:
        file.write("1::M::18::4::00000\n")
    dataset, findings = read(MovieLens1M(), one)
    assert len(dataset.catalog) == 4
    assert dataset.demographics is not None
    assert dataset.demographics["gender"].to_list() == ["F", "M", "M"]
    assert findings[0] == "1 rows that repeat a viewer's id left out"
    assert "movies.dat, line 5: 2 fields instead of 3" in findings[1]


def test_line_ends_of_windows_do_not_matter(one: Path) -> None:
    before, _ = read(MovieLens1M(), one)
    for file in one.iterdir():
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    after, findings = read(MovieLens1M(), one)
    assert after.catalog.films() == before.catalog.films()
    assert after.interactions.content_hash == before.interactions.content_hash
    assert findings == []


def test_a_missing_file_is_an_error(one: Path) -> None:
    (one / "ratings.dat").unlink()
    with pytest.raises(DataError, match=r"there is no file .*ratings\.dat"):
        read(MovieLens1M(), one)


def test_films_in_another_encoding_are_read(one: Path, ten: Path) -> None:
    films = (one / "movies.dat").read_text(encoding="latin-1")
    (ten / "movies.dat").write_text(films, encoding="latin-1")
    dataset, findings = read(MovieLens10M(), ten)
    assert dataset.catalog.titles[1] == "Café of Echoes (Le Café des échos)"
    assert findings == [f"1 files that are not UTF-8, read as Windows-1252 ({ten / 'movies.dat'})"]
    (one / "movies.dat").write_text(films, encoding="utf-8")
    dataset, findings = read(MovieLens1M(), one)
    assert dataset.catalog.titles[1] == "Café of Echoes (Le Café des échos)"
    assert findings == []


def test_viewers_tell_1m_from_10m(one: Path, ten: Path) -> None:
    editions = (MovieLens1M(), MovieLens10M())
    assert [each.recognises(one) for each in editions] == [True, False]
    assert [each.recognises(ten) for each in editions] == [False, True]
    shutil.copy(ten / "tags.dat", one)
    assert [each.recognises(one) for each in editions] == [True, False]


def is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


title = st.text(st.characters(codec="latin-1", exclude_categories=("Cc", "Zs")), min_size=1).filter(
    lambda text: text.isascii() or not is_utf8(text.encode("latin-1"))
)
rating = st.tuples(
    st.integers(1, 3), st.integers(0, 2), st.integers(1, 5), st.integers(1, 4_102_444_799)
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    titles=st.lists(title, min_size=3, max_size=3),
    ratings=st.lists(rating, unique_by=lambda each: each[:2], min_size=1),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_files_read_back_as_written(
    titles: list[str], ratings: list[tuple[int, int, int, int]], end: str, tmp_path: Path
) -> None:
    shutil.copy(FIXTURES / "ml-1m" / "users.dat", tmp_path)
    films = [f"{n}::{each} (1990)::A|B{end}" for n, each in enumerate(titles)]
    (tmp_path / "movies.dat").write_bytes("".join(films).encode("latin-1"))
    lines = ["::".join(map(str, each)) + end for each in ratings]
    (tmp_path / "ratings.dat").write_bytes("".join(lines).encode())
    dataset, findings = read(MovieLens1M(), tmp_path)
    assert [film.label for film in dataset.catalog.films()] == [f"{each} (1990)" for each in titles]
    assert rows(dataset) == [(str(u), str(i), float(r), t) for u, i, r, t in ratings]
    assert findings == []


def test_the_real_1m_has_its_published_films_and_viewers(mirror: Path, tmp_path: Path) -> None:
    dataset = load("ml-1m", Cache(tmp_path, mirror), Cleaning(strict=True))
    assert len(dataset.catalog) == 3_883
    assert dataset.interactions.n_users == 6_040
    assert dataset.demographics is not None
    assert dataset.demographics["gender"].value_counts().sort("gender").rows() == [
        ("F", 1709),
        ("M", 4331),
    ]
    counts = {star: int((dataset.interactions.values == star).sum()) for star in (4, 5)}
    assert counts == {4: 348_971, 5: 226_310}
    if len(dataset.interactions) != 1_000_209:
        assert len(dataset.interactions) == 820_755
        assert "820,755 ratings, the published edition 1,000,209" in dataset.notes[0]
