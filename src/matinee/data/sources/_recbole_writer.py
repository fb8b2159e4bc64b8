"""Writes a data set as RecBole's atomic files, completely or not at all."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from matinee.data.catalog import Catalog
from matinee.data.dataset import Dataset
from matinee.errors import DataError, FailureError, InputError
from matinee.files import folder_aside

__all__ = ["INNER_SPACE", "NAMED_BY_OTHERS", "write_recbole"]

NAMED_BY_OTHERS = frozenset({"ml-100k"})
"""Names of files that another source reads, with other columns."""
INNER_SPACE = "\u00a0"
"""Replaces a space within a member of a list: RecBole splits lists at plain spaces."""


def write_recbole(dataset: Dataset, folder: Path, name: str) -> Path:
    """Write `NAME.inter`, `NAME.item` and `NAME.user` into a new folder; returns the folder.

    The folder appears when all is written. RecBole itself needs it to be called NAME. Line breaks
    and tabs in texts become spaces. The layout has no place for folds, licence and notes.

    Args:
        dataset: to write.
        folder: must be new or empty.
        name: of the files.

    Raises:
        InputError: the folder is not empty, or the name cannot be used.
        DataError: an id that this layout cannot hold.
        FailureError: the folder cannot be written.
    """
    if not name or Path(name).name != name or name.startswith(".") or name in NAMED_BY_OTHERS:
        raise InputError(f"{name!r} cannot be the name of RecBole files here; choose another")
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise InputError(f"{folder} exists already; name a new folder")
    tables = {
        ".inter": _ratings(dataset),
        ".item": _films(dataset.catalog),
        ".user": _viewers(dataset),
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder_aside(folder.parent) as filled:
            for ending, table in tables.items():
                table.write_csv(filled / f"{name}{ending}", separator="\t", quote_style="never")
            filled.rename(folder)
    except OSError as error:
        raise FailureError(
            f"{folder} cannot be written ({error.strerror or error}); name another folder"
        ) from None
    return folder


def _ratings(dataset: Dataset) -> pl.DataFrame:
    interactions = dataset.interactions
    if interactions.counts:
        raise DataError("counts cannot be written in RecBole's layout; write ratings")
    for vocabulary in (interactions.user_ids, interactions.item_ids):
        for each in vocabulary.ids.tolist():
            if not each or each != _flat(each):
                raise DataError(
                    f"{vocabulary.kind} id {each!r} cannot be written in RecBole's layout: "
                    "it must not be empty nor hold tabs or line breaks"
                )
    frame = interactions.to_frame()
    types = {"user_id": "token", "item_id": "token", "rating": "float", "timestamp": "float"}
    return frame.rename({column: f"{column}:{kind}" for column, kind in types.items()})


def _films(catalog: Catalog) -> pl.DataFrame:
    films = catalog.films()
    facts = {
        "id": "item_id:token",
        "title": "movie_title:token_seq",
        "year": "release_year:token",
        "genres": "class:token_seq",
        "runtime": "runtime:float",
        "certificate": "certificate:token",
        **{name: f"{name}:token_seq" for name in ("languages", "countries", "directors", "cast")},
        **{name: f"{name}:token_seq" for name in ("keywords", "overview")},
        **{name: f"{name}:token" for name in ("imdb_id", "tmdb_id")},
        **{name: f"{name}:float" for name in ("votes", "mean")},
    }
    return pl.DataFrame(
        {name: [_text(getattr(film, fact)) for film in films] for fact, name in facts.items()},
        schema=dict.fromkeys(facts.values(), pl.String),
    )


def _viewers(dataset: Dataset) -> pl.DataFrame:
    if dataset.demographics is None:
        ids = dataset.interactions.user_ids.ids.tolist()
        return pl.DataFrame({"user_id:token": ids}, schema={"user_id:token": pl.String})
    columns = [
        pl.col(name).cast(pl.String).fill_null("").str.replace_all(r"[\t\r\n]", " ")
        for name in dataset.demographics.columns
    ]
    return dataset.demographics.select(columns).rename(lambda name: f"{name}:token")


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\r", " ").replace("\n", " ")


def _text(fact: str | float | tuple[str, ...] | None) -> str:
    if isinstance(fact, tuple):
        return " ".join(_flat(each).replace(" ", INNER_SPACE) for each in fact)
    return _flat(str(fact or ""))
