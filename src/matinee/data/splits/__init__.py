"""How data is divided into what a model learns from, what it is shown, and what it must find.

A protocol is a function of interactions, and of a seed where something is drawn. It gives
divisions: a validation split that options are chosen on, and a test split that is reported. Every
evaluated viewer of a split is one row of three sparse matrices, so that no model needs a user id.
`leakage.check` says whether a split keeps what it promises.
"""

from matinee.data.splits.by_rating import folds, random
from matinee.data.splits.by_time import time
from matinee.data.splits.by_viewer import last, strong
from matinee.data.splits.cold_items import cold
from matinee.data.splits.cold_viewers import cold_viewers
from matinee.data.splits.replay import prequential
from matinee.data.splits.split import Division, Promise, Split

__all__ = [
    "Division",
    "Promise",
    "Split",
    "cold",
    "cold_viewers",
    "folds",
    "last",
    "prequential",
    "random",
    "strong",
    "time",
]
