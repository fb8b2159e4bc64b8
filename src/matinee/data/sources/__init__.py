"""Sources of data sets. One file beside this one is one source.

A source knows its terms, downloads its files and reads them. Download and reading are separate, so
that a folder unpacked by hand reads the same.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from matinee import plugins
from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.archives import unpack_all
from matinee.data.fetching.cache import Cache
from matinee.data.interactions import Interactions
from matinee.data.tables.folder import tables_in
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError, FailureError, FetchError, UnknownNameError, UnreachableError

__all__ = ["Source", "load"]

_LARGEST_UNPACKED = 8 << 30
_DEEPEST = 5
"""Folders in folders that are looked into."""


class Source(ABC):
    """One data set, or a family with one layout.

    Attributes:
        about: its content in one line.
        licence: its terms in one sentence of ours; the text beside the data is binding.
        homepage: where its owners describe it.
        citation: for publications; "" for none.
        overviews_from: author and licence of its overviews, as a page must name them; "" if it has
            none, or its own name says it.
        size: bytes of the download.
        layouts: sets of file names; a folder with all files of one set can be read.
        numbering: see `Dataset.numbering`.
        first_film: title of its film "1"; other data in the same layout have another numbering.
    """

    about: ClassVar[str]
    licence: ClassVar[str]
    homepage: ClassVar[str]
    citation: ClassVar[str] = ""
    overviews_from: ClassVar[str] = ""
    size: ClassVar[int]
    layouts: ClassVar[tuple[frozenset[str], ...]]
    numbering: ClassVar[str] = ""
    first_film: ClassVar[str] = ""

    @property
    def name(self) -> str:
        """The name it is registered by, from its file name."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    @abstractmethod
    def download(self, cache: Cache, folder: Path) -> None:
        """Fill an empty folder with the files of one layout.

        Raises:
            UnreachableError: they cannot be downloaded from here; names the attempts.
            FetchError: a file is not the expected one.
        """

    @abstractmethod
    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        """The data set in a folder, without any download or writing.

        Repairs and malformed lines are recorded in `cleaning`.

        Raises:
            DataError: a file is missing, or more lines are malformed than `cleaning` allows; names
                file, line and reason.
        """

    def recognises(self, folder: Path) -> bool:
        """Whether a folder has the files of this source, by their names."""
        return any(all((folder / name).is_file() for name in names) for names in self.layouts)

    def fetch(self, cache: Cache) -> Path:
        """The folder with the data: in the cache, else in the mirror, else downloaded now.

        Shows the licence before a download.

        Raises:
            FetchError: it is not on this machine and cannot be downloaded.
        """
        cached = cache.folder(self.name)
        if self.recognises(cached):
            return cached
        if cached.exists():
            raise FetchError(f"{cached} lacks files of {self.name}; remove it and fetch again")
        if cache.mirror and self.recognises(cache.mirror / self.name):
            return cache.mirror / self.name
        cache.say(f"{self.name}: {self.licence}")
        try:
            with cache.arriving(self.name) as folder:
                self.download(cache, folder)
        except UnreachableError as error:
            raise UnreachableError(
                f"{self.name} could not be fetched: {error}; give the folder or zip of a copy by "
                f"its path, or set MATINEE_MIRROR to a folder that holds {self.name}/"
            ) from None
        return cached

    def load(self, cache: Cache, cleaning: Cleaning | None = None) -> Dataset:
        """Fetch, read and complete the data set."""
        return self.completed(self.fetch(cache), cache, cleaning or Cleaning())

    def completed(self, folder: Path, cache: Cache, cleaning: Cleaning) -> Dataset:
        """The data set in a folder, completed and with its findings."""
        dataset = self.complete(self.read(folder, cleaning), cache)
        ids, titles = dataset.catalog.item_ids, dataset.catalog.titles
        known = "1" in ids and titles[ids.row("1")] == self.first_film
        return replace(
            dataset, findings=cleaning.findings, numbering=self.numbering if known else ""
        )

    def dataset_of_films(self, films: Iterable[Film], notes: Iterable[str] = ()) -> Dataset:
        """A data set without ratings."""
        catalog = Catalog.of(films)
        none = Interactions.empty(catalog.item_ids)
        return Dataset(self.name, none, catalog, self.licence, notes=tuple(notes))

    def complete(self, dataset: Dataset, cache: Cache) -> Dataset:
        """The data set with facts from other sources, if this one uses any."""
        return dataset


def load(name_or_path: str, cache: Cache, cleaning: Cleaning | None = None) -> Dataset:
    """A data set by name or by path.

    A path leads to a folder or zip of a known layout, to a table of ratings (see `read_ratings`),
    or to a folder or zip with such a table, and perhaps one of films. Names come first: write
    "./ml-100k" for a folder with the name of a source.

    Raises:
        UnknownNameError: neither a known name nor an existing path.
        DataError: the path has nothing that can be read.
        FetchError: the data set is not on this machine and cannot be downloaded.
    """
    known = plugins.names("sources")
    cleaning = cleaning or Cleaning()
    if name_or_path in known:
        return _source(name_or_path).load(cache, cleaning)
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        dataset = _read(path, path, cache, cleaning)
    elif path.is_file() and (path.suffix == ".zip" or zipfile.is_zipfile(path)):
        dataset = _read_zip(path, cache, cleaning)
    elif path.is_file():
        dataset = read_ratings(path, cleaning=cleaning)
    elif path.suffix or "/" in name_or_path or os.sep in name_or_path:
        raise DataError(f"there is no file or folder {path}")
    else:
        raise UnknownNameError(
            "data set", name_or_path, known, hint="or give the path of a folder or zip"
        )
    return replace(dataset, name=str(path))


def _read_zip(path: Path, cache: Cache, cleaning: Cleaning) -> Dataset:
    try:
        with tempfile.TemporaryDirectory(prefix="matinee-") as temporary:
            unpack_all(path, Path(temporary), max_bytes=_LARGEST_UNPACKED)

            # Messages name the zip instead of the folder it is unpacked in.
            def by_zip(text: str) -> str:
                return text.replace(temporary, str(path))

            try:
                dataset = _read(Path(temporary), path, cache, cleaning)
            except DataError as error:
                raise DataError(by_zip(str(error))) from None
            findings = (
                replace(each, examples=tuple(map(by_zip, each.examples)))
                for each in dataset.findings
            )
            return replace(
                dataset, findings=tuple(findings), notes=tuple(map(by_zip, dataset.notes))
            )
    except OSError as error:
        raise FailureError(
            f"{path} cannot be unpacked ({error.strerror or error}); "
            "unpack it yourself and name the folder"
        ) from None


def _read(folder: Path, path: Path, cache: Cache, cleaning: Cleaning) -> Dataset:
    """The data set in a folder or its only subfolder, by the source that knows the layout.

    A folder that no source knows can hold a table of ratings, and beside it one of films.
    """
    for place in _nested(folder):
        for name in plugins.names("sources"):
            source = _source(name)
            if source.recognises(place):
                dataset = source.completed(place, cache, cleaning)
                return replace(dataset, notes=(f"read as {name}: {source.about}", *dataset.notes))
        tables = tables_in(place)
        if tables.ratings is not None:
            dataset = read_ratings(tables.ratings, films=tables.films, cleaning=cleaning)
            return replace(dataset, notes=(*tables.notes, *dataset.notes))
    raise DataError(
        f"{path} holds no data set of a known layout and no table of ratings; "
        "name the file of ratings itself (`matinee datasets` lists the layouts)"
    )


def _nested(folder: Path) -> Iterator[Path]:
    """The folder, its only subfolder, the only one in that, and so on."""
    yield folder
    for _ in range(_DEEPEST):
        inside = [each for each in folder.iterdir() if each.is_dir()]
        inside = [each for each in inside if not each.name.startswith((".", "__"))]
        if len(inside) != 1:
            return
        folder = inside[0]
        yield folder


def _source(name: str) -> Source:
    return plugins.get("sources", name)()
