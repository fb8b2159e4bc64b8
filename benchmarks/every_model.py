"""Every model on MovieLens 100K and 1M, beside the models of other libraries for the same task.

    python benchmarks/every_model.py                  missing rows, then docs/every-model.md
    python benchmarks/every_model.py ease "ml-1m"     these models or tasks again
    python benchmarks/every_model.py --fresh          everything: about 25 minutes on two cores
    python benchmarks/every_model.py --table          only the page, from the existing rows

Every row runs in its own process and is saved in benchmarks/every_model.json when finished, so an
interrupted run continues. A model whose file has changed is measured again. A row that takes longer
than --limit seconds is stopped and reported. Other libraries run in their own environments
(`make peers`).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from model_table.ours import measured_row
from model_table.page import page
from model_table.peers import PEERS, Peer
from model_table.rows import Row, Rows, source_of
from model_table.tasks import TASKS, Task
from model_table.theirs import peer_row

from matinee.errors import MatineeError

_DOCS = Path(__file__).parents[1] / "docs"
_ROWS = Path(__file__).with_suffix(".json")
_PAGE = _DOCS / "every-model.md"

_Job = tuple[Task, str, str]
"""Task, name of the row, and source of the measurement."""


def main() -> None:
    """Measures missing or named rows and writes the page after each; or is the measured process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("names", nargs="*", help="models, peers, data sets or tasks; else all")
    parser.add_argument("--fresh", action="store_true", help="everything anew")
    parser.add_argument("--table", action="store_true", help="write the page, measure nothing")
    parser.add_argument("--limit", type=int, default=180, help="seconds for a row")
    parser.add_argument("--only", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(asdict(_measured(*options.only))))
        return
    rows = Rows(_ROWS)
    for task, name, source in [] if options.table else jobs(options.names):
        anew = options.fresh or bool(options.names)
        if anew or not rows.has(task.name, name, source):
            print(f"{task.name}: {name} ...", file=sys.stderr, flush=True)
            rows.add(_in_a_process(task, name, source, options.limit))
            _PAGE.write_text(page(list(rows)), encoding="utf-8")
    _PAGE.write_text(page(list(rows)), encoding="utf-8")
    print(f"{len(list(rows))} rows in {_PAGE.relative_to(_DOCS.parent)}")


def jobs(named: list[str]) -> Iterator[_Job]:
    """Jobs of every task: its models, and the other libraries that suit it."""
    for task in TASKS.values():
        found: list[tuple[str, str]] = [(name, source_of(name)) for name in task.models]
        found += [(peer.name, peer.source) for peer in PEERS if peer.suits(task)]
        for name, source in found:
            if not named or {name, task.name, task.data} & set(named):
                yield task, name, source


def _measured(task: str, name: str) -> Row:
    theirs: dict[str, Peer] = {peer.name: peer for peer in PEERS}
    if name in theirs:
        return peer_row(TASKS[task], theirs[name])
    return measured_row(TASKS[task], name)


def _in_a_process(task: Task, name: str, source: str, limit: int) -> Row:
    """A row in any case: failures and time limits are recorded in it."""
    command = [sys.executable, __file__, "--only", task.name, name]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, start_new_session=True, **pipes) as running:
        try:
            printed, said = running.communicate(timeout=limit)
        except (subprocess.TimeoutExpired, KeyboardInterrupt) as stop:
            os.killpg(running.pid, signal.SIGKILL)  # also the peer's own process
            if isinstance(stop, KeyboardInterrupt):
                raise
            reason = f"stopped after {limit} s"
            return Row(task=task.name, name=name, source=source, failed=reason)
    if not running.returncode:
        return Row(**json.loads(printed.splitlines()[-1]))
    print(said, file=sys.stderr)
    reason = (said.strip().splitlines() or ["it ended without a word"])[-1]
    return Row(task=task.name, name=name, source=source, failed=reason)


if __name__ == "__main__":
    try:
        main()
    except MatineeError as error:
        sys.exit(str(error))
