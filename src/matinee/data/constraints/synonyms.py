"""Genres and countries under the names that catalogues and people use for them."""

from __future__ import annotations

from matinee.data.spelling import normalise

__all__ = ["GENRE_NAMES", "synonyms"]

_GENRES = (
    ("action",),
    ("adventure", "adventures"),
    ("animation", "animated", "cartoon", "cartoons"),
    ("biography", "biographies", "biographical", "biopic", "biopics"),
    ("childrens", "children"),
    ("comedy", "comedies"),
    ("crime",),
    ("documentary", "documentaries"),
    ("drama", "dramas"),
    ("family",),
    ("fantasy",),
    ("film noir", "noir"),
    ("history", "historical"),
    ("horror",),
    ("imax",),
    ("music",),
    ("musical", "musicals"),
    ("mystery", "mysteries"),
    ("romance", "romances", "romantic"),
    ("sci fi", "scifi", "science fiction"),
    ("sport", "sports"),
    ("thriller", "thrillers"),
    ("tv movie", "tv movies"),
    ("war",),
    ("western", "westerns"),
)
"""Normalised names of one genre each. "Children" is no "Family", nor "Music" a "Musical": there are
catalogues with both."""

_COUNTRIES = (
    ("united states", "united states of america", "usa", "us", "america"),
    ("united kingdom", "uk", "great britain", "britain"),
)
GENRE_NAMES = tuple(name for names in _GENRES for name in names)
"""All names of well-known genres, normalised."""
_SAME = {
    (kind, name): names
    for kind, groups in (("genre", _GENRES), ("country", _COUNTRIES))
    for names in groups
    for name in names
}


def synonyms(kind: str, name: str) -> tuple[str, ...]:
    """Normalised names of the same genre or country, its own included.

    "Science Fiction" is "sci fi" and "scifi". Names of another kind have no synonyms.
    """
    key = normalise(name)
    return _SAME.get((kind, key), (key,))
