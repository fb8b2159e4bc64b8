"""Where predicted ratings are wrong: errors by rating, and ratings beside their predictions."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from matinee.display import formats
from matinee.display.charts import Chart, Trace, figure, line
from matinee.display.table import Table
from matinee.experiments.comparing.error_tables import ErrorTables
from matinee.service.pages.report.subject import Subject

__all__ = ["error_charts"]

_ROW, _FEWEST_ROWS = 24, 9
"""Pixels of a row of the heat map, and the rows of the lowest one."""
_MOST_WITH_TEXT = 12
"""Steps of a scale whose cells have room for a number."""


def error_charts(subject: Subject) -> Iterator[Chart]:
    """Bias and RMSE of every model by rating, and the confusion of the best model's."""
    tables = {each.name: ErrorTables.of(subject.comparison, each.name) for each in subject.series}
    groups = {name: each.by("rating") for name, each in tables.items()}
    yield _bias_chart(subject, groups)
    yield _rmse_chart(subject, groups)
    best = subject.series[0].name
    yield _confusion_chart(best, tables[best])


def _bias_chart(subject: Subject, groups: dict[str, pl.DataFrame]) -> Chart:
    return Chart(
        "error-bias",
        "Bias by rating",
        "The mean of prediction minus rating, on the scale of the data. Above 0, ratings are "
        "predicted too high. Models that play safe predict low ratings too high and high ones too "
        "low.",
        _lines(subject, groups, "bias", "prediction minus rating"),
        legend=subject.series,
        table=_table(groups, "bias"),
    )


def _rmse_chart(subject: Subject, groups: dict[str, pl.DataFrame]) -> Chart:
    return Chart(
        "error-rmse",
        "RMSE by rating",
        "The root of the mean squared error, on the scale of the data: lower is better. Rare "
        "ratings weigh little in the overall RMSE.",
        _lines(subject, groups, "rmse", "RMSE"),
        legend=subject.series,
        table=_table(groups, "rmse"),
    )


def _lines(
    subject: Subject, groups: dict[str, pl.DataFrame], measure: str, title: str
) -> dict[str, object]:
    traces = [
        line(
            look,
            groups[look.name]["rating"].to_list(),
            groups[look.name][measure].to_list(),
            "%{y:.3f} at %{x}",
            dots=True,
        )
        for look in subject.series
    ]
    steps = groups[subject.series[0].name]["rating"].to_list()
    return figure(
        traces,
        x={"title": "rating", "tickvals": steps},
        y={"title": title, "zeroline": True, "zerolinecolor": "var(--soft)"},
    )


def _table(groups: dict[str, pl.DataFrame], measure: str) -> Table:
    first = next(iter(groups.values()))
    columns = [group[measure].to_list() for group in groups.values()]
    write = formats.signed if measure == "bias" else formats.number
    return Table(
        ("rating", "ratings", *groups),
        tuple(
            (f"{rating:g}", f"{n:,}", *map(write, values))
            for rating, n, *values in zip(first["rating"], first["ratings"], *columns, strict=True)
        ),
    )


def _confusion_chart(model: str, tables: ErrorTables) -> Chart:
    counts, steps = tables.confusion(), [f"{step:g}" for step in tables.steps]
    shares = counts / counts.sum(axis=1, keepdims=True).clip(1)
    exact = counts.trace() / counts.sum()
    return Chart(
        "error-confusion",
        f"Ratings and predictions of {model}",
        "For each rating, how many of its predictions round to each step of the scale, in %. "
        f"{formats.share(exact)} of all are on the diagonal: they round to the rating.",
        figure(
            [_heat_map(steps, shares.tolist())],
            x={"title": "prediction, rounded", "type": "category", "showgrid": False},
            y={"title": "rating", "type": "category", "showgrid": False},
        ),
        height=90 + _ROW * max(_FEWEST_ROWS, len(steps)),
        table=Table(
            ("rating", *(f"as {step}" for step in steps)),
            tuple(
                (step, *(f"{n:,}" for n in row))
                for step, row in zip(steps, counts.tolist(), strict=True)
            ),
        ),
    )


def _heat_map(steps: list[str], shares: list[list[float]]) -> Trace:
    cells = [[f"{100 * share:.0f}" if share else "" for share in row] for row in shares]
    text = {"text": cells, "texttemplate": "%{text}"} if len(steps) <= _MOST_WITH_TEXT else {}
    return {
        "type": "heatmap",
        "x": steps,
        "y": steps,
        "z": shares,
        "zmin": 0,
        "colorscale": [[0, "var(--surface)"], [1, "var(--red)"]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": "%{z:.1%} of %{y} predicted as %{x}<extra></extra>",
        **text,
    }
