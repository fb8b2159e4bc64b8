from __future__ import annotations

from dataclasses import replace

from matinee.data import Catalog, Dataset, Interactions
from matinee.service.train import liked_from, train, usual_options


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


def test_a_like_lies_as_high_on_every_scale(planted: Interactions) -> None:
    scales = {(1.0, 5.0): 3.5, (0.0, 100.0): 62.5, (0.0, 1.0): 0.625}
    for scale, lowest in scales.items():
        assert liked_from(replace(planted, scale=scale)) == lowest


def test_an_answering_model_learns_from_likes_unless_an_option_says_otherwise(
    planted_catalog: Catalog, planted: Interactions
) -> None:
    assert usual_options("ease", planted) == {"like_from": 3.5}
    assert usual_options("auto", planted) == {"like_from": 3.5}
    assert usual_options("prefix-knn", planted) == {"min_rating": 3.5}
    assert usual_options("ease", planted, {"min_rating": 4}) == {}
    assert usual_options("svd", planted) == {}
    data = Dataset("planted", planted, planted_catalog, licence="")
    assert train(data, "ease").model.config.model_dump(exclude_unset=True) == {"like_from": 3.5}
    stated = train(data, "ease", min_rating=0).model.config.model_dump(exclude_unset=True)
    assert stated == {"min_rating": 0}
