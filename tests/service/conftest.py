"""A site over the planted data, and comparisons on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, event
from tests.experiments.toy_models import FilmMeans, Together, answering

from matinee.data import Catalog, Dataset, Interactions
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.recipes import Recipe
from matinee.service.pages.report.subject import Subject
from matinee.service.promote import install
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


@pytest.fixture(scope="session")
def installed(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a site: the planted viewers imported, EASE live."""
    folder = tmp_path_factory.mktemp("installed")
    with Site.open(f"sqlite:///{folder}/matinee.db", folder / "artefacts") as opened:
        install(opened, dataset, train(dataset, "ease", min_rating=3.5), "for tests")
    return folder


@pytest.fixture
def site(installed: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of the site with the planted viewers."""
    shutil.copytree(installed, tmp_path, dirs_exist_ok=True)
    with Site.open(f"sqlite:///{tmp_path}/matinee.db", tmp_path / "artefacts") as opened:
        yield opened


@pytest.fixture(scope="session")
def planted_folds(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    fold = (np.random.default_rng(0).permutation(len(planted)) % 5).astype(np.int8)
    return Dataset("planted", planted, planted_catalog, "ours", folds=fold)


@pytest.fixture(scope="session")
def ranked(planted_folds: Dataset) -> Comparison:
    """A model that knows tastes against one that draws lots, lists of 5 and 10 films."""
    recipe = Recipe([answering("drawn"), Together], k=(5, 10), seeds=(0, 1))
    return evaluate(recipe, planted_folds)


@pytest.fixture(scope="session")
def predicted(planted_folds: Dataset) -> Comparison:
    """Ratings under the data's own folds."""
    return evaluate([FilmMeans, "popular"], planted_folds, "folds", defaults=True)


@pytest.fixture(scope="session")
def alone(planted_folds: Dataset) -> Comparison:
    """One model, lists of one film."""
    return evaluate([Together()], planted_folds, "random", k=1)


@pytest.fixture
def subject(ranked: Comparison) -> Subject:
    return Subject(ranked)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """SQL statements from here on, without those that begin transactions."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        statement = str(arguments[2])
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)
