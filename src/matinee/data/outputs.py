"""Data sets, histories and rankings at a prompt and in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matinee.display import formats, notebook
from matinee.display.table import Table

if TYPE_CHECKING:
    from matinee.data.catalog import Film
    from matinee.data.dataset import Dataset
    from matinee.data.interactions import Interactions
    from matinee.data.query import Query, Ranking, Recommendation

__all__ = [
    "dataset_html",
    "dataset_text",
    "film_html",
    "film_text",
    "interactions_text",
    "query_html",
    "query_text",
    "ranking_html",
    "ranking_text",
]

_LATEST = 3
"""Films of a history that a line names."""
_ROWS = 12
"""Films of a history that a table shows."""
_CARDS = 60
"""Films of a ranking that a notebook shows."""
_REASON = 100
"""Characters of a reason at a prompt; a notebook has all."""
_TITLE = 36
_FACTS = 4
_FACT = 120
"""Facts about a film at a prompt, and characters of one."""


def interactions_text(ratings: Interactions) -> str:
    """Counts, scale and dates in a line."""
    if not len(ratings):
        return "no ratings"
    dates = _dates(ratings.times)
    return (
        f"{_values(ratings)} of {formats.count(len(ratings.item_ids), 'film')} by "
        f"{formats.count(len(ratings.user_ids), 'viewer')}" + (f", {dates}" if dates else "")
    )


def _values(ratings: Interactions) -> str:
    """Such as "100 ratings from 1 to 5", or "3 counts"."""
    low, high = ratings.scale
    if ratings.counts:
        return formats.count(len(ratings), "count")
    return f"{formats.count(len(ratings), 'rating')} from {low:g} to {high:g}"


def dataset_text(data: Dataset) -> str:
    """Name, counts, scale and dates."""
    films = formats.count(len(data.catalog), "film")
    ratings = data.interactions
    return f"{data.name}: {interactions_text(ratings) if len(ratings) else f'{films}, no ratings'}"


def dataset_html(data: Dataset) -> str:
    """The same as a table, with what is known of the films, repairs and licence."""
    return notebook.output(data.name, notebook.facts(_dataset_facts(data)))


def _dataset_facts(data: Dataset) -> Iterator[tuple[str, str]]:
    ratings = data.interactions
    yield "films", f"{len(data.catalog):,}"
    yield "films with", ", ".join(data.catalog.known_facts) or "nothing but titles"
    if len(ratings):
        yield "viewers", f"{ratings.n_users:,}"
        low, high = ratings.scale
        scale = "" if ratings.counts else f" from {low:g} to {high:g}"
        yield "counts" if ratings.counts else "ratings", f"{len(ratings):,}{scale}"
        yield "dates", _dates(ratings.times) or "unknown"
    if ratings.attributes:
        yield "viewers with", ", ".join(dict.fromkeys(each.partition("=")[0] for each in
                                                       ratings.attributes.names))  # fmt: skip
    if data.findings:
        repairs = sum(each.count for each in data.findings)
        yield "repairs", f"{repairs:,}, listed in data.findings"
    yield "licence", data.licence


def film_text(film: Film) -> str:
    """Title, year, genres, directors, runtime and certificate in a line."""
    facts = [value for _, value in _film_facts(film)][:_FACTS]
    return ", ".join(formats.short(each, _FACT) for each in (film.label, *facts))


def film_html(film: Film) -> str:
    """Its poster and all that is known of it."""
    facts = notebook.facts([("id", film.id), *_film_facts(film)])
    return notebook.output(film.label, notebook.beside(film.poster, facts))


def _film_facts(film: Film) -> Iterator[tuple[str, str]]:
    """The known facts, the shortest first."""
    every = {
        "genres": ", ".join(film.genres),
        "directors": ", ".join(film.directors),
        "runtime": f"{film.runtime} minutes" if film.runtime else "",
        "certificate": film.certificate,
        "countries": ", ".join(film.countries),
        "languages": ", ".join(film.languages),
        "cast": ", ".join(film.cast),
        "keywords": ", ".join(film.keywords),
        "votes": f"{film.votes:,}, mean {film.mean:g}" if film.votes and film.mean else "",
        "overview": film.overview,
    }
    return (each for each in every.items() if each[1])


def query_text(query: Query) -> str:
    """Number of ratings, the latest films, and what is wanted."""
    latest = ", ".join(f"{film} {rating}" for film, rating, _ in _latest(query, _LATEST))
    ratings = formats.count(len(query), query.noun) + (f", the latest {latest}" if latest else "")
    return f"Query of {ratings}{_dismissals(query)}; for {_wish(query)}"


def _dismissals(query: Query) -> str:
    """Such as "; 2 films dismissed"; "" for none."""
    return f"; {formats.count(len(query.dismissed), 'film')} dismissed" * bool(len(query.dismissed))


def query_html(query: Query) -> str:
    """The latest ratings as a table."""
    rows = tuple(_latest(query, _ROWS))
    width = 3 if query.times.any() else 2
    history = Table(
        ("film", query.noun, "date")[:width], tuple(row[:width] for row in rows), words=True
    )
    more = len(query) - len(rows)
    return notebook.output(
        f"History of {formats.count(len(query), query.noun)}{_dismissals(query)}",
        notebook.table(history) if rows else "",
        notebook.paragraph(f"and {more:,} earlier" if more > 0 else ""),
        notebook.paragraph(", ".join(query.attributes)),
        notebook.paragraph(f"Wanted: {_wish(query)}." if query.constraints else ""),
    )


def _latest(query: Query, n: int) -> Iterator[tuple[str, str, str]]:
    """Film, or its row where films have no titles, rating and date of the latest ratings."""
    values = query.own if len(query.own) else query.values
    for place in range(len(query) - 1, max(-1, len(query) - 1 - n), -1):
        row = int(query.items[place])
        label = query.titles.catalog.film(row).label if query.titles else f"row {row}"
        yield label, f"{values[place]:.3g}", _dates(query.times[place : place + 1])


def _wish(query: Query) -> str:
    return formats.count(query.n, "film") + (f" where {query.constraints}" if query.constraints
                                             else "")  # fmt: skip


def ranking_text(ranking: Ranking) -> str:
    """Rank, film, expected stars and reason of the first films, one a line."""
    films = formats.count(len(ranking), "film")
    expected = bool(ranking.expected)
    columns = ("", "film", *(("expected",) if expected else ()), "why")
    rows = tuple(
        (
            str(line.rank),
            formats.short(line.film.label, _TITLE),
            *((str(line.expected),) if expected else ()),
            formats.short(line.reason.text(), _REASON),
        )
        for line in ranking
    )
    return f"{films} by {ranking.model}\n{Table(columns, rows, words=True).text()}"


def ranking_html(ranking: Ranking) -> str:
    """The films as a wall of posters, each with its facts and its whole reason."""
    lines = [line for line, _ in zip(ranking, range(_CARDS), strict=False)]
    more = len(ranking) - len(lines)
    return notebook.output(
        f"{formats.count(len(ranking), 'film')} by {ranking.model}",
        notebook.wall(map(_card, lines)),
        notebook.paragraph(f"and {more:,} more" if more > 0 else ""),
        *(notebook.paragraph(each.text) for each in ranking.lacking),
        *(
            notebook.paragraph(f"{each.text}: {formats.count(each.films, 'film')}")
            for each in ranking.relaxations
        ),
    )


def _card(line: Recommendation) -> notebook.Card:
    film = line.film
    expected = f"\u2605 {line.expected}" if line.expected else ""
    title = f"{line.rank}. {film.label}"
    return notebook.Card(film.poster, title, (", ".join(film.genres), expected, line.reason.text()))


def _dates(times: NDArray[np.int64]) -> str:
    """First and last day, "1997-09-20 to 1998-04-22"; "" if no time is known."""
    known = times[times != 0]
    if not len(known):
        return ""
    ends = np.array([known.min(), known.max()]).astype("datetime64[s]").astype("datetime64[D]")
    first, last = np.datetime_as_string(ends).tolist()
    return first if first == last else f"{first} to {last}"
