"""Default options of served models."""

from __future__ import annotations

from matinee import plugins
from matinee.models import Model

__all__ = ["default_options", "liked_from"]


def default_options(model: str, scale: tuple[float, float]) -> dict[str, object]:
    """Options for answering viewers: a low rating must not recommend more of the same.

    Evaluation leaves `min_rating` at 0, since its protocols decide which ratings count.

    Raises:
        UnknownNameError: no such model.
    """
    kind: type[Model] = plugins.get("models", model)
    return {"min_rating": liked_from(scale)} if "min_rating" in kind.Config.model_fields else {}


def liked_from(scale: tuple[float, float]) -> float:
    """The rating from which a film counts as liked: 3.5 on a scale of 1 to 5."""
    low, high = scale
    return low + 0.625 * (high - low)
