"""Output of commands: answers on stdout, everything else on stderr."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.settings import Settings

__all__ = [
    "counter",
    "json_option",
    "open_cache",
    "print_json",
    "print_table",
    "say",
    "steps",
    "summary",
    "table_width",
    "tries",
]

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else on stdout."
)

_WIDTH_OF_A_PIPE = 160
_WIDTH_OF_A_TABLE = 120


def say(line: str) -> None:
    """Prints a line on stderr."""
    click.echo(line, err=True)


def print_json(document: object) -> None:
    """Prints one JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> None:
    """Prints a table. Columns in `numbers` are aligned right; these and `whole` never wrap."""
    table = Table(
        box=None,
        pad_edge=False,
        header_style="bold",
        padding=(0, 2, 0, 0),
        show_header=any(columns),
    )
    for column in columns:
        right = column in numbers
        table.add_column(
            column, justify="right" if right else "left", no_wrap=right or column in whole
        )
    for row in rows:
        table.add_row(*row)
    console = Console(
        highlight=False, markup=False, width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE
    )
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def summary(dataset: Dataset) -> str:
    """The size of a data set in one line."""
    ratings = dataset.interactions
    kind = "counts" if ratings.counts else "ratings"
    return (
        f"{len(ratings):,} {kind} of {len(dataset.catalog):,} films by {ratings.n_users:,} viewers"
    )


def table_width() -> int:
    """Width of the terminal in characters; a common one if the output is not a terminal."""
    return Console().width if sys.stdout.isatty() else _WIDTH_OF_A_TABLE


@contextmanager
def steps(label: str) -> Iterator[Progress | None]:
    """A progress bar of counted steps on a terminal; `None` in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress


@contextmanager
def tries(progress: Progress | None) -> Iterator[None]:
    """Shows what `auto` tries beside the bar of `steps`."""
    if progress is None:
        yield
        return
    log, lines = logging.getLogger("matinee.auto"), _Tries(progress)
    level = log.level
    log.setLevel(logging.INFO)
    log.addHandler(lines)
    try:
        yield
    finally:
        log.removeHandler(lines)
        log.setLevel(level)


class _Tries(logging.Handler):
    """Log lines as the description of the step in progress."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        for task in self._progress.tasks[-1:]:
            self._progress.update(task.id, description=record.getMessage())


@contextmanager
def counter(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar as a function of the steps so far and in all; it does nothing in a pipe."""
    with steps(label) as progress:
        task = progress.add_task("", total=None) if progress else None

        def show(done: int, total: int) -> None:
            if progress and task is not None:
                progress.update(task, completed=done, total=total)

        yield show


def open_cache(settings: Settings) -> Cache:
    """The data cache of these settings; its progress and notes go to this terminal."""
    bar = _Download()
    click.get_current_context().call_on_close(bar.close)
    return Cache(home=settings.home, mirror=settings.mirror, progress=bar, say=say)


class _Download:
    """The progress bar of a download; silent if stderr is not a terminal."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._label = ""

    def __call__(self, label: str, done: int, total: int | None) -> None:
        if not sys.stderr.isatty():
            return
        if self._progress is None or label != self._label:
            self.close()
            columns = (TextColumn(label), BarColumn(), DownloadColumn(), TimeRemainingColumn())
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._progress.add_task(label, total=total)
            self._progress.start()
            self._label = label
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)
        if total is not None and done >= total:
            self.close()

    def close(self) -> None:
        """Removes the bar, even after a failed download."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
