"""Whether providers get the attention that their part of the catalogue would give them."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.metrics import Metric

__all__ = ["METRICS", "exposure_disparity", "provider_exposure"]


def provider_exposure(
    items: NDArray[np.integer], item_providers: sp.csr_array
) -> NDArray[np.float64]:
    """Each provider's share of all exposure, `float64[n_providers]`.

    A film at rank r of a list is exposed by 1 / log2(r + 1), split evenly over its providers.
    Films without a provider are left out. All NaN where nothing is exposed.

    Args:
        items: `int[n, k]`, rows of the recommended films; -1 where a list is shorter than k.
        item_providers: sparse `[n_items, n_providers]`, 1 where a film is by a provider.
    """
    there = items >= 0
    weight = np.broadcast_to(1 / np.log2(np.arange(2, items.shape[1] + 2)), items.shape)
    n_items = item_providers.shape[0]
    of_items = np.bincount(items[there], weight[there], minlength=n_items).astype(np.float64)
    return _shares(of_items, item_providers)


def exposure_disparity(items: NDArray[np.integer], item_providers: sp.csr_array) -> float:
    """Total variation distance between providers' shares of exposure and of the catalogue.

    Half the sum over providers of |share of exposure - share of the catalogue|: 0 where attention
    is in proportion to what each has to offer, near 1 where a provider with next to nothing gets
    all. The difference of the two shares is the disparate exposure of Gómez et al.; exposure is
    Singh and Joachims'. Their demographic parity compares two groups, this any number. Countries
    stand for providers in an evaluation.

    Args:
        items: `int[n, k]`, rows of the recommended films; -1 where a list is shorter than k.
        item_providers: sparse `[n_items, n_providers]`, 1 where a film is by a provider.

    Returns:
        NaN where no film that is listed has a provider.

    Example:
        Three films by A, one by B; everybody is shown B's film first and one of A's second:
        exposures 1 for B and 0.6309 for A, shares 0.6131 and 0.3869, of the catalogue 0.25 and
        0.75. So (0.3631 + 0.3631) / 2.

        >>> providers = sp.csr_array(np.array([[1.0, 0], [1, 0], [1, 0], [0, 1]]))
        >>> round(exposure_disparity(np.array([[3, 0], [3, 1]]), providers), 4)
        0.3631
    """
    offered = _shares(np.ones(item_providers.shape[0]), item_providers)
    exposed = provider_exposure(items, item_providers)
    return float(np.abs(exposed - offered).sum() / 2) if len(offered) else float("nan")


def _shares(of_items: NDArray[np.float64], item_providers: sp.csr_array) -> NDArray[np.float64]:
    split = of_items / np.maximum(np.diff(item_providers.indptr), 1)
    amounts: NDArray[np.float64] = item_providers.T @ split
    total = amounts.sum()
    return amounts / total if total > 0 else np.full(len(amounts), np.nan)


METRICS = (
    Metric(
        "exposure-disparity",
        exposure_disparity,
        "list",
        higher_is_better=False,
        definition="half the sum over providers of |share of exposure - share of the catalogue|",
        source="Singh and Joachims 2018; Gómez, Boratto and Salamó 2022",
        per_viewer=False,
    ),
)
