"""Claim L2: ratings given on a site change the model, and so a new viewer's first page.

    python benchmarks/new_viewer.py [--visitors N] [--model NAME] [--genre GENRE]

A site of MovieLens latest-small with a live model. Visitors rate ten films of one genre each, 4.5
or 5, drawn by how often the film was rated before. Before and after a retrain: films of the genre
on the first page of a viewer without a history, and whether the retrain was let through.
"""

from __future__ import annotations

import argparse
import tempfile
import time as clock
from pathlib import Path

import numpy as np

import matinee
from matinee.service.promote import install
from matinee.service.recommend import recommend
from matinee.service.record import Event, record
from matinee.service.retrain import retrain
from matinee.service.site import Site
from matinee.service.train import train
from matinee.service.viewers import Visit

_FILMS = 10
_PAGE = 20


def main() -> None:
    """Prints the share of the genre before and after, and the report of the retrain."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--visitors", type=int, default=300)
    parser.add_argument("--model", default="ease-sparse")
    parser.add_argument("--genre", default="Documentary")
    options = parser.parse_args()
    dataset = matinee.load("ml-latest-small")
    with (
        tempfile.TemporaryDirectory() as folder,
        Site.open(f"sqlite:///{folder}/matinee.db", Path(folder) / "artefacts") as site,
    ):
        install(site, dataset, train(dataset, options.model), options=())
        before = _of_genre(site, options.genre)
        _visit(site, dataset, options.genre, options.visitors)
        print(f"first page of {_PAGE}: {before} films of {options.genre}")
        print(f"after {options.visitors} visitors: {_of_genre(site, options.genre)}")
        started = clock.perf_counter()
        print("\n".join(retrain(site, dataset).lines()))
        print(f"after a retrain: {_of_genre(site, options.genre)}")
        print(f"{clock.perf_counter() - started:.1f} s with the comparison")


def _of_genre(site: Site, genre: str) -> int:
    answer = recommend(Visit(site, "somebody new"), n=_PAGE, now=int(clock.time()))
    return sum(genre in line.film.genres for line in answer.ranking)


def _visit(site: Site, dataset: matinee.Dataset, genre: str, visitors: int) -> None:
    catalog, rng = dataset.catalog, np.random.default_rng(0)
    films = np.flatnonzero(catalog.genres.having(genre))
    counts = np.bincount(dataset.interactions.items, minlength=len(catalog))[films] + 1.0
    now = int(clock.time()) - visitors * 3_600
    for number in range(visitors):
        liked = rng.choice(films, _FILMS, replace=False, p=counts / counts.sum())
        record(
            site,
            [
                Event(
                    id=f"{number}-{film}",
                    viewer=f"visitor{number}",
                    type="rating",
                    item=str(catalog.item_ids.ids[film]),
                    value=float(rng.choice([4.5, 5.0])),
                    time=now + number * 3_600 + place * 60,
                )
                for place, film in enumerate(liked)
            ],
        )


if __name__ == "__main__":
    main()
