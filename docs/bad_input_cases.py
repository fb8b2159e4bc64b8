"""The cases of `docs/bad-input.md`: a fault, the command, and its input files."""

from __future__ import annotations

import codecs
import gzip
import io
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["REFUSED", "REPAIRED", "Case"]

_A, _B, _C = "1,10,4,978300000", "1,20,3,978300060", "2,10,5,978300120"
_HEADER = "userId,movieId,rating,timestamp"
_GOOD = "\n".join([_HEADER, _A, _B, _C, ""])
_MOVIES = "movieId,title,genres\n10,Alien (1979),Horror|Sci-Fi\n20,Fargo (1996),Comedy\n"
_FILMS = "userId,movieId,rating,title\n1,10,4,Alien (1979)\n2,20,3,Fargo (1996)\n"
_LETTERBOXD = "Date,Name,Year,Letterboxd URI\n2024-05-01,Alien,1979,https://boxd.it/2awY\n"
_TRAKT = '[{"rating": 8, "movie": {"title": "Alien", "year": 1979, "ids": {}}}]'
_JSON_LINES = (
    '{"user":1,"film":10,"rating":4}\n{"user":1,"film":\n{"user":2,"film":10,"rating":3}\n'
)


@dataclass(frozen=True, eq=False)
class Case:
    """One fault in words, the command after `matinee`, and files by path for its folder."""

    what: str
    command: str
    files: Mapping[str, bytes] = field(default_factory=dict)


def _table(what: str, *rows: str, options: str = "", header: str = _HEADER) -> Case:
    """Imports a CSV of these rows."""
    return _file(what, "r.csv", "".join(f"{row}\n" for row in (header, *rows)), options=options)


def _file(what: str, name: str, content: str | bytes, *, options: str = "") -> Case:
    """Imports one file."""
    return Case(what, f"import {name} {options}".strip(), {name: _bytes(content)})


def _good(what: str, options: str) -> Case:
    """Imports a faultless CSV with impossible options."""
    return _file(what, "r.csv", _GOOD, options=options)


def _own(what: str, name: str, content: str | bytes) -> Case:
    """Recommends from ratings of one's own."""
    files = {"films.csv": _FILMS.encode(), name: _bytes(content)}
    return Case(what, f"recommend --ratings {name} --data films.csv --model popular", files)


def _folder(what: str, ratings: str, *, options: str = "") -> Case:
    """Imports a folder in the layout of MovieLens."""
    files = {"ml/movies.csv": _MOVIES.encode(), "ml/ratings.csv": ratings.encode()}
    return Case(what, f"import ml {options}".strip(), files)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _zip(members: Mapping[str, str], kind: int = stat.S_IFREG) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in members.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = (kind | 0o644) << 16
            archive.writestr(member, text)
    return written.getvalue()


def _declaring(archive: bytes, size: int) -> bytes:
    """The archive with a directory that states `size` bytes for every unpacked member."""
    return _with_each_entry(archive, 24, size.to_bytes(4, "little"))


def _with_each_entry(archive: bytes, at: int, new: bytes) -> bytes:
    """The archive with other bytes `at` a place of every entry of its directory."""
    first, *entries = archive.split(b"PK\x01\x02")
    return b"PK\x01\x02".join(
        [first, *(each[: at - 4] + new + each[at - 4 + len(new) :] for each in entries)]
    )


_DAMAGED = Path(__file__).parents[1] / "tests/data/tables/damaged/abort.parquet"
"""A valid file but for one byte, which makes naive readers request 2^61 bytes of memory."""
_ZIP = _zip({"ratings.csv": _GOOD, "movies.csv": _MOVIES})
_FIVE = {f"{name}.csv": "x" for name in ("ratings", "movies", "links", "tags", "scores")}

REFUSED: Mapping[str, tuple[Case, ...]] = {
    "Files": (
        Case("no such file", "import nowhere.csv"),
        _file("an empty file", "r.csv", ""),
        _file("blank lines alone", "r.csv", "\n\n  \n"),
        _table("a header and nothing below it"),
        _file("one column", "r.csv", "movieId\n10\n20\n"),
        _file("a picture called CSV", "r.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\n"),
        _file("no table at all", "notes.txt", "nothing to see\n"),
        Case("a folder of nothing known", "import folder", {"folder/notes.txt": b"nothing\n"}),
        _file("lines end in a carriage return alone", "r.csv", _GOOD.replace("\n", "\r")),
        _file("UTF-16, cut within a character", "r.csv", _GOOD.encode("utf-16")[:-1]),
        _table("a NUL byte", _A, "1,2\x000,3,978300060", _C),
        _table("a quote that never closes", _A, '1,"20,3,978300060', _C),
        _file("gzip, cut short", "r.csv.gz", gzip.compress(_GOOD.encode(), mtime=0)[:40]),
        _file("gzip, damaged", "r.csv.gz", gzip.compress(_GOOD.encode(), mtime=0)[:-8] + bytes(8)),
        _file(
            "gzip of a line without an end", "r.csv.gz", gzip.compress(b"1" * (1 << 26), mtime=0)
        ),
        _file("Parquet that is none", "r.parquet", _GOOD),
        _file("Parquet with a length that makes no sense", "r.parquet", _DAMAGED.read_bytes()),
        _file("JSON lines that are none", "r.jsonl", _GOOD),
        _file("a list of JSON, cut short", "r.json", '[{"user": 1, "film": 10},\n {"user": '),
        _file("JSON nested beyond reason", "r.json", "[" * 100_000),
        _file("a JSON object of other things", "r.json", '{"ratings": []}'),
    ),
    "Zip files": (
        _file("cut short", "r.zip", _ZIP[:-30]),
        _file("a damaged member", "r.zip", _ZIP.replace(b"1,20,3", b"1,20,5")),
        _file("a password", "r.zip", _with_each_entry(_ZIP, 8, b"\1")),
        _file("a member outside the folder", "r.zip", _zip({"../ratings.csv": _GOOD})),
        _file("a member with an absolute path", "r.zip", _zip({"/tmp/ratings.csv": _GOOD})),  # noqa: S108
        _file("a link", "r.zip", _zip({"ratings.csv": "/etc/passwd"}, stat.S_IFLNK)),
        _file("a bomb", "r.zip", _declaring(_zip(_FIVE), 2**32 - 2)),
        _file("a bomb that declares less", "r.zip", _declaring(_zip({"r.csv": _GOOD}), 9)),
        _own("a bomb among ratings of one's own", "own.zip", _declaring(_zip(_FIVE), 2**30)),
    ),
    "Columns": (
        _table("none is the viewer", "10,4", header="movieId,rating"),
        _table("none is the film", "1,4", header="userId,rating"),
        _table("neither is known", "a,b", header="who,what"),
        _table("two could be the viewer", "1,1,10", header="user_id,userId,movieId"),
        _table("two of one name", "1,1,10", header="userId,userId,movieId"),
        _good("`--column` without a column", "--column user"),
        _good("`--column` of an unknown kind", "--column weight=rating"),
        _good("`--column` of one that is not there", "--column user=who"),
        _good("`--column` twice for one thing", "--column user=userId --column user=movieId"),
        _good("`--column` once for two things", "--column user=movieId --column item=movieId"),
    ),
    "Ratings and lines": (
        _table("ratings in words", "1,10,good", "1,20,bad", header="userId,movieId,rating"),
        _table("malformed lines over `--limit`", _A, "1,20,3", "2,20,3", options="--limit 1"),
        _table("one malformed line, `--strict`", _A, "1,20,three,9", options="--strict"),
        _table("one rating missing, `--limit 0`", _A, "1,20,,978300060", options="--limit 0"),
        _table("an infinite rating, `--strict`", _A, "1,20,inf,978300060", options="--strict"),
        _table("an impossible time, `--strict`", _A, "1,20,3,-5", options="--strict"),
        _table("a repeated rating, `--strict`", _A, _A, options="--strict"),
        _file("Latin-1, `--strict`", "r.csv", b"user,film\nJos\xe9,10\n", options="--strict"),
        _file("a broken line of JSON, `--strict`", "r.jsonl", _JSON_LINES, options="--strict"),
        _folder("a malformed MovieLens folder", f"{_HEADER}\n1,ten,4,9\n", options="--limit 0"),
        _good("a rating outside the scale, `--strict`", "--scale 1 4 --strict"),
        _good("all ratings outside the scale", "--scale 10 100"),
        _good("a scale the wrong way round", "--scale 5 1"),
        _good("a scale without numbers", "--scale one five"),
        _good("a scale without an end", "--scale 0 inf"),
    ),
    "Names and options": (
        _good("an unknown format", "--as excel"),
        _good("another format than the file's", "--as ml-100k"),
        _good("`--column` with such a format", "--as ml-100k --column user=userId"),
        _good("the name of a source", "--name ml-100k"),
        _good("a name with other letters", "--name 'Our Ratings'"),
        _good("a name that is a path", "--name ../ours"),
        _good("a name without letters", "--name ''"),
        _good("a limit below 0", "--limit -1"),
        _good("a table of films that is not there", "--films films.csv"),
        _good("an option misspelt", "--colum user=userId"),
        Case("no file named", "import"),
        Case("an unknown data set", "data describe ml-100"),
        Case("one that cannot be fetched", "fetch netflix-prize"),
        Case(
            "a page where none can be",
            "data describe r.csv --html no/p.html",
            {"r.csv": _bytes(_GOOD)},
        ),
        Case("an unknown model", "evaluate eese --data r.csv", {"r.csv": _bytes(_GOOD)}),
        Case(
            "an unknown option of a model",
            "train ease --data r.csv -o l3=1",
            {"r.csv": _bytes(_GOOD)},
        ),
        Case("an unknown viewer", "recommend --user 7 --data r.csv", {"r.csv": _bytes(_GOOD)}),
        Case("an unknown command", "imprt r.csv"),
        Case("more ratings than pairs", "generate --users 5 --items 3 --interactions 99 --out o"),
    ),
    "Ratings of one's own": (
        _own("Letterboxd without `ratings.csv`", "own.zip", _zip({"watchlist.csv": _LETTERBOXD})),
        _own("a zip of other tables", "own.zip", _zip({"profile.csv": "Joined,Name\n2020,x\n"})),
        _own(
            "IMDb's, without `Your Rating`", "own.csv", "Const,Title,Year\ntt0078748,Alien,1979\n"
        ),
        _own("JSON of something else", "own.json", '{"films": ["Alien", "Fargo"]}'),
        _own("Trakt's, cut short", "own.json", _TRAKT.partition("en")[0]),
        _own("two viewers", "own.csv", "userId,title,rating\n1,Alien,4\n2,Fargo,5\n"),
        _own("no film the data set knows", "own.csv", "title,year,rating\nMetropolis,1927,5\n"),
        _own("no film at all", "own.csv", "title,year,rating\n"),
        _own("no film, but a series", "own.csv", "title,type,rating\nFargo,tvSeries,9\n"),
        _own("own ratings in words", "own.csv", "title,rating\nAlien,like\nFargo,dislike\n"),
        _own("ratings of two scales", "own.csv", "title,Rating (1-5)\nAlien,9\nFargo,5\n"),
        _own("two columns of ratings", "own.csv", "title,rating_x,rating_y\nAlien,5,4\n"),
    ),
}
"""Cases by topic; each ends with an error."""

REPAIRED: tuple[Case, ...] = (
    _table("a rating that is no number", _A, "1,20,three,978300060", _C),
    _table("nothing where something must be", _A, "1,20,,978300060", "1,,3,9", ",20,3,9"),
    _table("NaN, infinity", _A, "1,20,NaN,978300060", "2,10,inf,978300120"),
    _good("a rating outside the scale", "--scale 1 4"),
    _table("a rating far off the others", *(f"{n},10,4,9" for n in range(1, 200)), "200,10,87,9"),
    _table("repeated ratings", _A, "1,10,2,978300500", _C),
    _table("impossible times, no time", "1,10,4,-5", "1,20,3,9999999999", "2,10,5,soon", "2,20,1,"),
    _table("a field too few, a field too many", _A, "1,20,3", "1,20,3,978300060,x"),
    _table("a misplaced quote", _A, '1,"2"0,3,978300060', _C),
    _table("empty lines", _A, "", _B),
    _file("Windows-1252 or Latin-1", "r.csv", b"user,film,rating\nJos\xe9,10,4\nAnn,10,2\n"),
    _file("UTF-16 with a byte order mark", "r.csv", _GOOD.encode("utf-16")),
    _file("UTF-8 with a byte order mark", "r.csv", codecs.BOM_UTF8 + _GOOD.encode()),
    _file("line ends of Windows", "r.csv", _GOOD.replace("\n", "\r\n")),
    _file("gzip in name alone", "r.csv.gz", _GOOD),
    _file("gzip, not in name", "r.csv", gzip.compress(_GOOD.encode(), mtime=0)),
    _file("semicolons, decimal commas", "r.csv", "user;film;rating\n1;10;3,5\n2;10;4,0\n"),
    _file("no header", "r.csv", _GOOD.partition("\n")[2]),
    _table("no ratings", "1,10", "2,20", header="userId,movieId"),
    _table("several names for the viewer", "a,1,10", header="username,userId,movieId"),
    _file("a broken line of JSON", "r.jsonl", _JSON_LINES),
    _folder("a malformed line in a MovieLens folder", f"{_HEADER}\n{_A}\n1,ten,4,9\n{_C}\n"),
    _file(
        "the same in a zip",
        "r.zip",
        _zip({"ratings.csv": f"{_GOOD}1,ten,4,9\n", "movies.csv": _MOVIES}),
    ),
    _own("films of one's own that are unknown", "own.csv", "title,rating\nAlien,5\nMetropolis,4\n"),
    _own("a malformed line among one's own", "own.csv", "title,rating\nAlien,5\nFargo,9/10\n"),
    _own(
        "Latin-1 among one's own", "own.csv", "title,rating\nAmélie,5\nAlien,4\n".encode("latin-1")
    ),
    _own(
        "0 among ratings from 1 to 10",
        "own.csv",
        "Const,Your Rating,Title,Year\ntt0078748,0,Alien,1979\n",
    ),
)
"""Cases that are repaired and read."""
