"""A process of another library that fits models and answers histories."""

from __future__ import annotations

import atexit
import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from benchmarks.split_columns import histories_columns, training_columns
from numpy.typing import NDArray

from matinee.data import Histories, Interactions
from matinee.errors import FailureError, InputError

__all__ = ["PYTHON", "Library", "RemoteModel", "library"]

_ROOT = Path(__file__).parents[2]
PYTHON = _ROOT / ".venv-peers" / "bin" / "python"
_SCRIPT = _ROOT / "benchmarks" / "peers" / "model_server.py"
_LAST = 600
"""Characters of what a library printed before it failed."""


class Library:
    """The process of one module under `benchmarks/peers/`; `close` ends it.

    Raises:
        InputError: the environment of the peers is not installed.
    """

    def __init__(self, module: str) -> None:
        if not PYTHON.is_file():
            raise InputError(f"{PYTHON} is missing; run `make peers`, or leave out --peers")
        self.module = module
        self._folder = tempfile.TemporaryDirectory()
        self._log = Path(self._folder.name) / "log.txt"
        self._models = 0
        self._dropped: list[int] = []
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [PYTHON, _SCRIPT, module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def fit(
        self, algorithm: str, options: dict[str, Any], interactions: Interactions
    ) -> RemoteModel:
        """A model fitted on training data, with the library's own seconds."""
        self._models += 1
        nobody = sp.csr_array((0, interactions.n_items), dtype=np.float32)
        columns = training_columns(interactions) | histories_columns(np.arange(0), nobody)
        file = self._save("train", columns)
        request = {"algorithm": algorithm, "options": options, "file": file}
        reply = self._request("fit", self._models, request)
        return RemoteModel(self, self._models, float(reply["seconds"]))

    def answer(self, number: int, histories: Histories, shape: tuple[int, int]) -> Any:
        """Scores of all films, `float32[n, n_items]`."""
        columns = histories_columns(np.arange(len(histories)), histories.ratings)
        file = self._save("histories", {"shape": np.array(shape), **columns})
        out = str(Path(self._folder.name) / "scores.npy")
        self._request("answer", number, {"file": file, "out": out})
        return np.load(out)

    def drop(self, number: int) -> None:
        """Lets go of a model with the next request; a garbage collector may call it at any time."""
        self._dropped.append(number)

    def close(self) -> None:
        """Ends the process and removes its files."""
        self._process.communicate()
        self._folder.cleanup()

    def _request(self, do: str, number: int, more: dict[str, Any]) -> dict[str, Any]:
        requests, replies = self._process.stdin, self._process.stdout
        if requests is None or replies is None:
            raise ValueError("the process has no pipes")
        dropped, self._dropped = self._dropped, []
        request = {"do": do, "model": number, "drop": dropped, **more}
        try:
            requests.write(json.dumps(request) + "\n")
            requests.flush()
            line = replies.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            log = self._log.read_text(encoding="utf-8").strip()[-_LAST:]
            raise FailureError(f"{self.module} ended: {log}")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _save(self, name: str, columns: dict[str, NDArray[Any]]) -> str:
        file = Path(self._folder.name) / f"{name}.npz"
        np.savez(file, **columns)  # type: ignore[arg-type]  # names are no option
        return str(file)


class RemoteModel:
    """A fitted model in the process of its library."""

    def __init__(self, owner: Library, number: int, seconds: float) -> None:
        self._owner, self._number, self.seconds = owner, number, seconds

    def answer(self, histories: Histories, shape: tuple[int, int]) -> NDArray[np.float32]:
        """Scores of all films; `shape` is that of the training."""
        scores: NDArray[np.float32] = self._owner.answer(self._number, histories, shape)
        return scores

    def __del__(self) -> None:
        self._owner.drop(self._number)


@cache
def library(module: str) -> Library:
    """The process of a module, started once; it ends with this one."""
    started = Library(module)
    atexit.register(started.close)
    return started
