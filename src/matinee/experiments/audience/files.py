"""Audiences on disk, as Parquet files that are marked as generated."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from matinee.data import Catalog, Dataset, Film, Interactions, Vocabulary
from matinee.errors import DataError, InputError, OptionError
from matinee.experiments.audience.config import AudienceConfig
from matinee.experiments.audience.draw import LICENCE, Drawing
from matinee.experiments.audience.viewers import Block
from matinee.files import folder_aside, replace_folder

__all__ = ["Summary", "generate", "read_audience"]

_LABEL = "audience.json"
_FILMS = "films.parquet"
_RATINGS = "ratings"
_DAMAGED = (OSError, ValueError, KeyError, TypeError, OptionError, pl.exceptions.PolarsError)


@dataclass(frozen=True)
class Summary:
    """The size of a generated folder; `rated` films have a rating.

    The folder contains the label `audience.json`, the films `films.parquet`, and the ratings
    `ratings/part-NNNNN.parquet` with user_id, item_id, rating (stars) and timestamp.
    """

    path: Path
    users: int
    items: int
    interactions: int
    rated: int
    mean_rating: float
    bytes: int
    seconds: float
    notes: tuple[str, ...]


def generate(
    path: Path,
    config: AudienceConfig,
    catalog: Catalog | None = None,
    *,
    overwrite: bool = False,
    batch: int = 8,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Draws an audience and writes it to a folder of Parquet files.

    The folder is written under another name and renamed, so it is complete or missing. The ratings
    are those of `audience` for any `batch`.

    Args:
        path: the folder to create.
        config: size, seed and habits.
        catalog: real films, of which the first `config.items` are used; `None` generates films.
        overwrite: whether to replace an audience that was generated earlier.
        batch: number of blocks of viewers in one file; sets the memory, some 30 bytes a rating.
        progress: receives the number of ratings written so far and in all.

    Raises:
        InputError: the path exists or cannot be written, or the counts contradict each other.
    """
    started = perf_counter()
    if batch < 1:
        raise InputError(f"batch must be at least 1, not {batch}")
    _check_target(path, overwrite=overwrite)
    drawing = Drawing.of(config, catalog)
    try:
        with folder_aside(path.parent) as folder:
            rated, total = _fill(folder, drawing, config, batch, progress)
            size = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
            replace_folder(folder, path)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror or error}); "
            "name a new folder in a writable place with enough room"
        ) from None
    return Summary(
        path=path,
        users=config.users,
        items=config.items,
        interactions=config.interactions,
        rated=rated,
        mean_rating=total / config.interactions,
        bytes=size,
        seconds=perf_counter() - started,
        notes=drawing.notes(config),
    )


def read_audience(path: Path) -> Dataset:
    """An audience that `generate` wrote.

    Raises:
        DataError: the folder is not an audience, or a file is damaged or missing.
    """
    try:
        label = json.loads((path / _LABEL).read_text(encoding="utf-8"))
        config = AudienceConfig(**label["options"])
        notes = tuple(label["notes"])
        catalog = _films_from_frame(pl.read_parquet(path / _FILMS))
        ratings = pl.read_parquet(path / _RATINGS / "part-*.parquet")
        as_rows = ratings["item_id"].cast(pl.Enum(catalog.item_ids.ids.tolist())).to_physical()
        if len(ratings) != config.interactions:
            raise ValueError(f"{len(ratings):,} ratings of {config.interactions:,}")
    except _DAMAGED as error:
        reason = str(error).partition("\n")[0]
        raise DataError(
            f"{path} is not a complete generated audience ({reason}); generate it again"
        ) from None
    return Dataset(
        name=str(path),
        interactions=Interactions(
            users=(ratings["user_id"] - 1).to_numpy(),
            items=as_rows.to_numpy().astype(np.int32),
            values=ratings["rating"].to_numpy(),
            times=ratings["timestamp"].to_numpy(),
            user_ids=Vocabulary.of("viewer", range(1, config.users + 1)),
            item_ids=catalog.item_ids,
            scale=config.scale,
        ),
        catalog=catalog,
        licence=LICENCE,
        notes=notes,
    )


def _check_target(path: Path, *, overwrite: bool) -> None:
    """Checks the path before the ratings are drawn, which can take minutes."""
    if path.exists() and not overwrite:
        raise InputError(f"{path} exists; choose another path, or use --overwrite")
    if path.exists() and not (path / _LABEL).is_file():
        raise InputError(f"{path} is not a generated audience and is kept; choose another path")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent} for {path.name}; create it first")


def _fill(
    folder: Path,
    drawing: Drawing,
    config: AudienceConfig,
    batch: int,
    progress: Callable[[int, int], None] | None,
) -> tuple[int, float]:
    """Writes all files; returns the number of rated films and the sum of all ratings."""
    label = {"generated_by": "matinee", "seed": config.seed, "options": asdict(config)}
    label["notes"] = list(drawing.notes(config))
    metadata = {"matinee": json.dumps(label)}
    (folder / _RATINGS).mkdir()
    (folder / _LABEL).write_text(json.dumps(label, indent=2) + "\n", encoding="utf-8")
    _films_to_frame(drawing.catalog).write_parquet(folder / _FILMS, metadata=metadata)
    ids = pl.Series(drawing.catalog.item_ids.ids.tolist())
    rated = np.zeros(config.items, dtype=np.bool_)
    written, total = 0, 0.0
    for number in itertools.count():
        if not (blocks := list(itertools.islice(drawing.blocks, batch))):
            break
        frame = pl.concat([_frame(block, ids) for block in blocks])
        part = folder / _RATINGS / f"part-{number:05}.parquet"
        frame.write_parquet(part, metadata=metadata)
        for block in blocks:
            rated[block.items] = True
            total += float(block.values.sum(dtype=np.float64))
        written += len(frame)
        if progress:
            progress(written, config.interactions)
    return int(rated.sum()), total


def _frame(block: Block, ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "user_id": block.users + 1,
            "item_id": ids.gather(block.items),
            "rating": block.values,
            "timestamp": block.times,
        }
    )


def _films_to_frame(catalog: Catalog) -> pl.DataFrame:
    """One column for every field of a film."""
    films = catalog.films()
    kinds = {
        "str": pl.String(),
        "int | None": pl.Int32(),
        "float | None": pl.Float64(),
        "tuple[str, ...]": pl.List(pl.String()),
    }
    return pl.DataFrame(
        [
            pl.Series(
                each.name, [getattr(film, each.name) for film in films], kinds[str(each.type)]
            )
            for each in fields(Film)
        ]
    )


def _films_from_frame(frame: pl.DataFrame) -> Catalog:
    """The inverse of `_films_to_frame`."""
    rows: Iterator[dict[str, Any]] = (
        {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
        for row in frame.iter_rows(named=True)
    )
    return Catalog.of(Film(**row) for row in rows)
