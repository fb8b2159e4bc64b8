"""Conditions in plain English, one pattern each: "under 2 hours", "from the 90s", "for kids"."""

from __future__ import annotations

import re
from collections.abc import Callable

from matinee.data.constraints.synonyms import GENRE_NAMES
from matinee.errors import OptionError

__all__ = ["AND", "EXCLUSIONS", "FILLER", "GENRE", "NAMED", "OR", "PHRASES"]

Match = re.Match[str]
Bounds = dict[str, int | bool]

_HOUR, _MINUTE = r"(?:hours?|hrs?|h)(?![a-z])", r"(?:minutes?|mins?|m)(?![a-z])"
_LENGTH = (
    r"(?:(?P<half>half an hour)"
    rf"|(?P<hours>\d{{1,2}}(?:\.\d+)?|an|one|two|three|four)[\s-]*{_HOUR}"
    r"(?: (?P<and_half>and a half)"
    rf"|\s*(?:and )?(?P<rest>\d{{1,2}})\s*{_MINUTE}|\s*(?P<more>\d{{2}}))?"
    rf"|(?P<minutes>\d{{1,6}})[\s-]*{_MINUTE}|(?P<bare>\d{{2,3}}))(?: long)?"
)
"""A length; a bare number of two or three digits is of minutes."""
_YEAR = r"(?P<year>(?:18|19|20)\d\d)"
_DECADE = (
    r"(?:the )?(?:['\u2019]?(?P<century>18|19|20)?(?P<decade>\d0)['\u2019]?s|"
    r"(?P<word>thirties|forties|fifties|sixties|seventies|eighties|nineties))"
)
_HOURS = {"an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}
_DECADES = {"thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960}
_DECADES |= {"seventies": 1970, "eighties": 1980, "nineties": 1990}


def _minutes(match: Match) -> int:
    if match["half"]:
        return 30
    if not match["hours"]:
        return int(match["minutes"] or match["bare"])
    hours = match["hours"].lower()
    whole = _HOURS[hours] if hours in _HOURS else float(hours)
    more = 30 if match["and_half"] else int(match["rest"] or match["more"] or 0)
    return round(whole * 60) + more


def _first_year(match: Match) -> int:
    """The first year of a decade: the 30s to the 90s are of the twentieth century."""
    if match["word"]:
        return _DECADES[match["word"].lower()]
    decade = int(match["decade"])
    if decade == 20 and not match["century"]:
        raise OptionError("there are two twenties; write 1920s or 2020s")
    return int(match["century"] or (20 if decade < 20 else 19)) * 100 + decade


def _year(match: Match) -> int:
    return int(match["year"])


_PATTERNS: tuple[tuple[str, Callable[[Match], Bounds]], ...] = (
    (rf"(?:under|below|shorter than|less than) {_LENGTH}", lambda m: {"max_runtime": _minutes(m)}),
    (rf"(?:at most|up to|not? (?:longer|more) than) {_LENGTH}",
     lambda m: {"max_runtime": _minutes(m) + 1}),
    (rf"(?:over|above|longer than|more than) {_LENGTH}", lambda m: {"min_runtime": _minutes(m)}),
    (rf"(?:at least|not? (?:shorter|less) than) {_LENGTH}",
     lambda m: {"min_runtime": _minutes(m) - 1}),
    (rf"(?:between |from )?{_YEAR} ?(?:-|\u2013|to|and|until|till) ?(?P<last>(?:18|19|20)\d\d)",
     lambda m: {"since": _year(m), "until": int(m["last"])}),
    (rf"since {_YEAR}", lambda m: {"since": _year(m)}),
    (rf"from {_YEAR} on(?:wards)?", lambda m: {"since": _year(m)}),
    (rf"(?:after|newer than) {_YEAR}", lambda m: {"since": _year(m) + 1}),
    (rf"(?:before|older than) {_YEAR}", lambda m: {"until": _year(m) - 1}),
    (rf"(?:until|till|up to) {_YEAR}", lambda m: {"until": _year(m)}),
    (rf"(?:(?:from|in|of) )?{_YEAR}", lambda m: {"since": _year(m), "until": _year(m)}),
    (rf"since {_DECADE}", lambda m: {"since": _first_year(m)}),
    (rf"after {_DECADE}", lambda m: {"since": _first_year(m) + 10}),
    (rf"before {_DECADE}", lambda m: {"until": _first_year(m) - 1}),
    (rf"(?:until|till|up to) {_DECADE}", lambda m: {"until": _first_year(m) + 9}),
    (rf"(?:(?:from|in|of) )?{_DECADE}",
     lambda m: {"since": _first_year(m), "until": _first_year(m) + 9}),
    (r"for (?:the )?(?:kids|children)|kids|(?:kid|child)[\s-]friendly", lambda _: {"kids": True}),
    (r"(?:(?:for|up to) ages?|age) (?P<age>\d{1,2})", lambda m: {"max_age": int(m["age"])}),
    (r"for (?:an? )?(?P<age>\d{1,2})[\s-]years?[\s-]olds?", lambda m: {"max_age": int(m["age"])}),
)  # fmt: skip


def _compile(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words, whatever their case and the spaces between them."""
    flexible = pattern.replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(rf"(?:{flexible})(?:(?<=\W)|(?![\w'\u2019]))", re.IGNORECASE | re.ASCII)


PHRASES = tuple((_compile(pattern), bounds) for pattern, bounds in _PATTERNS)
"""Patterns of kids, ages, lengths and years, the more special ones first, and what they mean."""

NAMED = {
    "people": (
        _compile("with|starring|featuring|(?:directed )?by"),
        _compile(",(?: and)?|and|&"),
    ),
    "languages": (_compile("in"), _compile("or")),
    "countries": (_compile("(?:(?:made|produced) in|from)(?: the)?"), _compile("or")),
}
"""Field of `Constraints` -> the words before its names, and those between them."""
EXCLUSIONS = (
    ("not_genres", _compile("no|not"), _compile("n?or")),
    ("not_people", _compile("without"), _compile(",(?: and| or)?|and|&|n?or")),
)
"""The field of a name that is no well-known genre, the words before it, and those between names."""
AND, OR = _compile(",(?: and)?|and|&|"), _compile("(?:films? |movies? )?(?:, ?)?or")
"""Between genres; two without a word between them are joined by "and"."""
FILLER = _compile(
    r"[,;&]|[.!?]+(?=\s|\Z)|and|but|an?|some|films?(?![\s-]*noir)|movies?|something|anything"
)
"""Words that say nothing about a film, and marks between phrases."""
GENRE = _compile(
    "|".join(
        name.replace(" ", r"[\s-]*").replace("childrens", r"children['\u2019]?s")
        for name in sorted(GENRE_NAMES, key=len, reverse=True)
    )
)
"""The names of well-known genres."""
