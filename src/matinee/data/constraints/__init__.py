"""Conditions on recommended films, and their smallest relaxations where too few films meet them."""

from matinee.data.constraints.conditions import Lacking
from matinee.data.constraints.constraints import Constraints
from matinee.data.constraints.relaxation import Relaxation, relaxations
from matinee.data.constraints.terms import Term

__all__ = ["Constraints", "Lacking", "Relaxation", "Term", "relaxations"]
