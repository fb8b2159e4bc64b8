"""Columns of text as plain arrays, which can be memory-mapped and need no pickle."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from matinee.data.spelling import normalise
from matinee.display import formats

__all__ = ["TextLists", "Texts"]


@dataclass(frozen=True, eq=False)
class Texts(Sequence[str]):
    """A column of `n` strings in UTF-8.

    Attributes:
        utf8: `uint8[m]`, all strings, one after the other.
        bounds: `int64[n + 1]`; string `i` is `utf8[bounds[i]:bounds[i + 1]]`.
    """

    utf8: NDArray[np.uint8]
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, strings: Iterable[str]) -> Texts:
        encoded = [each.encode("utf-8", "replace") for each in strings]
        return cls(
            np.frombuffer(b"".join(encoded), dtype=np.uint8),
            _bounds([len(each) for each in encoded]),
        )

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __repr__(self) -> str:
        return f"Texts of {formats.count(len(self), 'row')}: {formats.several(self)}"

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = _checked(index, len(self))
        return self.utf8[self.bounds[row] : self.bounds[row + 1]].tobytes().decode("utf-8")

    def __iter__(self) -> Iterator[str]:
        utf8, bounds = self.utf8.tobytes(), self.bounds.tolist()
        return (utf8[start:end].decode("utf-8") for start, end in itertools.pairwise(bounds))

    @cached_property
    def coded(self) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """A code for each string, `int32[n]`, and the distinct strings by code.

        Codes are in order of appearance. Built at the first look-up.
        """
        places: dict[str, int] = {}
        codes = (places.setdefault(each, len(places)) for each in self)
        return np.fromiter(codes, np.int32, len(self)), tuple(places)


@dataclass(frozen=True, eq=False)
class TextLists(Sequence[tuple[str, ...]]):
    """A column of `n` lists of strings, for instance the genres of every film.

    Attributes:
        texts: all strings of all lists, one after the other.
        bounds: `int64[n + 1]`; list `i` is `texts[bounds[i]:bounds[i + 1]]`.
    """

    texts: Texts
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, lists: Iterable[Sequence[str]]) -> TextLists:
        lists = list(lists)
        return cls(
            Texts.of(each for one in lists for each in one), _bounds([len(one) for one in lists])
        )

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __repr__(self) -> str:
        return f"TextLists of {formats.count(len(self), 'row')}: {formats.several(self)}"

    @overload
    def __getitem__(self, index: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[str, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, ...] | list[tuple[str, ...]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = _checked(index, len(self))
        return tuple(self.texts[int(self.bounds[row]) : int(self.bounds[row + 1])])

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        strings, bounds = list(self.texts), self.bounds.tolist()
        return (tuple(strings[start:end]) for start, end in itertools.pairwise(bounds))

    @cached_property
    def spellings(self) -> dict[str, tuple[int, ...]]:
        """Codes of the distinct strings (see `Texts.coded`) by their normalised spelling."""
        by_spelling: dict[str, tuple[int, ...]] = {}
        for code, name in enumerate(self.texts.coded[1]):
            key = normalise(name)
            by_spelling[key] = (*by_spelling.get(key, ()), code)
        return by_spelling

    def having(self, *names: str) -> NDArray[np.bool_]:
        """Which lists have one of the names, `bool[n]`. See `normalise` for what is equal."""
        has = np.zeros(len(self), dtype=np.bool_)
        codes = [code for name in names for code in self.spellings.get(normalise(name), ())]
        places = np.flatnonzero(np.isin(self.texts.coded[0], codes))
        has[np.searchsorted(self.bounds, places, side="right") - 1] = True
        return has


def _bounds(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def _checked(index: int, length: int) -> int:
    row = index + length if index < 0 else index
    if not 0 <= row < length:
        raise IndexError(f"row {index} of a column of {length}")
    return row
