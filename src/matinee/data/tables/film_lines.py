"""A catalogue with the source of every fact, as lines of JSON.

The first line has the names of the sources and the notes on them. Every other line is one film:
its known facts, the source of each, and its row in every source that has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matinee.data.catalog import Catalog, Film
from matinee.data.provenance import FACTS, Provenance
from matinee.errors import DataError

__all__ = ["read_film_lines", "write_film_lines"]


def write_film_lines(
    file: Path, catalog: Catalog, provenance: Provenance, notes: Sequence[str]
) -> None:
    """Writes a catalogue, the provenance of its facts, and notes of one line each."""
    head = {"sources": list(provenance.sources), "notes": list(notes)}
    films = (_line(film, row, provenance) for row, film in enumerate(catalog.films()))
    with file.open("w", encoding="utf-8", newline="\n") as target:
        for each in (head, *films):
            target.write(json.dumps(each, ensure_ascii=False) + "\n")


def read_film_lines(file: Path) -> tuple[Catalog, Provenance, tuple[str, ...]]:
    """Catalogue, provenance and notes of a file that `write_film_lines` wrote.

    Raises:
        DataError: the file is missing or damaged; names the line.
    """
    lines = _lines(file)
    try:
        number, head = next(lines)
        sources, notes = tuple(map(str, head["sources"])), tuple(map(str, head["notes"]))
        films, chosen, rows = [], [], []
        for number, line in lines:  # noqa: B007 - the error below names it
            films.append(_film(line["film"]))
            chosen.append([_position(sources, line["from"].get(fact)) for fact in FACTS])
            rows.append([int(line["rows"].get(each, -1)) for each in sources])
        catalog = Catalog.of(films)
    except StopIteration:
        raise DataError(f"{file} is empty") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{file}, line {number}: {error!r} in a line of films; remove the folder and fetch it "
            "again"
        ) from None
    shape = (len(films), len(FACTS)), (len(films), len(sources))
    provenance = Provenance(
        sources,
        FACTS,
        np.array(chosen, dtype=np.int8).reshape(shape[0]),
        np.array(rows, dtype=np.int32).reshape(shape[1]),
    )
    return catalog, provenance, notes


def _line(film: Film, row: int, provenance: Provenance) -> dict[str, object]:
    known = {name: value for name in FACTS if (value := getattr(film, name))}
    having = np.flatnonzero(provenance.rows[row] >= 0).tolist()
    return {
        "film": {"id": film.id, "title": film.title} | known,
        "from": {fact: of for fact in FACTS if (of := provenance.of(row, fact))},
        "rows": {provenance.sources[at]: int(provenance.rows[row, at]) for at in having},
    }


def _film(facts: Mapping[str, Any]) -> Film:
    values: dict[str, Any] = {
        name: tuple(fact) if isinstance(fact, list) else fact for name, fact in facts.items()
    }
    return Film(**values)


def _position(sources: tuple[str, ...], name: str | None) -> int:
    return -1 if name is None else sources.index(name)


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield number, json.loads(line)
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise DataError(f"{file} is not lines of JSON ({error})") from None
