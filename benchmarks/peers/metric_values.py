"""What other libraries say of the same lists; tests hold our metrics against it.

    python benchmarks/peers/metric_values.py [LIBRARY ...]

Run by a Python that has some of ranx, RecTools, LensKit, RecBole and Microsoft's recommenders; no
environment can have them all beside matinee. RecTools wants NumPy 1. LensKit and RecBole want
PyTorch and Microsoft's recommenders dozens of packages, of which none takes part in the
arithmetic: `pip install --no-deps lenskit recbole recommenders`, and then what an import asks for;
PyTorch is stood in for where it is not there. The values of each library named, or of all that can
be imported, are put into `tests/metrics/peers.json` beside the lists they are about.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

FILE = Path(__file__).parents[2] / "tests" / "metrics" / "peers.json"
N_FILMS, N_LISTS, N_SHORT, K, KS = 25, 20, 4, 10, (3, 10)
STOOD_IN_FOR = ("torch", "tensorboard", "thop", "ray", "texttable", "hyperopt")


def main(wanted: Sequence[str]) -> None:
    """Ask every library that is there, and keep what the others said before."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"given": drawn()}
    for name, (distribution, ask) in PEERS.items():
        if wanted and name not in wanted:
            continue
        try:
            answers = {str(k): ask(known["given"], k) for k in KS}
        except ImportError as error:
            print(f"{name}: not asked, {error}")
            continue
        known[name] = {"version": importlib.metadata.version(distribution), "at": answers}
        print(f"{name}: {len(answers[str(K)])} measures at {KS}")
    lines = (f'"{name}": {json.dumps(part)}' for name, part in known.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def drawn() -> dict[str, Any]:
    """Lists, targets with ratings, training, genres: the last lists are short."""
    rng = np.random.default_rng(20)
    lists = [rng.permutation(N_FILMS)[:K].tolist() for _ in range(N_LISTS)]
    lists[-N_SHORT:] = [films[: 4 + row] for row, films in enumerate(lists[-N_SHORT:])]
    targets = [
        {
            str(film): int(rng.integers(1, 6))
            for film in rng.choice(N_FILMS, rng.integers(1, 15), replace=False)
        }
        for _ in range(N_LISTS)
    ]
    popularity = np.linspace(0.9, 0, N_FILMS)[rng.permutation(N_FILMS)]
    train = np.argwhere(rng.random((30, N_FILMS)) < popularity).tolist()
    genres = (rng.random((N_FILMS, 4)) < 0.4).astype(int).tolist()
    return {
        "n_films": N_FILMS,
        "lists": lists,
        "targets": targets,
        "train": train,
        "genres": genres,
    }


def reco_frame(given: Any, k: int, user: str, item: str) -> pd.DataFrame:
    """The lists, one row a film, as data frames have it."""
    rows = [
        (viewer, film, rank + 1)
        for viewer, films in enumerate(given["lists"])
        for rank, film in enumerate(films[:k])
    ]
    return pd.DataFrame(rows, columns=[user, item, "rank"])


def truth_frame(given: Any, user: str, item: str) -> pd.DataFrame:
    """The targets with their ratings."""
    rows = [
        (viewer, int(film), rating)
        for viewer, targets in enumerate(given["targets"])
        for film, rating in targets.items()
    ]
    return pd.DataFrame(rows, columns=[user, item, "rating"])


def hit_matrix(given: Any, k: int) -> Any:
    """`bool[n, k]`, whether the film at each rank is a target."""
    hits = np.zeros((N_LISTS, k), dtype=bool)
    for viewer, films in enumerate(given["lists"]):
        for rank, film in enumerate(films[:k]):
            hits[viewer, rank] = str(film) in given["targets"][viewer]
    return hits


def ranx(given: Any, k: int) -> dict[str, list[float]]:
    """Measures of hits and of ratings."""
    library: Any = importlib.import_module("ranx")
    qrels = library.Qrels({f"{v:02}": each for v, each in enumerate(given["targets"])})
    run = library.Run(
        {
            f"{v:02}": {str(film): float(-rank) for rank, film in enumerate(films)}
            for v, films in enumerate(given["lists"])
        }
    )
    measures = ["precision", "recall", "map", "mrr", "hit_rate", "ndcg", "ndcg_burges"]
    values = library.evaluate(qrels, run, [f"{each}@{k}" for each in measures], return_mean=False)
    answers = {each: values[f"{each}@{k}"].tolist() for each in measures}
    whole = library.evaluate(qrels, run, ["r-precision", "mrr"], return_mean=False)
    return {**answers, **{f"{each}, uncut": whole[each].tolist() for each in whole}}


def rectools(given: Any, k: int) -> dict[str, list[float]]:
    """Measures of hits, popularity, novelty, serendipity and diversity."""
    library: Any = importlib.import_module("rectools.metrics")
    reco = reco_frame(given, k, "user_id", "item_id")
    truth = truth_frame(given, "user_id", "item_id")
    train = pd.DataFrame(given["train"], columns=["user_id", "item_id"])
    catalog = range(N_FILMS)
    genres = pd.DataFrame(given["genres"])
    genres = genres[genres.sum(axis=1) > 0]
    of_hits = {
        "precision": library.Precision(k),
        "r-precision": library.Precision(k, r_precision=True),
        "recall": library.Recall(k),
        "map": library.MAP(k),
        "ndcg": library.NDCG(k),
        "ndcg, achievable": library.NDCG(k, divide_by_achievable=True),
        "mrr": library.MRR(k),
        "hit rate": library.HitRate(k),
    }
    answers = {name: metric.calc_per_user(reco, truth) for name, metric in of_hits.items()}
    popularity, share = library.AvgRecPopularity(k), library.AvgRecPopularity(k, normalize=True)
    answers["popularity"] = popularity.calc_per_user(reco, train)
    answers["popularity, share of ratings"] = share.calc_per_user(reco, train)
    answers["miuf"] = library.MeanInvUserFreq(k).calc_per_user(reco, train)
    answers["serendipity"] = library.Serendipity(k).calc_per_user(reco, truth, train, catalog)
    known = reco[reco["item_id"].isin(genres.index)]
    hamming = library.PairwiseHammingDistanceCalculator(genres)
    diversity = library.IntraListDiversity(k, hamming).calc_per_user(known)
    answers["diversity, hamming"] = diversity
    coverage = library.CatalogCoverage(k, normalize=True).calc(reco, catalog)
    series = {name: each.reindex(range(N_LISTS)).tolist() for name, each in answers.items()}
    return {**series, "coverage": [coverage]}


def lenskit(given: Any, k: int) -> dict[str, list[float]]:
    """Measures of hits and ratings, and the Gini index."""
    stand_in()
    library: Any = importlib.import_module("lenskit.metrics")
    items: Any = importlib.import_module("lenskit.data").ItemList
    metrics = {
        "precision": library.Precision(k),
        "recall": library.Recall(k),
        "map": importlib.import_module("lenskit.metrics.ranking").AveragePrecision(k),
        "ndcg": library.NDCG(k),
        "ndcg, ratings": library.NDCG(k, gain="rating"),
        "mrr": library.RecipRank(k),
        "hit rate": library.Hit(k),
    }
    answers: dict[str, list[float]] = {name: [] for name in metrics}
    for films, targets in zip(given["lists"], given["targets"], strict=True):
        listed = items(item_ids=np.array(films), ordered=True)
        truth = items(
            item_ids=np.array([int(film) for film in targets]),
            rating=np.array(list(targets.values()), dtype=np.float64),
        )
        for name, metric in metrics.items():
            answers[name].append(float(metric.measure_list(listed, truth)))
    counts = np.bincount([film for films in given["lists"] for film in films[:k]])
    gini = importlib.import_module("lenskit.stats").gini
    padded = np.pad(counts, (0, N_FILMS - len(counts)))
    return {**answers, "gini": [float(gini(padded))]}


def recbole(given: Any, k: int) -> dict[str, list[float]]:
    """Measures of hits, and of the lists together where all are full."""
    np.float = float  # type: ignore[attr-defined] # noqa: NPY001 - its name before NumPy 1.24
    stand_in()
    library: Any = importlib.import_module("recbole.evaluator.metrics")
    hits = hit_matrix(given, k)
    n_targets = np.array([len(each) for each in given["targets"]])
    info = {
        "precision": (library.Precision, (hits,)),
        "recall": (library.Recall, (hits, n_targets)),
        "map": (library.MAP, (hits, n_targets)),
        "ndcg": (library.NDCG, (hits, n_targets)),
        "mrr": (library.MRR, (hits,)),
        "hit rate": (library.Hit, (hits,)),
    }
    answers = {
        name: np.asarray(object.__new__(kind).metric_info(*arguments))[:, -1].astype(float).tolist()
        for name, (kind, arguments) in info.items()
    }
    full = np.array([films[:k] for films in given["lists"][:-N_SHORT]])
    lists = {
        "coverage, full lists": object.__new__(library.ItemCoverage).get_coverage(full, N_FILMS),
        "gini, full lists": object.__new__(library.GiniIndex).get_gini(full, N_FILMS),
        "entropy, full lists": object.__new__(library.ShannonEntropy).get_entropy(full),
    }
    return {**answers, **{name: [float(value)] for name, value in lists.items()}}


def microsoft(given: Any, k: int) -> dict[str, list[float]]:
    """Measures of hits and ratings, asked viewer by viewer, and diversity."""
    library: Any = importlib.import_module("recommenders.evaluation.python_evaluation")
    reco = reco_frame(given, k, "userID", "itemID")
    reco["prediction"] = -reco["rank"].astype(float)
    truth = truth_frame(given, "userID", "itemID")
    metrics: dict[str, tuple[Any, dict[str, str]]] = {
        "precision": (library.precision_at_k, {}),
        "recall": (library.recall_at_k, {}),
        "map": (library.map, {}),
        "map at k": (library.map_at_k, {}),
        "ndcg": (library.ndcg_at_k, {}),
        "ndcg, ratings": (library.ndcg_at_k, {"score_type": "raw"}),
        "ndcg, exponential": (library.ndcg_at_k, {"score_type": "exp"}),
    }
    answers: dict[str, list[float]] = {name: [] for name in metrics}
    for viewer in range(N_LISTS):
        own = [
            frame[frame["userID"] == viewer].drop(columns="rank", errors="ignore")
            for frame in (truth, reco)
        ]
        for name, (metric, options) in metrics.items():
            answers[name].append(
                float(
                    metric(
                        *own,
                        col_user="userID",
                        col_item="itemID",
                        col_prediction="prediction",
                        k=k,
                        **({"col_rating": "rating"} if "ndcg" in name else {}),
                        **options,
                    )
                )
            )
    train = pd.DataFrame(given["train"], columns=["userID", "itemID"])
    train["userID"] += 1000
    seen = set(train["itemID"])
    known = reco[reco["itemID"].isin(seen)][["userID", "itemID"]]
    columns = {"col_user": "userID", "col_item": "itemID"}
    diversity = library.user_diversity(train, known, **columns).set_index("userID")
    by_viewer = diversity["user_diversity"].reindex(range(N_LISTS))
    return {**answers, "diversity, co-rating": by_viewer.tolist()}


def stand_in() -> None:
    """Lets modules be imported that import what takes no part in a metric and is not there."""
    missing = {name for name in STOOD_IN_FOR if not importlib.util.find_spec(name)}
    if missing:
        sys.meta_path.append(_StandIn(missing))


class _Anything(type):
    """A class that has every attribute, each such a class again, and takes any arguments."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {"__init__": lambda *_, **__: None})


class _StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: set[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in self.names:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        class StandIn(ModuleType):
            def __getattr__(self, name: str) -> Any:
                return getattr(_Anything(self.__name__, (), {}), name)

        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


PEERS = {
    "ranx": ("ranx", ranx),
    "RecTools": ("RecTools", rectools),
    "LensKit": ("lenskit", lenskit),
    "RecBole": ("recbole", recbole),
    "Microsoft": ("recommenders", microsoft),
}

if __name__ == "__main__":
    main(sys.argv[1:])
