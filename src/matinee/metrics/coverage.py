"""How much of the catalogue is recommended: one value for all lists."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import times_listed

__all__ = ["METRICS", "catalogue_coverage", "entropy", "gini"]

Items = NDArray[np.integer]


def catalogue_coverage(items: Items, n_items: int) -> float:
    """Share of the films that are in at least one list.

    RecTools' CatalogCoverage returns the number of films unless `normalize=True`; RecBole's
    ItemCoverage and Microsoft's `catalog_coverage` return the share, the latter of the films in
    training.

    Example:
        Lists of the films 0, 1 and 1, 2 out of 12: 3 / 12.

        >>> catalogue_coverage(np.array([[0, 1], [1, 2]]), 12)
        0.25
    """
    reached = np.zeros(n_items, dtype=np.bool_)
    reached[items[items >= 0]] = True
    return float(np.count_nonzero(reached) / n_items) if n_items else 0.0


def gini(items: Items, n_items: int) -> float:
    """Gini index of how often films are listed: 0 if all equally often, near 1 if only a few.

    Films in no list count with 0, as in RecBole and LensKit; without them the index compares the
    listed films only. With the counts c sorted ascending it is the sum of (2i - n_items - 1) c_i
    over n_items times the sum of c; others divide by n_items - 1. NaN if nothing is listed.

    Example:
        Film 0 listed twice, films 1 and 2 once, film 3 never: counts 0, 1, 1, 2 give
        (-3*0 - 1*1 + 1*1 + 3*2) / (4 * 4) = 0.375.

        >>> gini(np.array([[0, 1], [0, 2]]), 4)
        0.375
    """
    counts = np.sort(times_listed(items, n_items))
    total = int(counts.sum())
    if not total:
        return float("nan")
    weights = 2 * np.arange(1, n_items + 1) - n_items - 1
    return float(np.dot(weights, counts) / (n_items * total))


def entropy(items: Items, n_items: int, *, normalised: bool = False) -> float:
    """Shannon entropy, in bits, of the distribution of list entries over films.

    `normalised=True` divides by log2(n_items), the entropy of a uniform distribution. RecBole's
    ShannonEntropy is in nats and divides by the number of listed films. NaN if nothing is listed.

    Example:
        Film 0 listed twice, films 1 and 2 once: 0.5 * 1 + 2 * 0.25 * 2 = 1.5 bits; the most that
        4 films can have is 2.

        >>> lists = np.array([[0, 1], [0, 2]])
        >>> entropy(lists, 4), entropy(lists, 4, normalised=True)
        (1.5, 0.75)
    """
    counts = times_listed(items, n_items)
    total = int(counts.sum())
    if not total or (normalised and n_items < 2):
        return float("nan")
    share = counts[counts > 0] / total
    bits = max(0.0, float(-np.dot(share, np.log2(share))))
    return bits / float(np.log2(n_items)) if normalised else bits


METRICS = (
    Metric(
        "coverage",
        catalogue_coverage,
        "list",
        higher_is_better=True,
        definition="films in at least one list of k / films in the catalogue",
        source="Herlocker et al. 2004; Ge et al. 2010",
        per_viewer=False,
    ),
    Metric(
        "gini",
        gini,
        "list",
        higher_is_better=False,
        definition="Gini index of the number of lists that hold each film, films in none included",
        source="Fleder and Hosanagar 2009",
        per_viewer=False,
    ),
    Metric(
        "entropy",
        entropy,
        "list",
        higher_is_better=True,
        definition="-sum over films of p log2 p, p the film's share of all entries of lists",
        source="Shannon 1948; Adomavicius and Kwon 2012",
        per_viewer=False,
        bounds=(0.0, float("inf")),
    ),
    Metric(
        "entropy-normalised",
        partial(entropy, normalised=True),
        "list",
        higher_is_better=True,
        definition="entropy / log2(films in the catalogue)",
        source="Shannon 1948; Adomavicius and Kwon 2012",
        per_viewer=False,
    ),
)
