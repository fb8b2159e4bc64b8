"""The table of the default recipe: other libraries, results, and what the page says of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.recipe_table import library, pieces
from benchmarks.recipe_table.data import with_genres_only
from benchmarks.recipe_table.page import count, page, text, verdict
from benchmarks.recipe_table.peers import PEERS, Peer, PeerModel
from benchmarks.recipe_table.pieces import Piece, entry_of
from benchmarks.recipe_table.references import REFERENCES
from benchmarks.recipe_table.results import (
    Entry,
    Extent,
    Gain,
    Line,
    append,
    check_extent,
    read,
)
from benchmarks.split_columns import histories_columns, training_columns

from matinee.data import Catalog, Dataset, Film, Histories, Interactions
from matinee.errors import DataError, FailureError, InputError
from matinee.experiments.evaluate import evaluate
from matinee.models import Race, Selection

LIBRARY = '''
import numpy as np
from given_split import GivenSplit

class Together:
    """Films liked together, with a sign."""
    def __init__(self, given, options):
        self.split = GivenSplit(given)
        self.likes, self.options = self.split.likes(), options
        print("a library that prints")
    def fit(self):
        if self.options["sign"] == 0:
            raise ValueError("a sign of 0")
        self.weights = self.options["sign"] * (self.likes.T @ self.likes)
    def answers(self):
        return (self.histories @ self.weights).toarray()
'''


@pytest.fixture
def peer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A library of one model, in a process of this Python."""
    (tmp_path / "planted_library.py").write_text(LIBRARY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(library, "PYTHON", Path(sys.executable))
    library.library.cache_clear()
    yield Peer("a peer", "planted_library", "Together", {"sign": [-1, 1]})
    library.library("planted_library").close()
    library.library.cache_clear()


@pytest.fixture
def data(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    return Dataset("planted", planted, planted_catalog, "ours")


def line(name: str, mean: float, gain: tuple[float, float] | None, *, peer: bool = False) -> Line:
    gained = None if gain is None else Gain(sum(gain) / 2, *gain)
    return Line(name, peer, mean, mean - 0.1, mean + 0.1, None, None, gained, 1.5, 0, [{}])


def entry(data: str, protocol: str, *lines: Line) -> Entry:
    return Entry(data, protocol, 0, "ndcg@10", [0, 1], 100, 10, 1, [*lines])


def test_a_peer_answers_histories_as_its_library_would(
    peer: Peer, planted: Interactions, planted_catalog: Catalog
) -> None:
    positive = peer.candidate().configs[1]
    fitted = peer.candidate().fit(positive, planted, planted_catalog, 0)
    likes = (planted.matrix > 0).astype(np.float32)
    expected = (likes @ (likes.T @ likes)).toarray()
    rows = np.array([5, 0, 40])
    answers = fitted.model.scores(Histories.of_users(planted, rows))
    assert np.allclose(answers, expected[rows])
    assert isinstance(fitted.model, PeerModel)
    assert fitted.seconds == fitted.model.seconds < 1


def test_a_peer_answers_newcomers_by_popularity(
    peer: Peer, planted: Interactions, planted_catalog: Catalog
) -> None:
    fitted = peer.candidate().fit(peer.candidate().configs[0], planted, planted_catalog, 0)
    nobody = Histories.of_users(planted, np.array([3])).select(np.zeros(15, dtype=np.bool_))
    counts = np.bincount(planted.items, minlength=planted.n_items)
    assert np.array_equal(fitted.model.scores(nobody)[0], counts)


def test_options_of_a_peer_are_chosen_on_validation(peer: Peer, data: Dataset) -> None:
    (result,) = evaluate([peer.candidate()], data, min_rating=4).results
    assert result.splits[0].options["options"] == '{"sign": 1}'
    assert [trial.options["options"] for trial in result.splits[0].trials] == [
        '{"sign": -1}',
        '{"sign": 1}',
    ]


def test_what_a_library_printed_is_in_the_error(
    peer: Peer, planted: Interactions, planted_catalog: Catalog
) -> None:
    failing = replace(peer, grid={"sign": [0]}).candidate()
    with pytest.raises(FailureError, match=r"planted_library ended: [\s\S]*a sign of 0"):
        failing.fit(failing.configs[0], planted, planted_catalog, 0)


def test_a_missing_environment_is_an_error_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "PYTHON", tmp_path / "python")
    with pytest.raises(InputError, match="run `make peers`, or leave out --peers"):
        library.Library("of_implicit")


def test_an_entry_has_what_auto_gains_and_both_kinds_of_viewers(
    peer: Peer, data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "PEERS", (peer,))
    monkeypatch.setitem(pieces._MODELS, "time", ("ease-sparse", "popular"))
    monkeypatch.setattr(pieces, "_AUTO", "ease-sparse")  # which is faster
    ratings = data.interactions
    new = ratings.users % 6 == 0
    times = ratings.times + new * 10_000_000  # ten of the viewers come last
    data = replace(data, interactions=replace(ratings, times=times))
    found = entry_of(Piece("planted", "time", peers=True), data)
    by_name = {each.name: each for each in found.lines}
    assert set(by_name) == {"ease-sparse", "popular", "a peer"}
    auto = by_name["ease-sparse"]
    assert auto.gain is None
    for name in ("popular", "a peer"):
        other = by_name[name]
        assert other.gain
        assert other.gain.mean == pytest.approx(auto.mean - other.mean)
        assert other.gain.low <= other.gain.mean <= other.gain.high
        assert other.known is not None
        assert other.new is not None
        n_known = found.viewers - 10
        mean = (n_known * other.known + 10 * other.new) / found.viewers
        assert other.mean == pytest.approx(mean)
    assert [by_name[name].peer for name in ("popular", "a peer")] == [False, True]
    assert by_name["a peer"].options == [{"sign": 1}]


@pytest.mark.parametrize(
    ("name", "protocol", "metric", "cuts", "seeds"),
    [
        ("ml-1m", "strong", "ndcg@100", 0, [0, 1, 2, 3, 4]),
        ("planted", "cuts", "ndcg@10", 3, [0]),
        ("planted", "cold", "ndcg@20", 0, [0, 1, 2]),
    ],
)
def test_pieces_have_lists_cuts_and_seeds_of_their_own(
    name: str,
    protocol: str,
    metric: str,
    cuts: int,
    seeds: list[int],
    data: Dataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(pieces._MODELS, protocol, ("popular", "content"))
    found = entry_of(Piece(name, protocol, n_cuts=3), data)
    assert (found.metric, found.cuts, found.seeds) == (metric, cuts, seeds)
    assert all(len(each.options) == (cuts or len(seeds)) for each in found.lines)


def test_of_films_title_year_and_genres_are_left(data: Dataset) -> None:
    bare = with_genres_only(data).catalog
    assert bare.film(0) == Film("100", "Comedy 0", 1980, genres=("Comedy",))
    assert np.array_equal(bare.item_ids.ids, data.catalog.item_ids.ids)
    assert bare.known_facts == ["years", "genres"]


def test_a_later_result_replaces_an_earlier_one(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    auto = line("auto", 0.3, None)
    first = entry("ml-1m", "time", auto, line("ease", 0.2, (0.05, 0.15)))
    other = entry("ml-1m", "last", auto)
    second = replace(first, seconds=7.0)
    for each in (first, other, second):
        append(each, file)
    assert read(file) == [second, other]


def test_a_result_of_less_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    key, whole = ("ml-1m", "cuts"), Extent(3, 5, 1)
    peer = line("a peer", 0.2, (0.05, 0.15), peer=True)
    earlier = replace(entry(*key, line("auto", 0.3, None), peer), cuts=5, seeds=[0, 1, 2])
    check_extent(key, Extent(1, 1, 0), file)  # there is nothing to lose yet
    append(earlier, file)
    assert earlier.extent == whole
    for fits in (whole, Extent(4, 6, 2)):
        check_extent(key, fits, file)
    check_extent(("ml-1m", "time"), Extent(1, 0, 0), file)
    for less, words in (
        (whole._replace(seeds=1), "3 seeds instead of 1 in"),
        (whole._replace(cuts=4, peers=0), "5 cuts instead of 4, 1 peer instead of 0 in"),
    ):
        with pytest.raises(InputError, match=f"^ml-1m under cuts has {words} .*results.jsonl; "):
            check_extent(key, less, file)
    append(replace(earlier, lines=earlier.lines[:1]), file)
    with pytest.raises(DataError, match="line 2: ml-1m under cuts has 1 peer instead of 0 in an"):
        read(file)


@pytest.mark.parametrize(
    ("piece", "extent"),
    [
        (Piece("ml-100k", "random", peers=True), Extent(5, 0, len(PEERS))),
        (Piece("ml-1m", "cold", peers=True), Extent(3, 0, len(REFERENCES))),
        (Piece("ml-1m", "cuts", seeds=(4, 5), n_cuts=7), Extent(1, 7, 0)),
        (Piece("ml-1m", "time", n_cuts=7), Extent(1, 0, 0)),
    ],
)
def test_a_piece_knows_the_extent_of_its_entry(piece: Piece, extent: Extent) -> None:
    assert piece.extent == extent


def test_columns_are_the_ratings_with_their_times(planted: Interactions) -> None:
    columns = training_columns(planted)
    rows = np.repeat(np.arange(planted.n_users), np.diff(columns["train_indptr"]))
    found = zip(
        rows, *(columns[f"train_{each}"] for each in ("indices", "data", "times")), strict=True
    )
    ratings = (planted.users, planted.items, planted.values, planted.times)
    assert sorted(found) == sorted(zip(*ratings, strict=True))
    users = np.array([4, 2])
    shown = histories_columns(users, Histories.of_users(planted, users).ratings)
    assert shown["users"].tolist() == [4, 2]
    assert shown["histories_indptr"][1] == np.sum(planted.users == 4)


def test_a_broken_line_of_the_results_is_named(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    append(entry("ml-1m", "time", line("auto", 0.3, None)), file)
    with file.open("a") as lines:
        lines.write('{"data": "ml-1m"}\n')
    with pytest.raises(DataError, match=r"results\.jsonl, line 2 is no result"):
        read(file)
    with pytest.raises(DataError, match="missing; measure a piece with --json"):
        read(tmp_path / "none.jsonl")


def test_auto_is_ahead_or_behind_only_if_the_interval_excludes_zero() -> None:
    assert verdict(Gain(0.1, 0.01, 0.2)) == "ahead"
    assert verdict(Gain(0.1, -0.01, 0.2)) == "level"
    assert verdict(Gain(-0.1, -0.2, 0.01)) == "level"
    assert verdict(Gain(-0.1, -0.2, -0.01)) == "behind"


def test_the_best_other_model_counts_ours_and_peers_apart() -> None:
    auto = line("auto", 0.3, None)
    weak, strong = line("popular", 0.1, (0.1, 0.3)), line("ease", 0.31, (-0.03, -0.01))
    other = line("a peer", 0.29, (-0.01, 0.03), peer=True)
    entries = [
        entry("ml-1m", "time", strong, auto, other, weak),
        entry("ml-100k", "last", auto, weak),
    ]
    assert count(entries, peers=False) == {"ahead": 1, "level": 0, "behind": 1}
    assert count(entries, peers=True) == {"ahead": 0, "level": 1, "behind": 0}


def test_the_page_counts_the_sixteen_pairs_and_no_others() -> None:
    auto = line("auto", 0.3, None)
    weak = line("popular", 0.1, (0.1, 0.3))
    peer = line("a peer", 0.2, (0.05, 0.15), peer=True)
    entries = [
        entry("ml-1m", "time", auto, peer, weak),
        entry("ml-2016", "time", auto, weak),
        entry("ml-1m", "cold", auto, weak),
    ]
    text_of_page = page(entries)
    assert "is ahead in 1, within noise in 0, behind in 0, of 1 pair of" in text_of_page
    assert text_of_page.count(": 15 of the 16 pairs.") == 2
    assert "Outside the 16, beside the best single model: ahead in 2, within" in text_of_page
    assert "| ml-1m | time | 2 | NDCG@10 | 0.3000 | popular 0.1000 |" in text_of_page
    assert "**+0.2000 [+0.1000, +0.3000]**" in text_of_page
    assert "+0.2000 [+0.1000, +0.3000]" in text(entries[0])
    assert "ml-1m, time: 2 seeds, 10 viewers" in text_of_page
    assert "1 seed, 10" in text(replace(entries[0], seeds=[3]))


def test_the_page_names_where_auto_is_behind_and_counts_values() -> None:
    auto, ahead = line("auto", 0.3, None), (-0.01, 0.02)
    entries = [
        entry("ml-1m", "time", auto, line("ranker", 0.31, (-0.03, -0.01))),
        entry("ml-1m", "last", auto, line("slit", 0.295, ahead)),
        entry("ml-100k", "random", auto, line("ials", 0.301, (-0.02, 0.01))),
        entry("ml-100k", "cold", line("content", 0.4, (-0.2, -0.1)), auto),
        entry("ml-2016", "time", line("ease", 0.4, (-0.2, -0.1)), auto),
    ]
    found = page(entries)
    assert (
        "ahead in 0, within noise in 2, behind in 1 (ml-1m `time`: ranker), of 3 pairs of data and "
        "protocol. It is ahead by value in 1 of 3."
    ) in found
    assert (
        "ahead in 0, within noise in 0, behind in 2 "
        "(ml-100k `cold`: content; ml-2016 `time`: ease)."
    ) in found


def test_the_page_describes_data_with_results_alone() -> None:
    auto = line("auto", 0.3, None)
    assert "`ml-2016`" in page([entry("ml-2016", "time", auto)])
    found = page([entry("generated", "time", auto)])
    assert "`generated` is" in found
    assert "ml-2016" not in found
    assert "ml-latest-small" not in found


def test_two_races_of_newcomers_have_two_names() -> None:
    races = [
        Race(viewers, 10, chosen, ())
        for viewers, chosen in (
            ("viewers with a history", "ranker"),
            ("new viewers, by popularity", "trending half_life=7"),
            ("new viewers", "raced popularity"),
        )
    ]
    assert pieces._winners(Selection("", "NDCG@10", tuple(races))) == (
        "viewers with a history: ranker; new viewers: trending half_life=7; "
        "new viewers, the list of ranker or that one: raced popularity"
    )
