"""A site over the planted data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matinee.data import Catalog, Dataset, Interactions
from matinee.service.install import install
from matinee.service.site import Site
from matinee.service.train import train


@pytest.fixture(scope="session")
def dataset(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    return Dataset("planted", planted, planted_catalog, licence="ours")


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """Nothing imported, nothing promoted."""
    with Site.open(f"sqlite:///{tmp_path}/matinee.db", tmp_path / "artefacts") as opened:
        yield opened


@pytest.fixture
def site(empty_site: Site, dataset: Dataset) -> Site:
    """The planted viewers imported, EASE live."""
    install(empty_site, dataset, train(dataset, "ease", {"min_rating": 3.5}), "for tests")
    return empty_site
