"""A real site over planted data behind a real server on a free loopback port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from docs.screenshot import served
from fastapi import FastAPI

from matinee.data import Catalog, Dataset, Film, Interactions
from matinee.service.promote import install
from matinee.service.site import Site
from matinee.service.train import train
from matinee.web.app import create_app

SECRET = "only for tests".ljust(32, ".")
NASTY = "<script>document.title='owned'</script>"
LICENCE = "Planted data, free for all; cite nobody."

Serve = Callable[[FastAPI], str]


@pytest.fixture(scope="session")
def site_data(planted_catalog: Catalog, planted: Interactions) -> Dataset:
    """The planted data and a film whose title is an attack, with an id that needs quoting."""
    nasty = Film(id="x/1 ?", title=NASTY, overview=NASTY, genres=("Comedy",))
    catalog = Catalog.of([*planted_catalog.films(), nasty])
    interactions = replace(planted, item_ids=catalog.item_ids)
    return Dataset("planted", interactions, catalog, licence=LICENCE)


@pytest.fixture(scope="session")
def site(site_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a real SQLite file and a real model; tests come as viewers of their own."""
    home = tmp_path_factory.mktemp("site")
    with Site.open(f"sqlite:///{home / 'matinee.db'}", home / "artefacts") as site:
        install(site, site_data, train(site_data, "ease", min_rating=3.5, l2=10.0))
        yield site


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """A site on which nothing is live."""
    with Site.open(f"sqlite:///{tmp_path / 'matinee.db'}", tmp_path / "artefacts") as site:
        yield site


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves applications until the test ends."""
    with ExitStack() as running:
        yield lambda app: running.enter_context(served(app))


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    """Where the site is served."""
    with served(create_app(site, secret=SECRET)) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A browser's worth of cookies, empty at first."""
    with httpx.Client(base_url=address) as client:
        yield client
