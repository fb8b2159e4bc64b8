"""A poster for everything with a title, drawn as CSS classes: motif, colours and type.

Nothing is fetched and nothing is random. Genres choose the motif and the lettering; the key chooses
colours, layout and take; the length of the title sets its size. `poster.css` and `motifs.css` draw
the classes, on the site and in notebooks.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

__all__ = ["COLOURS", "MOTIFS", "STYLES", "Poster", "poster"]

STYLES = Path(__file__).parent / "posters"
"""The folder of `poster.css` and `motifs.css`."""

_Kind = tuple[str, str, tuple[str, ...]]

_KINDS: dict[str, _Kind] = {
    # genre: motif, lettering, colours; the most telling genres first
    "western": ("mesa", "slab", ("rust", "sand", "dusk", "noir")),
    "film-noir": ("blinds", "condensed", ("noir", "ivory", "slate", "fog")),
    "documentary": ("frame", "wide", ("fog", "ivory", "slate", "mint", "sand")),
    "animation": ("bubbles", "round", ("aqua", "marigold", "mint", "rose")),
    "musical": ("beams", "serif", ("plum", "marigold", "night", "rose")),
    "horror": ("teeth", "serif", ("noir", "blood", "night", "violet")),
    "sci-fi": ("orbit", "wide", ("night", "teal", "violet", "rust", "aqua")),
    "fantasy": ("moon", "serif", ("violet", "night", "plum", "teal")),
    "family": ("bubbles", "round", ("mint", "aqua", "marigold", "sand")),
    "mystery": ("keyhole", "serif", ("slate", "ivory", "plum", "noir")),
    "history": ("columns", "slab", ("sand", "olive", "ivory", "slate")),
    "crime": ("blinds", "condensed", ("ivory", "noir", "blood", "slate")),
    "romance": ("rings", "serif", ("rose", "dusk", "plum", "marigold", "blood")),
    "war": ("chevrons", "condensed", ("olive", "sand", "slate", "rust")),
    "adventure": ("horizon", "slab", ("sand", "teal", "rust", "dusk", "aqua")),
    "thriller": ("spiral", "condensed", ("noir", "blood", "slate", "fog", "olive")),
    "action": ("stripes", "condensed", ("blood", "marigold", "slate", "night", "rust")),
    "comedy": ("sunburst", "round", ("marigold", "rose", "mint", "aqua", "rust")),
    "drama": ("curtain", "serif", ("teal", "dusk", "plum", "slate", "ivory")),
}
_ALIASES = {
    "biography": "history",
    "children": "family",
    "children's": "family",
    "music": "musical",
    "science fiction": "sci-fi",
    "sport": "action",
}
_OTHERWISE: _Kind = ("reel", "condensed", ("ivory", "rust", "teal"))

MOTIFS = tuple(sorted({motif for motif, _, _ in (*_KINDS.values(), _OTHERWISE)}))
COLOURS = tuple(sorted({name for _, _, some in (*_KINDS.values(), _OTHERWISE) for name in some}))

_LAYOUTS = ("below", "above", "band")
_TAKES = ("plain", "mirrored", "close")
_LETTER_WIDTHS = {"condensed": 0.65, "serif": 0.58, "slab": 0.66, "wide": 0.9, "round": 0.73}
"""Width of a round letter ("O" in capitals, else "o") in type sizes, of the widest usual font."""
_CAPITALS = frozenset({"condensed", "wide"})
"""Letterings that are set in capitals."""
_SIZES = (24, 21, 18, 15, 13, 11, 9, 8, 7, 6, 5, 4, 3)
"""Type sizes in hundredths of the poster's width, as `poster.css` has them."""
_ROOM = (84, 62)
"""Width and height of the space for the title, in the same unit."""
_LINE = 1.02
"""Height of a line, in type sizes."""
_BREAKS = re.compile(r"(?<=[-\u2010-\u2014])|\s+|(?=[\u2e80-\uffff])")
"""Where a line may start: after spaces and hyphens, and before every Chinese character."""


@dataclass(frozen=True)
class Poster:
    """One poster: its texts, and its look in class names of `poster.css`."""

    title: str
    facts: tuple[str, ...]
    motif: str
    lettering: str
    colours: str
    layout: str
    take: str
    size: int

    def __html__(self) -> str:
        """The poster as elements, its texts escaped; templates and tables insert it as it is."""
        looks = (
            f"motif-{self.motif} lettering-{self.lettering} colours-{self.colours} "
            f"layout-{self.layout} take-{self.take} size-{self.size}"
        )
        lines = "".join(f"<span>{escape(each)}</span>" for each in self.facts)
        below = f'<span class="credits">{lines}</span>' if lines else ""
        return (
            f'<span class="poster {looks}"><span class="art" aria-hidden="true"></span>'
            f'<span class="billing"><span class="name">{escape(self.title)}</span>{below}</span>'
            "</span>"
        )


def poster(key: str, title: str, genres: Sequence[str], facts: Sequence[str] = ()) -> Poster:
    """The poster of a key, always the same one; `facts` are short texts under the title."""
    plain = {_ALIASES.get(genre.lower(), genre.lower()) for genre in genres}
    kind = next((kind for genre, kind in _KINDS.items() if genre in plain), _OTHERWISE)
    motif, lettering, colours = kind
    draw = zlib.crc32(key.encode())
    draw, layout = divmod(draw, len(_LAYOUTS))
    draw, take = divmod(draw, len(_TAKES))
    return Poster(
        title=title,
        facts=tuple(facts),
        motif=motif,
        lettering=lettering,
        colours=colours[draw % len(colours)],
        layout=_LAYOUTS[layout],
        take=_TAKES[take],
        size=_size(title, lettering),
    )


def _size(title: str, lettering: str) -> int:
    """The largest type size at which all lines fit and no word has to be broken."""
    words = [_width(word, lettering) for word in _BREAKS.split(title) if word] or [0.0]
    width, height = _ROOM
    fitting = (
        size
        for size in _SIZES
        if max(words) * size <= width and _lines(words, width / size) * size * _LINE <= height
    )
    return next(fitting, _SIZES[-1])


def _lines(words: list[float], width: float) -> int:
    """How many lines words of some widths make."""
    lines, used = 1, 0.0
    for word in words:
        if used and used + word > width:
            lines, used = lines + 1, 0.0
        used += word + 0.3  # a space
    return lines


def _width(word: str, lettering: str) -> float:
    """Width of a word in type sizes, rather too wide."""
    if lettering in _CAPITALS:
        letters = sum(
            _in(each, "MW@", 1.3, _in(each, "IJ.,:'!", 0.6, 1.0)) for each in word.upper()
        )
    else:
        letters = sum(
            _in(each, "MW@", 1.75, 1.35)
            if each.isupper()
            else _in(each, "mw", 1.5, _in(each, "iljtfr.,:'!", 0.7, 1.0))
            for each in word
        )
    return letters * _LETTER_WIDTHS[lettering]


def _in(letter: str, letters: str, width: float, otherwise: float) -> float:
    return width if letter in letters else otherwise
