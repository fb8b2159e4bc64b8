"""What is known about a film beside its row in the catalogue."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matinee import plugins
from matinee.data import Film
from matinee.pipeline.rows import Standing, ViewerScores
from matinee.service.answers import viewer_query
from matinee.service.site import Live
from matinee.service.viewers import Visit

__all__ = ["FilmFacts", "film_facts", "standing"]


@dataclass(frozen=True)
class FilmFacts:
    """A film, what the viewers of the live model's data think of it, and who wrote its overview.

    Attributes:
        film: the film.
        ratings: how many rated it, or watched it where the data are counts; `None` if the live
            model was saved without that.
        mean: their average on the scale of the data; `None` if nobody rated it.
        overview_from: author and licence of the overview, "Wikipedia, CC BY-SA"; "" if there is no
            overview.
    """

    film: Film
    ratings: int | None
    mean: float | None
    overview_from: str


def film_facts(live: Live, film_id: str) -> FilmFacts:
    """The facts about one film.

    Raises:
        UnknownNameError: the live catalogue has no such film.
    """
    recommender = live.recommender
    row = recommender.catalog.item_ids.row(film_id)
    film, summary = recommender.catalog.film(row), recommender.ratings
    mean = math.nan if summary is None else float(summary.means[row])
    return FilmFacts(
        film=film,
        ratings=None if summary is None else int(summary.counts[row]),
        mean=None if math.isnan(mean) else mean,
        overview_from=_overview_from(live, row) if film.overview else "",
    )


def standing(visit: Visit, film_id: str, now: int) -> Standing | None:
    """Where a film stands for a viewer; `None` if it cannot be recommended.

    `None` also for a viewer who has neither rated nor dismissed a film.

    Args:
        visit: the viewer.
        film_id: the film.
        now: Unix seconds.

    Raises:
        UnknownNameError: the live catalogue has no such film.
    """
    if not visit.history and not visit.dismissed:
        return None
    recommender = visit.live.recommender
    row = recommender.catalog.item_ids.row(film_id)
    return ViewerScores(recommender, viewer_query(visit, now)).standing(row)


def _overview_from(live: Live, row: int) -> str:
    provenance = live.recommender.provenance
    name = live.source if provenance is None else provenance.of(row, "overview")
    if name not in plugins.names("sources"):
        return name
    credit: str = plugins.get("sources", name).overviews_from
    return credit or name
