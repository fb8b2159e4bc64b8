"""RecBole's atomic files: one data set as NAME.inter, NAME.item and NAME.user."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
from matinee.data.tables.repeats import last_ratings
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError, UnreachableError

__all__ = ["RecBole", "write_recbole"]

_VIEWER = ("user_id", "user", "userid")
_FILM = ("item_id", "movie_id", "item", "itemid")
_RATING = ("rating", "stars", "star")
_TIME = ("timestamp", "time")
_TITLE = ("movie_title", "title", "item_title", "name")
_YEAR = ("release_year", "year", "movie_year")
_GENRES = ("class", "genre", "genres")
"""Names of the columns in use; the first one in a header counts."""
_SCALES = ((1.0, 5.0), (0.0, 1.0), (0.5, 5.0), (0.0, 5.0), (1.0, 10.0), (0.0, 10.0), (0.0, 100.0))


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
        names = [file.name for file in folder.glob("*.inter") if file.is_file()]
        return len(names) == 1 and names[0].removesuffix(".inter") not in NAMED_BY_OTHERS

    def download(self, cache: Cache, folder: Path) -> None:
        raise UnreachableError("this is a layout that many data sets come in, not one of them")

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        if not self.recognises(folder):
            raise DataError(f"{folder} must have exactly one .inter file of its own name")
        file = next(folder.glob("*.inter"))
        notes: list[str] = []
        ratings, rated = _ratings(file, cleaning)
        if not rated:
            notes.append(f"{file.name} has no ratings: every row counts as 1.0")
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
            scale=_scale(ratings["rating"]) if rated else (0.0, 1.0),
        )
        return Dataset(
            name=self.name,
            interactions=last_ratings(interactions, file, cleaning),
            catalog=catalog,
            licence=self.licence,
            demographics=viewers,
            notes=tuple(notes),
        )


def _ratings(file: Path, cleaning: Cleaning) -> tuple[pl.DataFrame, bool]:
    """Columns user, item, rating, time; and whether the file has a column of ratings."""
    parts, rated = [], False
    for block in _blocks(file, cleaning):
        user, item = _column(file, block.frame, _VIEWER), _column(file, block.frame, _FILM)
        rating, time = _first(block.frame, _RATING), _first(block.frame, _TIME)
        rated = rating is not None
        frame = block.frame.select(
            user=pl.col(user),
            item=pl.col(item),
            rating=pl.col(rating).cast(pl.Float64, strict=False) if rating else pl.lit(1.0),
            time=_whole_number(time) if time else pl.lit(0),
        )
        rows = Block(frame, block.lines)
        for wrong, reason in (
            (pl.col("user") == "", f"no {user}"),
            (pl.col("item") == "", f"no {item}"),
            (pl.col("rating").is_finite().not_().fill_null(value=True), f"{rating} is no number"),
            (pl.col("time").is_null(), f"{time} is no number"),
        ):
            rows = rows.without(wrong, file, reason, cleaning)
        parts.append(rows.frame.with_columns(pl.col("rating").cast(pl.Float32)))
    return pl.concat(parts, rechunk=True), rated


def _blocks(file: Path, cleaning: Cleaning) -> Iterator[Block]:
    """Blocks of text columns, named without their types: "user_id:token" is user_id."""
    layout = layout_of_texts(file, "\t")
    names = [name.partition(":")[0] for name in layout.types]
    if len(set(names)) < len(names):
        raise DataError(f"{file}, line 1: column names must differ without their types: {names}")
    for block in blocks_of(file, layout, cleaning):
        yield Block(block.frame.rename(dict(zip(layout.types, names, strict=True))), block.lines)


def _films(file: Path, cleaning: Cleaning, notes: list[str]) -> list[Film]:
    if not file.is_file():
        notes.append(f"there is no {file.name}: films are called by their ids")
        return []
    films: dict[str, Film] = {}
    for block in _blocks(file, cleaning):
        film = _column(file, block.frame, _FILM)
        rows = block.without(pl.col(film) == "", file, f"no {film}", cleaning)
        for row, facts in enumerate(rows.frame.iter_rows(named=True)):
            film_id, place = facts[film], f"{file}, line {rows.line(row)}"
            if film_id in films:
                example = f"{place}: film {film_id!r} occurs twice"
                cleaning.count("repeated films, the first kept", example=example)
            else:
                films[film_id] = _film(film_id, facts, place, cleaning)
    return list(films.values())


def _film(film_id: str, facts: dict[str, str], place: str, cleaning: Cleaning) -> Film:
    def first(*names: str) -> str:
        return next((facts[name].strip() for name in names if name in facts), "")

    def listed(*names: str) -> tuple[str, ...]:
        """Parts between spaces; INNER_SPACE stands for a space within a part."""
        parts = (each.replace(INNER_SPACE, " ").strip() for each in first(*names).split(" "))
        return tuple(dict.fromkeys(each for each in parts if each))

    written = first(*_YEAR)
    title, year = (first(*_TITLE), None) if written else split_year(first(*_TITLE))
    if written:
        year = _within(written, 1871, 2099)
        if year is None:
            cleaning.count("impossible years, left unknown", example=f"{place}: {written!r}")
    return Film(
        id=film_id,
        title=natural_title(title).strip() or film_id.strip() or "?",
        year=year,
        runtime=_within(first("runtime"), 1, 32_000),
        genres=listed(*_GENRES),
        certificate=first("certificate"),
        languages=listed("languages"),
        countries=listed("countries"),
        directors=listed("directors"),
        cast=listed("cast"),
        keywords=listed("keywords"),
        overview=first("overview"),
        imdb_id=first("imdb_id"),
        tmdb_id=first("tmdb_id"),
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
    for block in _blocks(file, cleaning):
        viewer = _column(file, block.frame, _VIEWER)
        rows = block.without(pl.col(viewer) == "", file, f"no {viewer}", cleaning).frame
        others = [name for name in rows.columns if name not in (viewer, "user_id")]
        parts.append(rows.select(pl.col(viewer).alias("user_id"), *others))
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
    return rows.to_numpy()


def _scale(ratings: pl.Series) -> tuple[float, float]:
    """The first common scale that holds all ratings; the layout does not name it."""
    if ratings.is_empty():
        return _SCALES[0]
    low, high = float(ratings.min()), float(ratings.max())  # type: ignore[arg-type]
    fitting = (scale for scale in _SCALES if scale[0] <= low and high <= scale[1])
    return next(fitting, (low, high))


def _first(frame: pl.DataFrame, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in frame.columns), None)


def _column(file: Path, frame: pl.DataFrame, names: tuple[str, ...]) -> str:
    name = _first(frame, names)
    if name is None:
        raise DataError(f"{file}, line 1: there is no column {names[0]}")
    return name


def _whole_number(column: str) -> pl.Expr:
    """Times are written 881250949, 881250949.0 or 8.81e8; an empty one is 0."""
    text = pl.when(pl.col(column) == "").then(pl.lit("0")).otherwise(pl.col(column))
    whole = text.cast(pl.Float64, strict=False).round().cast(pl.Int64, strict=False)
    return pl.coalesce(text.cast(pl.Int64, strict=False), whole)


def _within(text: str, low: int, high: int) -> int | None:
    """A whole number within bounds; "1995.0" counts as whole."""
    text = text.removesuffix(".0")
    return int(text) if text.isdecimal() and low <= int(text) <= high else None
