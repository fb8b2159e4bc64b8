"""At a prompt every public value is a few lines; in a notebook its texts are escaped."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping

import numpy as np
import pytest

import matinee
from matinee import testing
from matinee.data import Dataset, Histories, Query
from matinee.data.catalog import Catalog
from matinee.data.provenance import Provenance
from matinee.experiments.measuring import protocols
from matinee.experiments.tuning.plan import Plan
from matinee.experiments.tuning.search import tune

ATTACK = "<script>alert(1)</script>"
MOST = 1000
HTML = ["Dataset", "Film", "Query", "Ranking", "Comparison", "Tuned", "Profile"]


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Planted ratings that are many and films whose every text is an attack and long."""
    films = [
        dataclasses.replace(
            each,
            title=f"{ATTACK} {each.title} {'long ' * 40}",
            genres=(*each.genres, ATTACK),
            certificate=ATTACK,
            cast=(ATTACK,) * 30,
            overview=f"{ATTACK} {'word ' * 400}",
        )
        for each in testing.planted_catalog().films()
    ]
    catalog = Catalog.of(films)
    ratings = testing.planted_ratings(catalog)
    fold = (np.random.default_rng(0).permutation(len(ratings)) % 2).astype(np.int8)
    provenance = Provenance.single("planted", films)
    return Dataset(ATTACK, ratings, catalog, ATTACK, folds=fold, provenance=provenance)


@pytest.fixture(scope="module")
def values(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What the names of the package are and return."""
    recommender = matinee.train(data, "ease")
    svd = matinee.train(data, "svd", factors=4)
    comparison = matinee.evaluate(["popular", ("ease", {"l2": 9.0})], data, k=[5, 10])
    predicted = matinee.evaluate(["popular", "svd"], data, "folds", defaults=True)
    receipt = tmp_path_factory.mktemp("receipt") / "receipt.json"
    matinee.write_receipt(comparison, receipt)
    viewer = data.viewer(data.interactions.user_ids.ids[0])
    return [
        data,
        Histories.of_interactions(data.interactions),
        viewer,
        Query([0, 1], [5, 4]),  # type: ignore[arg-type]
        recommender,
        recommender.recommend(viewer, 30),
        recommender.similar(data.catalog.item_ids.ids[0]),
        svd.recommend(viewer),
        svd.predict(viewer, data.catalog.item_ids.ids[0]),
        comparison,
        predicted,
        matinee.read_receipt(receipt),
        matinee.verify(matinee.read_receipt(receipt), data),
        matinee.Recipe(["svd", "ease"], protocol="folds"),
        protocols.divide("random", data),
        matinee.profile(data),
        data.film(data.catalog.item_ids.ids[0]),
        tune(Plan("ease", protocol="random"), data, trials=4),
    ]


def parts(value: object, seen: set[int]) -> Iterator[object]:
    """A value and all values of this package inside of it."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Mapping):
        inside = list(value.values())
    elif isinstance(value, list | tuple):
        inside = list(value)
    elif type(value).__module__.startswith("matinee"):
        yield value
        fields = dataclasses.fields(value) if dataclasses.is_dataclass(value) else ()
        names = [each.name for each in fields] or list(getattr(value, "__dict__", ()))
        inside = [getattr(value, name) for name in names]
    else:
        return
    for each in inside:
        yield from parts(each, seen)


def test_no_value_is_longer_than_a_screen_at_a_prompt(values: list[object]) -> None:
    every = list(parts(values, set()))
    kinds = {type(each).__name__ for each in every}
    assert kinds > {*HTML, "Interactions", "Catalog", "Split", "SplitResult", "Ease", "Receipt"}
    long = {type(each).__name__: len(repr(each)) for each in every if len(repr(each)) > MOST}
    assert long == {}


def test_every_name_of_the_package_is_among_them(values: list[object]) -> None:
    """A new public type or function has to be added above."""
    kinds = {type(each) for each in parts(values, set())}
    for name in matinee.__all__:
        public = getattr(matinee, name)
        if isinstance(public, type) and not issubclass(public, Exception):
            assert public in kinds, f"{name} is not among the values of this test"


@pytest.mark.parametrize("kind", HTML)
def test_notebooks_get_no_script_and_fetch_nothing(values: list[object], kind: str) -> None:
    some = [each for each in values if type(each).__name__ == kind]
    assert some
    for each in some:
        html = each._repr_html_()  # type: ignore[attr-defined]
        assert "<script" not in html
        assert not re.search(r"//\w|url\(|@import|\bon\w+=|src=|href=", html)
        if kind in {"Dataset", "Film", "Query", "Ranking", "Profile"}:
            assert "&lt;script&gt;" in html or each is values[3]  # a query without titles
