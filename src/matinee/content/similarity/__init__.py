"""Which films a person calls similar: from who watched them and from what is known about them."""

from matinee.content.similarity.table import FilmSimilarity

__all__ = ["FilmSimilarity"]
