"""Protocols by name, and data that does not suit them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.data import Dataset, Histories, Interactions
from matinee.data.splits import Division, random
from matinee.errors import DataError, InputError, OptionError, UnknownNameError
from matinee.experiments.measuring.cut import Cut
from matinee.experiments.measuring.protocols import PROTOCOLS, Protocol, divide


def cut_for(name: str, dataset: Dataset) -> Cut:
    """What a protocol cannot do without."""
    every_tenth = np.arange(len(dataset.interactions)) % 10 == 0
    return Cut(test=every_tenth) if name == "files" else Cut()


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_protocol_divides_and_has_a_description(name: str, dataset: Dataset) -> None:
    assert PROTOCOLS[name].name == name
    assert PROTOCOLS[name].about
    n_divisions = {"folds": 5, "cold-viewers": 5, "prequential": 10}
    divisions = divide(name, dataset, cut=cut_for(name, dataset))
    assert len(divisions) == n_divisions.get(name, 1)


def test_an_unknown_protocol_is_an_error_that_lists_the_known_ones(dataset: Dataset) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown protocol 'ramdom'.*'random'.*folds"):
        divide("ramdom", dataset)


def test_folds_of_data_without_folds_names_the_protocol_to_use(dataset: Dataset) -> None:
    with pytest.raises(InputError, match=r"'planted' has no folds.*--protocol ratings"):
        divide("folds", replace(dataset, folds=None))


def test_ratings_are_drawn_into_folds_on_request(dataset: Dataset) -> None:
    divisions = divide("ratings", replace(dataset, folds=None), seed=3, cut=Cut(folds=4))
    assert [test.name for _, test in divisions] == ["fold 1", "fold 2", "fold 3", "fold 4"]


@pytest.mark.parametrize("name", sorted(PROTOCOLS.keys() - {"ratings"}))
def test_no_other_protocol_draws_folds(dataset: Dataset, name: str) -> None:
    with pytest.raises(OptionError, match=f"folds does not apply to protocol '{name}'.* ratings"):
        divide(name, dataset, cut=Cut(folds=3))


@pytest.mark.parametrize("name", ["folds", "ratings"])
def test_equal_ratings_leave_nothing_to_predict(dataset: Dataset, name: str) -> None:
    ones = replace(
        dataset.interactions, values=np.ones(len(dataset.interactions), dtype=np.float32)
    )
    with pytest.raises(InputError, match=r"every rating of data set 'planted' is 1, .* random"):
        divide(name, replace(dataset, interactions=ones))


def test_min_rating_drops_ratings_before_the_split(dataset: Dataset) -> None:
    ((validation, test),) = divide("random", dataset, min_rating=4)
    parts = (test.train.values, validation.targets.data, test.targets.data)
    assert min(part.min() for part in parts) == 4
    assert sum(map(len, parts)) == np.count_nonzero(dataset.interactions.values >= 4)


@pytest.mark.parametrize("setting", ["min_rating", "relevant_from", "among", "candidates", "audit"])
def test_what_belongs_to_rankings_does_not_apply_to_predicted_ratings(setting: str) -> None:
    message = f"{setting} does not apply to protocol 'folds', which predicts all ratings and ranks"
    with pytest.raises(OptionError, match=message):
        PROTOCOLS["folds"].require({setting: 4})
    PROTOCOLS["folds"].require({setting: None})
    PROTOCOLS["random"].require({setting: 4})


def test_no_setting_of_rankings_is_passed_over(dataset: Dataset) -> None:
    every = np.ones(dataset.interactions.n_items, dtype=np.bool_)
    for min_rating, cut in ((4, Cut()), (None, Cut(relevant_from=4)), (None, Cut(among=every))):
        with pytest.raises(OptionError, match="does not apply to protocol 'folds'"):
            divide("folds", dataset, min_rating=min_rating, cut=cut)


def test_relevant_ratings_are_not_below_those_that_are_kept(dataset: Dataset) -> None:
    with pytest.raises(OptionError, match="relevant_from 3 is below min_rating 4"):
        divide("random", dataset, min_rating=4, cut=Cut(relevant_from=3))


def test_min_rating_that_leaves_nothing_is_an_error(dataset: Dataset) -> None:
    with pytest.raises(InputError, match="'planted' has no ratings of at least 6"):
        divide("random", dataset, min_rating=6)


def test_a_catalogue_without_ratings_cannot_be_evaluated(dataset: Dataset) -> None:
    empty = Interactions.empty(dataset.catalog.item_ids)
    with pytest.raises(InputError, match="'planted' has no ratings to evaluate on"):
        divide("random", replace(dataset, interactions=empty))


def test_a_pair_rated_twice_is_refused_because_it_could_leak(dataset: Dataset) -> None:
    rows = np.array([0, 0, *range(1, len(dataset.interactions))])
    twice = dataset.interactions.select(rows)
    with pytest.raises(DataError, match="repeat a viewer and a film"):
        divide("random", replace(dataset, interactions=twice))


def test_a_split_that_leaks_is_refused_before_any_fit(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def divide_badly(data: Dataset, seed: int, _: Cut) -> tuple[Division, ...]:
        ((validation, test),) = random(data.interactions, seed)
        everything = data.interactions.matrix[test.users]
        return (Division(validation, replace(test, histories=Histories(everything))),)

    leaky = Protocol("leaky", "targets are in the histories", divide_badly)
    monkeypatch.setattr("matinee.experiments.measuring.protocols.PROTOCOLS", {"leaky": leaky})
    with pytest.raises(InputError, match=r"split 'seed 0' leaks: the rating of film '1.*history"):
        divide("leaky", dataset)


RANKINGS = [name for name, each in PROTOCOLS.items() if not each.predicts_ratings]


@pytest.mark.parametrize("name", RANKINGS)
def test_relevant_targets_are_all_high_ones_and_training_keeps_the_others(
    name: str, dataset: Dataset
) -> None:
    usual = cut_for(name, dataset)
    everything = divide(name, dataset, cut=usual)
    relevant = divide(name, dataset, cut=replace(usual, relevant_from=4))
    for whole, part in zip(everything, relevant, strict=True):
        for all_targets, targets in zip(whole, part, strict=True):
            assert targets.train is all_targets.train or (
                targets.train.content_hash == all_targets.train.content_hash
            )
            assert targets.train.values.min() < 4
            high = all_targets.targets.copy()
            high.data[high.data < 4] = 0
            high.eliminate_zeros()
            assert targets.targets.data.min() >= 4
            assert targets.targets.nnz == high.nnz
            lost = len(np.unique(all_targets.users)) - len(np.unique(targets.users))
            assert targets.skipped == all_targets.skipped + lost
        assert "are 4 or more and are targets" in " ".join(part.test.notes)
    shared = {id(validation) for validation, _ in relevant}
    assert len(shared) == len({id(validation) for validation, _ in everything})


@pytest.mark.parametrize("name", RANKINGS)
def test_among_some_films_nothing_else_is_a_target_or_ranked(name: str, dataset: Dataset) -> None:
    films = np.arange(dataset.interactions.n_items) % 2 == 0
    usual = cut_for(name, dataset)
    whole = divide(name, dataset, cut=usual)
    for (_, every), (_, test) in zip(
        whole, divide(name, dataset, cut=replace(usual, among=films)), strict=True
    ):
        assert films[test.targets.indices].all()
        assert test.targets.nnz == np.count_nonzero(films[every.targets.indices])
        assert isinstance(test.candidates, np.ndarray)
        assert not test.candidates[~films].any()
        unranked = test.unranked().toarray() != 0
        assert unranked[:, ~films].all()
        assert "the others are left out" in " ".join(test.notes)


def test_the_core_is_split_and_ranked_and_the_rest_is_counted(dataset: Dataset) -> None:
    busy = np.bincount(dataset.interactions.items).max()
    ((_, test),) = divide("random", dataset, cut=Cut(min_per_film=int(busy) - 2))
    counts = np.bincount(dataset.interactions.items, minlength=dataset.interactions.n_items)
    np.testing.assert_array_equal(test.candidates, counts >= busy - 2)
    stay = counts[dataset.interactions.items] >= busy - 2
    viewers = 60 - len(np.unique(dataset.interactions.users[stay]))
    assert test.notes[0] == (
        f"{viewers} of 60 viewers and {np.count_nonzero(counts < busy - 2)} of 40 films are left "
        f"out, with {np.count_nonzero(~stay)} of 900 ratings: a viewer needs 1 and a film "
        f"{busy - 2}"
    )


def test_the_core_of_predicted_ratings_keeps_their_folds(dataset: Dataset) -> None:
    most = int(np.bincount(dataset.interactions.items).max())
    divisions = divide("folds", dataset, cut=Cut(min_per_film=most - 2))
    assert len(divisions) == 5
    n_ratings = sum(test.targets.nnz for _, test in divisions)
    assert 0 < n_ratings < len(dataset.interactions)


def test_files_without_a_test_is_an_error_with_the_way_out(dataset: Dataset) -> None:
    with pytest.raises(InputError, match="needs a test of your own; name it with --test FILE"):
        divide("files", dataset)


def test_protocols_of_curves_name_their_variable() -> None:
    curves = {name for name, protocol in PROTOCOLS.items() if protocol.curve}
    assert curves == {"cold-viewers", "prequential"}
