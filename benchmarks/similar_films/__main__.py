"""How good lists of similar films are, beside other ways to find similar films.

    python -m benchmarks.similar_films [--merged NAME] [--encoder FOLDER] [--lists]

On ml-latest-small, ml-100k and tmdb-5000. `--merged` names what `matinee data merge ml-latest-small
film-table wikipedia-movie-data` stored; it has people and plots. Keywords of ml-latest-small are
its tags, so nothing here reads them. Weights were found on one half of the films; "held back" is
the other half. `--lists` prints ten films each for ten well-known ones. Some two minutes on two
cores.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from benchmarks.similar_films.measurements import Measurements, Scores, best_ten
from benchmarks.similar_films.methods import (
    by_model,
    cosine_of_audiences,
    of_rows,
    ours,
    tfidf_of_everything,
    without,
)
from numpy.typing import NDArray

import matinee
from matinee.content.plots import plot_sentences
from matinee.data import Dataset

FILMS = (
    "Toy Story (1995)",
    "Alien (1979)",
    "Pulp Fiction (1994)",
    "Fargo (1996)",
    "Star Wars: Episode IV - A New Hope (1977)",
    "Casablanca (1942)",
    "Psycho (1960)",
    "Titanic (1997)",
    "The Godfather (1972)",
    "When Harry Met Sally... (1989)",
)
_RESAMPLES = 1000
_SUMS = ("different",)
"""Measurements that are counted; the others are averaged."""


def main() -> None:
    """Measures every method and prints a table for each data set."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--merged", help="name of the merged data set")
    parser.add_argument("--encoder", type=Path, help="folder of all-minilm-l6-v2")
    parser.add_argument("--lists", action="store_true", help="print lists of ten films")
    parser.add_argument("--folder", type=Path, default=os.environ.get("MATINEE_MIRROR"),
                        help="of the folder ml-latest-small, with its tags.csv")  # fmt: skip
    options = parser.parse_args()
    if not options.folder:
        sys.exit("name the folder of ml-latest-small with --folder or MATINEE_MIRROR")
    tags = Path(options.folder) / "ml-latest-small" / "tags.csv"
    small = matinee.load("ml-latest-small")
    merged = matinee.load(options.merged) if options.merged else None
    methods = _methods(small, merged, options.encoder)
    measurements = Measurements.of(small, plots=merged and merged.catalog, tags=tags, judged=True)
    show("ml-latest-small", measurements, methods)
    if options.lists:
        for name, scores in methods.items():
            if name.startswith(("now", "ours")):
                print_lists(small, name, scores)
    hundred = matinee.load("ml-100k")
    show(
        "ml-100k",
        Measurements.of(hundred),
        {"now": by_model(hundred, "ease", genres=True), "ours": ours(hundred, hundred.catalog)},
    )
    described = matinee.load("tmdb-5000")
    show(
        "tmdb-5000",
        Measurements.of(described),
        {
            "TF-IDF of all facts": tfidf_of_everything(described.catalog),
            "now": by_model(described, "content"),
            "ours": ours(described, described.catalog),
        },
    )


def _methods(small: Dataset, merged: Dataset | None, encoder: Path | None) -> dict[str, Scores]:
    bare = without(small.catalog, "keywords")
    methods = {
        "now": by_model(small, "ease", genres=True),
        "item-knn": by_model(small, "item-knn"),
        "cosine of audiences": cosine_of_audiences(small),
        "ours, MovieLens alone": ours(small, bare),
    }
    if merged is None:
        return methods
    facts = without(merged.catalog, "keywords")
    methods["TF-IDF of all facts"] = tfidf_of_everything(facts)
    if encoder:
        sentences = plot_sentences(facts, encoder)
        methods["sentence embeddings"] = of_rows(sentences)
    methods["ours, with people"] = ours(small, without(facts, "overviews"))
    methods["ours, with plots"] = ours(small, facts)
    if encoder:
        methods["ours, with sentences"] = ours(small, facts, sentences)
    return methods


def show(title: str, measurements: Measurements, methods: Mapping[str, Scores]) -> None:
    """Prints a table: a row a method; means with 95% intervals by the bootstrap over films."""
    rng = np.random.default_rng(0)
    films = measurements.films
    held_back = held_back_half(measurements)
    print(f"\n{title}: {len(films):,} films asked for")
    first: dict[str, NDArray[np.float64]] = {}
    for method, scores in methods.items():
        values = measurements.measure(scores)
        parts = []
        for name, each in values.items():
            known = np.isfinite(each)
            if not known.any():
                continue
            if name in _SUMS:
                parts.append(f"{name} {int(each[known].sum())}")
                continue
            half = known & held_back
            drawn = rng.choice(each[known], (_RESAMPLES, int(known.sum()))).mean(axis=1)
            low, high = np.quantile(drawn, (0.025, 0.975))
            parts.append(
                f"{name} {each[known].mean():.4f} [{low:.4f}, {high:.4f}]"
                f" held back {each[half].mean():.4f}"
            )
            before = first.setdefault(name, each)
            if before is not each:
                gain = (each - before)[known]
                drawn = rng.choice(gain, (_RESAMPLES, len(gain))).mean(axis=1)
                low, high = np.quantile(drawn, (0.025, 0.975))
                parts[-1] += f" gain [{low:+.4f}, {high:+.4f}]"
        print(f"  {method}\n    " + "\n    ".join(parts), flush=True)


def held_back_half(measurements: Measurements) -> NDArray[np.bool_]:
    """The films that weights were not found on; a series is on one side as a whole."""
    series = measurements.series
    first = [min([film, *series.get(film, ())]) for film in measurements.films.tolist()]
    return np.array([(each * 2_654_435_761 >> 7) % 2 == 1 for each in first])


def print_lists(dataset: Dataset, method: str, scores: Scores) -> None:
    """Prints the ten films nearest to each of ten well-known ones."""
    print(f"\nLists: {method}")
    for title in FILMS:
        film = dataset.titles.find(title)
        ten = best_ten(scores(np.array([film]))[0], film)
        print(f"  {title}: {'; '.join(each.label for each in dataset.catalog.films(ten))}")


if __name__ == "__main__":
    main()
