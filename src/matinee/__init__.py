"""matinee: what should I watch tonight, and why?

    import matinee

    data = matinee.load("ml-100k")
    recommender = matinee.train(data, "ease")
    print(recommender.recommend(data.viewer("196")).to_frame())

Names are imported at first use, so that `import matinee` is fast.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matinee.data import Dataset
    from matinee.data import Query as Query
    from matinee.data import Ranking as Ranking
    from matinee.data.profiles.profile import profile as profile
    from matinee.errors import MatineeError as MatineeError
    from matinee.experiments.evaluate import evaluate as evaluate
    from matinee.experiments.measuring.list_metrics import measure_lists as measure_lists
    from matinee.experiments.receipts.receipt_file import read_receipt as read_receipt
    from matinee.experiments.receipts.receipt_file import write_receipt as write_receipt
    from matinee.experiments.recipes import Recipe as Recipe
    from matinee.experiments.recipes import read_recipe as read_recipe
    from matinee.experiments.tuning.search import tune as tune
    from matinee.experiments.verify import verify as verify
    from matinee.pipeline import Recommender as Recommender
    from matinee.service.saved import open as open  # noqa: A004
    from matinee.service.saved import save as save
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
    "profile": "matinee.data.profiles.profile",
    "open": "matinee.service.saved",
    "read_receipt": "matinee.experiments.receipts.receipt_file",
    "read_recipe": "matinee.experiments.recipes",
    "save": "matinee.service.saved",
    "train": "matinee.service.train",
    "tune": "matinee.experiments.tuning.search",
    "verify": "matinee.experiments.verify",
    "write_receipt": "matinee.experiments.receipts.receipt_file",
}
__all__ = ["load", *_HOMES]  # noqa: PLE0604 - keys are names


def load(
    source: object,
    *,
    columns: Mapping[str, str] | None = None,
    scale: tuple[float, float] | None = None,
    times: str | None = None,
    films: object | None = None,
    viewers: object | None = None,
    implicit: bool = False,
) -> Dataset:
    """A data set by name, by path, or from a data frame; fetched if needed.

    Imported and merged data sets have names as well. The settings name the cache folder and the
    mirror (`MATINEE_HOME`, `MATINEE_MIRROR`).

    Args:
        source: a name ("ml-100k"); the path of a table, folder or zip; a polars or pandas frame.
        columns: of a table of ratings, role to column, if the names do not show it: "user", "item",
            "rating" or "count", "time", "title", "year", "genres", "imdb_id", "tmdb_id".
        scale: of a table, lowest and highest rating, if the ratings do not show it.
        times: of a table, the form of its times, if they do not show it.
        films: a second table or frame, of film ids, titles, years and genres.
        viewers: another one, of viewers' ids and attributes: age, gender, country.
        implicit: whether rows are plays, which count 1 each and add up.

    Raises:
        UnknownNameError: neither a known name nor an existing path.
        OptionError: an option of tables for something else.
        DataError: the table cannot be read.
        FetchError: it is not on this machine and cannot be fetched.
    """
    datasets = importlib.import_module("matinee.service.datasets")
    cache = importlib.import_module("matinee.data.fetching.cache")
    settings = importlib.import_module("matinee.settings").load_settings()
    place = cache.Cache(home=settings.home, mirror=settings.mirror)
    options = {"columns": columns, "scale": scale, "times": times, "films": films}
    options |= {"viewers": viewers, "implicit": implicit or None}
    if isinstance(source, str | Path) and not any(each is not None for each in options.values()):
        return datasets.load(str(source), place)
    return datasets.load_table(source, **options)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'matinee' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
