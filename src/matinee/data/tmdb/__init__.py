"""Facts about films from the TMDB API, used only with a key of the user.

`Connection` sends requests, `AnswerCache` stores answers, `Tmdb` finds a film, `enrich_from_tmdb`
fills a catalogue. TMDB documents its answers at https://developer.themoviedb.org/reference.
"""

from matinee.data.tmdb.answer_cache import AnswerCache
from matinee.data.tmdb.connection import API_URL, KEY_PAGE, Connection
from matinee.data.tmdb.enriching import ATTRIBUTION, TERMS_PAGE, TmdbReport, enrich_from_tmdb
from matinee.data.tmdb.finding import How, Tmdb, TmdbMatch

__all__ = [
    "API_URL",
    "ATTRIBUTION",
    "KEY_PAGE",
    "TERMS_PAGE",
    "AnswerCache",
    "Connection",
    "How",
    "Tmdb",
    "TmdbMatch",
    "TmdbReport",
    "enrich_from_tmdb",
]
