"""How film titles are spelt, and when two spellings are one title.

Catalogues write one film in many ways: "Postino, Il", "Il Postino (The Postman)". Two titles are
taken for the same when a normalised form of one is a normalised form of the other.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["loose", "natural_title", "normalise", "split_year", "title_keys", "title_parts"]

_ARTICLES = (
    "the|a|an|le|la|les|un|une|il|lo|gli|i|uno|una|el|los|las|der|die|das|ein|eine|den|det|de|"
    "het|een|o|os|um|uma"
)
_TRAILING_ARTICLE = re.compile(rf"(?P<rest>.+), (?P<article>{_ARTICLES}|l['\u2019])", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(rf"\A(?:{_ARTICLES}) ")
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
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMERALS = ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ONE_WORD = {
    **{word: str(number) for number, word in enumerate(_NUMBERS, start=1)},
    **{numeral: str(number) for number, numeral in enumerate(_NUMERALS, start=2)},
    "eleven": "11",
    "twelve": "12",
    "blvd": "boulevard",
    "colour": "color",
    "colours": "colors",
    "grey": "gray",
    "theatre": "theater",
}
"""Words that catalogues exchange freely; used for likeness only, never shown."""


def split_year(title: str) -> tuple[str, int | None]:
    """The title without the year in brackets at its end, and that year.

    The marks "(V)" and "(TV)" that MovieLens puts behind the year go with it.
    """
    found = _YEAR.search(title)
    if found is None or found.start() == 0:
        return title.strip(), None
    return title[: found.start()].strip(), int(found["year"])


def natural_title(title: str) -> str:
    """Articles moved to the front: "Hate (Haine, La)" becomes "Hate (La Haine)"."""
    main, bracket, rest = title.partition(" (")
    behind = _BRACKETS.sub(lambda found: f"({_article_first(found['inside'])})", bracket + rest)
    return _article_first(main.strip()) + behind


def normalise(text: str) -> str:
    """Lower-case words without accents, punctuation or the dots of initials, one space between.

    "Schindler's List" becomes "schindlers list", "E.T. & Me" becomes "et and me". A text of signs
    alone is kept as it is.
    """
    plain = text.casefold()
    if not plain.isascii():
        # Twice, since compatibility forms may hide capitals: U+2120 is "SM".
        letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(each for each in letters if not unicodedata.combining(each))
        plain = plain.translate(_LETTERS)
    plain = _APOSTROPHES.sub("", plain).replace("&", " and ")
    return " ".join(_WORDS.findall(_INITIALS.sub("", plain))) or plain.strip()


def title_keys(title: str) -> frozenset[str]:
    """The normalised forms of a title: whole, without brackets, and each title in brackets.

    A year in brackets at the end is left out; articles stand in front.
    """
    bare = natural_title(split_year(title)[0])
    if "(" not in bare:
        return frozenset({normalise(bare)} - {""})
    inside = [_ALSO_KNOWN_AS.sub("", found["inside"]) for found in _BRACKETS.finditer(bare)]
    forms = {normalise(each) for each in (bare, _BRACKETS.sub("", bare), *inside)}
    return frozenset(form for form in forms if form and not _NOT_A_TITLE.fullmatch(form))


def title_parts(title: str) -> frozenset[str]:
    """The normalised titles around a colon, a dash or an "or"; empty where there is none of these.

    "Star Wars: Episode IV – A New Hope" has the parts "star wars", "episode iv", "a new hope".
    """
    parts = _BETWEEN_PARTS.split(natural_title(split_year(title)[0]))
    return frozenset(map(normalise, parts)) if len(parts) > 1 else frozenset()


def loose(key: str) -> str:
    """A normalised title with less of what catalogues disagree on.

    No leading article, no spaces, numbers as digits: "the three colours ii" is "3colors2".
    """
    bare = _LEADING_ARTICLE.sub("", key)
    return "".join(_ONE_WORD.get(word, word) for word in bare.split())


def _article_first(title: str) -> str:
    found = _TRAILING_ARTICLE.fullmatch(title)
    if found is None:
        return title
    between = " " if found["article"][-1].isalpha() else ""
    return f"{found['article']}{between}{found['rest']}"
