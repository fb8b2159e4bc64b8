"""Everything that has to be known to obtain a result again."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy
from threadpoolctl import threadpool_info

import matinee
from matinee.data import Dataset
from matinee.experiments.measure import Yardstick
from matinee.experiments.protocols import Protocol
from matinee.metrics import Metric

__all__ = ["TIE_RULE", "receipt"]

TIE_RULE = "against the model: among equal scores non-targets come first, then lower ratings"


def receipt(
    dataset: Dataset,
    protocol: Protocol,
    yardstick: Yardstick,
    *,
    seeds: Sequence[int],
    min_rating: float | None,
    resamples: int,
) -> dict[str, Any]:
    """Plain values; times and chosen options are with each model's result."""
    interactions = dataset.interactions
    return {
        "data": {
            "name": dataset.name,
            "sha256": interactions.content_hash,
            "ratings": len(interactions),
            "viewers": interactions.n_users,
            "films": interactions.n_items,
            "licence": dataset.licence,
        },
        "protocol": {"name": protocol.name, "about": protocol.about, "min_rating": min_rating},
        "seeds": list(seeds),
        "k": list(yardstick.ks),
        "options_chosen_by": f"{yardstick.label} on validation",
        "ties": TIE_RULE,
        "interval": f"95%, percentiles of {resamples} paired resamples of viewers, seed 0",
        "metrics": {metric.name: _definition(metric) for metric in yardstick.metrics},
        "versions": {
            "matinee": matinee.__version__,
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "python": platform.python_version(),
        },
        "machine": {
            "platform": platform.platform(),
            "cpus": os.cpu_count(),
            "threads": {pool["user_api"]: pool["num_threads"] for pool in threadpool_info()},
        },
    }


def _definition(metric: Metric) -> dict[str, str | bool]:
    return {
        "definition": metric.definition,
        "source": metric.source,
        "higher_is_better": metric.higher_is_better,
    }
