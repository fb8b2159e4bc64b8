"""The protocol of new films: held out of training, described by the catalogue only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matinee.data.interactions import Interactions
from matinee.data.splits.split import Division, Mask, Promise, Split, split
from matinee.errors import InputError

__all__ = ["cold"]

_TEST_SHARE, _VALIDATION_SHARE = 0.2, 0.1


def cold(interactions: Interactions, seed: int) -> tuple[Division, ...]:
    """Held-out films (Schein et al. 2002): which of them will a viewer rate?

    A random fifth of the rated films is the test, and a tenth of the others the validation. All
    ratings of a held-out film leave the training. A viewer with such a rating is evaluated: their
    ratings of other films are the history (perhaps empty), those of held-out films the targets.
    Only held-out films are ranked. The model of the test is fitted again, with the validation
    films.

    Raises:
        InputError: too few films to hold some out.
    """
    rated = np.unique(interactions.items)
    drawn = np.random.default_rng(seed).permutation(rated)
    n_test = round(_TEST_SHARE * len(rated))
    n_validation = round(_VALIDATION_SHARE * (len(rated) - n_test))
    if not n_test or not n_validation:
        raise InputError(
            f"protocol 'cold' holds out films, and {len(rated):,} rated films are too few for "
            "that; use more data or another --protocol"
        )
    hidden = np.zeros(interactions.n_items, dtype=np.bool_)
    hidden[drawn[:n_test]] = True
    tried = np.zeros_like(hidden)
    tried[drawn[n_test : n_test + n_validation]] = True
    name = f"seed {seed}"
    test = _of_items(name, interactions, hidden, hidden)
    newcomers = np.count_nonzero(test.histories.lengths == 0)
    note = (
        f"{n_test:,} of {len(rated):,} rated films are held out, and they alone are ranked; "
        f"{newcomers:,} of {len(test.users):,} viewers have no rating of another film"
    )
    return (
        Division(
            validation=_of_items(name, interactions, tried, tried | hidden),
            test=replace(test, notes=(note,)),
        ),
    )


def _of_items(name: str, interactions: Interactions, ranked: Mask, held_out: Mask) -> Split:
    known = ~held_out[interactions.items]
    return split(
        name,
        interactions,
        interactions.select(known),
        history=known,
        target=ranked[interactions.items],
        seen=known,
        viewers=len(np.unique(interactions.users)),
        candidates=ranked,
        promises=(Promise.ITEMS_HELD_OUT,),
    )
