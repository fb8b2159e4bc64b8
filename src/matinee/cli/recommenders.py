"""Recommenders for commands: fitted now, fitted earlier, or read from a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matinee.cli.console import say
from matinee.data import Dataset
from matinee.errors import InputError
from matinee.models import Model, model_class
from matinee.pipeline import Recommender
from matinee.service import saved
from matinee.service.fitted import fitted
from matinee.settings import Settings

__all__ = ["Require", "able_model", "recommender_of", "require_of"]

Require = Callable[[type[Model]], None]
"""Refuses a class of models that lacks an ability, with an `InputError`."""


def recommender_of(dataset: Dataset, model: str, settings: Settings) -> Recommender:
    """A recommender by the name of its model or by its folder.

    Raises:
        UnknownNameError: no such model.
        InputError: no such folder, or a model of other films.
    """
    if _class_of(model) is None:
        return saved.open(model, dataset)
    return fitted(dataset, model, settings.fitted, say)


def able_model(
    model: str | None, settings: Settings, require: Require, what: str, substitute: str
) -> str:
    """The model of --model, else that of the settings if it has an ability, else a substitute.

    What the folder of a model can do is known when it is opened.

    Args:
        model: as --model names it; refused if it lacks the ability.
        settings: name a model or the folder of one.
        require: of the ability.
        what: the lack of the ability in words, "predicts no ratings".
        substitute: the name of a model that has it.

    Raises:
        UnknownNameError: no such model.
        InputError: the model of --model lacks the ability, or no model has it here.
    """
    named = settings.model if model is None else model
    kind = _class_of(named)
    if kind is None:
        return named
    try:
        require(kind)
    except InputError:
        if model is not None:
            raise
        require(model_class(substitute))
        say(f"{named} {what}; {substitute} answers (choose another with --model)")
        return substitute
    return named


def require_of(model: str, require: Require) -> None:
    """Refuses a model by name before a fit; the folder of one is refused when it is used.

    Raises:
        UnknownNameError: no such model.
        InputError: it lacks an ability, or no such folder.
    """
    kind = _class_of(model)
    if kind is not None:
        require(kind)


def _class_of(model: str) -> type[Model] | None:
    """The class of a model by its name; `None` for the folder of one.

    Raises:
        UnknownNameError: no such model.
        InputError: a path, and no such folder.
    """
    folder = Path(model)
    if (folder / "manifest.json").is_file():
        return None
    if folder.name != model:
        raise InputError(f"{model} is not a folder that `matinee train` saved")
    return model_class(model)
