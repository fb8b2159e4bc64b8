"""Recommenders for commands: fitted now, fitted earlier, or read from a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matinee import plugins
from matinee.cli.console import say
from matinee.data import Dataset
from matinee.errors import InputError
from matinee.models import Model
from matinee.pipeline import Recommender
from matinee.service import saved
from matinee.service.fitted import fitted
from matinee.settings import Settings

__all__ = ["able_model", "recommender_of"]


def recommender_of(dataset: Dataset, model: str, settings: Settings) -> Recommender:
    """A recommender by the name of its model or by its folder.

    Raises:
        UnknownNameError: no such model.
        InputError: no such folder, or a model of other films.
    """
    folder = Path(model)
    if not (folder / "manifest.json").is_file():
        if folder.name != model:
            raise InputError(f"{model} is not a folder that `matinee train` saved")
        return fitted(dataset, model, settings.fitted, say)
    return saved.open(folder, dataset)


def able_model(
    model: str | None,
    settings: Settings,
    ability: Callable[[type[Model]], bool],
    what: str,
    substitute: str,
) -> str:
    """The model of --model, else that of the settings, if it has an ability, else a substitute.

    Args:
        model: as --model names it; it is used in any case.
        settings: name a model or the folder of one, which is used in any case.
        ability: what the model must be able to do.
        what: the ability in words, "predicts no ratings".
        substitute: the name of a model that has it.
    """
    if model is not None:
        return model
    named = settings.model
    if named not in plugins.names("models") or ability(plugins.get("models", named)):
        return named
    say(f"{named} {what}; {substitute} answers (choose another with --model)")
    return substitute
