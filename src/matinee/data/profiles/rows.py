"""A profile as sections of rows, for the command line and the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matinee.data.profiles.profile import Profile, Spread, Trait

__all__ = ["Section", "noun", "sections", "value_labels"]

_QUANTILES = {0: "least", 50: "median", 100: "most"}
_MOST_DUPLICATES = 25
"""Duplicates that are listed one by one."""


@dataclass(frozen=True)
class Section:
    """One part of a profile: a heading and rows of (label, value), ready to print."""

    title: str
    rows: tuple[tuple[str, str], ...]


def sections(profile: Profile) -> tuple[Section, ...]:
    """All sections in reading order, without empty ones."""
    parts = (
        ("Counts", _counts(profile)),
        ("Ratings" if profile.scale else "Counts per viewer and film", _values(profile)),
        ("Long tail", _long_tail(profile)),
        ("Ratings per viewer", _spread(profile.per_viewer)),
        ("Ratings per film", _spread(profile.per_film)),
        ("Activity", _activity(profile)),
        ("Films with", _known(profile)),
        ("Films that may be one", _duplicates(profile)),
        ("Viewers", (row for trait in profile.traits for row in _trait(trait))),
        ("Notes", (("", note) for note in profile.notes)),
        ("Findings", ((f"{each.count:,}", _finding(each.kind, each.examples))
                      for each in profile.findings)),
        ("Licence", [("", profile.licence)]),
    )  # fmt: skip
    every = (Section(title, tuple(rows)) for title, rows in parts)
    return tuple(section for section in every if section.rows)


def _counts(profile: Profile) -> Iterator[tuple[str, str]]:
    yield "films", f"{profile.films:,}"
    if not profile.ratings:
        yield "ratings", "none"
        return
    yield "films rated", _of(profile.films_rated, profile.films)
    yield "viewers", f"{profile.viewers:,}"
    if profile.viewers_rating < profile.viewers:
        yield "viewers with a rating", _of(profile.viewers_rating, profile.viewers)
    yield f"{noun(profile)}s", f"{profile.ratings:,}"
    yield "density", f"{100 * (profile.density or 0):.3g} % of all pairs of viewer and film"


def noun(profile: Profile) -> str:
    """What the values are: "rating", or "count" of a data set of counts."""
    return "rating" if profile.scale else "count"


def value_labels(profile: Profile) -> tuple[str, ...]:
    """A label for each of `values`: a rating, or a class of counts."""
    lowest = [value for value, _ in profile.values]
    if profile.scale:
        return tuple(f"{value:g}" for value in lowest)
    return tuple(starmap(_class, zip_longest(lowest, lowest[1:])))


def _values(profile: Profile) -> Iterator[tuple[str, str]]:
    for label, (_, count) in zip(value_labels(profile), profile.values, strict=True):
        yield label, _of(count, profile.ratings)
    if profile.mean is not None:
        scale = "per viewer and film"
        if profile.scale:
            low, high = profile.scale
            scale = f"on a scale of {low:g} to {high:g}"
        yield "mean", f"{profile.mean:.2f} {scale}"


def _class(lowest: float, after: float | None) -> str:
    """A class of counts by its lowest and that of the next: "5 to 9", "100 and more"."""
    if after is None:
        return f"{lowest:g} and more"
    return f"{lowest:g}" if after - lowest <= 1 else f"{lowest:g} to {after - 1:g}"


def _long_tail(profile: Profile) -> Iterator[tuple[str, str]]:
    tail = profile.long_tail
    if tail is None:
        return
    yield "most rated 1 % of films", f"{100 * tail.top_1:.1f} % of ratings"
    yield "most rated 10 % of films", f"{100 * tail.top_10:.1f} % of ratings"
    yield "Gini coefficient", f"{tail.gini:.3f}"
    yield "films with 1 to 4 ratings", _of(tail.rare, profile.films_rated)
    yield "films without a rating", _of(profile.films - profile.films_rated, profile.films)


def _spread(spread: Spread | None) -> Iterator[tuple[str, str]]:
    if spread is None:
        return
    for percent, value in spread.quantiles:
        yield _QUANTILES.get(percent, f"{percent} % have at most"), f"{value:,.4g}"
    yield "mean", f"{spread.mean:,.1f}"


def _activity(profile: Profile) -> Iterator[tuple[str, str]]:
    activity = profile.activity
    if activity is None:
        return
    yield "first rating", activity.first
    yield "last rating", activity.last
    month, most = max(activity.months, key=lambda each: each[1])
    yield "months with ratings", f"{len(activity.months):,}"
    yield "busiest month", f"{month}: {_of(most, profile.ratings)}"
    if activity.undated:
        yield "ratings without a time", _of(activity.undated, profile.ratings)


def _known(profile: Profile) -> Iterator[tuple[str, str]]:
    for known in profile.known:
        yield known.field, _of(known.films, profile.films)


def _duplicates(profile: Profile) -> Iterator[tuple[str, str]]:
    for duplicate in profile.duplicates[:_MOST_DUPLICATES]:
        yield duplicate.label, f"{', '.join(duplicate.ids)} (by {' and '.join(duplicate.same)})"
    more = len(profile.duplicates) - _MOST_DUPLICATES
    if more > 0:
        yield "", f"and {more:,} more, all of them in the JSON form"


def _trait(trait: Trait) -> Iterator[tuple[str, str]]:
    yield trait.name, f"{trait.distinct:,} values, known of {trait.viewers:,} viewers"
    for value, viewers in trait.commonest:
        yield f"  {value}", _of(viewers, trait.viewers)
    if trait.spread:
        least, *_, greatest = trait.spread.quantiles
        yield "  from", f"{least[1]:g} to {greatest[1]:g}, {trait.spread.mean:.1f} on average"


def _finding(kind: str, examples: tuple[str, ...]) -> str:
    return f"{kind} ({'; '.join(examples)})" if examples else kind


def _of(part: int, whole: int) -> str:
    """A count and its share of a whole."""
    return f"{part:,} ({100 * part / whole:.1f} %)" if whole else f"{part:,}"
