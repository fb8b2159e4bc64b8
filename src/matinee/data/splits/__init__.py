"""Protocols of evaluation: splits into training data, histories and targets.

A protocol is a function of interactions, and of a seed if it draws. It returns divisions: a
validation split to choose options on, and a test split to report. Every evaluated viewer of a
split is one row of three sparse matrices, so no model needs a user id. `leakage.check` checks a
split against its promises.
"""

from matinee.data.splits.by_order import last
from matinee.data.splits.by_rating import files, folds, random, ratings
from matinee.data.splits.by_time import cuts, time
from matinee.data.splits.by_viewer import cold_viewers, strong
from matinee.data.splits.cold_items import cold
from matinee.data.splits.core import core
from matinee.data.splits.existence import existing, first_instants
from matinee.data.splits.own_test import with_test
from matinee.data.splits.replay import prequential
from matinee.data.splits.restriction import among, relevant
from matinee.data.splits.split import Division, Promise, Split

__all__ = [
    "Division",
    "Promise",
    "Split",
    "among",
    "cold",
    "cold_viewers",
    "core",
    "cuts",
    "existing",
    "files",
    "first_instants",
    "folds",
    "last",
    "prequential",
    "random",
    "ratings",
    "relevant",
    "strong",
    "time",
    "with_test",
]
