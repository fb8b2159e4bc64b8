"""Films of one series, by their titles."""

from __future__ import annotations

import re

from matinee.data import Film
from matinee.data.spelling import normalise

__all__ = ["bare_title", "same_series", "series_name"]

_BRACKETS = re.compile(r"\s*\([^()]*\)")
_SUBTITLE = re.compile(r":\s|\s[-\u2013\u2014]\s|,?\s[Pp]art\s")
_PART = re.compile(
    r"\s(?:(?:part|episode|chapter|vol|volume) )?"
    r"(?:[2-9]|10|3d|ii|iii|iv|v|vi|vii|viii|ix|two|three|four|five)(?: 1 2)?$"
)
"""The number of a part, at the end of a normalised title; "Naked Gun 2 1/2" has a fraction."""
_ARTICLE = re.compile(r"^(?:the|a|an) ")
_SUPERSCRIPTS = str.maketrans({"\u00b2": " 2", "\u00b3": " 3"})
_SHORTEST = 3
"""Letters of a name; "M" and "It" are no series."""
_YEARS = 6
"""Most years between a film of one word and the part of it that a number names."""


def series_name(title: str) -> str:
    """The name of the series a title may be part of: "star wars", "rocky", "harry potter".

    It is the title up to a colon, a dash, the number of a part, or "and the" behind two words, in
    normalised spelling without an article.
    """
    main = _SUBTITLE.split(_BRACKETS.sub("", title).translate(_SUPERSCRIPTS))[0]
    name, behind, _ = normalise(main).partition(" and the ")
    if behind and " " not in _ARTICLE.sub("", name):
        name = normalise(main)
    return _PART.sub("", _ARTICLE.sub("", name))


def bare_title(title: str) -> str:
    """A title in normalised spelling without brackets and article: of remakes it is the same."""
    bare = _BRACKETS.sub("", title).translate(_SUPERSCRIPTS)
    return _ARTICLE.sub("", normalise(bare))


def same_series(one: Film, other: Film) -> bool:
    """Whether two films are parts of one series, by their titles.

    Titles that differ in an article at most are those of remakes and namesakes. A name of one word
    is a coincidence too often ("Hamlet" and "Hamlet 2", "Henry" and "Henry V"): such films also
    have people in common. Where those of either are unknown, one title is the other's and the
    number of a part, and a few years are between them.
    """
    name, bare = series_name(one.title), {bare_title(one.title), bare_title(other.title)}
    if len(name) < _SHORTEST or name != series_name(other.title) or len(bare) == 1:
        return False
    if " " in name:
        return True
    people, others = ({*each.directors, *each.cast} for each in (one, other))
    if people and others:
        return not people.isdisjoint(others)
    numbered = name in bare and all(_PART.sub("", each) == name for each in bare)
    years = abs(one.year - other.year) if one.year and other.year else _YEARS + 1
    return numbered and years <= _YEARS
