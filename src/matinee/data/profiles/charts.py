"""A profile as charts: ratings, long tail, activity, viewers, unknown facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from matinee.data.profiles.rows import noun, value_labels
from matinee.display import formats
from matinee.display.charts import Chart, bars, figure

if TYPE_CHECKING:
    from matinee.data.profiles.profile import Profile

__all__ = ["charts"]


def charts(profile: Profile) -> Iterator[Chart]:
    """What can be drawn of a profile, in reading order."""
    if profile.values:
        yield _values(profile)
    if profile.long_tail:
        yield _long_tail(profile.long_tail.curve, profile.long_tail.top_10)
    if profile.activity:
        yield _activity(profile.activity.months)
    if profile.per_viewer:
        yield _per_viewer(profile.per_viewer.bins, dict(profile.per_viewer.quantiles)[50])
    if profile.films:
        yield _missing(profile)


def _values(profile: Profile) -> Chart:
    labels, name = value_labels(profile), noun(profile)
    numbers = [number for _, number in profile.values]
    best = labels[numbers.index(max(numbers))]
    trace = bars({"x": labels, "y": numbers}, f"{name} %{{x}}: %{{y:,}}")
    return Chart(
        "ratings",
        f"{name}s".capitalize(),
        f"The most frequent {name} is {best}; the mean is {profile.mean:.2f}.",
        figure([trace], x={"title": name, "type": "category"}, y={"title": f"{name}s"}),
    )


def _long_tail(curve: tuple[tuple[float, float], ...], top_10: float) -> Chart:
    films, ratings = zip(*curve, strict=True)
    drawn = {
        "type": "scatter",
        "mode": "lines",
        "x": films,
        "y": ratings,
        "line": {"color": "var(--red)", "width": 3},
        "fill": "tozeroy",
        "fillcolor": "var(--red-faint)",
        "hovertemplate": "the first %{x:.0%} of films have %{y:.0%} of ratings<extra></extra>",
    }
    even = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": "var(--text)", "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }
    axis = {"tickformat": ".0%", "range": [0, 1.01], "dtick": 0.25}
    return Chart(
        "long-tail",
        "The long tail",
        f"The most rated tenth of the films has {top_10:.0%} of all ratings. "
        "On the dotted line all films would have equally many.",
        figure(
            [drawn, even],
            x={"title": "films, most rated first", **axis},
            y={"title": "share of ratings", **axis},
        ),
    )


def _activity(months: tuple[tuple[str, int], ...]) -> Chart:
    names, counts = zip(*months, strict=True)
    months_drawn = {"x": [f"{name}-01" for name in names], "y": counts, "xperiod": "M1"}
    trace = bars(months_drawn | {"xperiodalignment": "middle"}, "%{x|%B %Y}: %{y:,}")
    busiest = names[counts.index(max(counts))]
    few = {"dtick": "M1", "tickformat": "%b\n%Y"} if len(names) <= 12 else {}
    return Chart(
        "activity",
        "Ratings over time",
        f"One bar per month from {names[0]} to {names[-1]}; the busiest is {busiest} "
        f"with {max(counts):,} ratings.",
        figure([trace], x={"type": "date", **few}, y={"title": "ratings per month"}),
    )


def _per_viewer(bins: tuple[tuple[int, int, int], ...], median: float) -> Chart:
    labels = [f"{low:,}" if low == high else f"{low:,}\u2013{high:,}" for low, high, _ in bins]
    counts = [count for *_, count in bins]
    trace = bars({"x": labels, "y": counts}, "%{x} ratings: %{y:,} viewers")
    return Chart(
        "per-viewer",
        "Ratings per viewer",
        f"Half of the viewers have {median:g} ratings or fewer. Steps widen to the right.",
        figure([trace], x={"title": "ratings", "type": "category"}, y={"title": "viewers"}),
    )


def _missing(profile: Profile) -> Chart:
    known = sorted(profile.known, key=lambda each: each.share)[::-1]
    drawn = {
        "orientation": "h",
        "y": [each.field for each in known],
        "x": [1 - each.share for each in known],
        "text": [formats.share(1 - each.share) for each in known],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [profile.films - each.films for each in known],
    }
    complete = [each.field for each in known if each.films == profile.films]
    note = f"Known for every film: {', '.join(complete)}." if complete else "No field is complete."
    return Chart(
        "missing",
        "Unknown facts about films",
        f"Share of the {profile.films:,} films without the field. {note}",
        figure(
            [bars(drawn, "%{y}: unknown for %{customdata:,} films")],
            x={"tickformat": ".0%", "range": [0, 1.1], "tickvals": [0, 0.25, 0.5, 0.75, 1]},
            y={"type": "category", "ticksuffix": "  ", "showgrid": False},
        ),
        wide=True,
    )
