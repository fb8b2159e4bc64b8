"""What a viewer tells of themselves, held against what the model has learned of viewers."""

from __future__ import annotations

from collections.abc import Sequence

from matinee.data import attribute_words
from matinee.errors import InputError, OptionError, UnknownNameError
from matinee.models import Model

__all__ = ["MOST_ATTRIBUTES", "about"]

MOST_ATTRIBUTES = 20


def about(model: Model, told: Sequence[str], known: Sequence[str] = ()) -> tuple[str, ...]:
    """The attributes of a query, "column=value" each; an age in years becomes its band.

    Args:
        model: fitted; only what it has learned can be told it.
        told: as a person writes it, "age=34", "gender=F".
        known: attributes of the viewer from elsewhere; what is told of a column replaces them.

    Raises:
        InputError: the model goes by ratings alone.
        OptionError: one that is no column and value, a column twice, or too many.
        UnknownNameError: a column or a value that no viewer had whom the model learned from.
    """
    if not told:
        return tuple(known)
    if len(told) > MOST_ATTRIBUTES:
        raise OptionError(f"at most {MOST_ATTRIBUTES} attributes can be told, not {len(told)}")
    learned = model.attributes
    if not learned:
        raise InputError(
            f"model {model.name!r} goes by ratings alone and learned nothing of viewers besides; "
            "use ials-content, fitted on data with demographics"
        )
    facts: dict[str, str] = {}
    for each in told:
        column, equals, value = (part.strip() for part in each.partition("="))
        if not (equals and column and value):
            raise OptionError(f"{each!r} is not of the form COLUMN=VALUE, for instance age=34")
        if column in facts:
            raise OptionError(f"{column} is told twice")
        facts[column] = value
    words = attribute_words(facts)
    columns = tuple(dict.fromkeys(name.partition("=")[0] for name in learned))
    for column, word in zip(facts, words, strict=True):
        if column not in columns:
            raise UnknownNameError("attribute", column, columns)
        if word not in learned:
            values = [name.partition("=")[2] for name in learned if name.startswith(f"{column}=")]
            raise UnknownNameError(column, facts[column], values)
    return (*(each for each in known if each.partition("=")[0] not in facts), *words)
