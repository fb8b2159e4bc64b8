"""Planted ratings as a data set with five folds."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.data import Catalog, Dataset, Interactions


@pytest.fixture(scope="session")
def dataset(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    fold = (np.random.default_rng(0).permutation(len(planted)) % 5).astype(np.int8)
    return Dataset("planted", planted, planted_catalog, "ours", folds=fold)
