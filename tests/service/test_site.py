from __future__ import annotations

import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from matinee.data import Dataset
from matinee.errors import ArtefactError, OptionError, UnknownNameError
from matinee.service.promote import install, promote
from matinee.service.recommend import recommend
from matinee.service.site import Site
from matinee.service.train import save, train
from matinee.service.viewers import Visit

NOW = 1_700_000_000


def test_installing_twice_changes_nothing(site: Site, dataset: Dataset) -> None:
    before, live = site._store.counts(), site._store.live()
    again = install(site, dataset, train(dataset, "ease", min_rating=3.5), "again")
    assert again == live
    assert site._store.counts() == before


def test_viewers_of_two_files_of_one_name_are_not_one_person(
    empty_site: Site, dataset: Dataset, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        path = tmp_path / folder / "ratings.csv"
        install(
            empty_site, replace(dataset, name="ratings.csv", path=path), train(dataset, "popular")
        )
        live = empty_site.live()
        assert re.fullmatch(r"ratings\.csv-[0-9a-f]{8}", live.source)
        assert live.examples == empty_site._store.viewers(40, live.source)
        assert live.examples[0] == f"{live.source}/1"
    assert empty_site._store.counts().viewers == 2 * dataset.interactions.n_users


def test_the_live_recommender_is_the_one_promoted_last(site: Site, dataset: Dataset) -> None:
    ease = site.live().recommender
    assert site.live().recommender is ease
    first = site._store.live()
    assert first is not None
    assert ease.version == first.artefact[:12]
    promote(site, save(dataset, train(dataset, "popular"), site.artefacts), "try")
    assert site.live().recommender.model.name == "popular"
    promote(site, site.artefacts / first.artefact, "back")
    assert site.live().recommender.version == ease.version


def test_a_second_process_sees_a_promotion(site: Site, dataset: Dataset, tmp_path: Path) -> None:
    with Site.open(f"sqlite:///{tmp_path}/matinee.db", site.artefacts) as other:
        assert other.live().recommender.model.name == "ease"
        promote(site, save(dataset, train(dataset, "popular"), site.artefacts))
        assert other.live().recommender.model.name == "popular"


def test_a_recommender_saved_elsewhere_is_copied_first(
    site: Site, dataset: Dataset, tmp_path: Path
) -> None:
    elsewhere = save(dataset, train(dataset, "popular"), tmp_path / "elsewhere")
    promoted = promote(site, elsewhere)
    shutil.rmtree(tmp_path / "elsewhere")
    assert promoted.artefact == elsewhere.name
    assert site.live().recommender.model.name == "popular"


def test_a_damaged_recommender_is_not_promoted(site: Site, dataset: Dataset) -> None:
    before = site._store.live()
    folder = save(dataset, train(dataset, "popular"), site.artefacts)
    path = next(folder.glob("model.*.npy"))
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    with pytest.raises(ArtefactError, match="was changed"):
        promote(site, folder)
    assert site._store.live() == before


def test_a_promotion_that_is_not_on_this_machine_leaves_the_old_one_serving(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    ease = site.live().recommender
    site._store.promote("f" * 64, "by a machine with other disks")
    assert site.live().recommender is ease
    assert site.live().recommender is ease
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "is missing" in caplog.text


def test_a_first_promotion_that_cannot_be_loaded_is_an_error(empty_site: Site) -> None:
    empty_site._store.promote("f" * 64, "lost")
    with pytest.raises(ArtefactError, match="is missing"):
        empty_site.live()


def test_no_request_fails_while_recommenders_are_swapped(site: Site, dataset: Dataset) -> None:
    folders = [
        save(dataset, train(dataset, model), site.artefacts) for model in ("popular", "ease")
    ]
    stop = threading.Event()
    failures: list[BaseException] = []
    seen: set[str] = set()

    def ask(viewer: str) -> None:
        while not stop.is_set():
            try:
                ranking = recommend(Visit(site, viewer), n=5, now=NOW).ranking
                assert len(ranking) == 5
                seen.add(ranking.version)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it failed a request
                failures.append(error)

    threads = [threading.Thread(target=ask, args=(f"planted/{i}",)) for i in range(1, 4)]
    for thread in threads:
        thread.start()
    try:
        for swap in range(12):
            promote(site, folders[swap % 2], f"swap {swap}")
            before = site._store.counts().events
            while site._store.counts().events < before + 4 and not failures:
                pass
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert {folder.name[:12] for folder in folders} <= seen


def test_the_scale_is_that_of_the_data_trained_on(empty_site: Site, dataset: Dataset) -> None:
    halves = replace(dataset, interactions=replace(dataset.interactions, scale=(0.5, 5.0)))
    install(empty_site, halves, train(halves, "popular"))
    assert empty_site.live().scale == (0.5, 5.0)


def test_training_the_same_twice_is_the_same_artefact(dataset: Dataset, tmp_path: Path) -> None:
    one = save(dataset, train(dataset, "ease", l2=50.0, seed=3), tmp_path)
    two = save(dataset, train(dataset, "ease", l2="50", seed=3), tmp_path)
    assert one == two


def test_training_refuses_what_it_does_not_know(dataset: Dataset) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'ease'"):
        train(dataset, "eas")
    with pytest.raises(OptionError, match="no option 'l3'"):
        train(dataset, "ease", l3=1)


def test_films_are_found_by_id(site: Site) -> None:
    film = site.live().film("125")
    assert (film.id, film.title, film.year) == ("125", "Horror 25", 2005)
    with pytest.raises(UnknownNameError, match="film id 'zzz'"):
        site.live().film("zzz")


def test_films_are_searched_by_title(site: Site) -> None:
    assert site.live().search("comedy 7", 3)[0].id == "107"
    assert len(site.live().search("horror", 4)) == 4
