"""matinee: what should I watch tonight, and why?

    import matinee

    data = matinee.load("ml-100k")
    recommender = matinee.train(data, "ease")
    print(recommender.recommend(data.viewer("196")).to_frame())

Names are imported at first use, so that `import matinee` is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matinee.data import Dataset
    from matinee.data import Query as Query
    from matinee.data import Ranking as Ranking
    from matinee.errors import MatineeError as MatineeError
    from matinee.experiments.evaluate import evaluate as evaluate
    from matinee.experiments.measuring.list_metrics import measure_lists as measure_lists
    from matinee.experiments.receipts.receipt_file import read_receipt as read_receipt
    from matinee.experiments.receipts.receipt_file import write_receipt as write_receipt
    from matinee.experiments.recipes import Recipe as Recipe
    from matinee.experiments.recipes import read_recipe as read_recipe
    from matinee.experiments.verify import verify as verify
    from matinee.pipeline import Recommender as Recommender
    from matinee.pipeline.batch import recommend_all as recommend_all
    from matinee.service.train import train as train

__version__ = "0.1.0"

_HOMES = {
    "MatineeError": "matinee.errors",
    "Query": "matinee.data",
    "Ranking": "matinee.data",
    "Recipe": "matinee.experiments.recipes",
    "Recommender": "matinee.pipeline",
    "evaluate": "matinee.experiments.evaluate",
    "measure_lists": "matinee.experiments.measuring.list_metrics",
    "read_receipt": "matinee.experiments.receipts.receipt_file",
    "read_recipe": "matinee.experiments.recipes",
    "recommend_all": "matinee.pipeline.batch",
    "train": "matinee.service.train",
    "verify": "matinee.experiments.verify",
    "write_receipt": "matinee.experiments.receipts.receipt_file",
}
__all__ = ["load", *_HOMES]  # noqa: PLE0604 - keys are names


def load(name: str) -> Dataset:
    """A data set by name ("ml-100k") or by the path of its folder or zip; fetched if needed.

    Imported and merged data sets have names as well. The settings name the cache folder and the
    mirror (`MATINEE_HOME`, `MATINEE_MIRROR`).

    Raises:
        UnknownNameError: neither a known name nor an existing path.
        FetchError: it is not on this machine and cannot be fetched.
    """
    datasets = importlib.import_module("matinee.service.datasets")
    cache = importlib.import_module("matinee.data.fetching.cache")
    settings = importlib.import_module("matinee.settings").load_settings()
    return datasets.load(name, cache.Cache(home=settings.home, mirror=settings.mirror))


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'matinee' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
