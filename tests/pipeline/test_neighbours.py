"""Similar viewers, against similarities computed viewer by viewer."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.data import Catalog, Dataset, Histories, Interactions, Query
from matinee.errors import InputError, UnknownNameError
from matinee.models import create
from matinee.pipeline import Recommender, neighbours

FACTORED = ["ials", "ials-content", "bpr"]
KEEPING = ["user-knn", "user-knn-ratings"]


@pytest.fixture(scope="module")
def data(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    return Dataset("planted", planted, planted_catalog, licence="")


def recommender(name: str, data: Dataset) -> Recommender:
    options = {"min_rating": 3.5} if name != "user-knn-ratings" else {}
    model = create(name, options).fit(data.interactions, data.catalog, rng=np.random.default_rng(0))
    return Recommender(model, data.catalog, scale=(1, 5), data=data)


def cosines(fitted: Recommender, data: Dataset, own: Query) -> NDArray[np.float64]:
    def factors(query: Query) -> NDArray[np.float64]:
        both = fitted.model.factors(Histories.of(query, 40))
        assert both is not None
        return both[0][0].astype(np.float64)

    mine = factors(own)
    found = []
    for user in data.interactions.user_ids.ids.tolist():
        theirs = factors(data.viewer(user))
        found.append(mine @ theirs / (np.linalg.norm(mine) * np.linalg.norm(theirs)))
    return np.array(found)


@pytest.mark.parametrize("name", FACTORED)
def test_models_with_factors_compare_by_their_cosine(
    name: str, data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "_BLOCK", 7)
    fitted = recommender(name, data)
    frame = fitted.similar_users(3, n=100)
    assert frame.columns == ["user", "similarity", "common"]
    expected = cosines(fitted, data, data.viewer(3))
    others = [user for user in data.interactions.user_ids.ids.tolist() if user != "3"]
    by_user = dict(zip(data.interactions.user_ids.ids.tolist(), expected, strict=True))
    assert sorted(frame["user"].to_list()) == sorted(others)
    np.testing.assert_allclose(
        frame["similarity"], [by_user[user] for user in frame["user"]], atol=1e-4
    )
    assert frame["similarity"].is_sorted(descending=True)


@pytest.mark.parametrize("name", [*FACTORED, *KEEPING])
def test_viewers_of_one_taste_are_similar_and_share_films(name: str, data: Dataset) -> None:
    frame = recommender(name, data).similar_users("3", n=8)
    assert len(frame) == 8
    assert "3" not in frame["user"]
    assert all(int(user) <= 30 for user in frame["user"])
    mine = set(data.viewer(3).items.tolist())
    for user, _, common in frame.iter_rows():
        assert common == len(mine & set(data.viewer(user).items.tolist()))


def test_user_knn_compares_by_its_own_similarity(data: Dataset) -> None:
    fitted = recommender("user-knn", data)
    own = fitted.model.user_similarities(  # type: ignore[attr-defined]
        Histories.of(data.viewer(3), 40)
    )[0]
    frame = fitted.similar_users(3, n=5)
    ids = data.interactions.user_ids
    np.testing.assert_allclose(frame["similarity"], own[ids.rows(frame["user"].to_list())])
    # a neighbour's similarity is what the model weighs their likes with
    nearest = fitted.model._nearest(  # type: ignore[attr-defined]
        fitted.model._term_weighted(  # type: ignore[attr-defined]
            fitted.model.weigh(Histories.of(data.viewer(3), 40))
        )
    ).toarray()[0]
    np.testing.assert_allclose(frame["similarity"], np.sort(np.delete(nearest, 2))[::-1][:5])


@pytest.mark.parametrize("name", ["ials", "user-knn"])
def test_a_stranger_can_be_compared(name: str, data: Dataset) -> None:
    frame = recommender(name, data).similar_users({"Horror 30": 5, "Horror 31": 5}, n=5)
    assert all(int(user) > 30 for user in frame["user"])
    assert frame["common"].max() == 2


def test_viewers_without_ratings_are_left_out(data: Dataset) -> None:
    silent = data.interactions.select(np.flatnonzero(data.interactions.users != 4))
    fewer = Dataset("fewer", silent, data.catalog, licence="")
    for name in ("ials", "user-knn"):
        assert "5" not in recommender(name, fewer).similar_users(3, n=100)["user"]


def test_errors_name_the_way_out(data: Dataset) -> None:
    with pytest.raises(InputError, match=r"'ease' does not compare viewers; .*: bpr, ials, "):
        recommender("ease", data).similar_users(3)
    ials = recommender("ials", data)
    with pytest.raises(UnknownNameError, match="unknown viewer id 'x'"):
        ials.similar_users("x")
    with pytest.raises(InputError, match="can make nothing of this history"):
        ials.similar_users({})
    with pytest.raises(InputError, match="at least 1"):
        ials.similar_users(3, n=0)
    with pytest.raises(InputError, match="no data set"):
        Recommender(ials.model, ials.catalog).similar_users({"Comedy 3": 5})


def test_a_model_of_other_viewers_is_refused(data: Dataset) -> None:
    knn = recommender("user-knn", data)
    fewer = data.interactions.select(np.flatnonzero(data.interactions.users < 9))
    users = np.unique(fewer.users)
    other = Interactions(
        users=fewer.users,
        items=fewer.items,
        values=fewer.values,
        times=fewer.times,
        user_ids=type(fewer.user_ids).of("viewer", fewer.user_ids.ids[users]),
        item_ids=fewer.item_ids,
    )
    moved = Recommender(knn.model, data.catalog, data=Dataset("o", other, data.catalog, licence=""))
    with pytest.raises(InputError, match="fitted on 60 viewers and the data set has 9"):
        moved.similar_users(3)
