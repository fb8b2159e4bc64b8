"""Imported data sets come back as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data import Catalog, Dataset, Interactions
from matinee.data.cleaning import Finding
from matinee.data.merging.merge import merge
from matinee.data.provenance import FACTS
from matinee.errors import ArtefactError, InputError
from matinee.store import artefacts
from matinee.store.datasets import imported_names, is_imported, load_dataset, save_dataset


@pytest.fixture
def dataset(planted: Interactions, planted_catalog: Catalog) -> Dataset:
    return Dataset(
        "planted",
        planted,
        planted_catalog,
        licence="free",
        folds=(np.arange(len(planted)) % 5).astype(np.int8),
        demographics=pl.DataFrame({"user_id": ["1", "2"], "age": [30, 41]}),
        notes=("a note",),
        findings=(Finding("malformed lines left out", 2, ("x.csv, line 3: no", "and so on")),),
    )


def test_a_data_set_comes_back_as_it_was(dataset: Dataset, tmp_path: Path) -> None:
    save_dataset(dataset, tmp_path, "mine")
    back = load_dataset(tmp_path, "mine")
    assert back.name == "mine"
    assert back.interactions.content_hash == dataset.interactions.content_hash
    assert back.catalog.films() == dataset.catalog.films()
    np.testing.assert_array_equal(back.folds, dataset.folds)
    assert back.demographics is not None
    assert back.demographics.to_dict(as_series=False) == {"user_id": ["1", "2"], "age": [30, 41]}
    assert (back.licence, back.notes, back.findings) == ("free", ("a note",), dataset.findings)


def test_counts_come_back_as_counts(dataset: Dataset, tmp_path: Path) -> None:
    counts = replace(dataset, interactions=replace(dataset.interactions, counts=True))
    save_dataset(counts, tmp_path, "mine")
    back = load_dataset(tmp_path, "mine")
    assert back.interactions.counts
    assert back.interactions.content_hash == counts.interactions.content_hash


def test_unknown_facts_about_viewers_stay_unknown(dataset: Dataset, tmp_path: Path) -> None:
    table = {"user_id": ["1", "2"], "age": [None, 41], "gender": [None, "F"]}
    described = replace(dataset, demographics=pl.DataFrame(table))
    save_dataset(described, tmp_path, "mine")
    back = load_dataset(tmp_path, "mine")
    assert back.demographics is not None
    assert back.demographics.to_dict(as_series=False) == table
    assert back.viewer("2").attributes == ("age=35-44", "gender=F")
    assert back.viewer("1").attributes == ()


def test_a_catalogue_without_ratings_comes_back(planted_catalog: Catalog, tmp_path: Path) -> None:
    nothing = Interactions.empty(planted_catalog.item_ids)
    save_dataset(Dataset("films", nothing, planted_catalog, licence=""), tmp_path, "films")
    back = load_dataset(tmp_path, "films")
    assert len(back.interactions) == 0
    assert (back.demographics, back.folds) == (None, None)


def test_provenance_and_numbering_come_back(dataset: Dataset, tmp_path: Path) -> None:
    merged = merge({"a": dataset.catalog, "b": dataset.catalog}, trust={"runtime": ["b"]})
    described = replace(dataset, numbering="MovieLens", provenance=merged.provenance)
    save_dataset(described, tmp_path, "mine")
    back = load_dataset(tmp_path, "mine")
    assert back.numbering == "MovieLens"
    assert back.provenance is not None
    assert (back.provenance.sources, back.provenance.fields) == (("a", "b"), FACTS)
    assert np.array_equal(back.provenance.chosen, merged.provenance.chosen)
    assert np.array_equal(back.provenance.rows, merged.provenance.rows)
    assert back.provenance.of(0, "runtime") == "b"


def test_data_sets_from_before_provenance_still_load(dataset: Dataset, tmp_path: Path) -> None:
    folder = save_dataset(dataset, tmp_path, "mine")
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["provenance"], manifest["numbering"], manifest["arrays"]
    arrays = {file.stem: np.load(file) for file in folder.glob("*.npy")}
    older = artefacts.save(tmp_path, arrays, manifest)
    assert older != folder
    (tmp_path / "mine.json").write_text(json.dumps({"folder": older.name}))
    back = load_dataset(tmp_path, "mine")
    assert (back.provenance, back.numbering) == (None, "")
    assert back.catalog.films() == dataset.catalog.films()


def test_the_same_name_again_is_the_newer_data(dataset: Dataset, tmp_path: Path) -> None:
    save_dataset(dataset, tmp_path, "mine")
    half = dataset.interactions.select(np.arange(0, len(dataset.interactions), 2))
    save_dataset(Dataset("half", half, dataset.catalog, licence=""), tmp_path, "mine")
    assert len(load_dataset(tmp_path, "mine").interactions) == len(half)
    assert imported_names(tmp_path) == ("mine",)


def test_replaced_arrays_are_deleted_and_stay_where_they_were_loaded(
    dataset: Dataset, tmp_path: Path
) -> None:
    other = save_dataset(dataset, tmp_path, "other")
    first = save_dataset(dataset, tmp_path, "mine")
    assert save_dataset(dataset, tmp_path, "mine") == first
    loaded = load_dataset(tmp_path, "mine")
    half = dataset.interactions.select(np.arange(0, len(dataset.interactions), 2))
    second = save_dataset(replace(dataset, interactions=half, folds=None), tmp_path, "mine")
    assert set(artefacts.list_artefacts(tmp_path)) == {other, second}
    assert loaded.interactions.content_hash == dataset.interactions.content_hash


def test_a_name_that_is_imported_again_while_it_is_loaded_is_the_newer_data(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_dataset(dataset, tmp_path, "mine")
    half = dataset.interactions.select(np.arange(0, len(dataset.interactions), 2))
    newer = replace(dataset, interactions=half, folds=None)
    load = artefacts.load

    def load_late(folder: Path) -> artefacts.Artefact:
        monkeypatch.setattr(artefacts, "load", load)
        save_dataset(newer, tmp_path, "mine")
        return load(folder)

    monkeypatch.setattr(artefacts, "load", load_late)
    assert len(load_dataset(tmp_path, "mine").interactions) == len(half)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "Mine", ".hidden", "x" * 65, "a b"])
def test_a_name_that_could_not_be_a_file_is_refused(
    dataset: Dataset, tmp_path: Path, name: str
) -> None:
    with pytest.raises(InputError, match="cannot name a data set"):
        save_dataset(dataset, tmp_path, name)
    assert not is_imported(tmp_path, name)


def test_a_damaged_pointer_is_one_line(dataset: Dataset, tmp_path: Path) -> None:
    save_dataset(dataset, tmp_path, "mine")
    (tmp_path / "mine.json").write_text(json.dumps(["nothing"]))
    with pytest.raises(ArtefactError, match="import it again"):
        load_dataset(tmp_path, "mine")


def test_a_folder_that_cannot_be_written_is_an_error(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtefactError, match="cannot save under"):
        save_dataset(dataset, tmp_path / "file", "mine")
    assert imported_names(tmp_path / "file") == ()
