"""Values as HTML for notebooks: no script, nothing to fetch, every text escaped.

An output carries its own style, so that a saved notebook looks the same elsewhere. Jupyter removes
styles from notebooks it does not trust; plain tables and lists remain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Protocol

from matinee.display.poster import STYLES
from matinee.display.table import Table

__all__ = [
    "Card",
    "Drawing",
    "beside",
    "columns",
    "facts",
    "fold",
    "output",
    "paragraph",
    "section",
    "table",
    "wall",
]


class Drawing(Protocol):
    """Something that draws itself as HTML and has escaped its texts, such as a `Poster`."""

    def __html__(self) -> str: ...


@dataclass(frozen=True)
class Card:
    """A picture with a title and lines of text under it."""

    picture: Drawing
    title: str
    lines: Sequence[str] = ()


def output(title: str, *parts: str) -> str:
    """One output: a title, and parts that are HTML, with the style they need."""
    heading = f"<p><strong>{escape(title)}</strong></p>" if title else ""
    body = heading + "".join(parts)
    style = _style() + _poster_style(frozenset(re.findall(r"\bmotif-[a-z]+", body)))
    return f'<div class="matinee"><style>{style}</style>{body}</div>'


def paragraph(text: str) -> str:
    """A remark."""
    return f'<p class="about">{escape(text)}</p>' if text else ""


def table(of: Table, *, best: int | None = None) -> str:
    """A table, one of its rows marked as the best."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in of.columns)
    body = "".join(_row(cells, marked=place == best) for place, cells in enumerate(of.rows))
    kind = ' class="words"' if of.words else ""
    heading = f"<thead><tr>{head}</tr></thead>" if any(of.columns) else ""
    return f"<table{kind}>{heading}<tbody>{body}</tbody></table>"


def beside(picture: Drawing, part: str) -> str:
    """A picture with a part to its right."""
    return f'<div class="beside">{_picture(picture)}<div>{part}</div></div>'


def fold(title: str, part: str) -> str:
    """A part that opens at a click."""
    return f"<details><summary>{escape(title)}</summary>{part}</details>"


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values in two columns."""
    return table(Table(("", ""), tuple(rows), words=True))


def section(title: str, part: str) -> str:
    """A part with a heading."""
    return f"<section><p><strong>{escape(title)}</strong></p>{part}</section>"


def columns(sections: Iterable[str]) -> str:
    """Sections in columns, as many as fit."""
    return f'<div class="columns">{"".join(sections)}</div>'


def wall(cards: Iterable[Card]) -> str:
    """Cards side by side, in rows as wide as the notebook."""
    return f'<ul class="wall">{"".join(map(_card, cards))}</ul>'


def _row(cells: Sequence[str], *, marked: bool) -> str:
    first, *others = map(escape, cells)
    rest = "".join(f"<td>{cell}</td>" for cell in others)
    return f'<tr{" class=best" if marked else ""}><th scope="row">{first}</th>{rest}</tr>'


def _card(card: Card) -> str:
    lines = "".join(f"<br><small>{escape(line)}</small>" for line in card.lines if line)
    return f"<li>{_picture(card.picture)}<b>{escape(card.title)}</b>{lines}</li>"


def _picture(picture: Drawing) -> str:
    """Hidden where style sheets are removed, since a drawing would be loose words there.

    Jupyter leaves styles of single elements alone, and removes `hidden`.
    """
    return f'<span class="picture" style="display: none">{picture.__html__()}</span>'


@cache
def _style() -> str:
    return (Path(__file__).parent / "notebook.css").read_text(encoding="utf-8")


@cache
def _poster_style(motifs: frozenset[str]) -> str:
    """Rules of posters with these motifs, nested so that they hold inside of an output alone."""
    if not motifs:
        return ""
    sheets = [(STYLES / name).read_text(encoding="utf-8") for name in ("poster.css", "motifs.css")]
    blocks = sheets[1].split("\n\n")
    drawn = [block for block in blocks if motifs & set(re.findall(r"\bmotif-[a-z]+", block))]
    return f".matinee {{{sheets[0]}{''.join(drawn)}}}"
