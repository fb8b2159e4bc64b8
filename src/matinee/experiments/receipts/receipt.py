"""The facts of a comparison that are needed to repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matinee import plugins
from matinee.data import Catalog, Dataset
from matinee.data.splits.split import Mask
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.candidate_models import CandidateModel
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.sampling import WARNING
from matinee.experiments.receipts.environment import machine, versions
from matinee.experiments.receipts.fingerprint import fingerprint
from matinee.experiments.receipts.receipt_format import RECORDED_SETTINGS
from matinee.experiments.recipes import Recipe
from matinee.experiments.statistics.bootstrap import RESAMPLES
from matinee.experiments.statistics.cut_bootstrap import CUTS_RULE
from matinee.experiments.statistics.significance import TEST_RULE

__all__ = ["data_facts", "films_hash", "receipt"]

_TIE_RULE = "against the model: among equal scores non-targets come first, then lower ratings"

LEAKAGE_RULE = (
    "every split was checked, in the test and in the validation: no target is in the training, in "
    "a history or left out of the ranking; held-out viewers and films are not in the training; and "
    "where the protocol splits by time, no training rating or history is later than a target, and "
    "no film is ranked before it exists"
)


def _preference(models: Sequence[CandidateModel], protocol: protocols.Protocol) -> str:
    """What wins without being the best, for models that choose a question themselves."""
    known = {name for each in models for name in each.kind.Config.model_fields}
    own = [f"{name}={value}" for name, value in protocol.preferred.items() if name in known]
    return f"; {', '.join(own)} wins if at most 2% behind" if own else ""


def receipt(
    recipe: Recipe,
    dataset: Dataset,
    metric_set: MetricSet,
    models: Sequence[CandidateModel],
    *,
    among_sha256: str | None = None,
    test: Dataset | None = None,
    resumed: int | None = None,
) -> dict[str, Any]:
    """Plain values. Times and chosen options are part of each model's result instead.

    `among_sha256` is the hash of the films in the recipe's file (see `films_hash`). Of the file its
    name alone is recorded, since its folder is that of one machine. `test` is the data set whose
    ratings are the test, if there is one beside `dataset`. `resumed` is the number of runs from a
    ledger; `None` without a ledger.
    """
    protocol = protocols.get(recipe.protocol)
    return {
        "data": data_facts(dataset),
        **({} if test is None else {"test_data": data_facts(test)}),
        "protocol": {
            "name": protocol.name,
            "about": protocol.about,
            "min_rating": recipe.min_rating,
            "candidates": recipe.candidates,
            "audited": recipe.audit,
            **{
                name: value
                for name in RECORDED_SETTINGS
                if (value := _setting(recipe, name)) is not None
            },
            **(
                {"among": Path(recipe.among).name, "among_sha256": among_sha256}
                if recipe.among
                else {}
            ),
            **({"curve": protocol.curve} if protocol.curve else {}),
            **({"warning": WARNING} if recipe.candidates else {}),
        },
        "leakage": LEAKAGE_RULE,
        "seeds": list(recipe.seeds),
        "k": list(metric_set.ks),
        "models": [
            {"label": each.label, "name": each.name, "options_from": each.origin} for each in models
        ],
        "options_chosen_by": f"{metric_set.chooses.label} on validation"
        + _preference(models, protocol),
        "ties": _TIE_RULE,
        "interval": f"95%, percentiles of {RESAMPLES} paired resamples of viewers, seed 0"
        + (f"; {CUTS_RULE}" if recipe.cuts else ""),
        "test": TEST_RULE,
        "metrics": {
            metric.name: {
                "definition": metric.definition,
                "source": metric.source,
                "higher_is_better": metric.higher_is_better,
            }
            for metric in metric_set.metrics
        },
        "versions": versions(),
        "machine": machine(),
        **({} if resumed is None else {"results_taken_from_a_ledger": resumed}),
    }


def _setting(recipe: Recipe, name: str) -> object:
    """The value of a setting, or the default that the protocol names in receipts."""
    value = getattr(recipe, name)
    return protocols.get(recipe.protocol).defaults.get(name) if value is None else value


def films_hash(films: Mask, catalog: Catalog) -> str:
    """SHA-256 of the ids of some films, `films: bool[n_items]`, whatever their order."""
    return fingerprint(sorted(catalog.item_ids.ids[films].tolist()))


def data_facts(dataset: Dataset) -> dict[str, Any]:
    """Name, hashes, counts and licence of a data set, and how to load it."""
    interactions = dataset.interactions
    is_source = dataset.name in plugins.names("sources")
    return {
        "name": dataset.name,
        "loaded_by": f"matinee.load({dataset.name!r})",
        "homepage": plugins.get("sources", dataset.name).homepage if is_source else None,
        "sha256": interactions.content_hash,
        "films_sha256": fingerprint(dataset.catalog),
        "folds_sha256": None if dataset.folds is None else fingerprint(dataset.folds),
        "ratings": len(interactions),
        "viewers": interactions.n_users,
        "films": interactions.n_items,
        "scale": list(interactions.scale),
        "licence": dataset.licence,
    }
