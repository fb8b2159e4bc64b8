"""Default options of served models."""

from __future__ import annotations

from matinee import plugins
from matinee.models import LikesConfig, Model

__all__ = ["default_options"]


def default_options(model: str, scale: tuple[float, float]) -> dict[str, object]:
    """Options of a model that answers viewers: a low rating must not recommend more of the same.

    Evaluation leaves `min_rating` at 0: a ranking protocol decides which ratings count.

    Raises:
        UnknownNameError: no such model.
    """
    kind: type[Model] = plugins.get("models", model)
    return {"min_rating": _liked_from(scale)} if issubclass(kind.Config, LikesConfig) else {}


def _liked_from(scale: tuple[float, float]) -> float:
    """Lowest rating that counts as a like: 3.5 on a scale of 1 to 5."""
    low, high = scale
    return low + 0.625 * (high - low)
