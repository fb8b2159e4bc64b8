"""Critiquing: "like this film, but shorter" (Burke, Hammond and Young, "The FindMe Approach to
Assisted Browsing", IEEE Expert 1997).

A critique turns a fact of one film into a condition on the others. Films that meet it are ranked by
their similarity to that film, among its nearest ones (see `FilmSimilarity`). Films whose fact is
unknown are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from matinee.data import Constraints, Film, Query, Ranking
from matinee.display import formats
from matinee.errors import InputError, UnknownNameError
from matinee.pipeline.fitted_model import FittedModel
from matinee.pipeline.similar_films import rank_similar, similarities
from matinee.pipeline.tones import darker, lighter

__all__ = ["CRITIQUES", "NEEDS", "check_critiques", "critique", "opposite"]

CRITIQUES = {
    "shorter": "shorter",
    "longer": "longer",
    "newer": "newer",
    "older": "older",
    "lighter": "lighter",
    "darker": "darker",
    "better-known": "better known",
    "lesser-known": "lesser known",
    "kids": "for kids",
}
"""Name -> the words that complete "like this, but ..."."""

NEEDS = {
    "shorter": "runtime",
    "longer": "runtime",
    "newer": "year",
    "older": "year",
    "lighter": "genres",
    "darker": "genres",
}
"""Critique -> the field of `Film` it starts from."""

_PAIRS = {
    "shorter": "longer",
    "newer": "older",
    "lighter": "darker",
    "better-known": "lesser-known",
}
_OPPOSITES = _PAIRS | {second: first for first, second in _PAIRS.items()}
_CONDITIONS: dict[str, Callable[[FittedModel, int], NDArray[np.bool_]]] = {
    "shorter": lambda films, item: _below(films.catalog.runtimes, item),
    "longer": lambda films, item: _above(films.catalog.runtimes, item),
    "newer": lambda films, item: _above(films.catalog.years, item),
    "older": lambda films, item: _below(films.catalog.years, item),
    "lighter": lambda films, item: lighter(films.catalog, item),
    "darker": lambda films, item: darker(films.catalog, item),
    "better-known": lambda films, item: _above(films.model.score(Query()), item),
    "lesser-known": lambda films, item: _above(-films.model.score(Query()), item),
    "kids": lambda films, _: Constraints(kids=True).allowed(films.catalog),
}
"""Critique -> `bool[n_items]`, the films that meet it, from the row of the film it starts from."""


def critique(item: int, kind: str | Sequence[str], fitted: FittedModel, n: int = 10) -> Ranking:
    """The films most similar to one, among those shorter, newer, lighter ... than it.

    Args:
        item: row of the film.
        kind: one of `CRITIQUES`, or several, all of which must hold.
        fitted: whose films are compared. Its scores for an empty history tell how well known
            films are.
        n: how many films at most.

    Raises:
        UnknownNameError: no such critique.
        InputError: two critiques contradict each other, the film lacks a fact, or `n` is not
            positive.
    """
    words = [kind] if isinstance(kind, str) else kind
    if not (isinstance(words, Sequence) and all(isinstance(each, str) for each in words)):
        raise InputError(f'a critique is a word, as but="shorter", or a list of them, not {kind!r}')
    kinds = tuple(dict.fromkeys(words))
    source = fitted.catalog.film(item)
    check_critiques(kinds, source)
    scores = similarities(fitted, item)
    meets = scores > 0
    for each in kinds:
        meets &= _CONDITIONS[each](fitted, item)
    scores[~meets] = -np.inf
    return rank_similar(
        fitted,
        item,
        scores,
        n,
        lambda film: tuple(_difference(each, source, film) for each in kinds),
    )


def opposite(kind: str) -> str | None:
    """The critique that contradicts one, if any."""
    return _OPPOSITES.get(kind)


def check_critiques(kinds: Sequence[str], film: Film) -> None:
    """Refuses critiques that cannot be made of a film.

    Raises:
        UnknownNameError: no such critique.
        InputError: two contradict each other, or the film lacks a fact.
    """
    for each in kinds:
        if each not in CRITIQUES:
            raise UnknownNameError("critique", each, list(CRITIQUES))
        if opposite(each) in kinds:
            raise InputError(f"no film is both {each} and {opposite(each)}; choose one of them")
        if each in NEEDS and not getattr(film, NEEDS[each]):
            raise InputError(
                f"the {NEEDS[each].removesuffix('s')} of {film.label} is unknown, so no film can "
                f"be called {each}; choose another critique"
            )


def _above(values: NDArray[np.number], item: int) -> NDArray[np.bool_]:
    return values > values[item]


def _below(values: NDArray[np.number], item: int) -> NDArray[np.bool_]:
    """The smaller ones, without those that are unknown."""
    return (values > 0) & (values < values[item])


def _difference(kind: str, source: Film, film: Film) -> str:
    """How a film meets a critique: "22 minutes shorter", "3 years newer"."""
    if kind in {"shorter", "longer"}:
        minutes = abs((film.runtime or 0) - (source.runtime or 0))
        return f"{formats.count(minutes, 'minute')} {kind}"
    if kind in {"newer", "older"}:
        years = abs((film.year or 0) - (source.year or 0))
        return f"{formats.count(years, 'year')} {kind}"
    return f"rated {film.certificate}" if kind == "kids" else CRITIQUES[kind]
