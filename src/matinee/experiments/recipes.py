"""The description of a comparison: models, data, protocol, seeds and lengths of lists.

The flags of `matinee evaluate` make a `Recipe`, a TOML file can hold one, `evaluate` takes one, a
receipt stores one, and `verify` replays it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from matinee.data import Dataset
from matinee.data.splits.by_order import TIES, Ties
from matinee.data.splits.by_time import MOST_CUTS
from matinee.data.splits.replay import RHYTHMS, Rhythm
from matinee.data.splits.split import Mask
from matinee.data.tables.film_list import read_film_list
from matinee.errors import DataError, InputError, OptionError, closest
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.candidate_models import (
    CandidateModel,
    ModelLike,
    candidate_model,
)
from matinee.experiments.measuring.cut import Cut
from matinee.experiments.measuring.ranking import LONGEST_LIST

__all__ = ["Recipe", "read_recipe", "usual_protocol"]

_MOST_BYTES = 2**20
_MOST_FOLDS = 100
_MODEL_KEYS = ("name", "options")


@dataclass(frozen=True)
class Recipe:
    """One comparison.

    Attributes:
        models: names, names with options, classes, or unfitted models. Options are chosen on
            validation for a name or a class alone. Sequences are stored as tuples.
        data: name or path of a data set, for `matinee evaluate`; `None` is the configured one.
        test: name or path of a data set whose ratings are the test, likewise; `data` is then the
            training.
        protocol: one of `protocols.PROTOCOLS`; empty for the usual one.
        k: lengths of the lists, up to `LONGEST_LIST`; one number stands for a tuple of one.
        min_rating: ratings below it are dropped before a ranking protocol splits.
        relevant_from: ratings below it are no targets of a ranking; training and histories keep
            them. Models that learn from likes learn from this rating on, unless their own
            `min_rating` is set or chosen.
        min_per_viewer, min_per_film: the fewest ratings of a viewer and of a film; others are
            dropped repeatedly before the split, until all have enough (see
            `matinee.data.splits.core`).
        among: path of a file of films (see `read_film_list`), the only ones that are ranked. It
            and `until` are stored as text.
        candidates: number of random films that targets are ranked among; `None` ranks all films.
            The result is unreliable, and every label says so (see `measuring.sampling`).
        folds: number of folds that protocol `ratings` draws, each the test once; `None` holds out
            one test of 20%.
        share: share of the training under `random`, `ratings`, `strong` (of the viewers) and
            `time`; `None` is 0.8.
        until: first day (ISO) of the test under protocol `time`.
        cuts: number of points in time under protocol `time`, each with a test of its own; `None` is
            one point.
        last: interactions of each viewer that are the test of protocol `last`: a number, or a share
            below 0.5; `None` is 1.
        ties: rule of protocol `last` for interactions of a viewer at one instant, "shuffle", "file"
            or "set" (see `matinee.data.splits.by_order`); `None` is "shuffle".
        retrain: rhythm of protocol `prequential` in which models are fitted again, "never",
            "monthly", "weekly", "daily" or "window"; `None` is "window".
        seeds: seeds of splits and fits; each is a repetition of its own.
        defaults: whether to use default options instead of choosing them on validation.
        audit: whether to refit every model with permuted films (see `measuring.audit`).

    Raises:
        UnknownNameError: no such protocol.
        OptionError: a value of the wrong type or out of bounds, or one that does not apply to the
            protocol.
    """

    models: Sequence[ModelLike] = ()
    data: str | None = None
    test: str | None = None
    protocol: str = ""
    k: Sequence[int] = (10,)
    min_rating: float | None = None
    relevant_from: float | None = None
    min_per_viewer: int | None = None
    min_per_film: int | None = None
    among: str | Path | None = None
    candidates: int | None = None
    folds: int | None = None
    share: float | None = None
    until: str | date | None = None
    cuts: int | None = None
    last: float | None = None
    ties: Ties | None = None
    retrain: Rhythm | None = None
    seeds: Sequence[int] = (0,)
    defaults: bool = False
    audit: bool = False

    def __post_init__(self) -> None:
        for name in ("models", "k", "seeds"):
            value = getattr(self, name)
            object.__setattr__(self, name, tuple(value) if _is_listed(value) else (value,))
        for name, other in (("until", date), ("among", Path)):
            if isinstance(getattr(self, name), other):
                object.__setattr__(self, name, str(getattr(self, name)))
        for name, (fits, kind) in _KINDS.items():
            value = getattr(self, name)
            if not fits(value):
                written = value[0] if isinstance(value, tuple) and len(value) == 1 else value
                raise OptionError(f"{name} must be {kind}, not {written!r}")
        if not self.protocol:
            object.__setattr__(self, "protocol", usual_protocol(own_test=self.test is not None))
        protocols.get(self.protocol).require(vars(self))

    def with_settings(self, settings: Mapping[str, object], protocol: str | None = None) -> Recipe:
        """The same models and data under other settings, fields by name; see the errors above."""
        _require_known(settings, _SETTINGS, "setting")
        changes: dict[str, Any] = dict(settings)
        return replace(self, **changes, protocol=self.protocol if protocol is None else protocol)

    @property
    def predicts_ratings(self) -> bool:
        """Whether the protocol predicts ratings; otherwise films are ranked."""
        return protocols.get(self.protocol).predicts_ratings

    def cut(self, among: Mask | None = None, test: Mask | None = None) -> Cut:
        """How ratings are chosen and cut, with the rows of `among` and of `test`."""
        return Cut(
            min_per_viewer=self.min_per_viewer,
            min_per_film=self.min_per_film,
            relevant_from=self.relevant_from,
            among=among,
            folds=self.folds,
            share=self.share,
            until=None if self.until is None else str(self.until),
            cuts=self.cuts,
            last=self.last,
            ties=self.ties,
            retrain=self.retrain,
            test=test,
        )

    def films(self, dataset: Dataset) -> Mask | None:
        """`bool[n_items]`: the films of the file `among`; `None` if there is none.

        Raises:
            DataError: the file cannot be read, or names a film that is not in the data.
        """
        if self.among is None:
            return None
        films = np.zeros(dataset.interactions.n_items, dtype=np.bool_)
        films[read_film_list(Path(self.among).expanduser(), dataset.titles)] = True
        return films

    def candidate_models(self) -> list[CandidateModel]:
        """The models with the options to choose from.

        Raises:
            UnknownNameError, OptionError: no such model or option.
            InputError: no model, or one model twice.
        """
        models = [
            candidate_model(each, defaults=self.defaults, relevant_from=self.relevant_from)
            for each in self.models
        ]
        labels = [each.label for each in models]
        twice = [label for label in labels if labels.count(label) > 1]
        if twice:
            raise InputError(f"model {twice[0]!r} is named twice; remove one or change options")
        if not models:
            raise InputError("there is no model to evaluate; name at least one")
        return models


def usual_protocol(*, own_test: bool) -> str:
    """The protocol where nobody names one: "files" beside a test of one's own, else "random"."""
    return "files" if own_test else "random"


def _is_listed(value: object) -> bool:
    """Whether a value holds several: a name with options is one model."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return False
    return not (len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], Mapping))


def _is_text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


_SETTINGS = tuple(
    each.name
    for each in fields(Recipe)
    if each.name not in {"models", "data", "test", "protocol"}  # arguments of their own
)


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _are_whole(values: Sequence[object], least: int) -> bool:
    return bool(values) and all(_is_whole(each, least) for each in values)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_share(value: object, below: float) -> bool:
    return isinstance(value, float) and 0 < value < below


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(("data", "test"), (_is_text_or_none, "the name or path of a data set")),
    "among": (_is_text_or_none, "the path of a file of films"),
    "protocol": (lambda it: isinstance(it, str), "the name of a protocol"),
    "k": (
        lambda it: _are_whole(it, 1) and max(it) <= LONGEST_LIST,
        f"one or more list lengths from 1 to {LONGEST_LIST}",
    ),
    **dict.fromkeys(
        ("min_rating", "relevant_from"), (lambda it: it is None or _is_number(it), "a number")
    ),
    **dict.fromkeys(
        ("candidates", "min_per_viewer", "min_per_film"),
        (lambda it: it is None or _is_whole(it, 1), "a whole number of at least 1"),
    ),
    "share": (lambda it: it is None or _is_share(it, 1), "a share between 0 and 1, as 0.8"),
    "until": (lambda it: it is None or _is_day(it), "a date, as '2000-12-31'"),
    "last": (
        lambda it: it is None or _is_whole(it, 1) or _is_share(it, 0.5),
        "a whole number of at least 1, or a share below 0.5",
    ),
    "cuts": (
        lambda it: it is None or (_is_whole(it, 2) and it <= MOST_CUTS),
        f"a whole number from 2 to {MOST_CUTS}",
    ),
    "ties": (lambda it: it is None or it in TIES, " or ".join(TIES)),
    "retrain": (lambda it: it is None or it in RHYTHMS, " or ".join(RHYTHMS)),
    "folds": (
        lambda it: it is None or (_is_whole(it, 2) and it <= _MOST_FOLDS),
        f"a whole number from 2 to {_MOST_FOLDS}",
    ),
    "seeds": (lambda it: _are_whole(it, 0), "one or more whole numbers of at least 0"),
    **dict.fromkeys(("defaults", "audit"), (lambda it: isinstance(it, bool), "true or false")),
}


def read_recipe(path: Path) -> Recipe:
    """A recipe from a TOML file: the fields of `Recipe`, and `[[model]]` tables.

    Raises:
        DataError: the file cannot be read, is not TOML, or has an unknown key or a wrong value;
            the message names the file and, where it can, the line.
    """
    text = _text(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path} is not valid TOML: {error}") from None
    try:
        return _recipe(document)
    except (OptionError, InputError) as error:
        line = _line_of(text, str(error))
        raise DataError(f"{path}{f', line {line}' if line else ''}: {error}") from None


def _recipe(document: dict[str, Any]) -> Recipe:
    known = ["model", *(field.name for field in fields(Recipe) if field.name != "models")]
    _require_known(document, known)
    tables = document.pop("model", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise OptionError("model must be [[model]] tables, each with a name")
    return Recipe(models=tuple(map(_entry, tables)), **document)


def _entry(table: dict[str, Any]) -> ModelLike:
    _require_known(table, _MODEL_KEYS)
    name, options = table.get("name"), table.get("options")
    if not isinstance(name, str):
        raise OptionError("model needs a name, for instance name = 'ease'")
    if options is None:
        return name
    for option, value in options.items() if isinstance(options, dict) else [("options", options)]:
        if not isinstance(value, bool | int | float | str):
            raise OptionError(f"options: {option} must be a number, text, true or false")
    return name, options


def _require_known(table: Mapping[str, object], known: Sequence[str], what: str = "key") -> None:
    for key in table:
        if key not in known:
            near = closest(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise OptionError(f"unknown {what} {key!r}{hint}; known: {', '.join(known)}")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DataError(f"{path} is larger than a recipe can be; name another TOML file")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}; name a recipe in TOML") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text; write recipes in TOML") from None


def _line_of(text: str, message: str) -> int | None:
    """The first line that sets the key a message is about; `tomllib` keeps no line numbers."""
    quoted = re.match(r"unknown key '([^']*)'", message)
    key = quoted[1] if quoted else re.split(r"[ :]", message, maxsplit=1)[0]
    named = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=\].]""")
    return next((n for n, line in enumerate(text.splitlines(), 1) if named.match(line)), None)
