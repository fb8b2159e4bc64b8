"""The rows as docs/every-model.md: a table a task, best model first, its peers under it."""

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

All registered models on two data sets, and under each the peers that do the same job. This page is
written by `benchmarks/every_model.py` from [its rows](../benchmarks/every_model.json).

- **Quality** is the mean over viewers (RMSE: over ratings) with its 95% interval, by bootstrap over
  viewers. Peers are handed the same training and the same histories, and measured by the same code.
- **Options** in the second column were chosen on validation: for our models from each model's own
  candidates, for peers from the grids in `benchmarks/model_table/peers.py`. Where divisions are
  several, every one chose for itself, and those of the first stand here (LensKit chose on the first
  alone: it scores one viewer at a time). "-" is nothing to choose.
- **Fit** is one fit on the training part of the first division with these options, all cores, on
  data in memory, with everything compiled; **memory** is what the resident memory of the process
  grew by at most meanwhile.
- **Saved** is the artefact on disk, films and all, ready to be served; of a peer its pickle.
- **Answer** is one viewer's ten films, the median over viewers: for ours with seen films left out,
  reasons, and expected stars where the model predicts them; for peers as each library does it.
  Surprise has no such call, and predicts every film that was not seen.
- Each line is a process of its own, and what took too long was stopped. Seconds are of one machine;
  only their ratios mean something elsewhere.

implicit's BPR and RecTools' PureSVD answer nobody they were not fitted on; where viewers are held
out whole, these two are fitted on the shown histories, too. RecTools' EASE answers training viewers
alone: its weights were multiplied by the histories here.
"""
_LIBRARIES = ("numpy", "scipy", "numba")
_UNITS = ("B", "kB", "MB", "GB")


def page(rows: Sequence[Row]) -> str:
    """The whole page."""
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
    """Why nothing stands under a model."""
    if name in NONE:
        return NONE[name]
    elsewhere: list[Peer] = [peer for peer in PEERS if name in peer.beside]
    if any(peer.suits(task) for peer in elsewhere):
        return "not measured yet"
    return "none of the libraries has it" if not elsewhere else "its peer does not predict ratings"


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
    """Three digits at most: 12 s, 0.34 s, 5.6 ms, 71 µs."""
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
