"""A data set whose films know more: filled from TMDB, and kept under a name of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from matinee import plugins
from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.provenance import Provenance
from matinee.data.tmdb import (
    API_URL,
    ATTRIBUTION,
    KEY_PAGE,
    TERMS_PAGE,
    AnswerCache,
    Connection,
    Tmdb,
    TmdbReport,
    enrich_from_tmdb,
)
from matinee.errors import InputError
from matinee.service.datasets import check_own_name, imported, keep, load, name_for

__all__ = ["Enriched", "enrich_dataset"]

_SUFFIX = "-tmdb"
_MOST_LETTERS = 64
_TERMS = (
    f"Some facts about its films come from The Movie Database (TMDB). {ATTRIBUTION} Its terms of "
    f"use, {TERMS_PAGE}, allow no commercial use without its agreement, and its data to be kept "
    "for six months; then enrich anew."
)


@dataclass(frozen=True, eq=False)
class Enriched:
    """What came of it.

    Attributes:
        dataset: with the name that `load` now knows it by.
        folder: where it lies.
        report: how its films were found, and what they gained.
    """

    dataset: Dataset
    folder: Path
    report: TmdbReport


def enrich_dataset(
    data: str,
    cache: Cache,
    *,
    key: str | None,
    url: str = API_URL,
    name: str | None = None,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Enriched:
    """Fills unknown facts about a data set's films from TMDB and keeps the result.

    What TMDB answers is kept in `home/tmdb`, so that a run that was stopped goes on where it was.
    The terms of TMDB become part of the new data set's licence.

    Args:
        data: name or path of a data set.
        cache: where data sets and answers lie.
        key: token or key of TMDB; `None` where its user gave none.
        url: address of its API.
        name: what the result is called; see `_enriched_name` for the default.
        limit: look for this many films at most.
        progress: told how many films are done, of how many.

    Raises:
        InputError: no key or a wrong one, or a name that cannot be used.
        FetchError: TMDB cannot be reached or cannot be understood; nothing is kept but answers.
    """
    if key is None:
        raise InputError(
            "TMDB is asked only with a key of your own: set MATINEE_TMDB_KEY, or tmdb_key in the "
            f"settings file; a free one is made in your TMDB account settings, {KEY_PAGE}"
        )
    kept_as = _enriched_name(data, cache) if name is None else name
    check_own_name(kept_as)
    with Connection(key, url) as connection:
        dataset = load(data, cache)
        tmdb = Tmdb(connection, AnswerCache(cache.home / "tmdb"))
        catalog, report = enrich_from_tmdb(dataset.catalog, tmdb, limit=limit, progress=progress)
    before = dataset.catalog.films()
    provenance = dataset.provenance or Provenance.single(dataset.name, before)
    enriched = replace(
        dataset,
        name=kept_as,
        catalog=catalog,
        provenance=provenance.filled("TMDB", before, catalog.films()),
        licence=dataset.licence if _TERMS in dataset.licence else f"{dataset.licence} {_TERMS}",
        notes=(*dataset.notes, *report.lines),
    )
    return Enriched(enriched, keep(enriched, kept_as, cache), report)


def _enriched_name(data: str, cache: Cache) -> str:
    """The default name: "ml-100k" becomes "ml-100k-tmdb", which stays what it is."""
    known = data in plugins.names("sources") or data in imported(cache)
    base = (data if known else name_for(Path(data))).removesuffix(_SUFFIX)
    return base[: _MOST_LETTERS - len(_SUFFIX)] + _SUFFIX
