"""Options that say whose films are asked about: a viewer of the data, or ratings of one's own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from matinee.cli.console import say
from matinee.cli.options import assignments
from matinee.data import Dataset, Query
from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_times import TIME_FORMS
from matinee.models import Model
from matinee.service.about import about
from matinee.service.own_history import own_query

__all__ = ["ViewerChoice", "viewer_options"]

_OPTIONS = (
    click.option("--user", metavar="ID", help="A viewer of the data set."),
    click.option(
        "--like", "likes", multiple=True, metavar="TITLE", help="A film you like. Can be repeated."
    ),
    click.option(
        "--ratings",
        type=click.Path(path_type=Path),
        help="Your ratings: a Letterboxd, IMDb or Trakt export, or any table or JSON of titles.",
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="ROLE=COLUMN",
        help="With --ratings: the column of a table with the role rating, title, year, time, "
        "item, imdb_id, tmdb_id or type. Can be repeated.  [default: by name]",
    ),
    click.option(
        "--scale",
        nargs=2,
        type=float,
        metavar="LOW HIGH",
        help="With --ratings: lowest and highest rating.  [default: by them]",
    ),
    click.option(
        "--times",
        type=click.Choice(list(TIME_FORMS)),
        metavar="FORM",
        help=f"With --ratings: what the times of a table are: {', '.join(TIME_FORMS)}.  "
        "[default: by the times]",
    ),
    click.option(
        "--about",
        "attributes",
        multiple=True,
        metavar="COLUMN=VALUE",
        help="An attribute of the viewer, such as age=34, for models that use attributes. "
        "Can be repeated.",
    ),
)


@dataclass(frozen=True)
class ViewerChoice:
    """The values of the options; at most one of `user`, `likes` and `ratings` names the viewer."""

    user: str | None
    likes: tuple[str, ...]
    ratings: Path | None
    columns: tuple[str, ...]
    scale: tuple[float, float] | None
    times: str | None
    attributes: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether any of the options is set."""
        return any(getattr(self, each.name) for each in fields(self))

    def check(self, otherwise: str = "") -> None:
        """Refuses none, several, and options of another one; `otherwise` is one more way out.

        Raises:
            UsageError: as said.
        """
        if (self.columns or self.scale or self.times) and not self.ratings:
            raise click.UsageError("--column, --scale and --times are for --ratings")
        sources = sum(map(bool, (self.user, self.likes, self.ratings)))
        if sources > 1 or not (sources or self.attributes):
            raise click.UsageError(
                "name a viewer with --user, films with --like, or your own ratings with "
                f"--ratings{otherwise}"
            )

    def query(self, dataset: Dataset) -> Query:
        """The viewer in a data set; defects of own ratings are said on stderr.

        Raises:
            UnknownNameError: no such viewer or film.
            InputError: ratings that cannot be read.
        """
        if self.ratings is None:
            return dataset.viewer(self.user) if self.user else dataset.liking(*self.likes)
        # All of a viewer's few rows are read, and every defect is said below.
        cleaning = Cleaning(limit=sys.maxsize)
        query, report = own_query(
            self.ratings,
            dataset,
            cleaning,
            scale=self.scale,
            columns=assignments("--column ", "ROLE=COLUMN, as in rating=mine", self.columns),
            times=self.times,
        )
        for line in (*report.lines, *map(str, cleaning.findings)):
            say(line)
        return query

    def with_attributes(self, query: Query, model: Model) -> Query:
        """The query with the attributes of --about, as the model has learned them.

        Raises:
            InputError: the model has not.
        """
        return replace(query, attributes=about(model, self.attributes, query.attributes))


def viewer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds all options that name a viewer; the command gets them as one `viewer`."""

    @wraps(command)
    def with_viewer(**values: Any) -> Any:
        viewer = ViewerChoice(**{each.name: values.pop(each.name) for each in fields(ViewerChoice)})
        return command(**values, viewer=viewer)

    decorated: Callable[..., Any] = with_viewer
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
