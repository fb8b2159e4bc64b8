from __future__ import annotations

from dataclasses import replace

from matinee.data import Catalog, Dataset, Interactions
from matinee.service.train import train


def test_films_name_the_best_known_actors_first(
    planted_catalog: Catalog, planted: Interactions
) -> None:
    films = planted_catalog.films()
    alphabetical = tuple(sorted({"Aaron", "Abel", "Abner", *films[3].cast}))
    catalog = Catalog.of([replace(films[0], cast=alphabetical), *films[1:]])
    recommender = train(Dataset("planted", planted, catalog, licence=""), "popular")
    assert set(recommender.catalog.film(0).cast) == set(alphabetical)
    assert set(recommender.catalog.film(0).cast[: len(films[3].cast)]) == set(films[3].cast)
    assert recommender.catalog.film(1) == films[1]
