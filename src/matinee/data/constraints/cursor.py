"""A text that is read from left to right, and the names in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matinee.data.constraints.phrases import EXCLUSIONS, FILLER, GENRE, NAMED, PHRASES

__all__ = ["PAIR", "QUOTED", "Cursor", "unescaped"]

PAIR = re.compile(r"(?P<key>-?[A-Za-z][A-Za-z-]*):")
"""The beginning of KEY:VALUE."""
_STARTS = (
    *(PAIR, FILLER, re.compile(r"n?or\b", re.IGNORECASE)),
    *(pattern for pattern, _ in PHRASES),
    *(word for word, _ in NAMED.values()),
    *(word for _, word, _ in EXCLUSIONS),
)
_SPACES = re.compile(r"\s*")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
"""A text in quotes, in which a backslash stands before a quote."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WORD = re.compile(r'[^\s,;:&"\\]+')
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019-])*(?!\w)")


def unescaped(text: str) -> str:
    """What stands between quotes, without its backslashes."""
    return _ESCAPED.sub(r"\1", text)


@dataclass
class Cursor:
    """A place in a text.

    Attributes:
        text: all of it.
        place: where the next word starts.
    """

    text: str
    place: int = 0

    def at(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The match of a pattern with the next words, if it matches."""
        return pattern.match(self.text, self.place)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The same; words that match are read, and the space behind them."""
        match = self.at(pattern)
        if match:
            space = _SPACES.match(self.text, match.end())
            self.place = space.end() if space else match.end()
        return match

    def starts(self) -> bool:
        """Whether the next words are anything but a name or a genre."""
        return any(self.at(pattern) for pattern in _STARTS)

    def quotation(self) -> str:
        """Reads a text in quotes; empty if none comes next."""
        match = self.take(QUOTED)
        return unescaped(match[1]) if match else ""

    def genre(self) -> str:
        """Reads a genre: a well-known one, a text in quotes, or words of letters alone."""
        return self._known_genre() or self.quotation() or self._words(_LETTERS)

    def name(self) -> str:
        """Reads a name: a text in quotes, or words until something else starts."""
        return self.quotation() or self._words(_WORD)

    def names(self, between: re.Pattern[str], *, genres: bool = False) -> list[str]:
        """Reads names with the words of `between` between them; empty if there are none.

        After "and" and a comma, a genre is a condition of its own and no name.

        Args:
            between: pattern of those words.
            genres: whether names can be genres.
        """
        names: list[str] = []
        end = self.place
        while name := (genres and self._known_genre()) or self.name():
            names.append(name)
            end = self.place
            joint = self.take(between)
            choice = joint is not None and joint[0].lower().endswith("or")
            if joint is None or self.starts() or (not choice and self.at(GENRE)):
                break
        self.place = end
        return names

    def _known_genre(self) -> str:
        match = self.take(GENRE)
        return match[0] if match else ""

    def _words(self, word: re.Pattern[str]) -> str:
        words: list[str] = []
        while not self.starts() and not (words and self.at(GENRE)):
            match = self.take(word)
            if match is None:
                break
            words.append(match[0])
        return " ".join(words)
