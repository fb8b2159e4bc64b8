"""Fits models of one library and answers histories, on request; run by the peers' own Python.

    python benchmarks/peers/model_server.py MODULE

Requests are lines of JSON on the standard input, each answered by one line on the standard output:

- `fit`: algorithm, number of the model, options, file of the training data -> seconds of the fit;
- `answer`: number, file of histories, file for the scores of all films.

Both name the models that nobody needs any more.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any

import numpy as np
from given_split import GivenSplit


def main() -> None:
    """Serves until the input ends."""
    replies, sys.stdout = sys.stdout, sys.stderr  # libraries print as well
    module = importlib.import_module(sys.argv[1])
    models: dict[int, Any] = {}
    for line in sys.stdin:
        reply = reply_to(module, models, json.loads(line))
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


def reply_to(module: Any, models: dict[int, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Carries out one request."""
    number = request["model"]
    for unused in request["drop"]:
        models.pop(unused, None)
    data = np.load(request["file"])
    if request["do"] == "fit":
        algorithm = getattr(module, request["algorithm"])(data, request["options"])
        started = time.perf_counter()
        algorithm.fit()
        models[number] = algorithm
        return {"seconds": time.perf_counter() - started}
    algorithm = models[number]
    algorithm.split = GivenSplit(data)
    algorithm.histories = algorithm.split.histories()
    scores = np.asarray(algorithm.answers(), dtype=np.float32)
    np.save(request["out"], scores)
    return {}


if __name__ == "__main__":
    main()
