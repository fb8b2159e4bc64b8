"""Spellings of film titles, and their normalised forms.

Catalogues write one title in many ways: "Postino, Il", "Il Postino (The Postman)". Two titles are
equal if they have a normalised form in common.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence

__all__ = ["loose", "loose_words", "natural_title", "normalise", "split_year", "title_keys"]
__all__ += ["surely_same", "title_parts"]

_ARTICLES = (
    "the|a|an|le|la|les|un|une|il|lo|gli|i|uno|una|el|los|las|der|die|das|ein|eine|den|det|de|"
    "het|een|o|os|um|uma"
)
_TRAILING_ARTICLE = re.compile(rf"(?P<rest>.+), (?P<article>{_ARTICLES}|l['\u2019])", re.IGNORECASE)
_LEADING = frozenset(_ARTICLES.split("|"))
_YEAR = re.compile(r"\s*\((?P<year>(?:18|19|20)\d\d)\)(?:\s*\(T?V\))?\s*$")
_BRACKETS = re.compile(r"(?<=\s)\((?P<inside>[^()]+)\)")
_BETWEEN_PARTS = re.compile(r":\s+|\s[-\u2013\u2014]\s|\sor:?\s")
_ALSO_KNOWN_AS = re.compile(r"a\.?k\.?a\.?\s+", re.IGNORECASE)
_NOT_A_TITLE = re.compile(r"(?:\d{4} )?film|t?v")
_INITIALS = re.compile(r"(?<=\b[^\W\d])[.*](?=[^\W\d]\b)")
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02bb]")
_WORDS = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"}
)
_PI = re.compile(r"\b\u03c0\b")
_SIGNS = re.compile("[&\u2661\u2665\u2764\u2605\u2606\u221e]")
_SIGN_WORDS = {"&": "and", "\u221e": "infinity", "\u2605": "star", "\u2606": "star"}
"""Signs that are read as words; a heart in any form is "heart"."""
_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {
    **{word: number for number, word in enumerate((*_UNITS, *_TEENS), start=1)},
    **{word: number * 10 for number, word in enumerate(_TENS, start=2)},
}
_THOUSANDS = {"hundred": 100, "thousand": 1000}
_NUMERALS = ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ONE_WORD = {
    **{numeral: str(number) for number, numeral in enumerate(_NUMERALS, start=2)},
    "blvd": "boulevard",
    "colour": "color",
    "colours": "colors",
    "grey": "gray",
    "theatre": "theater",
}
"""Words that catalogues use interchangeably; only for comparisons."""
_NUMBERED = re.compile(r"\d|\b(?:ii|iii|iv|vi|vii|viii|ix)\b")
_SERIES = re.compile(r"\b(?:episode|part|chapter|volume|vol) (?:\d+|[ivx]+|one|two|three)\b")
"""Numbers of sequels; in normalised titles."""
_BEFORE_A_NUMBER = frozenset({"episode", "part", "pt", "chapter", "volume", "vol"})
"""Words that one catalogue puts before the number of a sequel and another does not."""
_CHANGED = _BEFORE_A_NUMBER.union(_NUMBERS, _THOUSANDS, _ONE_WORD)
"""Words without which a title has no looser form."""


def split_year(title: str) -> tuple[str, int | None]:
    """The title without the year in brackets at its end, and that year.

    MovieLens's marks "(V)" and "(TV)" after the year are removed with it.
    """
    match = _YEAR.search(title)
    if match is None or match.start() == 0:
        return title.strip(), None
    return title[: match.start()].strip(), int(match["year"])


def natural_title(title: str) -> str:
    """The title with articles in front: "Hate (Haine, La)" becomes "Hate (La Haine)"."""
    main, bracket, rest = title.partition(" (")
    rest = _BRACKETS.sub(lambda match: f"({_article_first(match['inside'])})", bracket + rest)
    return _article_first(main.strip()) + rest


def normalise(text: str) -> str:
    """Lower-case words, separated by one space, without accents, punctuation and dots of initials.

    "Schindler's List" becomes "schindlers list", "E.T. & Me" becomes "et and me". Text without a
    letter or digit stays as it is.
    """
    plain = text.casefold()
    if not plain.isascii():
        # Twice: compatibility forms may contain capitals, as U+2120 is "SM".
        letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(each for each in letters if not unicodedata.combining(each))
        plain = _PI.sub("pi", plain.translate(_LETTERS))
    plain = _SIGNS.sub(_sign, _APOSTROPHES.sub("", plain))
    return " ".join(_WORDS.findall(_INITIALS.sub("", plain))) or plain.strip()


def title_keys(title: str) -> frozenset[str]:
    """The normalised forms of a title: whole, without brackets, and each title in brackets.

    A year in brackets at the end is left out, and articles are in front.
    """
    bare = natural_title(split_year(title)[0])
    if "(" not in bare:
        return frozenset({normalise(bare)} - {""})
    inside = [_ALSO_KNOWN_AS.sub("", match["inside"]) for match in _BRACKETS.finditer(bare)]
    forms = {normalise(each) for each in (bare, _BRACKETS.sub("", bare), *inside)}
    return frozenset(form for form in forms if form and not _NOT_A_TITLE.fullmatch(form))


def title_parts(title: str) -> frozenset[str]:
    """The normalised parts around colons, dashes and "or"; empty for a title without these.

    "Star Wars: Episode IV – A New Hope" has the parts "star wars", "episode iv", "a new hope".
    """
    parts = _BETWEEN_PARTS.split(natural_title(split_year(title)[0]))
    return frozenset(map(normalise, parts)) if len(parts) > 1 else frozenset()


def surely_same(title: str, other: str) -> bool:
    """Whether a part that two titles have in common leaves no doubt that they are one.

    It does where every part of one is a name in the other ("Mad Max 2: The Road Warrior", "The Road
    Warrior (Mad Max 2)"), where the common part has a number ("X2", "X2: X-Men United"), and where
    the rest numbers a series ("Star Wars", "Star Wars: Episode IV - A New Hope"). "Robin Hood" and
    "Robin Hood: Prince of Thieves" can be two films of one year.
    """
    for one, two in ((title, other), (other, title)):
        parts, names = title_parts(one), set(map(loose, title_keys(two)))
        common = {part for part in parts if loose(part) in names}
        rest = parts - common
        if common and (not rest or any(map(_NUMBERED.search, common))):
            return True
        if common and any(map(_SERIES.search, rest)):
            return True
    return False


def loose(key: str) -> str:
    """A looser form of a normalised title, for catalogues that disagree on details.

    It has no leading article and no spaces, numbers as digits, and no "part" or "episode" before
    them: "the three colours part ii" is "3colors2".
    """
    return "".join(loose_words(key))


def loose_words(key: str) -> list[str]:
    """The words of the looser form of a normalised title: "3", "colors", "2"."""
    words = key.split()
    if len(words) > 1 and words[0] in _LEADING:
        del words[0]
    if _CHANGED.isdisjoint(words):
        return words
    words = _with_digits([_ONE_WORD.get(word, word) for word in words])
    return [
        word
        for word, following in itertools.zip_longest(words, words[1:], fillvalue="")
        if not (word in _BEFORE_A_NUMBER and following.isdecimal())
    ]


def _with_digits(words: Sequence[str]) -> list[str]:
    """The words with numbers up to the thousands as digits: "101" for "one hundred and one"."""
    read: list[str] = []
    number = lowest = 0  # the number read so far, and the value of its last word
    for word, following in itertools.zip_longest(words, words[1:], fillvalue=""):
        value = _NUMBERS.get(word, 0)
        if word in _THOUSANDS and 0 < number < 1000:
            number, lowest = number * _THOUSANDS[word], _THOUSANDS[word]
        elif value and (lowest >= 100 or (lowest >= 20 and value < 10)):
            number, lowest = number + value, value
        elif not (word == "and" and lowest >= 100 and following in _NUMBERS):
            if number:
                read.append(str(number))
            number = lowest = value
            if not value:
                read.append(word)
    return [*read, str(number)] if number else read


def _sign(match: re.Match[str]) -> str:
    return f" {_SIGN_WORDS.get(match[0], 'heart')} "


def _article_first(title: str) -> str:
    match = _TRAILING_ARTICLE.fullmatch(title)
    if match is None:
        return title
    space = " " if match["article"][-1].isalpha() else ""
    return f"{match['article']}{space}{match['rest']}"
