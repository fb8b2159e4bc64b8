"""The line of an overview that tells what a film is about.

Overviews of films from encyclopaedias open with what a card shows anyway: "X is a 1995 American
film directed by Y, starring Z". So the line starts where the story does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from textwrap import shorten

__all__ = ["blurb"]

_ELLIPSIS = "…"
_SHORTEST = 40
"""Characters of a later sentence that can tell the story; shorter ones are asides."""
_SENTENCE = re.compile(
    r"(?<=[a-z0-9)\]\"\u201d\u2019][.!?])(?<!\b[MD]r\.)(?<!\bMrs\.)(?<!\b[JS]r\.)(?<!\bSt\.)(?<!\bvs\.)"
    r"(?<!\bBros\.)(?<!\bInc\.)\s+(?=[\"\u201c'\u2018(]?[A-Z0-9])"
)
_STORY = re.compile(
    r"(?:\btell(?:s|ing) the (?:\w+ )?(?:story|stories|tale) (?:of|about)"
    r"|\b(?:is|film|story|movie) about|\bfollows|\brevolv(?:es|ing) around"
    r"|\b(?:centers|centres|focuses|focusing|centering) (?:on|around)|\bdeals with|\bconcerns"
    r"|\bdepict(?:s|ing)|\bchronicl(?:es|ing)|\brecounts|\bportrays|\bexplores"
    r"|^In (?:the|this) (?:film|movie|story),)\s+(?=\S+ \S+ \S+)"
    r"|\b(?:plays|playing) (?=an? )|\bas (?=(?:[A-Z][\w.'-]* ?){1,4}, (?:an?|the|two) )"
)
"""The words before what a film is about."""
_WORK = re.compile(
    r"(?:the|its|his|her|their|this|that) (?:[\w'\u2019-]+ ){0,3}?"
    r"(?:book|novel|novella|play|comics?|manga|original|films?|movies?|series|source material"
    r"|plot|storyline|script|success|release|tradition|formula)"
    r"(?=['\u2019.,;]|$| (?:\w+ly|of|by|with|and|in|as|from|that|which|very|quite|more)\b)",
    re.IGNORECASE,
)
"""What a film follows that is no person of its story: "follows the book closely"."""
_DETOUR = re.compile(r"^(?:the )?(?:story|tale|life|lives|events) of ", re.IGNORECASE)
_PRODUCTION = re.compile(
    r"\b(?:films?|movie|direct(?:ed|or|orial)|written|writ(?:er|es|ten)|screen(?:play|writer)s?|"
    r"produc(?:ed|er|tion)|stars?|starring|cast|feature[sd]?|releas(?:ed|e)|premiered|box office|"
    r"adapt(?:ed|ation)|based on|novel|book|sequel|remake|prequel|installment|instalment|franchise|"
    r"soundtrack|score[sd]?|song|awards?|nominat(?:ed|ions?)|critics?|critical|reviews?|grossed|"
    r"million|budget|shot|cinematograph\w+|distribut\w+|studios?|title|tagline|Oscars?|role|"
    r"Festival|Registry|VHS|DVD|series|appear\w*|debut|debuted|portrayed|voice[sd]?|Pictures|"
    r"Rotten Tomatoes|characters?|roles?|screened|play(?:s|ed)?|supporting|actors?|actress|won|"
    r"performances?)\b",
    re.IGNORECASE,
)
"""The words of sentences about the making of a film."""


@lru_cache(maxsize=4096)
def blurb(overview: str, most: int = 90) -> str:
    """The line of an overview that says what the film is about, cut at a word.

    Args:
        overview: any length.
        most: characters of the line, the ellipsis included.

    Returns:
        "" if every sentence is about the making of the film.
    """
    return _cut(_story(_SENTENCE.split(overview.strip())), most)


def _story(sentences: list[str]) -> str:
    """What comes after "tells the story of" and the like, else the first sentence of the story."""
    for sentence in sentences:
        stories = (
            each for each in _STORY.finditer(sentence) if not _WORK.match(sentence, each.end())
        )
        if found := next(stories, None):
            rest = _DETOUR.sub("", sentence[found.end() :])
            return rest[:1].upper() + rest[1:]
    candidates = (
        sentence
        for place, sentence in enumerate(sentences)
        if (place == 0 or len(sentence) >= _SHORTEST) and not _PRODUCTION.search(sentence)
    )
    return next(candidates, "")


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    line = shorten(text, most, placeholder=_ELLIPSIS)
    # In scripts without spaces a text is one word.
    return text[: most - 1] + _ELLIPSIS if line == _ELLIPSIS else line
