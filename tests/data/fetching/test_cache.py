from __future__ import annotations

from pathlib import Path

import pytest

from matinee.data.fetching.cache import Cache
from matinee.errors import FetchError


def test_a_data_set_appears_complete_under_its_name(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "home")
    with cache.arriving("films") as folder:
        (folder / "a.txt").write_text("a")
        assert not cache.folder("films").exists()
    assert (tmp_path / "home/datasets/films/a.txt").read_text() == "a"
    assert [each.name for each in (tmp_path / "home/datasets").iterdir()] == ["films"]


def test_an_interrupted_arrival_leaves_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)

    def broken() -> None:
        with cache.arriving("films") as folder:
            (folder / "a.txt").write_text("half")
            raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError, match="interrupted"):
        broken()
    assert list((tmp_path / "datasets").iterdir()) == []


def test_the_first_of_two_arrivals_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with cache.arriving("films") as slow:
        (slow / "a.txt").write_text("slow")
        with cache.arriving("films") as fast:
            (fast / "a.txt").write_text("fast")
    assert (cache.folder("films") / "a.txt").read_text() == "fast"
    assert [each.name for each in (tmp_path / "datasets").iterdir()] == ["films"]


@pytest.mark.parametrize("home", ["file", "file/home"])
def test_an_unwritable_home_is_named_with_the_way_out(home: str, tmp_path: Path) -> None:
    # A plain file and a folder below it, because root may write into any folder.
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / home)
    for use in (cache.downloads, cache.arriving("films").__enter__):
        with pytest.raises(FetchError, match="MATINEE_HOME") as raised:
            use()
        assert str(tmp_path / home) in str(raised.value)


def test_a_cache_is_silent_by_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache = Cache(tmp_path)
    cache.say("a line")
    cache.progress("file", 1, 2)
    assert capsys.readouterr() == ("", "")
