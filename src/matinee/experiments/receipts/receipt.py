"""Everything that has to be known to obtain a result again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matinee import plugins
from matinee.data import Dataset
from matinee.experiments.measuring.contenders import Contender
from matinee.experiments.measuring.measure import Yardstick
from matinee.experiments.measuring.protocols import Protocol
from matinee.experiments.measuring.sampling import WARNING
from matinee.experiments.receipts.environment import machine, versions
from matinee.experiments.receipts.fingerprint import fingerprint
from matinee.experiments.statistics.significance import TEST_RULE
from matinee.metrics import Metric

__all__ = ["about_data", "receipt"]

_TIE_RULE = "against the model: among equal scores non-targets come first, then lower ratings"

LEAKAGE_RULE = (
    "every split was checked: no target is shown, learned from or left out of the ranking, in the "
    "test or when options are chosen; nobody and nothing held out is learned from; and where the "
    "protocol divides by time, nothing learned from or shown is later than a target"
)


def receipt(
    dataset: Dataset,
    protocol: Protocol,
    yardstick: Yardstick,
    entries: Sequence[Contender],
    *,
    seeds: Sequence[int],
    min_rating: float | None,
    resamples: int,
    resumed: int | None = None,
) -> dict[str, Any]:
    """Plain values; times and chosen options are with each model's result.

    Args:
        dataset: what was evaluated on.
        protocol: how it was divided.
        yardstick: what was measured.
        entries: the models in the order they were named.
        seeds: of splits and fits.
        min_rating: ratings below it were dropped.
        resamples: draws of the bootstrap.
        resumed: results of a model on a split that were taken from a ledger, their times with
            them; `None` where there was no ledger.
    """
    return {
        "data": about_data(dataset),
        "protocol": {
            "name": protocol.name,
            "about": protocol.about,
            "min_rating": min_rating,
            "candidates": yardstick.candidates,
            "audited": yardstick.audited,
            **({"curve": protocol.curve} if protocol.curve else {}),
            **({"warning": WARNING} if yardstick.candidates else {}),
        },
        "leakage": LEAKAGE_RULE,
        "seeds": list(seeds),
        "k": list(yardstick.ks),
        "models": [
            {"label": entry.label, "name": entry.name, "options_from": entry.origin}
            for entry in entries
        ],
        "options_chosen_by": f"{yardstick.chooses.label} on validation",
        "ties": _TIE_RULE,
        "interval": f"95%, percentiles of {resamples} paired resamples of viewers, seed 0",
        "test": TEST_RULE,
        "metrics": {metric.name: _definition(metric) for metric in yardstick.metrics},
        "versions": versions(),
        "machine": machine(),
        **({} if resumed is None else {"results_taken_from_a_ledger": resumed}),
    }


def about_data(dataset: Dataset) -> dict[str, Any]:
    """What a data set is, down to its bytes, and how it is had."""
    interactions = dataset.interactions
    return {
        "name": dataset.name,
        "loaded_by": f"matinee.load({dataset.name!r})",
        "homepage": _homepage(dataset.name),
        "sha256": interactions.content_hash,
        "films_sha256": fingerprint(dataset.catalog),
        "folds_sha256": None if dataset.folds is None else fingerprint(dataset.folds),
        "ratings": len(interactions),
        "viewers": interactions.n_users,
        "films": interactions.n_items,
        "scale": list(interactions.scale),
        "licence": dataset.licence,
    }


def _homepage(name: str) -> str | None:
    """Where the owners of a source describe it; nobody knows where one's own files are from."""
    if name not in plugins.names("sources"):
        return None
    homepage: str = plugins.get("sources", name).homepage
    return homepage


def _definition(metric: Metric) -> dict[str, str | bool | None]:
    return {
        "definition": metric.definition,
        "source": metric.source,
        "higher_is_better": metric.higher_is_better,
    }
