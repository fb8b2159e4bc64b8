"""Answers on disk: how long they are kept, and what becomes of damaged ones."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.data.tmdb.conftest import Clock
from tests.data.tmdb.server import movie

from matinee.data.tmdb.answer_cache import AnswerCache, Kept
from matinee.data.tmdb.answers import FindAnswer, MovieAnswer
from matinee.errors import FetchError

DAY = 86_400
LAMP = MovieAnswer.model_validate(movie(7, "The Lamp", 1999))


@pytest.fixture
def cache(folder: Path, clock: Clock) -> AnswerCache:
    return AnswerCache(folder, clock.now)


def test_an_answer_comes_back_as_it_was(cache: AnswerCache, folder: Path) -> None:
    assert cache.get("movie-7", MovieAnswer) is None
    cache.put("movie-7", LAMP)
    cache.put("movie-8", None)
    assert cache.get("movie-7", MovieAnswer) == Kept(LAMP)
    assert cache.get("movie-8", MovieAnswer) == Kept(None)
    assert sorted(each.name for each in folder.iterdir()) == ["movie-7.json", "movie-8.json"]


def test_a_film_is_kept_for_half_a_year_and_a_look_up_for_a_month(
    cache: AnswerCache, clock: Clock
) -> None:
    cache.put("movie-7", LAMP)
    cache.put("movie-8", None)
    cache.put("find-tt1", FindAnswer(movie_results=()))
    clock.time += 30 * DAY
    assert cache.get("movie-8", MovieAnswer)
    assert cache.get("find-tt1", FindAnswer)
    clock.time += 1
    assert cache.get("movie-8", MovieAnswer) is None
    assert cache.get("find-tt1", FindAnswer) is None
    clock.time += 150 * DAY - 1
    assert cache.get("movie-7", MovieAnswer)
    clock.time += 1
    assert cache.get("movie-7", MovieAnswer) is None


def test_what_comes_from_the_future_is_fetched_anew(cache: AnswerCache, clock: Clock) -> None:
    cache.put("movie-7", LAMP)
    clock.time -= 1
    assert cache.get("movie-7", MovieAnswer) is None


def test_what_the_terms_do_not_allow_any_more_is_deleted(folder: Path, clock: Clock) -> None:
    cache = AnswerCache(folder, clock.now)
    cache.put("movie-7", LAMP)
    cache.put("movie-8", LAMP)
    os.utime(folder / "movie-7.json", (clock.time - 181 * DAY,) * 2)
    os.utime(folder / "movie-8.json", (clock.time - 179 * DAY,) * 2)
    AnswerCache(folder, clock.now)
    assert [each.name for each in folder.iterdir()] == ["movie-8.json"]


@pytest.mark.parametrize("damage", ["cut", "other", "format", "huge", "folder"])
def test_a_damaged_file_counts_for_nothing(damage: str, cache: AnswerCache, folder: Path) -> None:
    cache.put("movie-7", LAMP)
    file = folder / "movie-7.json"
    written = file.read_bytes()
    if damage == "cut":
        file.write_bytes(written[:-20])
    elif damage == "other":
        file.write_bytes(written.replace(b'"id":7', b'"id":"seven"'))
    elif damage == "format":
        file.write_bytes(written.replace(b'"format":1', b'"format":2'))
    elif damage == "huge":
        file.write_bytes(written + b" " * 2**23)
    else:
        file.unlink()
        file.mkdir()
    assert file.is_dir() or file.read_bytes() != written
    assert cache.get("movie-7", MovieAnswer) is None


def test_only_what_is_read_is_kept_with_the_time(
    cache: AnswerCache, folder: Path, clock: Clock
) -> None:
    cache.put("movie-7", LAMP)
    entry = json.loads((folder / "movie-7.json").read_text(encoding="utf-8"))
    assert entry["fetched"] == clock.time
    assert entry["answer"]["runtime"] == 97
    assert "budget" not in entry["answer"]
    assert "Uma Grey" not in json.dumps(entry)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    # A path below a file cannot be made, not even by root.
    (tmp_path / "file").write_text("")
    cache = AnswerCache(tmp_path / "file" / "tmdb")
    with pytest.raises(FetchError, match=r"file/tmdb cannot be written.*MATINEE_HOME"):
        cache.put("movie-7", LAMP)


def test_nothing_half_written_stays(folder: Path, cache: AnswerCache) -> None:
    (folder / "movie-7.json").mkdir(parents=True)
    with pytest.raises(FetchError, match="cannot be written"):
        cache.put("movie-7", LAMP)
    assert [each.name for each in folder.iterdir()] == ["movie-7.json"]
