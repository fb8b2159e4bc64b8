"""Small sites with films, a scale and ids of one's own choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
from docs.screenshot import served
from tests.web.conftest import SECRET

from matinee.data import Catalog, Dataset, Film, Interactions, Vocabulary
from matinee.service.promote import install
from matinee.service.site import Site
from matinee.service.train import train
from matinee.web.app import create_app


@contextmanager
def site_of(
    folder: Path,
    films: Iterable[Film],
    scale: tuple[float, float] = (1.0, 5.0),
    model: str = "popular",
    *,
    counts: bool = False,
) -> Iterator[Site]:
    """A site with a model; one viewer gave every film the highest rating, or saw it once."""
    catalog = Catalog.of(films)
    n = len(catalog)
    ratings = Interactions(
        users=np.zeros(n, dtype=np.int32),
        items=np.arange(n, dtype=np.int32),
        values=np.full(n, scale[1], dtype=np.float32),
        times=np.zeros(n, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", ["1"]),
        item_ids=catalog.item_ids,
        scale=scale,
        counts=counts,
    )
    dataset = Dataset("small", ratings, catalog, licence="")
    with Site.open(f"sqlite:///{folder / 'matinee.db'}", folder / "artefacts") as site:
        install(site, dataset, train(dataset, model))
        yield site


@contextmanager
def client_of(site: Site) -> Iterator[httpx.Client]:
    """A browser's worth of cookies on a served site."""
    with (
        served(create_app(site, secret=SECRET)) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client
