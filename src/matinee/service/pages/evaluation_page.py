"""A comparison of models as one HTML page that opens without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.charts import Chart
from matinee.service.pages.page import page
from matinee.service.pages.report import headline, model_tables, record, written
from matinee.service.pages.report.curve import curve_chart
from matinee.service.pages.report.examples import examples
from matinee.service.pages.report.genres import genre_chart
from matinee.service.pages.report.groups import group_charts, group_tables, widest_gaps
from matinee.service.pages.report.intervals import interval_chart
from matinee.service.pages.report.list_length import length_charts
from matinee.service.pages.report.long_tail import long_tail_chart
from matinee.service.pages.report.per_viewer import per_viewer_chart
from matinee.service.pages.report.subject import LeftOut, Subject
from matinee.service.pages.report.trade_offs import trade_off_charts

__all__ = ["Section", "evaluation_page"]


@dataclass(frozen=True)
class Section:
    """Charts about one question.

    Attributes:
        id: unique in the page.
        title: a few words.
        about: what it is about.
        charts: at least one.
        layout: class of the style sheet: "grid", "grid thirds", or "packed" where the charts have
            different heights.
    """

    id: str
    title: str
    about: str
    charts: tuple[Chart, ...]
    layout: str = "grid"


def evaluation_page(comparison: Comparison) -> str:
    """Tables, charts, examples and the receipt; the same comparison gives the same page.

    Everything is counted before it is drawn, so that the page is about 5 MB (Plotly's own script)
    however many viewers there are. It names five viewers by their ids in the data.

    Args:
        comparison: what `matinee.evaluate` found.

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
            "heading": headline.heading(subject),
            "metric": written.title(comparison.metric),
            "verdict": headline.verdict(subject),
            "occasion": headline.occasion(subject),
            "setting": tuple(headline.setting(subject)),
            "tiles": tuple(headline.tiles(subject)),
            "series": subject.series,
            "ranking": model_tables.ranking(subject),
            "strengths": model_tables.strengths(subject),
            "every_metric": model_tables.every_metric(comparison),
            "pairs": model_tables.pairs(comparison),
            "sections": sections,
            "group_tables": tuple(group_tables(subject)),
            "widest_gaps": widest_gaps(subject),
            "examples": examples(subject) if subject.ranks else (),
            "splits": record.splits(subject),
            "parts": record.parts(subject),
            "notes": tuple(record.notes(comparison)),
            "audits": record.audits(comparison),
            "options": record.chosen_options(comparison),
            "trials": tuple(record.trials(comparison)),
            "definitions": record.definitions(comparison),
            "facts": record.facts(comparison),
            "left_out": tuple(_left_out(subject, sections)),
        },
    )


def _sections(subject: Subject) -> Iterator[Section]:
    metric = written.title(subject.comparison.metric)
    yield Section(
        "accuracy",
        "Accuracy",
        f"How good each model is by {metric}, on average and for single viewers.",
        _all(interval_chart(subject), per_viewer_chart(subject), curve_chart(subject)),
    )
    if subject.ranks:
        yield Section(
            "length",
            "Longer lists",
            "The same lists cut after each film.",
            tuple(length_charts(subject)),
            "grid thirds",
        )
        yield Section(
            "films",
            "What is recommended",
            f"The first {written.count(subject.k, 'film')} of every viewer's list.",
            _all(long_tail_chart(subject), genre_chart(subject)),
        )
    yield Section(
        "groups",
        "Groups of viewers",
        f"{metric} of each group with 95% intervals.",
        tuple(group_charts(subject)),
        "packed",
    )
    yield Section(
        "trade-offs",
        "Trade-offs",
        f"{metric} against what else counts. Times and memory are of this one machine and run.",
        tuple(trade_off_charts(subject)),
        "grid thirds",
    )


def _all(*charts: Chart | None) -> tuple[Chart, ...]:
    return tuple(chart for chart in charts if chart is not None)


def _left_out(subject: Subject, sections: Iterable[str]) -> Iterator[LeftOut]:
    """What a report usually has and this one has not, with the reason."""
    if not subject.ranks:
        what = "Lengths of lists, long tail, genres and examples"
        yield LeftOut(what, "ratings were predicted, no lists were made")
    else:
        if "length" not in sections:
            yield LeftOut("Longer lists", "lists of one film alone were asked for")
        if not any(subject.comparison.catalog.genres):
            yield LeftOut("Genres", "no genre of any film is known")
    if len(subject.comparison.results) < 2:
        what = "Differences, trade-offs and examples"
        yield LeftOut(what, "there is one model alone")
    if "groups" not in sections:
        yield LeftOut("Groups of viewers", "there are not two groups to tell apart")
    yield from model_tables.missing(subject)
