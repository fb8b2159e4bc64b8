"""Provenance: the catalogue that each fact of a merged one comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data.catalog import Film
from matinee.display import formats
from matinee.errors import UnknownNameError

__all__ = ["FACTS", "Provenance"]

FACTS = tuple(field.name for field in fields(Film) if field.name != "id")
"""The fields of `Film` but its id."""


@dataclass(frozen=True, eq=False)
class Provenance:
    """The source of every fact of a merged catalogue.

    Attributes:
        sources: names of the catalogues.
        fields: names of the facts, those of `FACTS`.
        chosen: `int8[films, fields]`, position in `sources`; -1 where the fact is unknown.
        rows: `int32[films, sources]`, row of the film in each catalogue; -1 where a catalogue does
            not have it, or has no rows.
    """

    sources: tuple[str, ...]
    fields: tuple[str, ...]
    chosen: NDArray[np.int8]
    rows: NDArray[np.int32]

    @classmethod
    def single(cls, source: str, films: Sequence[Film]) -> Provenance:
        """The provenance of films that all come from one catalogue."""
        known = [[bool(getattr(film, fact)) for fact in FACTS] for film in films]
        chosen = np.array(known, dtype=np.int8).reshape(len(films), len(FACTS)) - np.int8(1)
        return cls((source,), FACTS, chosen, np.arange(len(films), dtype=np.int32)[:, None])

    def __repr__(self) -> str:
        return (
            f"Provenance of {formats.count(len(self.rows), 'film')} from {', '.join(self.sources)}"
        )

    def filled(self, source: str, before: Sequence[Film], after: Sequence[Film]) -> Provenance:
        """The provenance after a source has filled unknown facts of films in the same rows.

        The source may be in `sources` already.
        """
        new = source not in self.sources
        sources = (*self.sources, source) if new else self.sources
        at = sources.index(source)
        fresh = np.array(
            [
                [not getattr(old, fact) and bool(getattr(now, fact)) for fact in self.fields]
                for old, now in zip(before, after, strict=True)
            ],
            dtype=np.bool_,
        ).reshape(self.chosen.shape)
        rows = np.pad(self.rows, ((0, 0), (0, int(new))), constant_values=-1)
        chosen = np.where(fresh, np.int8(at), self.chosen)
        return replace(self, sources=sources, chosen=chosen, rows=rows)

    def to_names(self) -> dict[str, list[str]]:
        """The names, for a manifest."""
        return {"sources": list(self.sources), "fields": list(self.fields)}

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The rest, as arrays beside a manifest."""
        return {"chosen": self.chosen, "rows": self.rows}

    @classmethod
    def restore(
        cls, names: Mapping[str, Sequence[str]] | None, arrays: Mapping[str, NDArray[Any]]
    ) -> Provenance | None:
        """From `to_names` and `to_arrays`; `None` without names."""
        if names is None:
            return None
        sources, fields = tuple(names["sources"]), tuple(names["fields"])
        return cls(sources, fields, arrays["chosen"], arrays["rows"])

    def of(self, row: int, field: str) -> str:
        """The catalogue that a fact of a film comes from; "" if the fact is unknown."""
        if field not in FACTS:
            raise UnknownNameError("field", field, FACTS)
        if field not in self.fields:  # merged by an older version, which did not know this fact
            return ""
        at = int(self.chosen[row, self.fields.index(field)])
        return self.sources[at] if at >= 0 else ""

    def having(self, row: int) -> tuple[str, ...]:
        """The catalogues that have a film, in the order of `sources`."""
        return tuple(self.sources[at] for at in np.flatnonzero(self.rows[row] >= 0))

    def films(self) -> dict[str, int]:
        """Number of films that each catalogue has."""
        return dict(
            zip(self.sources, np.count_nonzero(self.rows >= 0, axis=0).tolist(), strict=True)
        )

    def counts(self) -> dict[str, dict[str, int]]:
        """Number of films with each field from each catalogue: `counts()["runtime"]["tmdb"]`."""
        return {
            field: {
                source: int(np.count_nonzero(self.chosen[:, column] == at))
                for at, source in enumerate(self.sources)
            }
            for column, field in enumerate(self.fields)
        }
