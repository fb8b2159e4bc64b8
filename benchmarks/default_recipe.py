"""Claims A3, A6, A7, A10: `auto` is level with the best model of every protocol, untuned.

    python -m benchmarks.default_recipe --peers --json     measures all pieces into a file
    python -m benchmarks.default_recipe --page             docs/default-recipe.md from that file
    python -m benchmarks.default_recipe --only ml-100k --protocols time     one piece, printed

Ratings of 4 and more of MovieLens, of an edition that no option was chosen on (`ml-2016`), and of a
generated file. What `auto` chooses on is chosen on the validation part of each protocol, like the
options of every other model. `--peers` measures RecTools and implicit on the same splits, in their
own environment (`make peers`). Printed are the metric, its value for viewers with a history and for
newcomers, the median seconds of a fit, and the 95% interval of what `auto` gains, paired over
viewers. Protocol `cuts` is `time` at several points, `cold` ranks films without ratings by genres
alone.

A piece is a data set under a protocol. Pieces can run one after the other in several processes with
the same `--json`. A later result replaces an earlier one, unless that has more seeds, cuts or
models of other libraries. `--list` says what the file has and how long each piece took.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.recipe_table.data import DATA
from benchmarks.recipe_table.page import page, text
from benchmarks.recipe_table.pieces import PROTOCOLS, Piece
from benchmarks.recipe_table.results import append, check_extent, read

from matinee.data.fetching.cache import Cache
from matinee.display import formats
from matinee.errors import MatineeError
from matinee.settings import load_settings

_RESULTS = Path(__file__).with_suffix(".jsonl")
_PAGE = Path(__file__).parents[1] / "docs" / "default-recipe.md"
_COLD = ("ml-100k", "ml-1m")
"""Data sets whose films without ratings are ranked, unless others are named."""


def main() -> None:
    """Measures the named pieces, or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--only", nargs="+", metavar="DATA", help="data sets: names or paths")
    parser.add_argument("--protocols", nargs="+", choices=PROTOCOLS, default=PROTOCOLS)
    parser.add_argument(
        "--seeds",
        type=int,
        nargs="+",
        default=[],
        help="of splits and fits; 0 to 4 unless given, 0 to 2 for `cold`. Protocols "
        "that draw nothing take the first alone",
    )
    parser.add_argument("--cuts", type=int, default=5, help="number of cuts of protocol `cuts`")
    parser.add_argument("--peers", action="store_true", help="other libraries on the same splits")
    parser.add_argument(
        "--json", type=Path, nargs="?", const=_RESULTS, help="append the results to this file"
    )
    parser.add_argument("--list", action="store_true", help="pieces with their seconds")
    parser.add_argument("--page", action="store_true", help="write the page, measure nothing")
    options = parser.parse_args()
    file = options.json or _RESULTS
    pieces = [
        Piece(name, protocol, tuple(options.seeds), options.cuts, options.peers)
        for name in options.only or DATA
        for protocol in options.protocols
        if protocol != "cold" or options.only or name in _COLD
    ]
    if options.page:
        _PAGE.write_text(page(read(file)), encoding="utf-8")
        print(f"{_PAGE.name} written")
    elif options.list:
        _list(pieces, file)
    else:
        _measure(pieces, options.json)


def _measure(pieces: list[Piece], file: Path | None) -> None:
    settings = load_settings()
    cache = Cache(home=settings.home, mirror=settings.mirror)
    for piece in pieces if file else ():
        check_extent(piece.key, piece.extent, file)
    for piece in pieces:
        entry = piece.measure(cache)
        print(text(entry), flush=True)
        if file:
            append(entry, file)


def _list(pieces: list[Piece], file: Path) -> None:
    """Seconds of each piece as the file has them, and their sum."""
    seconds = {each.key: each.seconds for each in read(file)} if file.is_file() else {}
    known = [seconds.get(piece.key) for piece in pieces]
    for piece, took in zip(pieces, known, strict=True):
        cost = "not measured" if took is None else f"{took:.0f} s"
        seeds = formats.count(len(piece.usual_seeds), "seed")
        print(f"{piece.data:16} {piece.protocol:8} {seeds:7}  {cost}")
    total = sum(took for took in known if took is not None)
    print(f"{total:.0f} s for {sum(took is not None for took in known)} of {len(pieces)} pieces")


if __name__ == "__main__":
    try:
        main()
    except MatineeError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
