"""What a viewer will not accept, whatever a model thinks, and what to give up for want of films."""

from matinee.data.constraints.conditions import Lacking
from matinee.data.constraints.constraints import Constraints
from matinee.data.constraints.relaxation import Relaxation, relaxations
from matinee.data.constraints.terms import Term

__all__ = ["Constraints", "Lacking", "Relaxation", "Term", "relaxations"]
