"""The learning loop on planted data: what a retrain learns, refuses, and leaves alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data import Catalog, Dataset
from matinee.errors import ArtefactError, ConflictError, NotLiveError, OptionError
from matinee.service.promote import install
from matinee.service.recommend import recommend
from matinee.service.record import Event, record
from matinee.service.retrain import recipe, retrain
from matinee.service.site import Site
from matinee.service.train import fit, save, train
from matinee.service.viewers import Visit
from matinee.store import artefacts

NOW = 1_700_000_000


def watch_horror(site: Site, viewers: int, *, films: int = 6, start: int = NOW) -> None:
    """Visitors who like some horror films; each rates a film a minute."""
    rng = np.random.default_rng(viewers)
    for number in range(viewers):
        liked = rng.choice(np.arange(120, 140), films, replace=False)
        record(
            site,
            [
                Event(
                    *(f"{number}-{film}-{start}", f"visitor{number}", "rating", str(film), 5.0),
                    time=start + 60 * place + number,
                )
                for place, film in enumerate(liked)
            ],
        )


def test_visitors_change_the_first_page_of_a_new_viewer(site: Site, dataset: Dataset) -> None:
    def first_page() -> list[str]:
        answer = recommend(Visit(site, "newcomer"), n=10, now=NOW).ranking
        return [line.film.genres[0] for line in answer]

    before = first_page()
    watch_horror(site, 120)
    assert first_page() == before  # the model is as it was
    result = retrain(site, dataset)
    assert result.outcome == "promoted"
    assert result.new_ratings == 120 * 6
    assert first_page().count("Horror") == 10 > before.count("Horror")


def test_the_next_retrain_knows_what_is_new(site: Site, dataset: Dataset) -> None:
    first = retrain(site, dataset)
    assert first.outcome == "nothing new"
    assert (first.seconds, first.artefact) == (0.0, "")
    watch_horror(site, 30)
    second = retrain(site, dataset, note="nightly")
    comparison = second.comparison
    assert comparison is not None
    assert comparison.viewers >= 20
    assert comparison.likes < 90  # at most half of the new likes, and those of one instant
    live = site._store.live()
    assert live is not None
    assert (live.artefact, live.note) == (second.artefact, "nightly")
    training = recipe(site).training
    assert training.cursor == second.cursor == 60 * 15 + 180
    assert training.until == second.until == NOW + 60 * 5 + 29
    assert (training.base, training.ratings) == ("planted", 60 * 15 + 180)
    assert training.options["min_rating"] == 3.5
    assert retrain(site, dataset).outcome == "nothing new"
    watch_horror(site, 3, films=1, start=NOW + 10_000)
    third = retrain(site, dataset, dry_run=True)
    assert (third.outcome, third.new_ratings, third.comparison) == ("dry run", 3, None)
    assert third.remarks == (
        "not compared: 2 viewers have a like among the newest ratings, and at least 5 are needed",
    )
    assert site._store.live() == live


def test_a_forgotten_viewer_is_something_new(site: Site, dataset: Dataset) -> None:
    site._store.forget("planted/1")
    result = retrain(site, dataset)
    assert (result.outcome, result.ratings) == ("promoted", 59 * 15)


def test_a_worse_model_is_not_promoted(site: Site, dataset: Dataset) -> None:
    watch_horror(site, 60, films=12)
    live = site._store.live()
    result = retrain(site, dataset, model="random")
    assert result.outcome == "worse"
    assert result.comparison is not None
    assert result.comparison.interval.high < 0
    assert site._store.live() == live
    json.dumps(result.to_json())
    assert "the live one stays" in result.lines()[-1]


def test_the_future_was_unknown_to_both(
    site: Site, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The candidate is fitted to all but the targets, and the final model to everything."""
    fitted: list[set[tuple[str, str]]] = []
    watch_horror(site, 30)

    def noted(data: Dataset, *arguments: object) -> object:
        frame = data.interactions.to_frame()
        fitted.append({(row[0], row[1]) for row in frame.iter_rows()})
        return fit(data, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("matinee.service.retrain.fit", noted)
    result = retrain(site, dataset)
    past, everything = fitted
    assert result.comparison is not None
    assert len(everything - past) == result.comparison.likes > 0
    assert past < everything


def test_a_damaged_live_model_is_replaced_without_a_comparison(
    site: Site, dataset: Dataset
) -> None:
    watch_horror(site, 30)
    live = site._store.live()
    assert live is not None
    weights = site.artefacts / live.artefact / "model.weights.npy"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    result = retrain(site, dataset)
    assert (result.outcome, result.comparison) == ("promoted", None)
    assert "not compared: the live model is damaged" in result.remarks[0]
    (site.artefacts / result.artefact / "manifest.json").unlink()
    with pytest.raises(ArtefactError, match="name a model and its data"):
        retrain(site, dataset)
    assert retrain(site, dataset, model="popular").outcome == "promoted"


def test_the_second_of_two_retrains_stops_at_the_promotion(
    site: Site, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch_horror(site, 30)
    other = train(dataset, "popular")

    def slow(*arguments: object, **options: object) -> Path:
        monkeypatch.setattr("matinee.service.retrain.save", save)
        install(site, dataset, other, "meanwhile")
        return save(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("matinee.service.retrain.save", slow)
    with pytest.raises(ConflictError, match="another model was promoted meanwhile"):
        retrain(site, dataset)
    live = site._store.live()
    assert live is not None
    assert live.note == "meanwhile"


def test_factors_start_from_the_live_ones(empty_site: Site, dataset: Dataset) -> None:
    install(empty_site, dataset, train(dataset, "ials", factors=4, iterations=9))
    watch_horror(empty_site, 30)
    result = retrain(empty_site, dataset)
    model = empty_site.live().recommender.model
    assert result.outcome == "promoted"
    assert model.config.model_dump()["iterations"] == 9
    assert model.arrays["item_factors"].shape == (40, 4)


def test_another_data_set_has_its_films_compared_by_id(empty_site: Site, dataset: Dataset) -> None:
    """The live model knows the first thirty films only, under the same numbering."""
    few = dataset.interactions.items < 30
    catalog = Catalog.of(dataset.catalog.films(np.arange(30)))
    ratings = replace(dataset.interactions.select(few), item_ids=catalog.item_ids)
    small = Dataset("small", ratings, catalog, "ours", numbering="shared")
    install(empty_site, small, train(small, "ease"))
    rng = np.random.default_rng(3)
    for number in range(30):
        for place, film in enumerate(rng.choice(np.arange(100, 130), 6, replace=False)):
            event = Event(f"{number}-{film}", f"v{number}", "rating", str(film), 5.0)
            record(empty_site, [replace(event, time=NOW + 60 * place + number)])
    result = retrain(empty_site, replace(dataset, numbering="shared"))
    assert result.outcome == "promoted"
    assert result.comparison is not None
    assert len(empty_site.live().recommender.catalog) == 40


def test_an_older_folder_says_what_is_assumed(site: Site, dataset: Dataset) -> None:
    live = site._store.live()
    assert live is not None
    artefact = artefacts.load(site.artefacts / live.artefact)
    manifest = {k: v for k, v in artefact.manifest.items() if k not in {"training", "arrays"}}
    old = artefacts.save(site.artefacts, artefact.arrays, manifest)
    site._store.promote(old.name, "from before")
    watch_horror(site, 30)
    result = retrain(site, dataset, dry_run=True)
    assert result.new_ratings == 180
    assert "are assumed" in result.remarks[0]


def test_a_misspelt_option_is_refused(site: Site, dataset: Dataset) -> None:
    with pytest.raises(OptionError, match="l3"):
        retrain(site, dataset, options={"l3": 1})


def test_nothing_is_live(tmp_path: Path, dataset: Dataset) -> None:
    with (
        Site.open(f"sqlite:///{tmp_path}/x.db", tmp_path / "artefacts") as opened,
        pytest.raises(NotLiveError, match="nothing to retrain"),
    ):
        retrain(opened, dataset)
