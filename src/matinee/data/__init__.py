"""The types every other room speaks in, and the sources that fill them."""

from matinee.data.catalog import Catalog, Film
from matinee.data.constraints import Constraints
from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.query import Query, Ranking, Reason, Recommendation
from matinee.data.texts import TextLists, Texts
from matinee.data.vocabulary import Vocabulary

__all__ = [
    "Catalog",
    "Constraints",
    "Dataset",
    "Film",
    "Interactions",
    "Query",
    "Ranking",
    "Reason",
    "Recommendation",
    "TextLists",
    "Texts",
    "Vocabulary",
]
