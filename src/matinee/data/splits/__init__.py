"""How data is divided into what a model learns from, what it is shown, and what it must find.

A protocol is a function of interactions, and of a seed where something is drawn. It gives
divisions: a validation split that options are chosen on, and a test split that is reported. Every
evaluated viewer of a split is one row of three sparse matrices, so that no model needs a user id.
"""

from matinee.data.splits.by_rating import folds, random
from matinee.data.splits.by_viewer import last, strong
from matinee.data.splits.split import Division, Split

__all__ = ["Division", "Split", "folds", "last", "random", "strong"]
