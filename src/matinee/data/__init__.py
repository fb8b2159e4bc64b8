"""The types that all other rooms use, and the sources that read them."""

from matinee.data.attributes import Attributes, attribute_words
from matinee.data.catalog import Catalog, Film
from matinee.data.constraints import Constraints, Lacking, Relaxation
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories, rows_of
from matinee.data.interactions import Interactions
from matinee.data.query import Expected, Query, Ranking, Recommendation
from matinee.data.reason import Reason, ReasonFilm
from matinee.data.texts import TextLists, Texts
from matinee.data.vocabulary import Vocabulary

__all__ = [
    "Attributes",
    "Catalog",
    "Constraints",
    "Dataset",
    "Expected",
    "Film",
    "Histories",
    "Interactions",
    "Lacking",
    "Query",
    "Ranking",
    "Reason",
    "ReasonFilm",
    "Recommendation",
    "Relaxation",
    "TextLists",
    "Texts",
    "Vocabulary",
    "attribute_words",
    "rows_of",
]
