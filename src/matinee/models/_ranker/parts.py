"""Parts of the ranker: models whose personal scores it weighs, fitted at one instant after another.

Ratings before one instant contain those before an earlier one, so a factorisation starts from the
factors of the earlier instant and needs half of the iterations.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.models import Config, Model, Weighting, model_class
from matinee.models._blend.parts import Part, silent_rows

__all__ = ["Answer", "fit_parts", "parts_of", "standardised"]

_PARTS = (
    Part("ease-sparse", (("l2", "600"),)),
    Part("ials"),
)
_MORE_ITERATIONS = 8
"""Iterations from the factors of an earlier instant."""

Answer = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Scores over their spread, `float32[n, n_items]`, and the spread, `float32[n]`."""


@cache
def parts_of(config: Weighting) -> tuple[Part, ...]:
    """The parts with the options of the ranker that they know; found once, for fast answers."""
    own = config.model_dump(exclude={"weight_l2"}, exclude_none=True)
    parts = []
    for part in _PARTS:
        known = model_class(part.name).Config.model_fields
        options = [(name, str(value)) for name, value in own.items() if name in known]
        parts.append(Part(part.name, (*part.options, *options)))
    return tuple(parts)


def fit_parts(
    parts: Sequence[Part],
    past: Interactions,
    catalog: Catalog,
    rng: np.random.Generator,
    earlier: Sequence[Model],
) -> list[Model]:
    """Fitted parts; `earlier` are those of an earlier instant, or none.

    For dislikes the ranker adds its own average viewer, and once is enough.
    """
    streams, models = rng.spawn(len(parts)), []
    for place, (part, stream) in enumerate(zip(parts, streams, strict=True)):
        model = part.model()
        model.adds_average = False
        if earlier and "iterations" in type(model.config).model_fields:
            model.config = model.config.model_copy(update={"iterations": _MORE_ITERATIONS})
            model.earlier = earlier[place].arrays
        models.append(model.fit(past, catalog, rng=stream))
        model.earlier = {}  # else every instant would keep all instants before
    return models


def standardised(model: Model, histories: Histories, rated: NDArray[np.float32]) -> Answer:
    """Scores of one part over their spread over the rated films.

    A history that tells the part nothing is scored 0, not by its prior. Of a single history the
    scores are kept as long as it is, since contributions need their spread.

    Args:
        model: the part.
        histories: of `n` users.
        rated: `float32[n_items]`, 1 for films with ratings and 0 for others.
    """
    prior, config = model.arrays["prior"], model.config
    memory = _ANSWERS.get(histories, {})
    known = memory.get(model.name)
    if known and known[0] is prior and known[1] is rated and config in known[2:3]:
        return known[3]
    scores = model.scores(histories)
    silent = silent_rows(scores, prior)
    if silent.any():
        scores[silent] = 0
    spread = _spread(scores, rated)
    scores /= spread[:, None]
    if len(histories) == 1:
        scores.flags.writeable = False
        memory[model.name] = prior, rated, config, (scores, spread)
        _ANSWERS[histories] = memory
    return scores, spread


_Known = tuple[NDArray[np.float32], NDArray[np.float32], Config, Answer]
_ANSWERS: WeakKeyDictionary[Histories, dict[str, _Known]] = WeakKeyDictionary()
"""Latest answers to histories that still exist, by name of the part: its prior, the rated films,
its options, and the answer."""


def _spread(scores: NDArray[np.float32], rated: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation of each row over the rated films, `float32[n]`; never 0."""
    n_rated = max(float(rated.sum()), 1.0)
    means = scores @ rated / np.float32(n_rated)
    deviations = scores - means[:, None]
    np.square(deviations, out=deviations)
    variances = deviations @ rated / np.float32(n_rated)
    return np.sqrt(np.maximum(variances, np.float32(1e-24)))
