"""Damages files in every known layout and reads them: every error must be a `MatineeError`.

It is not part of the suite, because it runs for a chosen time:

    python tests/fuzz/importers.py --seconds 600 --seed 0

Each failure is printed with its seed, which repeats it: `--only SEED`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from matinee import plugins
from matinee.data.cleaning import Cleaning
from matinee.data.exports import read_export
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import MatineeError

_TESTS = Path(__file__).parents[1]
_SOURCES = _TESTS / "data" / "sources" / "fixtures"
_EXPORTS = _TESTS / "data" / "exports" / "fixtures"
_TABLE = "userId,movieId,rating,timestamp,title\n" + "".join(
    f'{user},{item},{(user + item) % 9 / 2 + 0.5},{964982703 + user},"Film, {item}"\n'
    for user in range(1, 12)
    for item in range(1, 8)
)
_TOKENS = (
    b"", b"\0", b'"', b",", b"\t", b"::", b"\n", b"\r\n", b"-1", b"1e309", b"nan", b"\\N", b"\xff",
    b"\xef\xbb\xbf", b"{", b"[", b"}", b"99999999999999999999", "é".encode(), b" ", b"null",
)  # fmt: skip


def main() -> None:
    """Fuzz until the time is over and print the outcomes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    end = time.monotonic() + options.seconds
    seed = options.seed if options.only is None else options.only
    while time.monotonic() < end:
        outcomes[_one(seed)] += 1
        seed += 1
        if options.only is not None:
            break
    print(f"{sum(outcomes.values()):,} damaged inputs:", dict(outcomes.most_common()))


def _one(seed: int) -> str:
    draw = random.Random(seed)  # noqa: S311 - to be repeatable
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "input"
        kind = _prepare(draw, folder)
        damaged = draw.choice([file for file in sorted(folder.rglob("*")) if file.is_file()])
        damaged.write_bytes(_damaged(draw, damaged.read_bytes()))
        try:
            _read(kind, folder)
        except MatineeError as error:
            if "\n" in str(error):
                print(f"seed {seed} ({kind}, {damaged.name}): more than one line: {error!r}")
                return "more than one line"
            return "refused"
        except Exception:  # noqa: BLE001 - the failures this looks for
            print(f"seed {seed} ({kind}, {damaged.name}):\n{traceback.format_exc(limit=-4)}")
            return "NOT AN ERROR FOR PEOPLE"
    return "read"


def _prepare(draw: random.Random, folder: Path) -> str:
    kind = draw.choice(["table", "export", *(each.name for each in sorted(_SOURCES.iterdir()))])
    chosen = draw.choice(sorted(_EXPORTS.iterdir())) if kind == "export" else _SOURCES / kind
    if chosen.is_dir():
        shutil.copytree(chosen, folder)
        return kind
    folder.mkdir()
    if kind == "table":
        (folder / "ratings.csv").write_text(_TABLE, encoding="utf-8")
    else:
        shutil.copy(chosen, folder)
    return kind


def _damaged(draw: random.Random, content: bytes) -> bytes:
    for _ in range(draw.randint(1, 6)):
        at = draw.randint(0, len(content))
        to = min(len(content), at + draw.choice([0, 1, 2, 5, 40]))
        put = draw.choice(_TOKENS) if draw.random() < 0.7 else draw.randbytes(draw.randint(0, 4))
        content = content[:at] + put + content[to:]
    return content[: draw.randint(0, len(content))] if draw.random() < 0.1 else content


def _read(kind: str, folder: Path) -> None:
    cleaning = Cleaning(limit=10)
    if kind == "table":
        read_ratings(folder / "ratings.csv", cleaning=cleaning)
    elif kind == "export":
        read_export(folder, cleaning)
    else:
        source = plugins.get("sources", kind)()
        if source.recognises(folder):
            dataset = source.read(folder, cleaning)
            _ = dataset.interactions.content_hash, dataset.catalog.films()


if __name__ == "__main__":
    main()
