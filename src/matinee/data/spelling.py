"""Spellings of film titles, and their normalised forms.

Catalogues write one title in many ways: "Postino, Il", "Il Postino (The Postman)". Two titles are
equal if they have a normalised form in common.
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
"""Words that catalogues use interchangeably; only for comparisons."""


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
        plain = plain.translate(_LETTERS)
    plain = _APOSTROPHES.sub("", plain).replace("&", " and ")
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


def loose(key: str) -> str:
    """A looser form of a normalised title, for catalogues that disagree on details.

    It has no leading article and no spaces, and numbers as digits: "the three colours ii" is
    "3colors2".
    """
    bare = _LEADING_ARTICLE.sub("", key)
    return "".join(_ONE_WORD.get(word, word) for word in bare.split())


def _article_first(title: str) -> str:
    match = _TRAILING_ARTICLE.fullmatch(title)
    if match is None:
        return title
    space = " " if match["article"][-1].isalpha() else ""
    return f"{match['article']}{space}{match['rest']}"
