"""Which column of a table says what, guessed from the names people give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from matinee.errors import DataError, OptionError

__all__ = ["Columns", "film_columns", "rating_columns"]

_NAMES: dict[str, tuple[str, ...]] = {
    "user": (
        *("userid", "user", "uid", "viewerid", "viewer", "customerid", "customer", "custid"),
        *("reviewerid", "reviewer", "memberid", "member", "profileid", "personid", "person"),
        *("accountid", "account", "username", "useridx", "rater"),
    ),
    "item": (
        *("itemid", "item", "movieid", "movie", "filmid", "film", "iid", "productid", "product"),
        *("titleid", "showid", "mid", "asin", "animeid", "tmdbid", "imdbid", "tconst", "itemidx"),
    ),
    "rating": (
        *("rating", "ratings", "stars", "star", "score", "userrating", "ratingvalue", "overall"),
        *("grade", "vote", "value", "rate", "feedback"),
    ),
    "time": (
        *("timestamp", "time", "date", "datetime", "ts", "ratedat", "ratingdate", "createdat"),
        *("watchedat", "watcheddate", "unixreviewtime", "reviewtime", "reviewdate", "when"),
    ),
    "title": ("title", "movietitle", "filmtitle", "moviename", "filmname", "itemname", "name"),
    "year": ("year", "releaseyear", "movieyear", "startyear", "released"),
    "genres": ("genres", "genre", "categories", "category"),
}
"""Lower case without punctuation; the likelier first."""
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Columns:
    """The names of the columns that say what; `None` where the table does not say it."""

    user: str | None = None
    item: str | None = None
    rating: str | None = None
    time: str | None = None
    title: str | None = None
    year: str | None = None
    genres: str | None = None

    @property
    def taken(self) -> dict[str, str]:
        """What is said by which column, where one says it."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {what: name for what, name in named.items() if name is not None}

    def __str__(self) -> str:
        return ", ".join(f"{what} from {name!r}" for what, name in self.taken.items())


def rating_columns(
    source: str, names: Sequence[str], chosen: Mapping[str, str] | None = None, *, named: bool
) -> Columns:
    """The columns of a table of ratings.

    Args:
        source: the table, as an error calls it.
        names: its columns in order.
        chosen: what the caller says: "user", "item", "rating", "time", "title", "year" or "genres"
            to the name of the column.
        named: whether the table has names; where not, columns are "1", "2" ..., and three or four
            of them are taken for user, item, rating, time.

    Raises:
        OptionError: `chosen` names what is no such thing, or one column for two.
        DataError: it names a column that is not there, user or item cannot be guessed, or two
            columns have the same name for one thing but for case and punctuation.
    """
    guessed = _guessed(source, names, chosen or {}, tuple(_NAMES))
    if not named and 3 <= len(names) <= 4:
        free = [name for name in names if name not in guessed.values()]
        missing = [what for what in ("user", "item", "rating", "time") if what not in guessed]
        guessed |= dict(zip(missing, free, strict=False))
    if "item" not in guessed and "title" in guessed:
        guessed["item"] = guessed["title"]
    lacking = [what for what in ("user", "item") if what not in guessed]
    if lacking:
        raise DataError(
            f"{source}: cannot tell which column is the {' and the '.join(lacking)}; it has "
            f"{', '.join(map(repr, names))}; {_way_out(lacking)}"
        )
    return Columns(**guessed)


def film_columns(
    source: str, names: Sequence[str], chosen: Mapping[str, str] | None = None
) -> Columns:
    """The columns of a table of films: its item is the film's id.

    Raises:
        OptionError, DataError: as `rating_columns`.
    """
    guessed = _guessed(source, names, chosen or {}, ("item", "title", "year", "genres"))
    by_key = {_key(name): name for name in names}
    if "item" not in guessed and "id" in by_key:
        guessed["item"] = by_key["id"]
    if "item" not in guessed:
        raise DataError(
            f"{source}: cannot tell which column is the film's id; it has "
            f"{', '.join(map(repr, names))}; call it 'item_id'"
        )
    return Columns(**guessed)


def _guessed(
    source: str, names: Sequence[str], chosen: Mapping[str, str], kinds: Sequence[str]
) -> dict[str, str]:
    for what, name in chosen.items():
        if what not in _NAMES:
            raise OptionError(f"unknown kind of column {what!r}; known: {', '.join(_NAMES)}")
        if name not in names:
            raise DataError(
                f"{source} has no column {name!r} for the {what}; "
                f"it has {', '.join(map(repr, names))}"
            )
    _refuse_twice(chosen)
    guessed = dict(chosen)
    keys = {name: _key(name) for name in names}
    for what in kinds:
        free = [name for name in names if name not in guessed.values()]
        alike = ([name for name in free if keys[name] == key] for key in _NAMES[what])
        likeliest = next(filter(None, alike), [])
        if what in guessed or not likeliest:
            continue
        if len(likeliest) > 1:
            raise DataError(
                f"{source}: {' and '.join(map(repr, likeliest))} could each be the {what}; "
                + (_way_out([what]) if kinds == tuple(_NAMES) else "rename one")
            )
        guessed[what] = likeliest[0]
    return guessed


def _refuse_twice(chosen: Mapping[str, str]) -> None:
    """Only a title may be something else as well: the name a film is known by."""
    taken: dict[str, str] = {}
    for what, name in chosen.items():
        other = taken.setdefault(name, what)
        if {other, what} not in ({what}, {"item", "title"}):
            raise OptionError(f"column {name!r} cannot be both the {other} and the {what}")


def _key(name: str) -> str:
    # RecBole's headers add a type: "user_id:token".
    return _SIGNS.sub("", name.partition(":")[0]).lower()


def _way_out(lacking: Sequence[str]) -> str:
    options = " ".join(f"--column {what}=NAME" for what in lacking)
    mapping = ", ".join(f'"{what}": NAME' for what in lacking)
    return f"import it with {options}, in Python columns={{{mapping}}}"
