"""The log of a site joined with the data set it started from, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.data import Catalog, Dataset, Film, Interactions, Vocabulary
from matinee.data.attributes import Attributes
from matinee.service.promote import install
from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.train import train
from matinee.service.training_data import TrainingData, training_data
from matinee.store import Moment

CATALOG = Catalog.of(Film(each, f"Film {each}", year=1990) for each in "123")


@pytest.fixture
def base() -> Dataset:
    """Viewer "7" rated films 1 and 2, viewer "8" film 3."""
    ratings = Interactions(
        users=np.array([0, 0, 1], dtype=np.int32),
        items=np.array([0, 1, 2], dtype=np.int32),
        values=np.array([5, 2, 4], dtype=np.float32),
        times=np.array([100, 200, 300]),
        user_ids=Vocabulary.of("viewer", ["7", "8"]),
        item_ids=CATALOG.item_ids,
        attributes=Attributes.of_words([["sex=F"], ["sex=M"]]),
    )
    return Dataset("base", ratings, CATALOG, licence="ours")


def go_live(site: Site, base: Dataset) -> None:
    install(site, base, train(base, "popular"))


def rows(data: TrainingData) -> set[tuple[str, str, float, int]]:
    frame = data.interactions.to_frame()
    return set(frame.iter_rows())


def test_without_a_log_it_is_the_data_set_itself(empty_site: Site, base: Dataset) -> None:
    go_live(empty_site, base)
    data = training_data(empty_site, base)
    assert data.interactions is base.interactions
    assert (data.from_log, data.cursor) == (0, 3)


def test_the_last_word_counts(empty_site: Site, base: Dataset) -> None:
    go_live(empty_site, base)
    record(
        empty_site,
        [
            Event("a", "ann", "rating", "1", 3.0, 500),
            Event("b", "ann", "rating", "1", 4.0, 600),
            Event("c", "ann", "rating", "2", 1.0, 600),
            Event("d", "ann", "removal", "2", time=700),
            Event("e", "base/7", "rating", "1", 1.0, 900),
            Event("f", "base/7", "dismissal", "2", time=150),
            Event("g", "base/8", "dismissal", "3", time=900),
            Event("h", "bob", "click", "3", time=900),
        ],
    )
    data = training_data(empty_site, base)
    assert rows(data) == {("ann", "1", 4.0, 600), ("7", "1", 1.0, 900), ("7", "2", 2.0, 200)}
    assert (data.from_log, data.withdrawn) == (2, 2)
    assert sorted(data.seqs.tolist()) == [0, 5, 8]
    assert data.interactions.user_ids.ids.tolist() == ["7", "8", "ann"]
    attributes = data.interactions.attributes
    assert attributes is not None
    assert [attributes.words(row) for row in range(3)] == [("sex=F",), ("sex=M",), ()]
    assert rows(training_data(empty_site, base, Moment(seq=4))) == {
        *(("ann", "1", 3.0, 500), ("7", "1", 5.0, 100), ("7", "2", 2.0, 200), ("8", "3", 4.0, 300))
    }


def test_forgotten_viewers_stay_out(empty_site: Site, base: Dataset) -> None:
    go_live(empty_site, base)
    empty_site._store.forget("base/7")
    data = training_data(empty_site, base)
    assert rows(data) == {("8", "3", 4.0, 300)}
    assert data.interactions.user_ids.ids.tolist() == ["8"]
    attributes = data.interactions.attributes
    assert attributes is not None
    assert attributes.words(0) == ("sex=M",)
    assert data.remarks() == ("forgotten viewers of the data set, left out: 1",)


def test_a_visitor_with_an_id_of_the_base_is_somebody_else(empty_site: Site, base: Dataset) -> None:
    go_live(empty_site, base)
    record(empty_site, [Event("a", "7", "rating", "3", 3.0, 500)])
    assert ("/7", "3", 3.0, 500) in rows(training_data(empty_site, base))


def test_ratings_off_the_scale_are_left_out_and_counted(empty_site: Site, base: Dataset) -> None:
    wide = replace(base, interactions=replace(base.interactions, scale=(0.5, 5.0)))
    go_live(empty_site, wide)
    record(empty_site, [Event("a", "ann", "rating", "3", 0.5, 500)])
    assert len(training_data(empty_site, wide).interactions) == 4
    data = training_data(empty_site, base)
    assert (len(data.interactions), data.off_scale) == (3, 1)


def test_a_like_leaves_a_count_as_it_is(empty_site: Site, base: Dataset) -> None:
    plays = replace(base.interactions, scale=(0.0, 1.0), counts=True)
    counts = replace(base, interactions=plays)
    go_live(empty_site, counts)
    record(
        empty_site,
        [
            Event("a", "base/7", "rating", "1", 1.0, 500),
            Event("b", "base/7", "rating", "2", 0.0, 500),
            Event("c", "ann", "rating", "2", 1.0, 500),
            Event("d", "ann", "rating", "3", 0.0, 500),
        ],
    )
    assert "views and clicks" in training_data(empty_site, counts).remarks()[-1]
    assert rows(training_data(empty_site, counts)) == {
        *(("7", "1", 5.0, 100), ("8", "3", 4.0, 300), ("ann", "2", 1.0, 500))
    }
