"""A comparison written down: which models with which options, on what, under which protocol."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pydantic
from pydantic_core import PydanticCustomError

from matinee.errors import DataError, closest
from matinee.experiments.measuring.contenders import Entry

__all__ = ["Recipe", "RecipeModel", "read_recipe"]

_MOST_BYTES = 2**20


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False
    )


class RecipeModel(_Strict):
    """One `[[model]]` of a recipe."""

    name: str
    """As `matinee models` lists it."""
    options: dict[str, Any] | None = None
    """Taken as they are; without the key options are chosen on validation."""

    @pydantic.field_validator("options")
    @classmethod
    def _plain(cls, options: dict[str, Any] | None) -> dict[str, Any] | None:
        for option, value in (options or {}).items():
            if not isinstance(value, bool | int | float | str):
                raise PydanticCustomError(
                    "option",
                    "{option} must be a number, a text, true or false",
                    {"option": option},
                )
        return options

    @property
    def entry(self) -> Entry:
        """As `evaluate` takes it."""
        return self.name if self.options is None else (self.name, self.options)


class Recipe(_Strict):
    """The arguments of `evaluate`; what is `None` the recipe leaves open."""

    data: str | None = None
    """Data set by name or path; a relative path is relative to the working directory."""
    protocol: str | None = None
    """As `matinee evaluate --help` lists them."""
    k: tuple[int, ...] | None = None
    """Lengths of the lists."""
    min_rating: float | None = None
    """Ratings below it are dropped before a ranking protocol splits."""
    candidates: int | None = None
    """Rank targets among so many films drawn at random instead of all."""
    seeds: tuple[int, ...] | None = None
    """Of splits and fits."""
    defaults: bool | None = None
    """Take default options, choose nothing."""
    model: tuple[RecipeModel, ...] = ()
    """What is compared."""

    @pydantic.field_validator("k", "seeds", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else (value,)

    @pydantic.field_validator("model", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The models as `evaluate` takes them."""
        return tuple(each.entry for each in self.model)


def read_recipe(path: Path) -> Recipe:
    """A recipe from a TOML file.

    Raises:
        DataError: no such file, no TOML, or a key or value that a recipe does not have; the
            message names the file and, where it can, the line.
    """
    text = _text(path)
    try:
        return Recipe.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path} is no TOML: {error}") from None
    except pydantic.ValidationError as error:
        raise DataError(_said(path, text, error.errors()[0])) from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DataError(f"{path} is larger than a recipe can be; name a TOML file of your own")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}; name a recipe in TOML") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text; a recipe is written in TOML") from None


def _said(path: Path, text: str, error: Any) -> str:
    keys = [each for each in error["loc"] if isinstance(each, str)]
    key = keys[0] if len(keys) == 1 else keys[min(1, len(keys) - 1)] if keys else ""
    where = f"{path}, line {line}" if (line := _line_of(text, key)) else str(path)
    if error["type"] == "missing":
        return f"{where}: {'.'.join(keys)} is missing"
    if error["type"] != "extra_forbidden":
        return f"{where}: {'.'.join(keys)}: {error['msg']}, not {error['input']!r}"
    known = list((RecipeModel if keys[0] == "model" else Recipe).model_fields)
    near = closest(key, known, n=1)
    return (
        f"{where}: unknown key {key!r}"
        + (f"; did you mean {near[0]!r}?" if near else "")
        + f"; known: {', '.join(known)}"
    )


def _line_of(text: str, key: str) -> int | None:
    """The first line that sets a key or opens its table; TOML's own reader does not tell it."""
    named = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=\].]""")
    return next((n for n, line in enumerate(text.splitlines(), 1) if named.match(line)), None)
