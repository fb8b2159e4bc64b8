"""RecBole's atomic files: one data set as NAME.inter, NAME.item and NAME.user."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.interactions import Interactions
from matinee.data.sources import Source
from matinee.data.sources._recbole_writer import INNER_SPACE, NAMED_BY_OTHERS, write_recbole
from matinee.data.spelling import natural_title, split_year
from matinee.data.tables.delimited import blocks_of
from matinee.data.tables.layout import Block, layout_of_texts
from matinee.data.tables.rating_scales import RatedTable, rated_rows, scale_of
from matinee.data.tables.rating_times import known_times
from matinee.data.tables.repeats import last_ratings
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError, UnreachableError

__all__ = ["RecBole", "write_recbole"]

_VIEWER, _FILM = ("user_id", "user", "userid"), ("item_id", "movie_id", "item", "itemid")
_RATING, _TIME = ("rating", "stars", "star"), ("timestamp", "time")
_TITLE, _YEAR = (
    ("movie_title", "title", "item_title", "name"),
    ("release_year", "year", "movie_year"),
)
_GENRES = ("class", "genre", "genres")
"""Names of the columns in use; the first one in a header counts, and is called by the first."""
_Names: TypeAlias = tuple[str, ...]
_STARS = (1.0, 5.0)


class RecBole(Source):
    """Any folder with one `.inter` file and, if present, its `.item` and `.user` files."""

    about = "any data set in RecBole's layout: one NAME.inter, with NAME.item and NAME.user if any"
    licence = (
        "RecBole's layout carries no terms: those of the data set in the folder apply, so look "
        "them up where it came from."
    )
    homepage = "https://recbole.io/docs/user_guide/data/atomic_files.html"
    citation = (
        "W. X. Zhao et al. (2021). RecBole: Towards a Unified, Comprehensive and Efficient "
        "Framework for Recommendation Algorithms. CIKM 2021, 4653-4664. "
        "https://doi.org/10.1145/3459637.3482016"
    )
    size = 1
    """Nothing to download: this is a layout, not one data set."""
    layouts = (frozenset({"NAME.inter"}),)

    def recognises(self, folder: Path) -> bool:
        """Whether it has exactly one `.inter` file, and not one that another source reads."""
        names = [file.name for file in folder.glob("[!.]*.inter") if file.is_file()]
        return len(names) == 1 and names[0].removesuffix(".inter") not in NAMED_BY_OTHERS

    def download(self, cache: Cache, folder: Path) -> None:
        raise UnreachableError("this is a layout that many data sets come in, not one of them")

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        if not self.recognises(folder):
            raise DataError(f"{folder} must have exactly one .inter file of its own name")
        file = next(folder.glob("[!.]*.inter"))
        ratings, scale = _ratings(file, cleaning)
        notes = [] if scale else [f"{file.name} has no ratings: every row counts as 1.0"]
        films = _films(file.with_suffix(".item"), cleaning, notes)
        viewers = _viewers(file.with_suffix(".user"), cleaning)
        catalog = Catalog.of(_with_all(films, ratings["item"], cleaning))
        listed = [] if viewers is None else viewers["user_id"].to_list()
        user_ids = list(dict.fromkeys([*listed, *ratings["user"].unique(maintain_order=True)]))
        if viewers is not None:
            every = pl.DataFrame({"user_id": user_ids}, schema={"user_id": pl.String})
            viewers = every.join(viewers, on="user_id", how="left", maintain_order="left")
        interactions = Interactions(
            users=_rows(file, user_ids, ratings["user"]),
            items=_rows(file, catalog.item_ids.ids.tolist(), ratings["item"]),
            values=ratings["rating"].to_numpy().astype(np.float32),
            times=ratings["time"].to_numpy().astype(np.int64),
            user_ids=Vocabulary.of("viewer", user_ids),
            item_ids=catalog.item_ids,
            scale=scale or (0.0, 1.0),
        )
        return Dataset(
            name=self.name,
            interactions=last_ratings(interactions, file, cleaning),
            catalog=catalog,
            licence=self.licence,
            demographics=viewers,
            notes=tuple(notes),
        )


def _ratings(file: Path, cleaning: Cleaning) -> tuple[pl.DataFrame, tuple[float, float] | None]:
    """Columns user, item, rating, time; and the scale, `None` without a column of ratings."""
    parts, lines, rated = [], [], False
    for block in _blocks(file, cleaning, (_VIEWER, _FILM), (_RATING, _TIME)):
        rated, timed = (name in block.frame.columns for name in ("rating", "timestamp"))
        frame = block.frame.select(
            user="user_id",
            item="item_id",
            rating=pl.col("rating").cast(pl.Float64, strict=False) if rated else pl.lit(1.0),
            time=pl.col("timestamp").replace("", "0") if timed else pl.lit("0"),
        )
        rows = Block(frame, block.lines)
        for wrong, reason in (
            (pl.col("user") == "", "no viewer id"),
            (pl.col("item") == "", "no film id"),
            (~pl.col("rating").is_finite().fill_null(value=False), "the rating is no number"),
        ):
            rows = rows.without(wrong, file, reason, cleaning)
        parts.append(rows.frame.with_columns(pl.col("rating").cast(pl.Float32)))
        lines.append(rows.line_numbers)
    ratings, line = pl.concat(parts, rechunk=True), np.concatenate(lines)
    if ratings.is_empty():
        raise DataError(f"{file} holds no row that can be used")
    scale = None
    if rated:
        values = ratings["rating"].to_numpy()
        stars = _STARS[0] <= values.min() and values.max() <= _STARS[1]
        found = scale_of(values, choice=_STARS if stars else None)
        table = RatedTable(str(file), "rating", lambda row: int(line[row]))
        inside = rated_rows(values, found, table, cleaning)
        if inside is not None:
            ratings, line = ratings.filter(inside), line[inside]
        scale = found.ends
    times = known_times(ratings["time"], cleaning, lambda row: f"{file}, line {line[row]}")
    return ratings.with_columns(time=pl.Series(times, dtype=pl.Int64)), scale


def _blocks(
    file: Path, cleaning: Cleaning, needed: Sequence[_Names], others: Sequence[_Names] = ()
) -> Iterator[Block]:
    """Blocks of text columns without their types: "user_id:token" is user_id."""
    layout = layout_of_texts(file, "\t")
    names = [name.partition(":")[0] for name in layout.types]
    if len(set(names)) < len(names):
        raise DataError(f"{file}, line 1: column names must differ without their types: {names}")
    for role in (*needed, *others):
        name = next((each for each in role if each in names), None)
        if name is not None:
            names[names.index(name)] = role[0]
        elif role in needed:
            raise DataError(f"{file}, line 1: there is no column {role[0]}")
    for block in blocks_of(file, layout, cleaning):
        yield Block(block.frame.rename(dict(zip(layout.types, names, strict=True))), block.lines)


def _films(file: Path, cleaning: Cleaning, notes: list[str]) -> list[Film]:
    if not file.is_file():
        notes.append(f"there is no {file.name}: films are called by their ids")
        return []
    films: dict[str, Film] = {}
    for block in _blocks(file, cleaning, [_FILM], (_TITLE, _YEAR, _GENRES)):
        rows = block.without(pl.col("item_id") == "", file, "no film id", cleaning)
        for row, facts in enumerate(rows.frame.iter_rows(named=True)):
            film_id, place = facts["item_id"], f"{file}, line {rows.line(row)}"
            if film_id in films:
                example = f"{place}: film {film_id!r} occurs twice"
                cleaning.count("repeated films, the first kept", example=example)
            else:
                films[film_id] = _film(film_id, facts, place, cleaning)
    return list(films.values())


def _film(film_id: str, facts: dict[str, str], place: str, cleaning: Cleaning) -> Film:
    def text(name: str) -> str:
        return facts.get(name, "").strip()

    def listed(name: str) -> tuple[str, ...]:
        """Parts between spaces; INNER_SPACE stands for a space within a part."""
        parts = (each.replace(INNER_SPACE, " ").strip() for each in text(name).split(" "))
        return tuple(dict.fromkeys(each for each in parts if each))

    written, title = text("release_year"), text("movie_title")
    title, year = (title, None) if written else split_year(title)
    if written:
        year = _within(written, 1871, 2099)
        if year is None:
            cleaning.count("impossible years, left unknown", example=f"{place}: {written!r}")
    return Film(
        id=film_id,
        title=natural_title(title).strip() or film_id.strip() or "?",
        year=year,
        runtime=_within(text("runtime"), 1, 32_000),
        genres=listed("class"),
        certificate=text("certificate"),
        languages=listed("languages"),
        countries=listed("countries"),
        directors=listed("directors"),
        cast=listed("cast"),
        keywords=listed("keywords"),
        overview=text("overview"),
        imdb_id=text("imdb_id"),
        tmdb_id=text("tmdb_id"),
        votes=_within(text("votes"), 1, 2**31 - 1),
        mean=_mean(text("mean")),
    )


def _with_all(films: list[Film], rated: pl.Series, cleaning: Cleaning) -> list[Film]:
    """The films, then those that only the ratings name."""
    known = {film.id for film in films}
    others = [each for each in rated.unique(maintain_order=True) if each not in known]
    if films:
        cleaning.count("rated films without a line of facts, called by their ids", len(others))
    return [*films, *(Film(id=each, title=each.strip() or "?") for each in others)]


def _viewers(file: Path, cleaning: Cleaning) -> pl.DataFrame | None:
    """All columns of the `.user` file, `user_id` first; one row per viewer."""
    if not file.is_file():
        return None
    parts = []
    for block in _blocks(file, cleaning, [_VIEWER]):
        rows = block.without(pl.col("user_id") == "", file, "no viewer id", cleaning).frame
        parts.append(rows.select("user_id", pl.exclude("user_id")))
    viewers = pl.concat(parts)
    distinct = viewers.unique("user_id", keep="first", maintain_order=True)
    cleaning.count("repeated viewers, the first kept", viewers.height - distinct.height)
    return distinct


def _rows(file: Path, ids: list[str], column: pl.Series) -> NDArray[np.int32]:
    """Positions `int32[n]` in `ids`."""
    rows = column.replace_strict(ids, range(len(ids)), default=None, return_dtype=pl.Int32)
    if rows.null_count():
        # `ids` has them all, but an array of text drops zero bytes at the end.
        lost = column.filter(rows.is_null())[0]
        raise DataError(f"{file}: the id {lost!r} ends in a zero byte; remove it")
    return rows.to_numpy(writable=True)


def _mean(text: str) -> float | None:
    """A mean from 1 to 10; `None` for anything else."""
    return float(text) if re.fullmatch(r"10(\.0+)?|[1-9](\.[0-9]+)?", text) else None


def _within(text: str, low: int, high: int) -> int | None:
    """A whole number within bounds; "1995.0" counts as whole."""
    text = text.removesuffix(".0")
    return int(text) if text.isdecimal() and low <= int(text) <= high else None
