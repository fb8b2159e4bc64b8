"""A comparison of models as one HTML page that opens without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matinee.display import formats
from matinee.display.charts import Chart
from matinee.experiments.measuring.charts import curve_chart, interval_chart
from matinee.experiments.measuring.outputs import ranking
from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.page import page
from matinee.service.pages.report import accuracy, errors, films, record, summary, viewers
from matinee.service.pages.report.choices import choices
from matinee.service.pages.report.subject import Subject

__all__ = ["Section", "evaluation_page"]


@dataclass(frozen=True)
class Section:
    """Charts about one question.

    `layout` is a class in the style sheet: "packed" is for charts of different heights.
    """

    id: str
    title: str
    about: str
    charts: tuple[Chart, ...]
    layout: str = "grid"


def evaluation_page(comparison: Comparison) -> str:
    """A page of tables, charts, examples and the receipt; deterministic for a comparison.

    Charts show aggregates only, so that the page is about 5 MB (Plotly's script) for any number of
    viewers. It contains the ids of five viewers.

    Raises:
        FailureError: Plotly is not installed.
    """
    subject = Subject(comparison)
    sections = {each.id: each for each in _sections(subject) if each.charts}
    charts = [chart for section in sections.values() for chart in section.charts]
    return page(
        "evaluation_page.html",
        charts,
        {
            "heading": summary.heading(subject),
            "metric": formats.title(comparison.metric),
            "verdict": summary.verdict(subject),
            "occasion": summary.occasion(subject),
            "setting": tuple(summary.setting(subject)),
            "tiles": tuple(summary.tiles(subject)),
            "series": subject.series,
            "ranking": ranking(comparison),
            "strengths": summary.strengths(subject),
            "every_metric": summary.every_metric(comparison),
            "pairs": summary.pairs(comparison),
            "sections": sections,
            "group_tables": tuple(viewers.group_tables(subject)),
            "widest_gaps": viewers.widest_gaps(subject),
            "examples": viewers.examples(subject) if subject.ranks else (),
            "splits": record.splits(subject),
            "parts": record.parts(subject),
            "notes": tuple(record.notes(comparison)),
            "audits": record.audits(comparison),
            "options": record.chosen_options(comparison),
            "trials": tuple(record.trials(comparison)),
            "choices": tuple(choices(comparison)),
            "definitions": record.definitions(comparison),
            "facts": record.facts(comparison),
            "left_out": tuple(_left_out(subject, sections)),
        },
    )


def _sections(subject: Subject) -> Iterator[Section]:
    metric = formats.title(subject.comparison.metric)
    yield Section(
        "accuracy",
        "Accuracy",
        f"{metric} of each model, on average and for single viewers.",
        _all(
            interval_chart(subject.comparison, subject.comparison.metric),
            accuracy.per_viewer_chart(subject),
            curve_chart(subject.comparison, subject.comparison.metric),
        ),
    )
    if subject.ranks:
        yield Section(
            "length",
            "Longer lists",
            "The same lists, cut at each length.",
            tuple(films.length_charts(subject)),
            "grid thirds",
        )
        yield Section(
            "films",
            "What is recommended",
            f"The first {formats.count(subject.k, 'film')} of every viewer's list.",
            _all(films.long_tail_chart(subject), films.genre_chart(subject)),
        )
    else:
        yield Section(
            "errors",
            "Where predictions are wrong",
            "Errors of predicted ratings, by rating. The command matinee errors also lists the "
            "films, viewers and ratings with the largest ones.",
            tuple(errors.error_charts(subject)),
            "grid thirds",
        )
    yield Section(
        "groups",
        "Groups of viewers",
        f"{metric} of each group with 95% intervals.",
        tuple(viewers.group_charts(subject)),
        "packed",
    )
    yield Section(
        "trade-offs",
        "Trade-offs",
        f"{metric} against other qualities. Times and memory are from one run on one machine.",
        tuple(accuracy.trade_off_charts(subject)),
        "grid thirds",
    )


def _all(*charts: Chart | None) -> tuple[Chart, ...]:
    return tuple(chart for chart in charts if chart is not None)


def _left_out(subject: Subject, sections: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Usual parts of a report that this one lacks, with the reason."""
    if not subject.ranks:
        what = "Lengths of lists, long tail, genres and examples"
        yield what, "this comparison predicts ratings and makes no lists"
    else:
        if "length" not in sections:
            yield "Longer lists", "the lists have only one film"
        if not any(subject.comparison.catalog.genres):
            yield "Genres", "no film has a known genre"
    if len(subject.comparison.results) < 2:
        yield "Differences, trade-offs and examples", "there is only one model"
    if "groups" not in sections:
        yield "Groups of viewers", "there are fewer than two groups"
    yield from summary.missing(subject)
