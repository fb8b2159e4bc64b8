"""Compares two receipts of one comparison number by number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

from matinee.experiments.receipts.receipt_format import ModelRecord, Receipt, SplitRecord

__all__ = ["TOLERANCE", "VERDICTS", "Agreement", "agreements"]

Verdict = Literal["exact", "within rounding", "within the interval", "different"]
VERDICTS: tuple[Verdict, ...] = ("exact", "within rounding", "within the interval", "different")

TOLERANCE = 1e-6
"""Largest difference that counts as rounding: relative for numbers above 1, absolute below."""
_SENSITIVE = frozenset({"p", "p_adjusted", "superiority", "cohens_d"})
_SENSITIVE_TOLERANCE = 0.005
"""Tolerance for these after rounding moved a mean: p-values and superiority count resamples and
viewers, some of which tip over, and Cohen's d divides by a standard deviation."""
_MEAN = "mean"

Leaf = float | str | bool | None
Leaves = dict[str, Leaf]


@dataclass(frozen=True)
class Agreement:
    """The verdict on one recorded number and those that derive from it.

    Attributes:
        model: its label.
        metric: "ndcg@10"; "ndcg@10, difference to best".
        verdict: "exact"; "within rounding", inside the tolerance; "within the interval", outside
            the tolerance with both means inside the recorded interval; "different". The first two
            agree.
        recorded: the mean in the receipt; `None` if there is none.
        measured: the mean now.
        note: the number with the largest difference, in words; "" if all are exact.
    """

    model: str
    metric: str
    verdict: Verdict
    recorded: float | None = None
    measured: float | None = None
    note: str = ""

    @property
    def agrees(self) -> bool:
        return self.verdict in VERDICTS[:2]


def agreements(
    recorded: Receipt, measured: Receipt, tolerance: float, *, options: bool
) -> tuple[Agreement, ...]:
    """Agreements of every model, metric and pair, in the order of the receipt.

    With `options`, also of the trials on validation and of the chosen options of every split.
    """
    again = {each.model: each for each in measured.results}
    models = [
        agreement
        for each in recorded.results
        for agreement in _of_model(each, again[each.model], tolerance)
    ]
    now = {(each.better, each.other): _leaves(each.model_dump()) for each in measured.pairs}
    pairs = [
        _verdict(
            each.better,
            f"{recorded.metric}, better than {each.other}",
            _leaves(each.model_dump()),
            now.get((each.better, each.other), {}),
            tolerance,
        )
        for each in recorded.pairs
    ]
    choices = [
        _verdict(each.model, f"options on {was.label}", _tried(was), _tried(now), tolerance)
        for each in recorded.results
        for was, now in zip(each.splits, again[each.model].splits, strict=True)
        if options
    ]
    return (*models, *pairs, *choices)


def _of_model(was: ModelRecord, now: ModelRecord, tolerance: float) -> Iterator[Agreement]:
    yield _verdict(was.model, "viewers", _viewers(was), _viewers(now), tolerance)
    for split, split_now in zip(was.splits, now.splits, strict=True):
        parts = split.parts | ({"audit": split.audit} if split.audit else {})
        parts_now = split_now.parts | ({"audit": split_now.audit} if split_now.audit else {})
        for part, numbers in parts.items():
            leaves = _leaves(parts_now.get(part, {}))
            yield _verdict(was.model, f"{part}, {split.label}", _leaves(numbers), leaves, tolerance)
    for metric, derived in was.metrics.items():
        again = now.metrics.get(metric, {})
        own = _own(derived) | _on_splits(was, metric)
        own_again = _own(again) | _on_splits(now, metric)
        yield _verdict(was.model, metric, own, own_again, tolerance)
        for name, value in derived.items():
            if isinstance(value, dict):
                words = f"{metric}, {name.replace('_', ' ')}"
                compared = again.get(name)
                leaves = _leaves(compared) if isinstance(compared, dict) else {}
                yield _verdict(was.model, words, _leaves(value), leaves, tolerance)


def _verdict(
    model: str, metric: str, was: Leaves, now: Mapping[str, Leaf], tolerance: float
) -> Agreement:
    gaps = {name: _gap(value, now[name]) if name in now else inf for name, value in was.items()}
    means = _number(was.get(_MEAN)), _number(now.get(_MEAN))
    if not any(gaps.values()):
        return Agreement(model, metric, "exact", *means)
    allowed = dict.fromkeys(gaps, tolerance)
    if gaps.get(_MEAN, inf) > 0:
        allowed |= dict.fromkeys(_SENSITIVE, max(tolerance, _SENSITIVE_TOLERANCE))
    beyond = [name for name, gap in gaps.items() if gap > allowed[name]]
    most = max(beyond or gaps, key=lambda name: gaps[name])
    note = f"{most}: recorded {was[most]}, now {now.get(most, 'missing')}"
    if not beyond:
        return Agreement(model, metric, "within rounding", *means, note)
    low, high = _number(was.get("interval.0")), _number(was.get("interval.1"))
    inside = _MEAN in beyond and all(
        not (mean is None or low is None or high is None) and low <= mean <= high for mean in means
    )
    return Agreement(model, metric, "within the interval" if inside else "different", *means, note)


def _gap(was: Leaf, now: Leaf) -> float:
    """0 if equal; the difference of two numbers, relative above 1; infinity otherwise."""
    if was == now and isinstance(was, bool) == isinstance(now, bool):
        return 0.0
    numbers = _number(was), _number(now)
    if numbers[0] is None or numbers[1] is None:
        return inf
    return abs(numbers[0] - numbers[1]) / max(1.0, abs(numbers[0]))


def _number(value: Leaf) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _own(derived: Mapping[str, Any]) -> Leaves:
    """A metric's mean and interval, without comparisons of models."""
    return _leaves({name: each for name, each in derived.items() if not isinstance(each, dict)})


def _on_splits(record: ModelRecord, metric: str) -> Leaves:
    return {
        split.label: split.metrics[metric] for split in record.splits if metric in split.metrics
    }


def _viewers(record: ModelRecord) -> Leaves:
    return _leaves({each.label: [each.viewers, each.skipped_viewers] for each in record.splits})


def _tried(split: SplitRecord) -> Leaves:
    tried = [each.model_dump() for each in split.tried]
    return _leaves({"chosen": split.options, "tried": tried})


def _leaves(value: Mapping[str, Any]) -> Leaves:
    """Flattens `{"interval": [1, 2]}` to `{"interval.0": 1, "interval.1": 2}`."""
    return dict(_walk("", value))


def _walk(path: str, value: Any) -> Iterator[tuple[str, Leaf]]:
    if isinstance(value, Mapping):
        inside = list(value.items())
    elif isinstance(value, list | tuple):
        inside = list(enumerate(value))
    else:
        yield path, value
        return
    for key, each in inside:
        yield from _walk(f"{path}.{key}" if path else str(key), each)
