"""Load: how long 1 to 64 visitors at once wait; no acknowledged rating is lost.

    python benchmarks/load.py [--clients 1 4 16 64] [--seconds 10] [--beside ml-1m] [--kill 20]

Starts the server on MovieLens 100K in a temporary folder. Each client is a visitor who rates a film
and asks for recommendations, again and again. `--beside` imports and promotes another data set at
the same time. `--kill` ends the server without warning, that often, while sixteen clients rate, and
looks for every rating that was acknowledged. Clients and server share the machine's cores.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

_MATINEE = [sys.executable, "-m", "matinee"]
_KILLERS = 16
"""Clients while the server is killed."""
_TIMEOUT = 60
"""Seconds after which an answer counts as failed."""


def main() -> None:
    """Measures and prints a table, or the number of lost ratings."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 16, 64])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--model", default="ease")
    parser.add_argument("--beside", metavar="DATA", help="import and promote it meanwhile")
    parser.add_argument("--kill", type=int, metavar="N", help="kill the server N times")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="matinee-load-") as folder:
        environment = {**os.environ, "MATINEE_HOME": folder}
        train = [*_MATINEE, "train", options.model, "--data", "ml-100k", "--promote"]
        subprocess.run(train, env=environment, check=True, capture_output=True)
        if options.kill:
            print(_killed(environment, options.kill))
            return
        with _server(environment) as (process, port):
            print("clients request          n/s    p50    p99    max ms  failed refused")
            for clients in options.clients:
                other = _promotion(environment, options.beside) if options.beside else None
                load = Load(port)
                started = time.perf_counter()
                load.run(clients, options.seconds, other)
                seconds = time.perf_counter() - started
                for name in ("rating", "recommendations", "both"):
                    print(load.line(clients, name, seconds))
                if other is not None:
                    print(f"  beside a promotion of {options.beside}: exit {other.wait()}")
            _stop(process)


@dataclass
class Load:
    """What a number of clients met: seconds by request, and how answers failed."""

    port: int
    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {"rating": [], "recommendations": []}
    )
    failed: Counter[str] = field(default_factory=Counter)
    """No answer, or one of the server's errors."""
    refused: Counter[str] = field(default_factory=Counter)
    """For instance a rating of a film that is no longer there after a promotion."""
    acknowledged: list[str] = field(default_factory=list)
    """Ids of events that were answered."""
    causes: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def run(
        self, clients: int, seconds: float, other: subprocess.Popen[bytes] | None = None
    ) -> None:
        """Returns after some seconds, and not before another process has ended."""
        threads = [threading.Thread(target=self.visit) for _ in range(clients)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        if other is not None:
            other.wait()
            time.sleep(1)
        self.over.set()
        for thread in threads:
            thread.join()

    def visit(self) -> None:
        """One visitor, until it is over."""
        rng = np.random.default_rng()
        films, cookie = ["50", "100", "181", "258"], ""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        while not self.over.is_set():
            event = uuid.uuid4().hex
            rating = {
                "id": event,
                "type": "rating",
                "film": str(rng.choice(films)),
                "value": int(rng.integers(1, 6)),
            }
            for name, method, path, body in (
                ("rating", "POST", "/api/v1/events", json.dumps(rating)),
                ("recommendations", "GET", "/api/v1/recommendations?n=10", None),
            ):
                started = time.perf_counter()
                try:
                    headers = {"Content-Type": "application/json", "Cookie": cookie}
                    connection.request(method, path, body, headers)
                    answer = connection.getresponse()
                    text = answer.read()
                except (OSError, http.client.HTTPException) as error:
                    if self.over.is_set():
                        return
                    self.failed[name] += 1
                    self.causes[type(error).__name__] += 1
                    connection.close()
                    time.sleep(0.01)
                    continue
                self.seconds[name].append(time.perf_counter() - started)
                cookie = (answer.headers["Set-Cookie"] or cookie).partition(";")[0]
                if answer.status >= 500:
                    self.failed[name] += 1
                    self.causes[str(answer.status)] += 1
                elif answer.status >= 400:
                    self.refused[name] += 1
                elif name == "rating":
                    self.acknowledged.append(event)
                else:
                    lines = json.loads(text)["recommendations"]
                    films = [each["film"]["id"] for each in lines] or films
        connection.close()

    def line(self, clients: int, name: str, seconds: float) -> str:
        """A line of the table."""
        names = list(self.seconds) if name == "both" else [name]
        taken = np.array([each for kind in names for each in self.seconds[kind]]) * 1e3
        half, most = np.percentile(taken, [50, 99])
        failed = sum(self.failed[each] for each in names)
        refused = sum(self.refused[each] for each in names)
        causes = f" {dict(self.causes)}" if failed and name == "both" else ""
        return (
            f"{clients:7} {name:15} {len(taken) / seconds:6.0f} {half:6.1f} {most:6.1f} "
            f"{taken.max():9.1f} {failed:7} {refused:7}{causes}"
        )


def _killed(environment: dict[str, str], times: int) -> str:
    """Kills the server under load, again and again, then looks for what was acknowledged."""
    acknowledged: list[str] = []
    rng = np.random.default_rng()
    for _ in range(times):
        with _server(environment) as (process, port):
            load = Load(port)
            threads = [threading.Thread(target=load.visit) for _ in range(_KILLERS)]
            for thread in threads:
                thread.start()
            time.sleep(rng.uniform(0.5, 1.5))
            process.send_signal(signal.SIGKILL)
            process.wait()
            load.over.set()
            for thread in threads:
                thread.join()
            acknowledged += load.acknowledged
    database = Path(environment["MATINEE_HOME"]) / "matinee.db"
    with closing(sqlite3.connect(database)) as connection:
        there = {id_.rpartition("/")[2] for (id_,) in connection.execute("SELECT id FROM events")}
        [state] = connection.execute("PRAGMA integrity_check").fetchone()
    lost = sum(each not in there for each in acknowledged)
    return (
        f"killed {times} times: {len(acknowledged):,} acknowledged, {lost} lost, database {state}"
    )


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server process and its port."""
    command = [*_MATINEE, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        lines = process.stderr or iter(())
        found = next(filter(None, (re.search(r"http://[^/]+:(\d+)/", line) for line in lines)))
        rest = threading.Thread(target=list, args=(lines,), daemon=True)  # a full pipe stops it
        rest.start()
        try:
            yield process, int(found[1])
        finally:
            _stop(process)
            rest.join()


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()


def _promotion(environment: dict[str, str], data: str) -> subprocess.Popen[bytes]:
    command = [*_MATINEE, "train", "popular", "--data", data, "--promote"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=-3)


if __name__ == "__main__":
    main()
