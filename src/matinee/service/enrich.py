"""Fills unknown facts about films from TMDB and stores the result as a new data set."""

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
    f"use, {TERMS_PAGE}, allow no commercial use without its agreement, and data may be kept for "
    "six months; then enrich again."
)


@dataclass(frozen=True, eq=False)
class Enriched:
    """An enriched data set, the folder of its files, and how its films were found."""

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
    """Fills unknown facts about a data set's films from TMDB and stores the result.

    TMDB's answers are cached in `home/tmdb`, so that an interrupted run continues where it stopped.
    The terms of TMDB become part of the new data set's licence.

    Args:
        data: name or path of a data set.
        cache: folder of data sets and answers.
        key: TMDB token or key; `None` if not set.
        url: address of its API.
        name: of the result; by default `_enriched_name`.
        limit: look up at most this many films.
        progress: called with the films done and their total.

    Raises:
        InputError: no key or a wrong one, or a name that cannot be used.
        FetchError: TMDB cannot be reached or answers nonsense; only its answers are stored.
    """
    if key is None:
        raise InputError(
            "TMDB needs a key of your own: set MATINEE_TMDB_KEY, or tmdb_key in the settings file; "
            f"get a free one in your TMDB account settings, {KEY_PAGE}"
        )
    target = _enriched_name(data, cache) if name is None else name
    check_own_name(target)
    with Connection(key, url) as connection:
        dataset = load(data, cache)
        tmdb = Tmdb(connection, AnswerCache(cache.home / "tmdb"))
        catalog, report = enrich_from_tmdb(dataset.catalog, tmdb, limit=limit, progress=progress)
    before = dataset.catalog.films()
    provenance = dataset.provenance or Provenance.single(dataset.name, before)
    enriched = replace(
        dataset,
        name=target,
        numbering=dataset.namespace,
        path=None,
        catalog=catalog,
        provenance=provenance.filled("TMDB", before, catalog.films()),
        licence=dataset.licence if _TERMS in dataset.licence else f"{dataset.licence} {_TERMS}",
        notes=(*dataset.notes, *report.lines),
    )
    return Enriched(enriched, keep(enriched, target, cache), report)


def _enriched_name(data: str, cache: Cache) -> str:
    """The default name: "ml-100k" becomes "ml-100k-tmdb", which stays the same."""
    known = data in plugins.names("sources") or data in imported(cache)
    base = (data if known else name_for(Path(data))).removesuffix(_SUFFIX)
    return base[: _MOST_LETTERS - len(_SUFFIX)] + _SUFFIX
