from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.errors import ArtefactError
from matinee.store import artefacts

ARRAYS: dict[str, NDArray[Any]] = {
    "weights": np.arange(12, dtype=np.float32).reshape(3, 4),
    "catalog.titles.utf8": np.frombuffer("Léon".encode(), dtype=np.uint8),
    "ids": np.array(["1", "22"]),
    "nothing": np.empty((0, 5), dtype=np.int64),
    "number": np.array(2.5),
    "columns": np.asfortranarray(np.arange(6).reshape(2, 3)),
}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return artefacts.save(tmp_path, ARRAYS, {"model": "ease", "config": {"l2": 300.0}})


@pytest.mark.parametrize("verify", [False, True])
def test_saved_arrays_are_loaded(saved: Path, *, verify: bool) -> None:
    loaded = artefacts.load(saved, verify=verify)
    assert loaded.manifest["config"] == {"l2": 300.0}
    assert loaded.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert loaded.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded.arrays[name], array)


def test_loaded_arrays_are_mapped_and_cannot_be_written(saved: Path) -> None:
    weights = artefacts.load(saved).arrays["weights"]
    assert isinstance(weights.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        weights[0, 0] = 1


def test_a_folder_is_named_by_its_content_and_saved_once(tmp_path: Path, saved: Path) -> None:
    before = (saved / artefacts.MANIFEST).stat().st_mtime_ns
    again = artefacts.save(tmp_path, ARRAYS, {"config": {"l2": 300.0}, "model": "ease"})
    assert again == saved
    assert (saved / artefacts.MANIFEST).stat().st_mtime_ns == before
    assert artefacts.load(saved).hash == saved.name


def test_other_arrays_or_another_manifest_are_another_folder(tmp_path: Path, saved: Path) -> None:
    other_manifest = artefacts.save(tmp_path, ARRAYS, {"model": "ease", "config": {"l2": 1.0}})
    changed = {**ARRAYS, "number": np.array(2.6)}
    other_arrays = artefacts.save(tmp_path, changed, {"model": "ease", "config": {"l2": 300.0}})
    assert len({saved, other_manifest, other_arrays}) == 3
    assert set(artefacts.list_artefacts(tmp_path)) == {saved, other_manifest, other_arrays}


def test_there_are_no_artefacts_where_there_is_no_folder(tmp_path: Path) -> None:
    assert artefacts.list_artefacts(tmp_path / "none") == []


def test_an_array_of_objects_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="Python objects"):
        artefacts.save(tmp_path, {"evil": np.array([{}, []], dtype=object)}, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a/b", "../up", ".hidden", "", "a\\b", "x" * 300])
def test_a_name_that_is_no_file_name_is_not_saved(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArtefactError, match="cannot be a file name"):
        artefacts.save(tmp_path, {name: np.zeros(1)}, {})


class Interrupted(Mapping[str, NDArray[Any]]):
    """Arrays the second of which arrives as Ctrl-C."""

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name == "b":
            raise KeyboardInterrupt
        return np.zeros(3)

    def __iter__(self) -> Iterator[str]:
        return iter(["a", "b"])

    def __len__(self) -> int:
        return 2


def test_an_interrupted_save_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        artefacts.save(tmp_path, Interrupted(), {})
    assert list(tmp_path.iterdir()) == []


_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from matinee.errors import ArtefactError
from matinee.store import artefacts
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    artefacts.save(Path(sys.argv[1]), {"a": np.zeros(10), "b": np.zeros(100_000)}, {})
except ArtefactError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file size to set")
def test_a_failed_write_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, tmp_path], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith(f"cannot save under {tmp_path}")
    assert run.stdout.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["weights.npy", "manifest.json"])
def test_a_missing_file_is_named(saved: Path, name: str) -> None:
    (saved / name).unlink()
    with pytest.raises(ArtefactError, match=f"{name} is missing"):
        artefacts.load(saved)


@pytest.mark.parametrize("keep", [0, 5, 60, 130, 170])
@pytest.mark.parametrize("name", ["weights", "nothing", "ids"])
def test_a_file_cut_short_is_refused(saved: Path, name: str, keep: int) -> None:
    path = saved / f"{name}.npy"
    path.write_bytes(path.read_bytes()[:-1][:keep])
    with pytest.raises(ArtefactError, match=name) as refused:
        artefacts.load(saved)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"PK\x03\x04 a zip", b"\x80\x04\x95 a pickle", b"text" * 99])
def test_a_file_of_another_kind_is_refused(saved: Path, content: bytes) -> None:
    (saved / "weights.npy").write_bytes(content)
    with pytest.raises(ArtefactError, match=r"weights\.npy"):
        artefacts.load(saved)


@pytest.mark.parametrize("name", ["weights", "nothing"])
def test_a_pickle_inside_an_array_file_is_never_opened(
    saved: Path, tmp_path: Path, name: str
) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "was-run",))

    np.save(saved / f"{name}.npy", np.array([Evil()], dtype=object), allow_pickle=True)
    with pytest.raises(ArtefactError, match=name):
        artefacts.load(saved)
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize("other", [np.zeros((4, 3), dtype=np.float32), np.zeros((3, 4))])
def test_another_shape_or_type_is_always_noticed(saved: Path, other: NDArray[Any]) -> None:
    np.save(saved / "weights.npy", other)
    with pytest.raises(ArtefactError, match="manifest says"):
        artefacts.load(saved)


def test_changed_values_are_noticed_when_every_byte_is_checked(saved: Path) -> None:
    np.save(saved / "weights.npy", np.ones((3, 4), dtype=np.float32))
    artefacts.load(saved)
    with pytest.raises(ArtefactError, match=r"weights\.npy was changed"):
        artefacts.load(saved, verify=True)


def test_a_changed_manifest_is_noticed(saved: Path) -> None:
    path = saved / artefacts.MANIFEST
    path.write_text(path.read_text().replace("300.0", "301.0"))
    with pytest.raises(ArtefactError, match=r"manifest\.json was changed"):
        artefacts.load(saved)


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "{}",
        '{"arrays": 3}',
        '{"arrays": {"weights": {}}}',
        '{"arrays": {"weights": 3}}',
        json.dumps({"arrays": {"../../etc/x": {"dtype": "<f4", "shape": [1], "sha256": ""}}}),
    ],
)
def test_a_manifest_of_another_kind_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / artefacts.MANIFEST).write_text(manifest)
    with pytest.raises(ArtefactError, match="not a manifest of matinee"):
        artefacts.load(tmp_path)
