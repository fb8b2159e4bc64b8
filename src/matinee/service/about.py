"""Attributes a viewer states about themselves, checked against those a model has learned."""

from __future__ import annotations

from collections.abc import Sequence

from matinee.data import attribute_words
from matinee.errors import InputError, OptionError, UnknownNameError
from matinee.models import Model

__all__ = ["MOST_ATTRIBUTES", "about"]

MOST_ATTRIBUTES = 20


def about(model: Model, stated: Sequence[str], known: Sequence[str] = ()) -> tuple[str, ...]:
    """The attributes of a query, "column=value" each; an age in years becomes its band.

    Args:
        model: fitted.
        stated: as a person writes them, "age=34", "gender=F".
        known: attributes of the viewer in the data; a stated one replaces that of its column.

    Raises:
        InputError: the model learns from ratings alone.
        OptionError: not a column and value, a column twice, or too many.
        UnknownNameError: a column or value no viewer of the training data had.
    """
    if not stated:
        return tuple(known)
    if len(stated) > MOST_ATTRIBUTES:
        raise OptionError(f"at most {MOST_ATTRIBUTES} attributes can be used, not {len(stated)}")
    learned = model.attributes
    if not learned:
        raise InputError(
            f"model {model.name!r} learns from ratings alone and has no use for attributes; "
            "use ials-content, fitted on data with demographics"
        )
    facts = _facts(stated)
    words = attribute_words(facts)
    columns = tuple(dict.fromkeys(name.partition("=")[0] for name in learned))
    for column, word in zip(facts, words, strict=True):
        if column not in columns:
            raise UnknownNameError("attribute", column, columns)
        if word not in learned:
            values = [name.partition("=")[2] for name in learned if name.startswith(f"{column}=")]
            raise UnknownNameError(column, facts[column], values)
    return (*(each for each in known if each.partition("=")[0] not in facts), *words)


def _facts(stated: Sequence[str]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for each in stated:
        column, equals, value = (part.strip() for part in each.partition("="))
        if not (equals and column and value):
            raise OptionError(f"{each!r} is not of the form COLUMN=VALUE, for instance age=34")
        if column in facts:
            raise OptionError(f"attribute {column} appears twice; give it once")
        facts[column] = value
    return facts
