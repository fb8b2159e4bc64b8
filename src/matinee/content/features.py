"""A catalogue as one sparse matrix of named columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.multi_hot import multi_hot
from matinee.data import Catalog, Texts
from matinee.data.certificates import AGE_CLASSES, age_classes
from matinee.errors import InputError, OptionError, UnknownNameError

__all__ = ["FIELDS", "MIN_COUNTS", "Features", "encode"]

MIN_COUNTS: Mapping[str, int] = MappingProxyType(
    {"people": 2, "directors": 2, "cast": 2, "keywords": 2}
)
"""In how many films a name must stand to get a column, unless the caller says otherwise: who is in
one film alone says nothing about another. Fields that are not named here keep every name."""

_RUNTIME_BINS = ("under 80 min", "80-99 min", "100-119 min", "120-149 min", "150 min and over")
_RUNTIME_STARTS = np.array([80, 100, 120, 150])

FIELDS = (
    "genres",
    "people",
    "directors",
    "cast",
    "keywords",
    "languages",
    "countries",
    "decade",
    "runtime",
    "runtime_bins",
    "certificate",
)
"""Everything `encode` can encode; `people` is directors and cast together."""

_USUAL_FIELDS = (
    "genres",
    "people",
    "keywords",
    "languages",
    "countries",
    "decade",
    "runtime",
    "certificate",
)

_Block = tuple[sp.csr_array, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Features:
    """Films by features, field beside field.

    Attributes:
        matrix: `float32[n_items, n_features]`, rows as in the catalogue.
        names: of the columns; a name stands once in its field ("Drama", "1990s").
        fields: the encoded fields, in the order asked for.
        bounds: `int64[n_fields + 1]`; field `i` has the columns `bounds[i]:bounds[i + 1]`.
    """

    matrix: sp.csr_array
    names: Texts
    fields: tuple[str, ...]
    bounds: NDArray[np.int64]

    def columns(self, field: str) -> slice:
        """The columns of a field.

        Raises:
            UnknownNameError: the field was not encoded.
        """
        if field not in self.fields:
            raise UnknownNameError("field", field, self.fields)
        position = self.fields.index(field)
        return slice(int(self.bounds[position]), int(self.bounds[position + 1]))

    def block(self, field: str) -> sp.csr_array:
        """One field's columns, `float32[n_items, n_names]`; raises as `columns` does."""
        return self.matrix[:, self.columns(field)]

    def block_names(self, field: str) -> list[str]:
        """The names of one field's columns; raises as `columns` does."""
        return self.names[self.columns(field)]


def encode(
    catalog: Catalog,
    fields: Sequence[str] = _USUAL_FIELDS,
    min_counts: Mapping[str, int] = MIN_COUNTS,
) -> Features:
    """The catalogue's facts as features.

    Names (genres, people, keywords, languages, countries) and the decade are ones and zeros. The
    certificate is too, but cumulative, so that its order is kept: a film from 12 has the columns
    0+, 6+ and 12+, and one without a known certificate has none. `runtime` is two columns, the
    minutes standardised over the films of known length (0 where unknown) and a one where it is
    unknown; `runtime_bins` is one of five lengths. Columns do not depend on the order of the films.

    Args:
        catalog: of `n_items` films.
        fields: some of `FIELDS`, in the order wanted.
        min_counts: field -> in how many films a name must stand to get a column.

    Raises:
        UnknownNameError: a field that is none of `FIELDS`.
        InputError: a field is asked for twice.
        OptionError: a count below 1.
    """
    for field in (*fields, *min_counts):
        if field not in FIELDS:
            raise UnknownNameError("field", field, FIELDS)
    if len(set(fields)) < len(fields):
        raise InputError(f"a field is named twice in {', '.join(fields)}; name each once")
    for field, count in min_counts.items():
        if count < 1:
            raise OptionError(f"min_counts of {field} must be at least 1, not {count}")
    blocks = [_encoded(catalog, field, min_counts.get(field, 1)) for field in fields]
    empty = sp.csr_array((len(catalog), 0), dtype=np.float32)
    matrix = sp.hstack([empty, *(block for block, _ in blocks)], format="csr", dtype=np.float32)
    widths = [len(names) for _, names in blocks]
    return Features(
        matrix=sp.csr_array(matrix),
        names=Texts.of(name for _, names in blocks for name in names),
        fields=tuple(fields),
        bounds=np.concatenate([[0], np.cumsum(widths, dtype=np.int64)]).astype(np.int64),
    )


def _encoded(catalog: Catalog, field: str, min_count: int) -> _Block:
    match field:
        case "people":
            both = zip(catalog.directors, catalog.cast, strict=True)
            return multi_hot(((*directors, *cast) for directors, cast in both), min_count)
        case "decade":
            decades = [f"{year // 10 * 10}s" if year else "" for year in catalog.years.tolist()]
            return multi_hot(([each] if each else [] for each in decades), min_count)
        case "runtime":
            return _runtime(catalog.runtimes)
        case "runtime_bins":
            return _runtime_bins(catalog.runtimes)
        case "certificate":
            return _certificate(catalog)
        case _:
            return multi_hot(getattr(catalog, field), min_count)


def _runtime(minutes: NDArray[np.int16]) -> _Block:
    known = minutes > 0
    columns = np.zeros((len(minutes), 2), dtype=np.float32)
    if known.any():
        lengths = minutes[known].astype(np.float64)
        spread = lengths.std() or 1.0  # films all of one length have no long ones
        columns[known, 0] = (lengths - lengths.mean()) / spread
    columns[~known, 1] = 1
    return sp.csr_array(columns), ("runtime, standardised", "runtime unknown")


def _runtime_bins(minutes: NDArray[np.int16]) -> _Block:
    bins = np.searchsorted(_RUNTIME_STARTS, minutes, side="right")
    columns = (bins[:, None] == np.arange(len(_RUNTIME_BINS))) & (minutes > 0)[:, None]
    return sp.csr_array(columns.astype(np.float32)), _RUNTIME_BINS


def _certificate(catalog: Catalog) -> _Block:
    classes = age_classes(catalog.certificates)
    columns = classes[:, None] >= np.arange(len(AGE_CLASSES))
    return sp.csr_array(columns.astype(np.float32)), AGE_CLASSES
