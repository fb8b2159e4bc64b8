"""Entries as text, and all of them as docs/default-recipe.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.recipe_table.data import NEW
from benchmarks.recipe_table.results import Entry, Gain, Line

from matinee.display import formats

__all__ = ["Verdict", "count", "page", "text", "verdict"]

_ORDER = ("ml-100k", "ml-latest-small", "ml-1m", "generated", NEW)
_PROTOCOLS = ("random", "strong", "last", "time", "cuts", "cold")
_PAIRED = (_ORDER[:4], _PROTOCOLS[:4])
"""Data sets and protocols of the sixteen pairs of the claim."""
_TITLES = {
    "random": "`random`: a tenth of each viewer's likes",
    "strong": "`strong`: viewers held out whole",
    "last": "`last`: each viewer's last like, equal times in drawn order",
    "time": "`time`: everything after four fifths of the ratings",
    "cuts": "`time` at several cuts",
    "cold": "`cold`: a fifth of the films held out whole, title, year and genres known",
}
_WORDS = {"ahead": "ahead", "level": "within noise", "behind": "behind"}
_HEAD = """# The default recipe

`auto` beside single models and other libraries, on the same splits and measured by the same code.
`python -m benchmarks.default_recipe --peers --json` measures the pieces, and with `--page` writes
this page from their results.

- **Data**: ratings of 4 and more.{data}
- **Options** of every model are chosen on validation, and so is the question that `auto` answers.
  Grids of the other libraries are in `benchmarks/recipe_table/peers.py`. Their models have no list
  for viewers without a history; here such viewers get the most popular films of the training.
- **Under `cold`**, peers are MARec and content kNN on the features of our models, in our own code
  (`benchmarks/cold_items.py`).
- **Gain**: `auto` minus the model, with the 95% interval of a paired bootstrap over viewers.
  **Bold**: the interval excludes 0. Newcomers of a cut share one list. With several cuts they are
  resampled by cut; with one cut (`time`) they count as independent viewers, so those intervals are
  too narrow.
- **Fit**: median seconds over splits, without the search for options. Compare ratios, not seconds.
"""


_ABOUT_DATA = {
    "ml-latest-small": """
  With the 9,000 films of `ml-latest-small`, `ease` keeps its default penalty.""",
    "generated": """
  `generated` is a generated audience of 2,000 viewers.""",
    NEW: """
  `ml-2016` is MovieLens latest-small of October 2016: 664 viewers without the seven that another
  data set here has as well. No option or rule was chosen on it. `ease` keeps its default penalty,
  with 9,000 films.""",
}

Verdict = Literal["ahead", "level", "behind"]


@dataclass(frozen=True)
class Rival:
    """The best other model of an entry, and what `auto` gains over it."""

    line: Line
    gain: Gain


def verdict(gain: Gain) -> Verdict:
    """Whether `auto` is ahead or behind by a 95% interval, or level within noise."""
    if gain.low > 0:
        return "ahead"
    return "behind" if gain.high < 0 else "level"


def rival(entry: Entry, *, peers: bool) -> Rival | None:
    """The best single model of ours, or of other libraries; `None` if none was measured."""
    others = [each for each in entry.lines if each.gain and each.peer == peers]
    best = max(others, key=lambda each: each.mean, default=None)
    return Rival(best, best.gain) if best and best.gain else None


def count(entries: Iterable[Entry], *, peers: bool) -> dict[Verdict, int]:
    """Number of entries in which `auto` is ahead of the best other model, level, or behind."""
    counts: dict[Verdict, int] = {"ahead": 0, "level": 0, "behind": 0}
    for entry in entries:
        found = rival(entry, peers=peers)
        if found:
            counts[verdict(found.gain)] += 1
    return counts


def page(entries: Sequence[Entry]) -> str:
    """The page: the count first, then a table for each protocol and data set."""
    ordered = sorted(entries, key=_place)
    measured = {each.data for each in ordered}
    about = "".join(words for name, words in _ABOUT_DATA.items() if name in measured)
    lines = [_HEAD.format(data=about), *_summary(ordered)]
    for protocol in _PROTOCOLS:
        of_protocol = [each for each in ordered if each.protocol == protocol]
        if of_protocol:
            lines += [f"## {_TITLES[protocol]}", ""]
            for entry in of_protocol:
                lines += [*_table(entry), ""]
    return "\n".join(lines)


def text(entry: Entry) -> str:
    """An entry for a terminal."""
    lines = [f"\n{_about(entry)}, {entry.seconds:.0f} s"]
    for each in entry.lines:
        gain = each.gain
        shown = f"{gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]" if gain else ""
        parts = " ".join(f"{mean:.4f}" for mean in (each.known, each.new) if mean is not None)
        lines.append(
            f"  {each.name:36} {each.mean:.4f}  {parts:14}{each.fit_seconds:8.2f} s  {shown:28}"
            f"{each.options[0] or ''}"
        )
    return "\n".join([*lines, *(f"  {choice}" for choice in entry.choices)])


def _summary(entries: Sequence[Entry]) -> Iterator[str]:
    yield "## Summary"
    yield ""
    data, protocols = _PAIRED
    paired = [each for each in entries if each.data in data and each.protocol in protocols]
    outside = [each for each in entries if each not in paired]
    n = len(data) * len(protocols)
    for peers, others in ((False, "the best single model"), (True, "the best of other libraries")):
        measured = sum(count(paired, peers=peers).values())
        if measured:
            pairs = formats.count(measured, "pair")
            by_value = sum(_is_highest(each, peers=peers) for each in paired)
            yield (
                f"- Beside {others}, `auto` is {_verdicts(paired, peers=peers)}, of {pairs} "
                f"of data and protocol. It is ahead by value in {by_value} of {measured}."
            )
        if measured < n:
            yield f"- Not measured beside {others}: {n - measured} of the {n} pairs."
        if sum(count(outside, peers=peers).values()):
            yield f"- Outside the {n}, beside {others}: {_verdicts(outside, peers=peers)}."
    yield ""
    heads = "data, protocol, seeds, metric, auto, best single model, gain, best peer, gain"
    yield f"| {heads.replace(',', ' |')} |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for entry in entries:
        auto = next((each for each in entry.lines if each.gain is None), None)
        if auto:
            cells = [_rival_cells(rival(entry, peers=peers)) for peers in (False, True)]
            yield (
                f"| {entry.data} | {_protocol(entry)} | {len(entry.seeds)} "
                f"| {entry.metric.upper()} | {auto.mean:.4f} | {cells[0]} | {cells[1]} |"
            )
    yield ""


def _verdicts(entries: Sequence[Entry], *, peers: bool) -> str:
    """Such as "ahead in 3, within noise in 2, behind in 1 (ml-100k `cold`: ials-content)"."""
    counts = count(entries, peers=peers)
    words = ", ".join(f"{_WORDS[key]} in {number}" for key, number in counts.items())
    losses = [
        f"{entry.data} `{_protocol(entry)}`: {found.line.name}"
        for entry in entries
        if (found := rival(entry, peers=peers)) and verdict(found.gain) == "behind"
    ]
    return f"{words} ({'; '.join(losses)})" if losses else words


def _is_highest(entry: Entry, *, peers: bool) -> bool:
    """Whether the mean of `auto` is above that of the best other model, by whatever it is."""
    found = rival(entry, peers=peers)
    return found is not None and found.gain.mean > 0


def _rival_cells(found: Rival | None) -> str:
    if found is None:
        return "not measured | "
    return f"{found.line.name} {found.line.mean:.4f} | {_gain(found.gain)}"


def _table(entry: Entry) -> Iterator[str]:
    groups = any(each.new is not None for each in entry.lines)
    yield f"### {_about(entry)}"
    yield ""
    more = " known viewers | newcomers |" if groups else ""
    yield f"| model | {entry.metric.upper()} [95%] |{more} gain of auto [95%] | fit | options |"
    yield f"|---|---|{'---|---|' if groups else ''}---|---|---|"
    for each in entry.lines:
        name = f"**{each.name}**" if each.gain is None else each.name
        parts = f" {_mean(each.known)} | {_mean(each.new)} |" if groups else ""
        gain = _gain(each.gain) if each.gain else ""
        yield (
            f"| {name} | {each.mean:.4f} [{each.low:.4f}, {each.high:.4f}] |{parts} {gain} "
            f"| {each.fit_seconds:.2f} s | {_options(each)} |"
        )
    if entry.choices:
        yield ""
        yield "`auto` chose:"
        yield ""
        yield from (f"- {choice}" for choice in entry.choices)


def _options(line: Line) -> str:
    """Options of the first split, and how many were tried."""
    chosen = dict(line.options[0])
    written = ", ".join(f"{name} {value}" for name, value in chosen.items())
    if not line.tried:
        return "-"
    several = " on the first split" if len(line.options) > 1 else ""
    return f"{written}{several}, of {line.tried}" if written else f"of {line.tried}"


def _about(entry: Entry) -> str:
    seeds = f"{formats.count(len(entry.seeds), 'seed')}, "
    threads = f", {entry.threads} thread" + ("" if entry.threads == 1 else "s")
    return (
        f"{entry.data}, {_protocol(entry)}: {seeds}{entry.viewers:,} viewers, "
        f"{entry.likes:,} likes{threads if entry.threads else ''}"
    )


def _protocol(entry: Entry) -> str:
    return f"time, {entry.cuts} cuts" if entry.protocol == "cuts" else entry.protocol


def _gain(gain: Gain) -> str:
    written = f"{gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]"
    return written if verdict(gain) == "level" else f"**{written}**"


def _mean(mean: float | None) -> str:
    return "" if mean is None else f"{mean:.4f}"


def _place(entry: Entry) -> tuple[int, int, str]:
    data = _ORDER.index(entry.data) if entry.data in _ORDER else len(_ORDER)
    return data, _PROTOCOLS.index(entry.protocol), entry.data
