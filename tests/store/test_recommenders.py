from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matinee
from matinee.data import Catalog, Interactions, Query
from matinee.data.provenance import Provenance
from matinee.data.rating_summary import RatingSummary
from matinee.errors import ArtefactError
from matinee.models import create
from matinee.pipeline import Recommender
from matinee.store import artefacts, load_recommender, save_recommender


@pytest.fixture(scope="module")
def recommender(planted: Interactions, planted_catalog: Catalog) -> Recommender:
    model = create("ease", {"l2": 7.0}).fit(planted, planted_catalog, rng=np.random.default_rng(0))
    return Recommender(model, planted_catalog, scale=planted.scale)


@pytest.fixture
def saved(recommender: Recommender, tmp_path: Path) -> Path:
    return save_recommender(
        recommender,
        tmp_path,
        data="p",
        data_hash="0" * 64,
        numbering="shared",
        source="p-1",
        scale=(1.0, 5.0),
        licence="free",
    )


def rewritten(saved: Path, changes: Mapping[str, object]) -> Path:
    """A folder of the same arrays whose manifest says something else."""
    artefact = artefacts.load(saved)
    manifest = {key: value for key, value in artefact.manifest.items() if key != "arrays"}
    return artefacts.save(saved.parent, artefact.arrays, {**manifest, **changes})


def test_a_loaded_recommender_answers_as_the_saved_one(
    recommender: Recommender, saved: Path, planted: Interactions
) -> None:
    loaded = load_recommender(saved)
    assert loaded.version == saved.name[:12]
    query = Query.of(planted.history(3))
    one, two = recommender.recommend(query), loaded.recommend(query)
    assert one.to_frame().equals(two.to_frame())
    assert loaded.model.config == recommender.model.config
    assert loaded.catalog.films() == recommender.catalog.films()


def test_what_viewers_think_and_where_facts_come_from_are_kept(
    recommender: Recommender, planted: Interactions, tmp_path: Path
) -> None:
    films = recommender.catalog.films()
    whole = replace(
        recommender,
        ratings=RatingSummary.of(planted),
        provenance=Provenance.single("a source", films),
    )
    terms: dict[str, Any] = {"data": "p", "data_hash": "0", "scale": (1.0, 5.0), "licence": ""}
    loaded = load_recommender(save_recommender(whole, tmp_path, **terms))
    assert loaded.ratings is not None
    assert loaded.provenance is not None
    assert loaded.ratings.counts.tolist() == RatingSummary.of(planted).counts.tolist()
    assert loaded.provenance.of(0, "overview") == "a source"
    without = load_recommender(save_recommender(recommender, tmp_path, **terms))
    assert without.ratings is None
    assert without.provenance is None


def test_the_manifest_says_where_it_comes_from(saved: Path) -> None:
    manifest = json.loads((saved / artefacts.MANIFEST).read_text())
    del manifest["arrays"]
    assert manifest == {
        "format": 2,
        "matinee": matinee.__version__,
        "model": "ease",
        "config": {**manifest["config"], "l2": 7.0},
        "data": "p",
        "data_hash": "0" * 64,
        "numbering": "shared",
        "source": "p-1",
        "scale": [1.0, 5.0],
        "licence": "free",
        "films": 40,
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 3}, "install the newer matinee"),
        ({"format": 1}, "of an older matinee; train and save the model again"),
        ({"format": None}, "has arrays, but no recommender"),
        ({"model": "of-tomorrow"}, "unknown model 'of-tomorrow'"),
        ({"config": {"l7": 1}}, "no option 'l7'"),
        ({"config": {"l2": -1}}, "option 'l2'"),
    ],
)
def test_an_unusable_recommender_is_one_line(
    saved: Path, changes: Mapping[str, object], message: str
) -> None:
    with pytest.raises(ArtefactError, match=message) as refused:
        load_recommender(rewritten(saved, changes))
    assert "\n" not in str(refused.value)


def test_an_artefact_of_other_arrays_is_no_recommender(tmp_path: Path) -> None:
    folder = artefacts.save(tmp_path, {"a": np.zeros(2)}, {"format": 2})
    with pytest.raises(ArtefactError, match="lacks"):
        load_recommender(folder)
