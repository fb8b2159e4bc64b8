"""Writes rows as docs/every-model.md: one table a task, best model first, peers below it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from model_table.peers import NONE, PEERS, Peer
from model_table.rows import Row
from model_table.tasks import TASKS, Task

__all__ = ["page"]

_HEAD = """# Every model

All registered models on two data sets, each above the libraries' models that do the same job.
`benchmarks/every_model.py` writes this page from `benchmarks/every_model.json`.

- **Quality**: mean over viewers (RMSE: over ratings) with its 95% bootstrap interval. All models
  get the same training data and histories and are measured by the same code.
- **Options** are chosen on validation: our models from their own candidates, other libraries from
  the grids in `benchmarks/model_table/peers.py`. With several splits, each chooses for itself and
  the table shows the first (LensKit chooses on the first alone: it scores one viewer at a time).
  "-" means there is nothing to choose.
- **Fit**: seconds of one fit on the first split, all cores, data in memory, code compiled.
  **Memory**: the largest growth of the process during that fit.
- **Saved**: size of the artefact on disk including the film catalogue, ready to serve; for other
  libraries, size of the pickle.
- **Answer**: time for ten films for one viewer, median over viewers. Ours includes removing seen
  films, reasons, and expected stars where the model predicts them. Other libraries answer in their
  own way; Surprise has no such call and predicts every unseen film.
- Every row runs in its own process, with a time limit. Compare the ratios of times, not seconds:
  they depend on the machine.

implicit's BPR and RecTools' PureSVD cannot answer new viewers. Where viewers are held out, these
two are fitted on their histories as well. RecTools' EASE answers training viewers only; here its
weights are multiplied by the histories.
"""
_LIBRARIES = ("numpy", "scipy", "numba")
_UNITS = ("B", "kB", "MB", "GB")


def page(rows: Sequence[Row]) -> str:
    """The page."""
    tables = (
        _table(task, [row for row in rows if row.task == task.name]) for task in TASKS.values()
    )
    used = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    cores = len(os.sched_getaffinity(0))
    machine = f"Python {platform.python_version()}, {used}; {platform.machine()}, {cores} cores."
    return "\n".join([_HEAD, *(each for each in tables if each), machine, ""])


def _table(task: Task, rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    metric = f"NDCG@{task.k}" if task.k else "RMSE"
    kept = f", ratings of {task.min_rating:g} and more" if task.min_rating else ""
    lines = [
        f"## {task.name}: {metric}",
        "",
        f"Protocol `{task.protocol}` of `{task.data}`{kept}: {task.about}.",
        "",
        f"| model | options | {metric} | fit | memory | saved | answer |",
        "|---|---|---|---|---|---|---|",
        *_lines(task, rows),
        "",
    ]
    return "\n".join(lines)


def _lines(task: Task, rows: Sequence[Row]) -> Iterator[str]:
    by_name = {row.name: row for row in rows}
    peers = [peer for peer in PEERS if peer.name in by_name]
    sign = -1 if task.k else 1
    ours = [row for row in rows if row.name in task.models]
    for row in sorted(ours, key=lambda each: (bool(each.failed), sign * each.mean)):
        yield _line(f"**[{row.name}](models/{row.name}.md)**", row)
        beside = [peer for peer in peers if row.name in peer.beside]
        yield from (_line(f"- {peer.name}", by_name[peer.name]) for peer in beside)
        if not beside:
            yield f"| - *no peer* | {_reason(row.name, task)} | | | | | |"


def _reason(name: str, task: Task) -> str:
    """Why a model has no peer in the table."""
    if name in NONE:
        return NONE[name]
    elsewhere: list[Peer] = [peer for peer in PEERS if name in peer.beside]
    if any(peer.suits(task) for peer in elsewhere):
        return "not measured yet"
    return "no library has it" if not elsewhere else "its peer does not predict ratings"


def _line(name: str, row: Row) -> str:
    if row.failed:
        return f"| {name} | {row.failed} | | | | | |"
    options = ", ".join(f"{option} {value}" for option, value in row.options.items()) or "-"
    quality = f"{row.mean:.4f} [{row.low:.4f}, {row.high:.4f}]"
    return (
        f"| {name} | {options} | {quality} | {_seconds(row.fit_seconds)} "
        f"| {_bytes(row.fit_bytes)} | {_bytes(row.saved_bytes)} | {_seconds(row.answer_seconds)} |"
    )


def _seconds(seconds: float) -> str:
    """At most three digits: 12 s, 0.34 s, 5.6 ms, 71 µs."""
    for scale, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if seconds * scale >= 1 or unit == "µs":
            value = seconds * scale
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
    return ""


def _bytes(n: float) -> str:
    unit = 0
    while n >= 1000 and unit < len(_UNITS) - 1:
        n /= 1000
        unit += 1
    return f"{n:.0f} {_UNITS[unit]}" if n >= 10 or not unit else f"{n:.1f} {_UNITS[unit]}"
