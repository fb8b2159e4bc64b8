"""Names of people: what a list of names holds beside them, and in which order a cast stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from matinee.data.spelling import normalise

__all__ = ["in_order_of", "is_alphabetical", "people"]

_SUFFIX = re.compile(
    r"[JS]r\.?|I{2,3}|IV"
    r"|(\d+(st|nd|rd|th) (Baron(et)?|Earl|Duke|Marquess|Viscount|Prince)\b.*)"
    r"|((Duke|Duchess|Prince( Consort)?|Princess|Count(ess)?|Earl|Lady|Lord|King|Queen) of .+)"
)
"""The rest of a name behind its comma: "Jr.", "Duchess of Sussex"."""
_NOTE = re.compile(r"\s*(\[[^\]]*\]|\]+)$|\s*\(([^()]*)\)$")
"""At the end of a name: "[2]", "(actor)"."""
_BEHIND_THE_CAMERA = re.compile(
    r"\b(?:(?:co-?|screen|script|song)?writers?|writing|written|(?:screen|tele)?play|playwright|story"
    r"|novel(?:ist)?|book|(?:co-?)?director|directed|direction"
    r"|(?:co-?)?producer|produced|production|script)\b",
    re.IGNORECASE,
)
_JOINING = re.compile(r"^(and|with|&)\s+")
_DOTTED = re.compile(r"[a-z]+\.[a-z]")
"""The beginning of will.i.am and k.d. lang."""
_FRAGMENTS = frozenset(
    {"and", "with", "the", "of", "et al", "et al.", "others", "unknown", "various", "none"}
    | {"cast", "ensemble", "ensemble cast", "voice", "voices", "narrator", "himself", "herself"}
    | {"story", "television", "uncredited"}
)
_BEGINNINGS = (
    *("voice of", "voices of", "voices by", "voiced by", "narrated by", "narration by"),
    *("footage of", "archive footage", "music by", "musical score", "screenplay by", "story by"),
    *("directed by", "written by", "produced by", "dir.", "dir:", "cast:", "starring"),
    *("academy award", "list of", "the life of", "the life and", "the use of", "a year in"),
)
"""Of pieces of a sentence around names; in lower case."""
_ENDINGS = (" of", " by", " the", " and", " with", " at", " in", " on", " for", " from", " against")


def people(parts: Iterable[str]) -> tuple[str, ...]:
    """The people of a written list, each once, in its order.

    The list is text taken apart: "Voices of", "(", "et al." and other pieces of the sentence around
    the names are left out; so is a name with a note that puts it behind the camera. Other notes
    ("(actor)", "[2]") are cut off. "Jr." and "Duchess of Sussex" are part of the name before them.

    A name begins with a capital letter or a figure. That loses "dead prez" and keeps out "stand-up
    comedy". Sources whose names are rows of a table of people need no such rule.
    """
    names: list[str] = []
    for part in map(str.strip, parts):
        if _SUFFIX.fullmatch(part):
            if names:
                names[-1] += f", {part}"
            continue
        names.append(_name(part))
    return tuple(dict.fromkeys(filter(None, names)))


def is_alphabetical(names: Sequence[str]) -> bool:
    """Whether a list is in alphabetical order, which says nothing about billing."""
    return list(names) == sorted(names)


def in_order_of(names: Sequence[str], billed: Sequence[str]) -> tuple[str, ...]:
    """The same names, those of a billed list first and in its order.

    Spelling does not matter: "José Ferrer" is "Jose Ferrer".
    """
    place = {normalise(name): at for at, name in reversed([*enumerate(billed)])}
    return tuple(sorted(names, key=lambda name: place.get(normalise(name), len(place))))


def _name(text: str) -> str:
    """The name in a part of a list; "" if there is none."""
    text = _JOINING.sub("", text)
    while note := _NOTE.search(text):
        if _BEHIND_THE_CAMERA.search(note[2] or ""):
            return ""
        text = text[: note.start()]
    return text if _is_name(text) else ""


def _is_name(text: str) -> bool:
    small = text.lower()
    if small in _FRAGMENTS or small.startswith(_BEGINNINGS) or text.endswith(_ENDINGS):
        return False
    if text.count("(") != text.count(")") or re.match(r"\d{4}\b", text):  # "1972 Summer Olympics"
        return False
    first = text.lstrip("\"'“")[:1]  # "Weird Al" Yankovic
    return (first.isalnum() and not first.islower()) or bool(_DOTTED.match(text))
