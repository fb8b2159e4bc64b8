"""Answers of TMDB on disk."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.data.tmdb.conftest import Clock
from tests.data.tmdb.server import movie

from matinee.data.tmdb.answer_cache import AnswerCache
from matinee.data.tmdb.answers import Answer, FindAnswer, MovieAnswer
from matinee.errors import FetchError

DAY = 86_400
LAMP = MovieAnswer.model_validate(movie(7, "The Lamp", 1999))
NOTHING_FOUND = FindAnswer(movie_results=())


@pytest.fixture
def cache(folder: Path, clock: Clock) -> AnswerCache:
    return AnswerCache(folder, clock.now)


def store(cache: AnswerCache, name: str, answer: Answer | None) -> Answer | None:
    shape = MovieAnswer if answer is None else type(answer)
    return cache.get(name, shape, lambda: answer)


def is_stored(cache: AnswerCache, name: str, answer: Answer | None) -> bool:
    def fetch() -> None:
        raise LookupError

    try:
        return cache.get(name, MovieAnswer if answer is None else type(answer), fetch) == answer
    except LookupError:
        return False


def test_an_answer_is_fetched_once_and_then_read(cache: AnswerCache, folder: Path) -> None:
    for name, answer in (("movie-7", LAMP), ("movie-8", None)):
        assert not is_stored(cache, name, answer)
        assert store(cache, name, answer) == answer
        assert is_stored(cache, name, answer)
    assert cache.hits == 2
    assert sorted(each.name for each in folder.iterdir()) == ["movie-7.json", "movie-8.json"]


def test_a_film_is_fresh_for_half_a_year_and_a_look_up_for_a_month(
    cache: AnswerCache, clock: Clock
) -> None:
    answers = {"movie-7": LAMP, "movie-8": None, "find-tt1": NOTHING_FOUND}
    for name, answer in answers.items():
        store(cache, name, answer)
    for seconds, fresh in (
        (-1, set[str]()),
        (1 + 30 * DAY, {"movie-7", "movie-8", "find-tt1"}),
        (1, {"movie-7"}),
        (150 * DAY - 1, {"movie-7"}),
        (1, set[str]()),
    ):
        clock.time += seconds
        assert {name for name, answer in answers.items() if is_stored(cache, name, answer)} == fresh


def test_answers_older_than_the_terms_allow_are_deleted(folder: Path, clock: Clock) -> None:
    cache = AnswerCache(folder, clock.now)
    for name, days in (("movie-7", 181), ("movie-8", 179)):
        store(cache, name, LAMP)
        os.utime(folder / f"{name}.json", (clock.time - days * DAY,) * 2)
    AnswerCache(folder, clock.now)
    assert [each.name for each in folder.iterdir()] == ["movie-8.json"]


@pytest.mark.parametrize("damage", ["cut", "other", "format", "folder"])
def test_a_damaged_file_is_fetched_again(damage: str, cache: AnswerCache, folder: Path) -> None:
    store(cache, "movie-7", LAMP)
    file = folder / "movie-7.json"
    written = file.read_bytes()
    if damage == "cut":
        file.write_bytes(written[:-20])
    elif damage == "other":
        file.write_bytes(written.replace(b'"id":7', b'"id":"seven"'))
    elif damage == "format":
        file.write_bytes(written.replace(b'"format":1', b'"format":2'))
    else:
        file.unlink()
        file.mkdir()
    assert file.is_dir() or file.read_bytes() != written
    assert not is_stored(cache, "movie-7", LAMP)


def test_a_file_has_only_the_fields_that_are_read_and_the_time(
    cache: AnswerCache, folder: Path, clock: Clock
) -> None:
    store(cache, "movie-7", LAMP)
    entry = json.loads((folder / "movie-7.json").read_text(encoding="utf-8"))
    assert entry["fetched"] == clock.time
    assert entry["answer"]["runtime"] == 97
    assert "budget" not in entry["answer"]
    assert "Uma Grey" not in json.dumps(entry)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    # A path below a file cannot be made, not even by root.
    (tmp_path / "file").write_text("")
    with pytest.raises(FetchError, match=r"file/tmdb cannot be written.*MATINEE_HOME"):
        store(AnswerCache(tmp_path / "file" / "tmdb"), "movie-7", LAMP)


def test_no_partial_file_remains(folder: Path, cache: AnswerCache) -> None:
    (folder / "movie-7.json").mkdir(parents=True)
    with pytest.raises(FetchError, match="cannot be written"):
        store(cache, "movie-7", LAMP)
    assert [each.name for each in folder.iterdir()] == ["movie-7.json"]
