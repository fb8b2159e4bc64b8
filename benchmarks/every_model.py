"""Every model on MovieLens 100K and 1M, and beside it the peers that do the same job.

    python benchmarks/every_model.py                  what is missing, then docs/every-model.md
    python benchmarks/every_model.py ease "ml-1m"     only names or tasks that are named, anew
    python benchmarks/every_model.py --fresh          everything anew: some 25 minutes on two cores
    python benchmarks/every_model.py --table          the page from the rows as they are

Every model and every peer is a process of its own. Its row is kept when it is finished, in
benchmarks/every_model.json, so that an interrupted run goes on where it was; a model whose file
has changed is measured anew. What takes longer than --limit seconds is stopped, and says so. Peers
live in environments of their own (`make peers`).
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
"""Task, name of the row, and the source it is to be measured of."""


def main() -> None:
    """Measure what is missing or named, write the page after each row; or be the measured one."""
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
    """Each task's models and the peers that have something to do there, one after the other."""
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
    """A row however it ends: what fails or takes too long says so in it."""
    command = [sys.executable, __file__, "--only", task.name, name]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, start_new_session=True, **pipes) as running:
        try:
            printed, said = running.communicate(timeout=limit)
        except (subprocess.TimeoutExpired, KeyboardInterrupt) as stop:
            os.killpg(running.pid, signal.SIGKILL)  # a peer's own process, too
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
