"""An evaluation that stops in the middle and waits to be killed; a test runs it as a process."""

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
from matinee.experiments.measuring.contenders import Entry

STOP = "MATINEE_TEST_STOP"
"""In the environment of the process: the fit that never ends."""
SEEDS = (0, 1)


class Halting(FilmMeans):
    """Film means; the second fit of a process does not end where it is told so."""

    fits = 0

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        type(self).fits += 1
        if os.environ.get(STOP) and type(self).fits == 2:
            time.sleep(600)
        return super().fit(interactions, catalog, rng=rng)


def models() -> list[Entry]:
    return [Together, Halting()]


def ratings(path: Path) -> Dataset:
    return load(str(path), Cache(path.parent))


def main() -> None:
    """Arguments of the process: the table of ratings, the folder of finished results."""
    evaluate(models(), ratings(Path(sys.argv[1])), seeds=SEEDS, ledger=Path(sys.argv[2]))
