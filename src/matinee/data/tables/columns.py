"""The roles of a table's columns, guessed from their names: the one list of names there is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain

from matinee.errors import DataError, OptionError

__all__ = [
    "FILM_ROLES",
    "ROLES",
    "SCALE",
    "Columns",
    "column_choice",
    "columns_by_role",
    "film_columns",
    "rating_columns",
    "scale_in",
    "scale_text",
    "unit_of",
    "way_out",
]

_OWN = (
    "yourrating myrating ownrating userrating userratings viewerrating memberrating "
    "personalrating yourscore myscore ownscore userscore yourstars mystars yourvote myvote"
)
_NAMES: Mapping[str, tuple[str, ...]] = {
    "user": (
        *("userid", "user", "uid", "viewerid", "viewer", "customerid", "customer", "custid"),
        *("reviewerid", "reviewer", "memberid", "member", "profileid", "personid", "person"),
        *("accountid", "account", "username", "useridx", "rater"),
    ),
    "item": (
        *("itemid", "movieid", "filmid", "movielensid", "item", "movie", "film", "iid"),
        *("productid", "product", "titleid", "showid", "mid", "asin", "animeid", "itemidx"),
    ),
    "title": ("title", "movietitle", "filmtitle", "moviename", "filmname", "itemname", "name"),
    "year": ("year", "releaseyear", "movieyear", "startyear", "releasedate", "released"),
    "rating": (
        _OWN,
        "rating ratings ratingvalue ratingval rating10 rating100",
        "stars star",
        "score scores",
        *("overall", "grade", "vote", "value", "rate", "feedback"),
        "thumbs thumb liked like",
    ),
    "count": (
        *("plays", "playcount", "nplays", "numplays", "listens", "watches", "views", "viewcount"),
        *("clicks", "count", "counts"),
    ),
    "time": (
        *("timestamp", "time", "date", "datetime", "ts", "daterated", "ratedat", "ratingdate"),
        *("createdat", "watchedat", "watcheddate", "unixreviewtime", "reviewtime", "reviewdate"),
        "when",
    ),
    "genres": ("genres", "genre", "categories", "category"),
    "imdb_id": ("imdbid", "imdb", "tconst", "const"),
    "tmdb_id": ("tmdbid", "tmdb", "moviedbid"),
    "type": ("titletype", "type", "mediatype", "kind"),
    "scale": ("ratingscale",),
}
"""Names per role, lower case without punctuation, the likeliest first.

Names in one text have equal right: a table with two of them is refused. A viewer's own rating
comes before `rating`, which beside it is what everybody thought of the film.
"""
SCALE = "rating_scale"
"""The column in which matinee's exports state the scale of their ratings."""
ROLES = tuple(_NAMES)
"""Every role a column can have."""
_FACTS = ("title", "year", "genres", "imdb_id", "tmdb_id")
_IDENTIFYING = ("imdb_id", "tmdb_id", "title")
"""What can identify a film without an id of its own, the safest first."""
_OF_RATINGS = ("user", "item", "rating", "time", *_FACTS, "count", "scale")
FILM_ROLES = ("item", *_FACTS)
"""The roles of columns in a table of films."""
_PUNCTUATION = re.compile(r"[\W_]+")
_UNIT = re.compile(r"\s*(?:[(\[{].*[)\]}]|(?:/|\bout of\b)\s*\d+)\s*$", re.IGNORECASE)
"""What stands behind a name: "Rating (1-10)", "Rating /10", "Rating out of 5"."""
_JOINED = re.compile(r"(?<=\w)[_.](?:x|y|left|right)$")
"""What pandas, R and polars add to columns that both sides of a join have."""
_LIKE_RATINGS = re.compile(r"rating|score|stars")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|\u2013|\u2014|\.\.+|to)\s*(\d+(?:\.\d+)?)")
_SCALE = re.compile(r"(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)")
_HIGHEST = re.compile(
    r"(?:/|\bof|[(\[{]|^rating(?=100?$))\s*(\d+)\s*(?:stars?|points?)?\s*(?:[)\]}]|$)"
)


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
    imdb_id: str | None = None
    tmdb_id: str | None = None
    count: str | None = None
    scale: str | None = None

    @property
    def value(self) -> str | None:
        """The column of ratings, or of counts; `None` if every row counts 1."""
        return self.rating or self.count

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
    source: str,
    names: Sequence[str],
    choice: Mapping[str, str] | None = None,
    *,
    has_names: bool,
    rated: bool = True,
) -> Columns:
    """The columns of a table of ratings, by the caller's choice of role to column, or guessed.

    `source` is the table as an error calls it. Without names, the columns are "1", "2" ..., and
    three or four of them are user, item, rating, time. A film without an id of its own goes by its
    IMDb id, its TMDB id, or its title.

    A table has ratings, counts or neither. If no column is recognised as the rating but one could
    be, the caller must decide, unless `rated` is false or a column of counts is chosen.

    Raises:
        OptionError: `choice` has an unknown role, one column for two roles, or ratings and counts.
        DataError: it names a missing column, user or item cannot be guessed, or two columns fit
            one role equally well.
    """
    if {"rating", "count"} <= (choice or {}).keys():
        raise OptionError("a table has a column of ratings or one of counts, not both")
    rated = rated and "count" not in (choice or {})
    sought = [role for role in _OF_RATINGS if rated or role != "rating"]
    roles = columns_by_role(source, names, choice, sought)
    if not has_names and 3 <= len(names) <= 4:
        free = [name for name in names if name not in roles.values()]
        named = [role for role in ("user", "item", "rating", "time") if role in sought]
        open_roles = [role for role in named if role not in roles]
        roles |= dict(zip(open_roles, free, strict=False))
    roles.pop("count" if "rating" in roles else "scale", None)
    _identify(roles)
    missing = [role for role in ("user", "item") if role not in roles]
    if missing:
        raise _unknown(source, names, " and the ".join(missing), way_out(missing))
    likely = [name for name in names if _LIKE_RATINGS.search(_key(name))]
    if likely and rated and "rating" not in roles:
        raise DataError(
            f"{source}: {likely[0]!r} could be the rating; {way_out(['rating'])}, or with "
            "--implicit (implicit=True) if all rows count alike"
        )
    return Columns(**roles)


def film_columns(
    source: str,
    names: Sequence[str],
    choice: Mapping[str, str] | None = None,
    *,
    has_names: bool = True,
) -> Columns:
    """The columns of a table of films; "item" is the film's id.

    Without names, the columns are "1", "2" ..., and two or three of them are id, title, genres.
    Errors as in `rating_columns`.
    """
    roles = columns_by_role(source, names, choice, FILM_ROLES)
    if not has_names and 2 <= len(names) <= 3:
        free = [name for name in names if name not in roles.values()]
        open_roles = [role for role in ("item", "title", "genres") if role not in roles]
        roles |= dict(zip(open_roles, free, strict=False))
    plain = next((name for name in names if _key(name) == "id"), None)
    if "item" not in roles and plain is not None:
        roles["item"] = plain
    _identify(roles)
    if "item" not in roles:
        raise _unknown(source, names, "film's id", way_out(["item"]))
    return Columns(**roles)


def columns_by_role(
    source: str,
    names: Sequence[str],
    choice: Mapping[str, str] | None = None,
    roles: Sequence[str] = ROLES,
    *,
    remedy: str = "import it",
) -> dict[str, str]:
    """Role to column: the chosen columns, and a guess for each of `roles` that some column fits.

    `remedy` is what can be done with the option `--column`.

    Raises:
        OptionError: `choice` has an unknown role, or one column for two roles.
        DataError: it names a missing column, or two columns fit one role equally well.
    """
    found = dict(choice or {})
    _check_choice(source, names, found)
    keys = {name: _key(name) for name in names}
    for role in roles:
        free = [name for name in names if name not in found.values()]
        fitting = ([name for name in free if keys[name] in each.split()] for each in _NAMES[role])
        likeliest = next(filter(None, fitting), [])
        if role in found or not likeliest:
            continue
        exact = [name for name in likeliest if _plain(name) == keys[name]]
        if role in _FACTS and len(exact) == 1:
            likeliest = exact
        if len(likeliest) > 1:
            candidates = " and ".join(map(repr, likeliest))
            raise DataError(
                f"{source}: {candidates} could each be the {role}; {way_out([role], remedy)}"
            )
        found[role] = likeliest[0]
    return found


def unit_of(name: str) -> tuple[float | None, float] | None:
    """Lowest and highest rating as a header states them; the lowest can be unknown.

    "Rating (1-10)" is (1, 10), "Rating (out of 5)" and "Stars /5" are (None, 5), "Rating (%)" is
    (0, 100). `None` without a unit.
    """
    text = name.lower()
    if between := _RANGE.search(text):
        low, high = float(between[1]), float(between[2])
        return (low, high) if low < high <= 100 else None
    if highest := _HIGHEST.search(text):
        return (None, float(highest[1])) if 1 <= float(highest[1]) <= 100 else None
    return (0.0, 100.0) if "%" in text else None


def scale_text(scale: tuple[float, float]) -> str:
    """A scale as the column `SCALE` has it: "0.5 to 5"."""
    return f"{scale[0]:g} to {scale[1]:g}"


def scale_in(texts: Collection[str], column: str) -> tuple[float, float] | None:
    """The scale that the distinct texts of a column state; `None` without any.

    Raises:
        DataError: there are several, or one is no scale.
    """
    if not texts:
        return None
    match = _SCALE.fullmatch(next(iter(texts)))
    if len(texts) > 1 or match is None:
        several = " and ".join(map(repr, sorted(texts)[:2]))
        raise DataError(
            f"column {column!r} has {several}, and ratings have one scale, as '1 to 5'; name it "
            "with --scale LOW HIGH"
        )
    low, high = float(match[1]), float(match[2])
    return (low, high) if low < high else None


def column_choice(choice: object) -> dict[str, str]:
    """A caller's choice of role to column; none for `None`.

    Raises:
        OptionError: it is no mapping of texts.
    """
    pairs = choice or {}
    if isinstance(pairs, Mapping) and all(isinstance(each, str) for each in chain(*pairs.items())):
        return dict(pairs)
    raise OptionError(
        f'columns map roles to names of columns, as {{"user": "who"}}, not {choice!r}'
    )


def way_out(roles: Sequence[str], remedy: str = "import it") -> str:
    """The options that name the columns of some roles."""
    options = " ".join(f"--column {role}=NAME" for role in roles)
    mapping = ", ".join(f'"{role}": NAME' for role in roles)
    return f"{remedy} with {options}, in Python columns={{{mapping}}}"


def _identify(roles: dict[str, str]) -> None:
    """A film without an id of its own goes by another role."""
    other = next((each for each in _IDENTIFYING if each in roles), None)
    if "item" not in roles and other is not None:
        roles["item"] = roles[other]


def _check_choice(source: str, names: Sequence[str], choice: Mapping[str, str]) -> None:
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
        # Only what can identify the film may have a second role.
        identifies = "item" in (other, role) and {other, role} <= {"item", *_IDENTIFYING}
        if other != role and not identifies:
            raise OptionError(f"column {name!r} cannot be both the {other} and the {role}")


def _unknown(source: str, names: Sequence[str], what: str, remedy: str) -> DataError:
    columns = ", ".join(map(repr, names))
    return DataError(
        f"{source}: cannot tell which column is the {what}; it has {columns}; {remedy}"
    )


def _key(name: str) -> str:
    # RecBole's headers add a type: "user_id:token".
    bare = name.partition(":")[0].strip().lower()
    return _plain(_JOINED.sub("", _UNIT.sub("", bare)) or bare)


def _plain(name: str) -> str:
    # Amazon's files name the thing first: "product/productId", "review/score".
    return _PUNCTUATION.sub("", name.partition(":")[0].rpartition("/")[2]).lower()
