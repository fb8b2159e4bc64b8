"""How an option is searched, as text of the command line and as a Python value.

| search | text | Python |
|---|---|---|
| range | `factors=20..200` | `{"factors": (20, 200)}` |
| logarithmic range | `l2=0.01..1,log` | `{"l2": (0.01, 1, "log")}` |
| range of the model's `Config` | `factors=..` | `{"factors": ".."}` |
| choice | `epochs=5,10,20` | `{"epochs": [5, 10, 20]}` |
| none, one value | `epochs=20` | `{"epochs": 20}` |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import NoneType
from typing import Any, get_args

from matinee.errors import OptionError
from matinee.experiments.tuning.search_space import Choice, Range, default_search
from matinee.models import Model, create

__all__ = ["read_form"]

_DOTS = ".."


def read_form(model: str | type[Model], option: str, form: object) -> Range | Choice | None:
    """The range or choice of an option; `None` for one value, which fixes it.

    Raises:
        OptionError: no such option, an end or a value out of its bounds, or no such form; the
            message names the option and the form.
    """
    config = create(model).Config
    if option not in config.model_fields:
        create(model, {option: form})  # refuses it, and names similar options
    return _Form(model, config.model_fields[option].annotation, option, form).read()


class _Form:
    """The form of one option of a model."""

    def __init__(self, model: str | type[Model], kind: Any, option: str, form: object) -> None:
        self._model, self._kind, self._option, self._form = model, kind, option, form

    def read(self) -> Range | Choice | None:
        form = self._form
        if isinstance(form, tuple):
            return self._range(form)
        if not isinstance(form, str):
            return self._choice(form) if isinstance(form, Iterable) else None
        if form.strip() == _DOTS:
            return self._default()
        if not self._is_text and _DOTS in form:
            low, _, rest = form.partition(_DOTS)
            return self._range((low, *rest.split(",")))
        return self._choice(form.split(",")) if "," in form else None

    @property
    def _is_number(self) -> bool:
        return self._kinds <= {int, float}

    @property
    def _is_text(self) -> bool:
        """Whether values are free text, which can have dots of its own: a path."""
        return self._kinds == {str}

    @property
    def _kinds(self) -> set[Any]:
        """The types of the option, without `None`; a Literal has its values."""
        return set(get_args(self._kind) or [self._kind]) - {NoneType}

    def _default(self) -> Range | Choice:
        found = default_search(create(self._model).Config, self._option)
        if found is None:
            form = "=1..4" if self._is_number else "=A,B"
            raise self._refusal(
                f"the option has no range of its own; write one, as in {self._option}{form}"
            )
        return found

    def _range(self, parts: Sequence[object]) -> Range:
        low, high, *scale = parts if len(parts) > 1 else (None, None, None)
        named = [each.strip() if isinstance(each, str) else each for each in scale]
        if not self._is_number or named not in ([], ["log"]):
            way = "LOW..HIGH or LOW..HIGH,log" if self._is_number else "its values, as in A,B"
            raise self._refusal(f"this is not a range; write {way}")
        ends = self._value(low), self._value(high)
        if None in ends:
            raise self._refusal("a range goes from one number to another, and none is no number")
        bounds = Range(*ends, whole=self._kinds == {int}, log=bool(named))
        if bounds.low >= bounds.high:
            raise self._refusal("a range goes from a lower to a higher number")
        if bounds.log and bounds.low <= 0:
            raise self._refusal(
                "a logarithmic range starts above 0; raise its end or leave out log"
            )
        return bounds

    def _choice(self, values: Iterable[object]) -> Choice:
        if isinstance(values, Mapping):
            raise self._refusal("this is not a list of values; write one, as in [1, 2]")
        chosen = tuple(dict.fromkeys(map(self._value, values)))
        if not chosen:
            raise self._refusal("there is no value to choose; write at least one")
        return Choice(chosen)

    def _value(self, value: object) -> Any:
        """One value or end, checked by the model."""
        plain = value.strip() if isinstance(value, str) else value
        try:
            return getattr(create(self._model, {self._option: plain}).config, self._option)
        except OptionError as error:
            raise OptionError(f"{error} in {self._written}") from None

    @property
    def _written(self) -> str:
        return f"{self._option}={self._form}"

    def _refusal(self, reason: str) -> OptionError:
        return OptionError(f"{self._written}: {reason}")
