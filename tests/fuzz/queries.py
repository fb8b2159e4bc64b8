"""Asks every model wild questions: each is an `InputError` or a finite answer, never a crash.

A few of them are in the suite (`test_queries.py`); for a hundred thousand:

    python -m tests.fuzz.queries --questions 100000 --seed 0

Each failure is printed with its model and seed, which repeat it: `--models NAME --only SEED`.
"""

from __future__ import annotations

import argparse
import faulthandler
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sp

from matinee import plugins
from matinee.data import Attributes, Histories, Query
from matinee.errors import InputError
from matinee.models import Model, create
from matinee.pipeline import Recommender
from matinee.testing import planted_catalog, planted_ratings

_FAST: dict[str, dict[str, object]] = {"bayes-fm": {"burn_in": 5, "sweeps": 10, "samples": 5}}
_N = 40
"""Films of the planted data."""
_ROWS = (-1, -2, -_N, _N, _N + 1, 300, 2**31 - 1, 2**31, -(2**31), 2**40, 2**62)
_STARS = (0.0, -1.0, -5.0, 0.5, 10.0, 100.0, 1e6, 1e9, -1e9)
_NO_STARS = (np.nan, np.inf, -np.inf, 1e10, 1e38, 1e300)
_SECONDS = (-1, 0, 1, 10**9, 10**12, 2**53, -(2**53))
_NO_SECONDS = (2**62, -(2**62), 2**53 + 1)
_NUMBERS = (1, 39, 40, 10**12, np.int64(3), np.uint8(3), True)
_NO_NUMBERS = (0, -1, np.int64(-5), 2.5, "3", None)
_JUNK: tuple[Any, ...] = (None, 5, "abc", [None], ["1"], [[1, 2], [3]], [[1, 2]], {}, [1.5], b"x")


class Draw:
    """Random choices; every other question has nothing in it that must be refused."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.wild = self.rng.random() < 0.5

    def chance(self, share: float) -> bool:
        """Whether to do something allowed."""
        return bool(self.rng.random() < share)

    def junk(self, share: float) -> bool:
        """Whether to do something that must be refused, or may be."""
        return self.wild and self.chance(share)

    def one_of(self, choices: Any) -> Any:
        """One of some choices."""
        return choices[self.rng.integers(len(choices))]


def question(model: Model, recommender: Recommender, seed: int) -> str:
    """Asks one question; returns "answer", "refusal", or the traceback of anything else."""
    draw = Draw(seed)
    ask = draw.one_of((_recommend, _recommend, _similar, _verbs, _verbs))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # wild times overflow before a refusal
            answers = ask(model, recommender, draw)
    except InputError as error:
        text = str(error)
        if not text or "\n" in text:
            return f"the message is not one line: {text!r}"
        if ask is _recommend and not draw.wild and "negative ratings" not in text:
            return f"a sound query is refused: {text}"
        return "refusal"
    except Exception:  # noqa: BLE001  whatever else it raises is what this looks for
        return traceback.format_exc()
    for answer in answers:
        array = np.asarray(answer)
        if array.dtype.kind != "f" or not np.isfinite(array).all():
            return f"an answer is not finite: {ask.__name__} {array.ravel()[:5]}"
    return "answer"


def _recommend(_: Model, recommender: Recommender, draw: Draw) -> list[Any]:
    query = _query(draw)
    ranking = recommender.recommend(query)
    stars = [[each.stars, each.low or 0, each.high or 0] for each in ranking.expected]
    shares = [film.share for reason in ranking.reasons for film in reason.films]
    if set(ranking.items.tolist()) & {*query.items.tolist(), *query.exclude.tolist()}:
        raise AssertionError("a film of the history, or an excluded one, is recommended")
    if len(ranking) < min(query.n, _N - len({*query.items.tolist(), *query.exclude.tolist()})):
        raise AssertionError("the list is shorter than the films there are")
    if not stars and recommender.model.predicts_ratings and len(query) and len(ranking):
        raise AssertionError("nothing is expected of the films")
    return [ranking.scores, np.array(stars, dtype=float), np.array(shares, dtype=float)]


def _similar(_: Model, recommender: Recommender, draw: Draw) -> list[Any]:
    item = draw.one_of((*_ROWS, 2.5, "3", None) if draw.junk(0.5) else (3, 39, 0, np.int64(7)))
    return [recommender.similar(item, _number(draw)).scores]


def _verbs(model: Model, _: Recommender, draw: Draw) -> list[Any]:
    histories = _histories(draw)
    items: Any = _rows(draw)
    verbs: tuple[Callable[[], Any], ...] = (
        lambda: model.scores(histories),
        lambda: model.factors(histories),
        lambda: model.predictions(histories, _wanted(draw, histories)),
        lambda: model.intervals(histories, _wanted(draw, histories)),
        lambda: model.contributions(histories, items),
        lambda: model.similar(items),
    )
    found = verbs[draw.rng.integers(len(verbs))]()
    if found is None:
        return []
    return list(found) if isinstance(found, tuple) else [found]


def _query(draw: Draw) -> Query:
    given: dict[str, Any] = {"items": _rows(draw)}
    n = len(given["items"]) if hasattr(given["items"], "__len__") else 3
    given["values"] = _stars(draw, n)
    if draw.chance(0.6):
        given["times"] = _times(draw, n)
    if draw.chance(0.3):
        given["exclude"] = _rows(draw)
    if draw.chance(0.3):
        given["n"] = _number(draw)
    if draw.chance(0.3):
        given["diverse"] = draw.one_of((-0.5, 2.0, np.nan) if draw.junk(0.3) else (0.0, 0.3, 1.0))
    if draw.chance(0.3):
        given["now"] = draw.one_of(_SECONDS)
    if draw.chance(0.3):
        given["attributes"] = draw.one_of(((), ("gender=F",), ("x",), ("age=25-34", "age=25-34")))
    return Query(**given)


def _number(draw: Draw) -> Any:
    return draw.one_of(_NO_NUMBERS if draw.junk(0.3) else _NUMBERS)


def _rows(draw: Draw) -> Any:
    if draw.junk(0.03):
        return draw.one_of(_JUNK)
    n = int(draw.one_of((0, 1, 2, 5, 12, 39, 40, 41)))
    rows: Any = draw.rng.integers(0, _N, n) if draw.junk(0.1) else draw.rng.permutation(_N)[:n]
    if n and draw.junk(0.15):
        rows[draw.rng.integers(len(rows))] = draw.one_of(_ROWS)
    if draw.chance(0.1):
        return rows.tolist()
    if draw.junk(0.05):
        return rows.astype(draw.one_of((np.float32, np.complex64, np.str_, np.bool_)))
    rows = rows.astype(np.int64)
    return (
        rows.astype(draw.one_of((np.int64, np.int32, np.int32)))
        if abs(rows).max(initial=0) < 2**31
        else rows
    )


def _stars(draw: Draw, n: int) -> Any:
    if draw.junk(0.03):
        return draw.one_of(_JUNK)
    if draw.junk(0.03):
        n += int(draw.one_of((-1, 1, 7)))
    stars = draw.rng.integers(1, 6, max(0, n)).astype(np.float64)
    if n > 0 and draw.chance(0.3):
        stars[draw.rng.integers(n)] = draw.one_of(_STARS)
    if n > 0 and draw.junk(0.1):
        stars[draw.rng.integers(n)] = draw.one_of(_NO_STARS)
    with np.errstate(over="ignore", invalid="ignore"):
        return stars.astype(draw.one_of((np.float32, np.float32, np.float64, np.int16)))


def _times(draw: Draw, n: int) -> Any:
    if draw.junk(0.03):
        return draw.one_of(_JUNK)
    if draw.junk(0.03):
        n += 1
    n = max(0, n)
    times = 880_000_000 + draw.rng.integers(0, 10**7, n)
    if n and draw.chance(0.3):
        times[draw.rng.integers(n)] = draw.one_of(_SECONDS)
    if n and draw.junk(0.1):
        times[draw.rng.integers(n)] = draw.one_of(_NO_SECONDS)
    return times


def _histories(draw: Draw) -> Any:
    """Histories, made by their constructor from a matrix that may be anything."""
    n = int(draw.one_of((0, 1, 1, 1, 2, 5)))
    width = int(draw.one_of((0, 1, 39, 41, 3000))) if draw.junk(0.3) else _N
    dense = draw.rng.integers(1, 6, (n, width)) * (
        draw.rng.random((n, width)) < draw.one_of((0.1, 0.9))
    )
    matrix: Any = sp.csr_array(dense.astype(np.float32))
    if matrix.nnz and draw.chance(0.3):
        matrix.data[draw.rng.integers(matrix.nnz)] = draw.one_of(_STARS)
    if matrix.nnz and draw.junk(0.1):
        matrix.data[draw.rng.integers(matrix.nnz)] = draw.one_of(_NO_STARS[:4])
    if draw.junk(0.05):
        matrix = draw.one_of((matrix.tocoo, matrix.tocsc, matrix.toarray, lambda: None))()
    elif draw.junk(0.05):
        matrix = matrix.astype(draw.one_of((np.float64, np.int32, np.complex64)))
    elif matrix.nnz and draw.junk(0.15):
        matrix.indices[draw.rng.integers(matrix.nnz)] = draw.one_of([-1, -40, width, 10**6, 0])
    elif draw.junk(0.05):
        bounds = matrix.indptr
        bounds[draw.rng.integers(len(bounds))] = draw.one_of((-1, 10**6, 0, matrix.nnz + 1))
    if draw.junk(0.03):
        return matrix
    times = _times(draw, getattr(matrix, "nnz", 3)) if draw.chance(0.5) else None
    words = [draw.one_of(((), ("gender=F",), ("age=25-34", "x"))) for _ in range(n)]
    attributes = Attributes.of_words(words) if draw.chance(0.3) else None
    return Histories(matrix, times, attributes)


def _wanted(draw: Draw, histories: Any) -> Any:
    if draw.junk(0.03):
        return draw.one_of(_JUNK)
    n = len(histories) if isinstance(histories, Histories) else 1
    n += int(draw.junk(0.05))
    width = int(draw.one_of((39, 41))) if draw.junk(0.2) else _N
    rows, columns = np.nonzero(draw.rng.random((n, width)) < draw.one_of((0.0, 0.2, 1.0)))
    times = _times(draw, len(rows))
    if not isinstance(times, np.ndarray) or len(times) != len(rows):
        times = np.zeros(len(rows), dtype=np.int64)
    starts = np.searchsorted(rows, np.arange(n + 1))
    wanted: Any = sp.csr_array((times, columns, starts), shape=(n, width))
    if wanted.nnz and draw.junk(0.1):
        wanted.indices[draw.rng.integers(wanted.nnz)] = draw.one_of((-1, width, 10**6))
        return wanted
    return draw.one_of((wanted.tocoo, lambda: wanted * 1.0))() if draw.junk(0.05) else wanted


@cache
def recommender_of(name: str) -> Recommender:
    """A recommender of the planted data."""
    catalog = planted_catalog()
    ratings = planted_ratings(catalog)
    model = create(name, _FAST.get(name)).fit(ratings, catalog, rng=np.random.default_rng(0))
    return Recommender(model, catalog, scale=ratings.scale)


def main() -> None:
    """Ask all models in turn and print the outcomes by model."""
    faulthandler.enable()
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int)
    parser.add_argument("--models", nargs="*", default=plugins.names("models"))
    options = parser.parse_args()
    total: Counter[str] = Counter()
    each = max(1, options.questions // len(options.models))
    for name in options.models:
        recommender, outcomes = recommender_of(name), Counter[str]()
        start = options.seed if options.only is None else options.only
        for seed in range(start, start + (each if options.only is None else 1)):
            outcome = question(recommender.model, recommender, seed)
            if outcome not in ("answer", "refusal"):
                print(f"{name}, seed {seed}: {outcome}", flush=True)
                outcome = "failure"
            outcomes[outcome] += 1
        print(f"{name:18}", dict(sorted(outcomes.items())), flush=True)
        total += outcomes
    print(f"{total.total():,} questions:", dict(sorted(total.items())))


if __name__ == "__main__":
    main()
