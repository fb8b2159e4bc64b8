"""Whether the exposure of providers matches their share of the catalogue."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics.gain import rank_gains

__all__ = ["METRICS", "exposure_disparity", "provider_exposure"]


def provider_exposure(
    items: NDArray[np.integer], item_providers: sp.csr_array
) -> NDArray[np.float64]:
    """Each provider's share of all exposure, `float64[n_providers]`.

    A film at rank r gets exposure 1 / log2(r + 1), split evenly over its providers. Films without
    a provider are left out. All NaN without any exposure.
    """
    present = items >= 0
    weight = np.broadcast_to(rank_gains(np.arange(1, items.shape[1] + 1)), items.shape)
    n_items = item_providers.shape[0]
    exposure = np.bincount(items[present], weight[present], minlength=n_items).astype(np.float64)
    return _shares(exposure, item_providers)


def exposure_disparity(items: NDArray[np.integer], item_providers: sp.csr_array) -> float:
    """Total variation distance between providers' shares of exposure and of the catalogue.

    Half the sum over providers of |share of exposure - share of the catalogue|: 0 if
    exposure is proportional to the catalogue, near 1 if a provider of next to nothing gets all.
    The difference of the two shares is the disparate exposure of Gómez et al.; exposure is that of
    Singh and Joachims, whose demographic parity compares two groups; this compares any number. In
    an evaluation, countries stand for providers.

    Returns:
        NaN if no listed film has a provider.

    Example:
        Three films by A, one by B; every list has B's film first and one of A's second:
        exposures 1 for B and 0.6309 for A, shares 0.6131 and 0.3869, of the catalogue 0.25 and
        0.75. So (0.3631 + 0.3631) / 2.

        >>> providers = sp.csr_array(np.array([[1.0, 0], [1, 0], [1, 0], [0, 1]]))
        >>> round(exposure_disparity(np.array([[3, 0], [3, 1]]), providers), 4)
        0.3631
    """
    offered = _shares(np.ones(item_providers.shape[0]), item_providers)
    exposed = provider_exposure(items, item_providers)
    return float(np.abs(exposed - offered).sum() / 2) if len(offered) else float("nan")


def _shares(amounts: NDArray[np.float64], item_providers: sp.csr_array) -> NDArray[np.float64]:
    split = amounts / np.maximum(np.diff(item_providers.indptr), 1)
    of_each: NDArray[np.float64] = item_providers.T @ split
    total = of_each.sum()
    return of_each / total if total > 0 else np.full(len(of_each), np.nan)


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
