"""One of our models on one task: options, quality, cost of a fit and of an answer."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from peers.fit_cost import fit_cost

from matinee.data import Dataset, Query
from matinee.data.splits import Split
from matinee.experiments.measuring.candidate_models import CandidateModel, candidate_model
from matinee.experiments.measuring.runner import Runner
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.models import Config, Model
from matinee.pipeline import Recommender
from matinee.store import save_recommender
from model_table.rows import Row, source_of
from model_table.tasks import Task, figure

__all__ = ["measured_row"]

_VIEWERS, _ANSWERING = 200, 5.0
"""Viewers answered one by one, and a time limit in seconds."""
_WARM = 3
"""Answers before the measured ones."""


def measured_row(task: Task, name: str) -> Row:
    """Chooses options on validation, uses every test once, then fits again for the cost."""
    dataset, divisions = task.divided()
    candidate = candidate_model(name, defaults=False)
    runner = Runner(candidate, dataset.catalog, task.metric_set, lambda _: None)
    chosen, measured = [], []
    for seed, division in divisions:
        training = TrainingStatistics(division.test.train, dataset.catalog)
        config, _ = runner.choose(candidate.configs, division.validation, training, seed)
        fitted = runner.fit(config, division.test, seed)
        measured.append(task.metric_set.measure(fitted.model, division.test, training))
        chosen.append(config)
    quality = figure(task, [division.test.users for _, division in divisions], measured)
    del runner, fitted, measured
    test = divisions[0][1].test
    seconds, grown, model = _fit(candidate, chosen[0], test, dataset)
    recommender = Recommender(model, dataset.catalog)
    return Row(
        task=task.name,
        name=name,
        mean=quality.mean,
        low=quality.low,
        high=quality.high,
        options={
            option: getattr(chosen[0], option) for option in candidate.kind.Config.candidates()
        },
        tried=len(candidate.configs) if len(candidate.configs) > 1 else 0,
        fit_seconds=seconds,
        fit_bytes=grown,
        saved_bytes=_saved_bytes(recommender, dataset),
        answer_seconds=_answer_seconds(recommender, test),
        source=source_of(name),
    )


def _fit(
    candidate: CandidateModel, config: Config, test: Split, dataset: Dataset
) -> tuple[float, int, Model]:
    """Median seconds, peak bytes, and the model; all code is compiled by now."""
    _ = test.train.matrix  # peers also get a matrix

    def fit() -> Model:
        model = candidate.kind(config)
        return model.fit(test.train, dataset.catalog, rng=np.random.default_rng(0))

    return fit_cost(fit)


def _saved_bytes(recommender: Recommender, dataset: Dataset) -> int:
    """Bytes of the artefact including its catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        artefact = save_recommender(
            recommender,
            Path(folder),
            data=dataset.name,
            data_hash=dataset.interactions.content_hash,
            scale=dataset.interactions.scale,
            licence=dataset.licence,
        )
        return sum(file.stat().st_size for file in artefact.iterdir())


def _answer_seconds(recommender: Recommender, test: Split) -> float:
    """Median seconds for ten films with reasons, without seen films, as for a page."""
    took: list[float] = []
    for row in range(min(_VIEWERS, len(test.users))):
        query = _query(test, row)
        started = perf_counter()
        recommender.recommend(query)
        took.append(perf_counter() - started)
        if sum(took) > _ANSWERING and len(took) > 2 * _WARM:
            break
    return median(took[_WARM:])


def _query(test: Split, row: int) -> Query:
    history = test.histories.take(slice(row, row + 1))
    items, values, times = history.items, history.values, history.known_times
    words = () if history.attributes is None else history.attributes.words(0)
    return Query(items=items, values=values, times=times, attributes=words, n=10)
