from __future__ import annotations

from pathlib import Path

import pytest

from matinee.data import Film
from matinee.data.cleaning import Cleaning
from matinee.data.sources.tmdb_5000 import Tmdb5000
from matinee.errors import DataError

MOVIES, CREDITS = "tmdb_5000_movies.csv", "tmdb_5000_credits.csv"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_film_has_all_its_facts(folder: Path) -> None:
    data = Tmdb5000().read(folder, Cleaning())
    assert data.catalog.film(0) == Film(
        id="501",
        title="The Clockwork Orchard",
        year=1995,
        runtime=81,
        genres=("Animation", "Family"),
        languages=("English",),
        countries=("United States",),
        directors=("Ada Birch",),
        cast=tuple(f"Actor {order:02}" for order in range(20)),
        keywords=("orchard", "clock"),
        overview='A robot plants apples.\nThen "winter" comes.',
        tmdb_id="501",
    )
    assert data.notes == ()
    assert len(data.interactions) == 0


def test_zero_and_nothing_are_unknown(folder: Path) -> None:
    catalog = Tmdb5000().read(folder, Cleaning()).catalog
    assert catalog.film(1) == Film(id="502", title="Silence, Please", tmdb_id="502")
    assert catalog.film(2).runtime is None
    assert catalog.film(2).languages == ("French",)


def test_without_credits_people_are_unknown_and_that_is_noted(folder: Path) -> None:
    (folder / CREDITS).unlink()
    data = Tmdb5000().read(folder, Cleaning())
    assert data.catalog.film(0).directors == ()
    assert data.notes == (f"directors and cast are unknown: there is no {CREDITS}",)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (MOVIES, '""name"": ""Drama""}]', '""name"": ""Drama""', "line 5, column genres: not JSON"),
        (MOVIES, '""name"": ""Drama""', '""nom"": 3', "line 5, column genres: not a JSON array of"),
        (MOVIES, ",81.0,", ",long,", "line 2, column runtime: 'long' is not a number"),
        (MOVIES, ",81.0,", ",inf,", "line 2, column runtime: 'inf' is not a number"),
        (MOVIES, "1993-05-01", "May 1993", "line 5, column release_date: 'May 1993' is not a date"),
        (MOVIES, ",502,", ",,", "line 4, column id: '' is not a number"),
        (MOVIES, "keywords", "words", "line 1: there is no column keywords"),
        (MOVIES, ",502,", ",501,", "film id '501' "),
        (CREDITS, '""order"": 23', '""order"": null', "line 2, column cast: 'Actor 23' has no o"),
        (CREDITS, ",[],[]", ",[],{", "line 3, column crew: not JSON"),
        (CREDITS, "cast,", "players,", "line 1: there is no column cast"),
    ],
)
def test_a_malformed_field_is_named_by_file_line_and_column(
    file: str, old: str, new: str, message: str, folder: Path
) -> None:
    change(folder / file, old, new)
    with pytest.raises(DataError) as raised:
        Tmdb5000().read(folder, Cleaning())
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "film id" in message or file in str(raised.value)


def test_a_damaged_empty_or_missing_file_is_named(folder: Path) -> None:
    with (folder / MOVIES).open("a") as file:
        file.write('"')
    with pytest.raises(DataError, match=r"tmdb_5000_movies\.csv, line 6: a quote opens here"):
        Tmdb5000().read(folder, Cleaning())
    (folder / MOVIES).write_bytes(b"")
    with pytest.raises(DataError, match=r"tmdb_5000_movies\.csv is empty"):
        Tmdb5000().read(folder, Cleaning())
    (folder / MOVIES).unlink()
    with pytest.raises(DataError, match=r"there is no file .*tmdb_5000_movies\.csv"):
        Tmdb5000().read(folder, Cleaning())


def test_the_real_data_has_the_published_counts(mirror: Path) -> None:
    catalog = Tmdb5000().read(mirror / "tmdb-5000", Cleaning()).catalog
    assert len(catalog) == 4803
    assert (catalog.years == 0).sum() == 1
    assert list(catalog.overviews).count("") == 4  # three are missing, one is a blank
    avatar = catalog.film(catalog.item_ids.row("19995"))
    assert (avatar.label, avatar.runtime) == ("Avatar (2009)", 162)
    assert all(len(language) >= 4 for film in catalog.languages for language in film)
