"""An evaluation that halts halfway; a test runs it as a process and kills it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Self

import numpy as np
from tests.experiments.toy_models import FilmMeans, Together

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.experiments.evaluate import evaluate
from matinee.experiments.receipts.ledger import Ledger
from matinee.experiments.recipes import Recipe

STOP = "MATINEE_TEST_STOP"
"""Environment variable that makes the second fit halt."""


class Halting(FilmMeans):
    """Film means. The second fit of a process halts if `STOP` is set."""

    fits = 0

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        type(self).fits += 1
        if os.environ.get(STOP) and type(self).fits == 2:
            time.sleep(600)
        return super().fit(interactions, catalog, rng=rng)


RECIPE = Recipe([Together, Halting()], seeds=(0, 1))


def ratings(path: Path) -> Dataset:
    return load(str(path), Cache(path.parent))


def main() -> None:
    """Process arguments: the table of ratings, the folder of the ledger."""
    evaluate(RECIPE, ratings(Path(sys.argv[1])), ledger=Ledger(Path(sys.argv[2])))
