"""The first lines of a report: what was compared on what, and whether the winner's lead is real."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matinee.experiments.measuring.protocols import PROTOCOLS
from matinee.experiments.measuring.results import ModelResult
from matinee.experiments.statistics.differences import Difference
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import Subject

__all__ = ["heading", "occasion", "setting", "tiles", "verdict"]

_SAMPLED = (
    " Targets were ranked among films drawn at random, not among all: no value here can be "
    "compared with one of full ranking, and the order of models may be another there."
)
_REAL = (
    " A difference is called real where its 95% interval excludes 0 and its p, adjusted for all "
    "comparisons (Holm), is below 0.05."
)


def verdict(subject: Subject) -> str:
    """The winner in a sentence or two that say whether the difference is real."""
    metric = subject.comparison.metric
    best, *others = subject.comparison.results
    reached = (
        f"{written.title(metric)} {written.bounded(best.means[metric], best.intervals.get(metric))}"
    )
    if not others:
        return f"{best.name} reaches {reached}. No other model was compared with it."
    differences = [(other, other.differences[metric]) for other in others]
    alike = [other for other, difference in differences if not difference.real]
    if alike:
        return (
            f"{best.name} has the best result, {reached}, but {_not_told_apart(alike, others)}: "
            "that lead may be chance."
            + (
                f" Its lead over {_names([o for o in others if o not in alike])} is real."
                if len(alike) < len(others)
                else ""
            )
        )
    return (
        f"{best.name} is best, {reached}, and its lead is real: "
        f"{_nearest(*differences[0], subject)}."
    )


def heading(subject: Subject) -> str:
    """What the page is about in a few words."""
    data, results = subject.comparison.receipt["data"]["name"], subject.comparison.results
    return f"Models compared on {data}" if len(results) > 1 else f"{results[0].name} on {data}"


def occasion(subject: Subject) -> str:
    """Protocol, seeds and data in a line."""
    receipt = subject.comparison.receipt
    protocol, seeds = receipt["protocol"], receipt["seeds"]
    return (
        f"Protocol {protocol['name']} ({protocol['about']}), "
        f"seed{'s' if len(seeds) > 1 else ''} {written.listed(map(str, seeds))}; "
        f"data of SHA-256 {receipt['data']['sha256'][:12]}."
        + (_SAMPLED if "sampled" in subject.comparison.metric else "")
        + (_REAL if len(subject.comparison.results) > 1 else "")
    )


def setting(subject: Subject) -> Iterator[tuple[str, str]]:
    """What was compared, on what data, how: names and values."""
    comparison = subject.comparison
    receipt = comparison.receipt
    data, protocol = receipt["data"], receipt["protocol"]
    counts = (
        f"{data['ratings']:,} ratings of {data['films']:,} films by {data['viewers']:,} viewers"
    )
    yield "Data", f"{data['name']}: {counts}"
    yield "SHA-256 of the ratings", data["sha256"]
    rating = protocol["min_rating"]
    kept = "" if rating is None else f"; ratings of {rating:g} and more alone"
    yield "Protocol", f"{protocol['name']}: {protocol['about']}{kept}"
    seeds = receipt["seeds"]
    tests = comparison.tests
    yield "Seeds", ", ".join(map(str, seeds))
    yield "Test splits", f"{len(tests)}: {', '.join(_split_names(subject))}"
    skipped = max(test.skipped for test in tests)
    left = f"; {skipped:,} have nothing to find and are left out" if skipped else ""
    yield "Viewers evaluated", f"{_from_to([len(set(t.users.tolist())) for t in tests])}{left}"
    chosen = f"chosen by {receipt['options_chosen_by']}"
    yield "Options of the models", chosen if _chosen(subject) else "given or default, none chosen"
    curve = PROTOCOLS[protocol["name"]].curve if protocol["name"] in PROTOCOLS else ""
    if curve:
        yield "Means", f"over the splits, which are points along {curve}"


def tiles(subject: Subject) -> Iterator[tuple[str, str]]:
    """Large numbers and what they count."""
    comparison = subject.comparison
    yield f"{len(comparison.results)}", "models" if len(comparison.results) > 1 else "model"
    yield f"{comparison.receipt['data']['ratings']:,}", "ratings"
    yield f"{comparison.receipt['data']['films']:,}", "films"
    evaluated = {int(user) for test in comparison.tests for user in test.users}
    yield f"{len(evaluated):,}", "viewers evaluated"
    yield f"{len(comparison.tests)}", "test splits" if len(comparison.tests) > 1 else "test split"


def _nearest(other: ModelResult, difference: Difference, subject: Subject) -> str:
    distance = abs(difference.mean)
    low, high = sorted((abs(difference.interval.low), abs(difference.interval.high)))
    direction = "above it" if subject.lower_is_better else "behind"
    return (
        f"the nearest, {other.name}, is {written.number(distance)} "
        f"[{written.number(low)}, {written.number(high)}] {direction}, adjusted p "
        f"{_compared(difference.p_adjusted)}; for single viewers the effect is "
        f"{difference.effect.size} (Cohen's d {abs(difference.effect.cohens_d):.2f})"
    )


def _compared(p: float) -> str:
    text = written.p_value(p)
    return text if text.startswith("<") else f"= {text}"


def _not_told_apart(alike: Sequence[ModelResult], others: Sequence[ModelResult]) -> str:
    if len(alike) == len(others) > 1:
        return "it cannot be told apart from any other"
    return f"it cannot be told apart from {_names(alike)}"


def _names(results: Sequence[ModelResult]) -> str:
    return written.listed(result.name for result in results)


def _split_names(subject: Subject) -> Iterator[str]:
    """With the seed, where there is more than one and the name does not say it."""
    several = len(subject.comparison.receipt["seeds"]) > 1
    for split in subject.comparison.results[0].splits:
        own = f"seed {split.seed}"
        yield f"{split.split} of {own}" if several and own not in split.split else split.split


def _from_to(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}, by split"


def _chosen(subject: Subject) -> bool:
    return any(r.splits[0].origin == "validation" for r in subject.comparison.results)
