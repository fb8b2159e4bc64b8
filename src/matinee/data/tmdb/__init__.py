"""Facts about films from the TMDB API, asked for only where its user gives a key.

`Connection` sends one request, `AnswerCache` keeps what was answered, `Tmdb` finds a film, and
`enrich_from_tmdb` fills a catalogue. The shapes of the answers are those of TMDB's reference,
https://developer.themoviedb.org/reference.
"""

from matinee.data.tmdb.answer_cache import AnswerCache
from matinee.data.tmdb.connection import API_URL, KEY_PAGE, Connection
from matinee.data.tmdb.enriching import ATTRIBUTION, TERMS_PAGE, TmdbReport, enrich_from_tmdb
from matinee.data.tmdb.finding import Found, How, Tmdb

__all__ = [
    "API_URL",
    "ATTRIBUTION",
    "KEY_PAGE",
    "TERMS_PAGE",
    "AnswerCache",
    "Connection",
    "Found",
    "How",
    "Tmdb",
    "TmdbReport",
    "enrich_from_tmdb",
]
