"""Fits one peer as often as a job says; run by the peers' own Python.

    python benchmarks/peers/every_model.py JOB.json

The job names a module beside this file and a class in it, and the steps: the file of a split, the
options, where the answers go, and whether a step is measured. An algorithm takes the split and the
options when it is made, and puts the data into its library's own structures; `fit` is what is
timed. `answers` are the scores of all films or the ratings asked for, `ask` is ten recommendations
for one viewer in the library's own way. Prints one JSON object: what the measured step cost.
"""

from __future__ import annotations

import importlib
import json
import pickle
import sys
import time
from statistics import median
from typing import Any

import numpy as np
from fit_cost import fit_cost

_VIEWERS, _ANSWERING, _WARM = 200, 5.0, 3


def main() -> None:
    """Go through the steps."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123  for old Pythons
        job = json.load(file)
    kind = getattr(importlib.import_module(job["module"]), job["algorithm"])
    cost: dict[str, Any] = {}
    for step in job["steps"]:
        algorithm = kind(np.load(step["file"]), step["options"])
        if step["measured"]:
            cost["fit_seconds"], cost["fit_bytes"], _ = fit_cost(algorithm.fit)
        else:
            algorithm.fit()
        np.save(step["out"], np.asarray(algorithm.answers(), dtype=np.float32))
        if step["measured"]:
            cost["saved_bytes"] = len(pickle.dumps(algorithm.model, protocol=5))
            cost["answer_seconds"] = answer_seconds(algorithm)
    print(json.dumps(cost))


def answer_seconds(algorithm: Any) -> float:
    """Median seconds of ten recommendations for one viewer."""
    took: list[float] = []
    for row in range(min(_VIEWERS, len(algorithm.split.users))):
        started = time.perf_counter()
        algorithm.ask(row)
        took.append(time.perf_counter() - started)
        if sum(took) > _ANSWERING and len(took) > 2 * _WARM:
            break
    return median(took[_WARM:])


if __name__ == "__main__":
    main()
