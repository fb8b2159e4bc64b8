"""From a query to a ranking a person can read."""

from matinee.pipeline.critique import critique
from matinee.pipeline.recommender import Recommender

__all__ = ["Recommender", "critique"]
