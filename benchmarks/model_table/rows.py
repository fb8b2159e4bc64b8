"""What was measured, one row a model or peer, in a file that an interrupted run goes on from."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from matinee import plugins

__all__ = ["Row", "Rows", "source_of"]


@dataclass(frozen=True)
class Row:
    """One model, ours or theirs, under one task.

    Attributes:
        task: its name.
        name: the model, or the peer with its library.
        mean: of the deciding metric, over divisions.
        low: of its 95% interval.
        high: likewise.
        options: those that were chosen, or all that matter; of the first division.
        tried: how many combinations validation chose from; 0 where nothing was chosen.
        fit_seconds: wall-clock seconds of one fit, the median of several where it is short.
        fit_bytes: most resident memory while fitting, above that before.
        saved_bytes: of the artefact; of the pickle, for a peer.
        answer_seconds: of ten recommendations for one viewer; median over viewers.
        source: what the row was measured of; see `source_of`.
        failed: why there is nothing of all that.
    """

    task: str
    name: str
    mean: float = 0.0
    low: float = 0.0
    high: float = 0.0
    options: dict[str, Any] = field(default_factory=dict)
    tried: int = 0
    fit_seconds: float = 0.0
    fit_bytes: int = 0
    saved_bytes: int = 0
    answer_seconds: float = 0.0
    source: str = ""
    failed: str = ""


class Rows:
    """The rows of a file, written anew with each that is added.

    Args:
        file: JSON; made when the first row is added.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: dict[tuple[str, str], Row] = {}
        if file.exists():
            known = {each.name for each in fields(Row)}
            for given in json.loads(file.read_text(encoding="utf-8")):
                row = Row(**{key: value for key, value in given.items() if key in known})
                self._rows[row.task, row.name] = row

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def has(self, task: str, name: str, source: str) -> bool:
        """Whether it was measured as it is now."""
        row = self._rows.get((task, name))
        return row is not None and row.source == source

    def add(self, row: Row) -> None:
        """Keeps a row in place of the one that was there."""
        self._rows[row.task, row.name] = row
        ordered = sorted(self._rows.values(), key=lambda each: (each.task, each.name))
        text = json.dumps([asdict(each) for each in ordered], indent=1)
        self._file.write_text(text + "\n", encoding="utf-8")


def source_of(model: str) -> str:
    """Twelve digits that change when the file of one of our models does."""
    path = inspect.getsourcefile(plugins.get("models", model))
    content = Path(path).read_bytes() if path else b""
    return hashlib.sha256(content).hexdigest()[:12]
