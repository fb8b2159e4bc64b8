"""Similarities to compare: ours with what is known, one signal alone, and what others do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from benchmarks.similar_films.measurements import Scores
from numpy.typing import NDArray

from matinee.content.description import tfidf, words_of
from matinee.content.features import genre_matrix
from matinee.content.similarity import FilmSimilarity
from matinee.data import Catalog, Dataset
from matinee.data.texts import TextLists, Texts
from matinee.models import Model, create
from matinee.service.train import usual_options

__all__ = ["by_model", "cosine_of_audiences", "of_rows", "ours", "tfidf_of_everything", "without"]

_GENRE_WEIGHT = 2.0


def ours(
    dataset: Dataset, catalog: Catalog, sentences: NDArray[np.float32] | None = None
) -> Scores:
    """`FilmSimilarity` of ratings and a catalogue; films beyond the nearest ones score 0."""
    similarity = FilmSimilarity.fit(dataset.interactions.latest(), catalog, sentences)

    def scores(films: NDArray[np.int64]) -> NDArray[np.float32]:
        found = np.zeros((len(films), len(catalog)), dtype=np.float32)
        for place, film in enumerate(films.tolist()):
            rows, values = similarity.nearest(film)
            found[place, rows] = values - np.arange(len(rows), dtype=np.float32) * 1e-6
        return found

    return scores


def by_model(dataset: Dataset, name: str, *, genres: bool = False) -> Scores:
    """`similar` of a model, as it was listed before: times 1 + 2 Jaccard of the genres if asked."""
    ratings = dataset.interactions.latest()
    model: Model = create(name, usual_options(name, ratings))
    model.fit(ratings, dataset.catalog, rng=np.random.default_rng(0))
    matrix = genre_matrix(dataset.catalog.genres)

    def scores(films: NDArray[np.int64]) -> NDArray[np.float32]:
        similar = np.array(model.similar(films))
        if genres:
            for place, film in enumerate(films.tolist()):
                raised = 1 + _GENRE_WEIGHT * _overlap(matrix, film)
                similar[place] = np.where(
                    similar[place] > 0, similar[place] * raised, similar[place]
                )
        return similar

    return scores


def cosine_of_audiences(dataset: Dataset) -> Scores:
    """Plain cosine of who rated two films, as in implicit's `CosineRecommender`."""
    seen = sp.csr_array(dataset.interactions.latest().matrix.T, dtype=np.float32)
    seen.data[:] = 1
    return of_rows(seen)


def tfidf_of_everything(catalog: Catalog) -> Scores:
    """What tutorials do with TMDB 5000: TF-IDF of overview, genres, keywords and people."""
    columns = (catalog.overviews, catalog.genres, catalog.keywords, catalog.directors, catalog.cast)
    documents = [
        [*words_of(plot), *(each.lower() for names in lists for each in names)]
        for plot, *lists in zip(*columns, strict=True)
    ]
    return of_rows(tfidf(documents))


def of_rows(rows: sp.csr_array | NDArray[np.float32]) -> Scores:
    """Cosines of rows."""
    matrix = sp.csr_array(rows, dtype=np.float32)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    unit = sp.csr_array(matrix.multiply(scale[:, None]), dtype=np.float32)
    return lambda films: (unit[films] @ unit.T).toarray()


def without(catalog: Catalog, *fields: str) -> Catalog:
    """The catalogue without some facts."""
    n = len(catalog)
    empty = {
        name: Texts.of([""] * n) if name == "overviews" else TextLists.of([()] * n)
        for name in fields
    }
    return replace(catalog, **empty)


def _overlap(matrix: sp.csr_array, item: int) -> NDArray[np.float32]:
    """Jaccard index of one film's genres with all films', `float32[n_items]`; 0 without genres."""
    counts = np.diff(matrix.indptr)
    common = np.asarray((matrix @ matrix[[item]].T).todense()).ravel()
    either = counts + counts[item] - common
    overlap = np.zeros(matrix.shape[0], dtype=np.float32)
    np.divide(common, either, out=overlap, where=either > 0)
    return overlap
