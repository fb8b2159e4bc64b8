"""A poster for every film, drawn from its facts as CSS classes: motif, colours and type.

Nothing is fetched and nothing is random. Genres choose the motif and the lettering; the film's id
chooses colours, layout and take; the length of the title sets its size.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

from matinee.data import Film

__all__ = ["COLOURS", "MOTIFS", "Poster", "poster"]

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
_LETTER_WIDTHS = {"condensed": 0.56, "serif": 0.66, "slab": 0.74, "wide": 0.92, "round": 0.68}
"""Mean width of a capital, in type sizes; rather too wide."""
_SIZES = (24, 21, 18, 15, 13, 11, 9)
"""Type sizes in hundredths of the poster's width, as `poster.css` has them."""
_ROOM = (84, 60)
"""Width and height of the space for the title, in the same unit."""


@dataclass(frozen=True)
class Poster:
    """The look of one poster, in class names of `poster.css`."""

    motif: str
    lettering: str
    colours: str
    layout: str
    take: str
    size: int

    @property
    def classes(self) -> str:
        """Value of the `class` attribute."""
        return (
            f"poster motif-{self.motif} lettering-{self.lettering} colours-{self.colours} "
            f"layout-{self.layout} take-{self.take} size-{self.size}"
        )


def poster(film: Film) -> Poster:
    """The poster of a film, always the same one."""
    genres = {_ALIASES.get(genre.lower(), genre.lower()) for genre in film.genres}
    kind = next((kind for genre, kind in _KINDS.items() if genre in genres), _OTHERWISE)
    motif, lettering, colours = kind
    draw = zlib.crc32(film.id.encode())
    draw, layout = divmod(draw, len(_LAYOUTS))
    draw, take = divmod(draw, len(_TAKES))
    return Poster(
        motif=motif,
        lettering=lettering,
        colours=colours[draw % len(colours)],
        layout=_LAYOUTS[layout],
        take=_TAKES[take],
        size=_size(film.title, _LETTER_WIDTHS[lettering]),
    )


def _size(title: str, letter_width: float) -> int:
    """The largest type size at which the longest word and all lines fit."""
    width, height = _ROOM
    longest = max(map(len, title.split()), default=1)
    for size in _SIZES:
        lines = math.ceil(len(title) * letter_width * size / width * 1.15)
        if longest * letter_width * size <= width and lines * size <= height:
            return size
    return _SIZES[-1]
