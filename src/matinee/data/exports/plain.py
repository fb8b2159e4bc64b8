"""A plain table of one viewer's ratings: MovieLens's layouts, matinee's own exports, any other.

It is delimited text or JSON objects. Columns are found by name (see `columns_by_role`): a rating
or a count of plays, and at least one of a film id, a title (with the year behind it, or in a column
of its own), an IMDb id and a TMDB id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import is_film, known, plain_id, rating, year
from matinee.data.exports._tables import ExportFile, Record
from matinee.data.exports.export import Export, OwnRating
from matinee.data.spelling import split_year
from matinee.data.tables.columns import columns_by_role, scale_in, unit_of
from matinee.data.tables.film_facts import imdb_id_of
from matinee.errors import DataError

__all__ = ["EXPECTED", "read"]

EXPECTED = "a table or JSON with a rating and one of movieId, title, imdb_id or tmdb_id"

_ROLES = (
    *("user", "item", "title", "year", "rating", "time", "imdb_id", "tmdb_id", "type"),
    *("count", "scale"),
)
_FILM = ("item", "title", "imdb_id", "tmdb_id")
_TITLES = frozenset({"movie", "film", "item"})
"""Names of columns that hold titles in a table without a column of titles."""
_OF_EPISODES = frozenset({"season", "seasonnumber", "episode", "episodenumber", "lastepwatched"})
_STATUS = frozenset({"status", "watchlist", "myliststatus"})


def read(
    files: Sequence[ExportFile],
    cleaning: Cleaning,
    choice: Mapping[str, str] | None = None,
    times: str | None = None,
) -> Export | None:
    """The ratings, and films with an empty rating as seen; `None` if no file is such a table.

    The `movies.csv` and `links.csv` beside a MovieLens `ratings.csv` add titles and ids.

    Args:
        files: those of the export.
        cleaning: collects malformed rows.
        choice: role to column, for columns whose names are not recognised.
        times: what the times are, a key of `TIME_FORMS`.

    Raises:
        DataError: ratings of several viewers, two columns that could each be the rating, or a
            chosen column that no file has.
    """
    tables = _tables(files, cleaning, choice or {})
    rated = [each for each in tables if each.value and each.names_films]
    if not rated:
        return None
    facts: dict[str, OwnRating] = {}
    for table in tables:
        if table.has_facts:
            for own in table.rows(cleaning):
                facts[own.movielens_id] = _completed(own, facts)
    rows = [_completed(own, facts) for table in rated for own in table.rows(cleaning, times)]
    counts = all("rating" not in table.roles for table in rated)
    stated = scale_in(rated[0].scales, rated[0].roles.get("scale", ""))
    unit = stated or unit_of(rated[0].value)
    return Export.of("plain table", rows, None, unit, counts=counts)


def _tables(
    files: Sequence[ExportFile], cleaning: Cleaning, choice: Mapping[str, str]
) -> list[_Table]:
    """The files with the roles of their columns.

    A file with unknown columns is refused, or left out where another has the ratings.
    """
    tables, refused = [], []
    for role, name in choice.items():
        if not any(name in file.columns for file in files):
            columns = ", ".join(repr(each) for file in files for each in file.columns)
            raise DataError(
                f"{files[0].label} has no column {name!r} for the {role}; it has {columns}"
            )
    for file in files:
        chosen = {role: name for role, name in choice.items() if name in file.columns}
        try:
            roles = columns_by_role(file.label, file.columns, chosen, _ROLES, remedy="name it")
        except DataError as error:
            refused.append(error)
            continue
        if not {"title", "item"} & chosen.keys() and _bare(roles.get("item", "")) in _TITLES:
            roles.setdefault("title", roles.pop("item"))
        tables.append(_Table(file, roles))
    if refused and not any(table.value for table in tables):
        raise refused[0]
    for each in refused:
        cleaning.count("tables with unknown columns, left out", example=str(each))
    return tables


@dataclass
class _Table:
    """One file and the columns of its roles."""

    file: ExportFile
    roles: Mapping[str, str]
    viewers: set[str] = field(default_factory=set)
    scales: set[str] = field(default_factory=set)

    @property
    def value(self) -> str:
        """The column of ratings, or of counts; "" without one."""
        return self.roles.get("rating", self.roles.get("count", ""))

    @property
    def names_films(self) -> bool:
        return any(role in self.roles for role in _FILM)

    @property
    def has_facts(self) -> bool:
        """Whether it has titles or ids of films, and no ratings."""
        facts = {"title", "imdb_id", "tmdb_id"} & self.roles.keys()
        return "item" in self.roles and bool(facts) and not (self.value or "user" in self.roles)

    def rows(self, cleaning: Cleaning, times: str | None = None) -> list[OwnRating]:
        time = self.roles.get("time", "") if self.value else ""
        return self.file.own_ratings(cleaning, self._own_rating, time, times)

    def _own_rating(self, record: Record, place: str) -> OwnRating | None:
        fields = {
            role: record[name] if role == "title" else known(record[name])
            for role, name in self.roles.items()
        }
        viewer, value = fields.get("user", ""), known(record[self.value]) if self.value else ""
        self.viewers.add(viewer)
        self.scales |= {fields["scale"]} if fields.get("scale") else set()
        if len(self.viewers) > 1:
            raise DataError(
                f"{place}: ratings of a second viewer, {viewer!r}; expected those of one"
            )
        if not value and _is_planned(record):
            return None
        title, year_behind = fields.get("title", ""), None
        if "year" not in self.roles:
            title, year_behind = split_year(title)
        own = OwnRating(
            title=title,
            year=year(fields.get("year", "")) or year_behind,
            imdb_id=imdb_id_of(fields.get("imdb_id", "")),
            tmdb_id=plain_id(fields.get("tmdb_id", "")),
            movielens_id=plain_id(fields.get("item", "")),
            value=rating(value) if value else None,
            is_film=is_film(fields.get("type", "")) and not _of(record, _OF_EPISODES),
            place=place,
        )
        if not (own.title or own.imdb_id or own.tmdb_id or own.movielens_id):
            raise ValueError("the film has neither title nor id")
        return own


def _completed(own: OwnRating, facts: Mapping[str, OwnRating]) -> OwnRating:
    """The row with facts that another table has for its film id."""
    fact = facts.get(own.movielens_id, own)
    return replace(
        own,
        title=own.title or fact.title,
        year=own.year or fact.year,
        imdb_id=own.imdb_id or fact.imdb_id,
        tmdb_id=own.tmdb_id or fact.tmdb_id,
    )


def _is_planned(record: Record) -> bool:
    """Whether a status says that the film is only to be watched, as in "plantowatch"."""
    return any(text.lower().startswith("plan") for text in _of(record, _STATUS))


def _of(record: Record, names: frozenset[str]) -> list[str]:
    """The fields that are not empty in columns of these names."""
    return [text for name, text in record.items() if text and _bare(name) in names]


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
