"""Measurements, one row a model, in a file from which an interrupted run continues."""

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
    """One model, ours or another library's, on one task.

    Attributes:
        task: name of the task.
        name: the model, or library and model.
        mean: mean of the deciding metric over splits.
        low: lower end of its 95% interval.
        high: upper end.
        options: options chosen on the first split, or all relevant ones.
        tried: number of combinations tried on validation; 0 for none.
        fit_seconds: wall-clock seconds of one fit, the median of several where it is short.
        fit_bytes: peak growth of resident memory during the fit.
        saved_bytes: size of the artefact, or of the pickle of a peer.
        answer_seconds: ten recommendations for one viewer, median over viewers.
        source: hash of the measured code; see `source_of`.
        failed: why it could not be measured.
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
    """The rows of a JSON file, which is rewritten with each new row.

    Args:
        file: created with the first row.
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
        """Whether the row is up to date."""
        row = self._rows.get((task, name))
        return row is not None and row.source == source

    def add(self, row: Row) -> None:
        """Saves a row, in place of an older one."""
        self._rows[row.task, row.name] = row
        ordered = sorted(self._rows.values(), key=lambda each: (each.task, each.name))
        text = json.dumps([asdict(each) for each in ordered], indent=1)
        self._file.write_text(text + "\n", encoding="utf-8")


def source_of(model: str) -> str:
    """Twelve digits that change with the file of one of our models."""
    path = inspect.getsourcefile(plugins.get("models", model))
    content = Path(path).read_bytes() if path else b""
    return hashlib.sha256(content).hexdigest()[:12]
