"""The roles of a table's columns, guessed from their names."""

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
"""Names per role, lower case without punctuation, the likeliest first."""
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Columns:
    """The column of each role; `None` for a role without a column."""

    user: str | None = None
    item: str | None = None
    rating: str | None = None
    time: str | None = None
    title: str | None = None
    year: str | None = None
    genres: str | None = None

    @property
    def names(self) -> list[str]:
        """The columns in use; one column with two roles stands once."""
        return list(dict.fromkeys(self.by_role.values()))

    @property
    def by_role(self) -> dict[str, str]:
        """Role to column, for the roles that have one."""
        by_role = {field.name: getattr(self, field.name) for field in fields(self)}
        return {role: name for role, name in by_role.items() if name is not None}

    def __str__(self) -> str:
        return ", ".join(f"{role} from {name!r}" for role, name in self.by_role.items())


def rating_columns(
    source: str, names: Sequence[str], choice: Mapping[str, str] | None = None, *, has_names: bool
) -> Columns:
    """The columns of a table of ratings, by the caller's choice of role to column, or guessed.

    `source` is the table as an error calls it. Without names, the columns are "1", "2" ..., and
    three or four of them are user, item, rating, time.

    Raises:
        OptionError: `choice` has an unknown role, or one column for two roles.
        DataError: it names a missing column, user or item cannot be guessed, or two columns fit
            one role equally well.
    """
    roles = _roles(source, names, choice or {}, tuple(_NAMES))
    if not has_names and 3 <= len(names) <= 4:
        free = [name for name in names if name not in roles.values()]
        open_roles = [role for role in ("user", "item", "rating", "time") if role not in roles]
        roles |= dict(zip(open_roles, free, strict=False))
    if "item" not in roles and "title" in roles:
        roles["item"] = roles["title"]
    missing = [role for role in ("user", "item") if role not in roles]
    if missing:
        raise _unknown(source, names, " and the ".join(missing), _way_out(missing))
    return Columns(**roles)


def film_columns(source: str, names: Sequence[str]) -> Columns:
    """The columns of a table of films; "item" is the film's id. Errors as in `rating_columns`."""
    roles = _roles(source, names, {}, ("item", "title", "year", "genres"))
    by_key = {_key(name): name for name in names}
    if "item" not in roles and "id" in by_key:
        roles["item"] = by_key["id"]
    if "item" not in roles:
        raise _unknown(source, names, "film's id", "call it 'item_id'")
    return Columns(**roles)


def _unknown(source: str, names: Sequence[str], what: str, way_out: str) -> DataError:
    columns = ", ".join(map(repr, names))
    return DataError(
        f"{source}: cannot tell which column is the {what}; it has {columns}; {way_out}"
    )


def _roles(
    source: str, names: Sequence[str], choice: Mapping[str, str], roles_of_table: Sequence[str]
) -> dict[str, str]:
    """The chosen columns, and a guess for each other role that some column fits."""
    for role, name in choice.items():
        if role not in _NAMES:
            raise OptionError(f"unknown kind of column {role!r}; known: {', '.join(_NAMES)}")
        if name not in names:
            raise DataError(
                f"{source} has no column {name!r} for the {role}; "
                f"it has {', '.join(map(repr, names))}"
            )
    for role, name in choice.items():
        other = next(each for each in choice if choice[each] == name)
        # Only a title may have a second role: it can identify the film.
        if other != role and {other, role} != {"item", "title"}:
            raise OptionError(f"column {name!r} cannot be both the {other} and the {role}")
    roles = dict(choice)
    keys = {name: _key(name) for name in names}
    for role in roles_of_table:
        free = [name for name in names if name not in roles.values()]
        fitting = ([name for name in free if keys[name] == key] for key in _NAMES[role])
        likeliest = next(filter(None, fitting), [])
        if role in roles or not likeliest:
            continue
        if len(likeliest) > 1:
            raise DataError(
                f"{source}: {' and '.join(map(repr, likeliest))} could each be the {role}; "
                + (_way_out([role]) if "user" in roles_of_table else "rename one")
            )
        roles[role] = likeliest[0]
    return roles


def _key(name: str) -> str:
    # RecBole's headers add a type: "user_id:token".
    return _PUNCTUATION.sub("", name.partition(":")[0]).lower()


def _way_out(roles: Sequence[str]) -> str:
    options = " ".join(f"--column {role}=NAME" for role in roles)
    mapping = ", ".join(f'"{role}": NAME' for role in roles)
    return f"import it with {options}, in Python columns={{{mapping}}}"
