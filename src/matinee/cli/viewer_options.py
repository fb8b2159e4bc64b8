"""Options that say whose films are in question: viewers of the data, or ratings of one's own."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from matinee.cli.console import say
from matinee.cli.options import Decorator, assignments
from matinee.data import Dataset, Query
from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_times import TIME_FORMS
from matinee.models import Model
from matinee.service.about import about
from matinee.service.own_history import own_query

__all__ = ["ViewerChoice", "viewer_options"]

_NAMED = (
    click.option(
        "--like", "likes", multiple=True, metavar="TITLE", help="A film you like. Can be repeated."
    ),
    click.option(
        "--scale",
        nargs=2,
        type=float,
        metavar="LOW HIGH",
        help="With --ratings: lowest and highest rating.  [default: inferred from the ratings]",
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
    """The values of the options; every user, the likes together and every file are a viewer."""

    users: tuple[str, ...]
    files: tuple[Path, ...]
    likes: tuple[str, ...]
    columns: tuple[str, ...]
    scale: tuple[float, float] | None
    times: str | None
    attributes: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether any of the options is set."""
        return any(getattr(self, each.name) for each in fields(self))

    def __len__(self) -> int:
        """How many viewers are named."""
        return len(self.users) + len(self.files) + bool(self.likes)

    def check(self, otherwise: str = "") -> None:
        """Refuses a choice that names no viewer, and options that do not fit it.

        `otherwise` ends the message.

        Raises:
            UsageError: the choice is refused.
        """
        if (self.columns or self.scale or self.times) and not self.files:
            raise click.UsageError("--column, --scale and --times are for --ratings")
        if not (len(self) or self.attributes):
            raise click.UsageError(
                "name a viewer with --user, films with --like, or your own ratings with "
                f"--ratings{otherwise}"
            )
        if len(self) > 1 and self.attributes:
            raise click.UsageError("--about is for one viewer, not for a group")

    def check_one(self) -> None:
        """The same where one viewer is enough."""
        self.check()
        if len(self) > 1:
            raise click.UsageError("name one viewer: by --user, --like or --ratings")

    def members(self, dataset: Dataset) -> tuple[tuple[str, Query], ...]:
        """The viewers and their names; problems in a viewer's file are reported on stderr.

        A file goes by its name without the ending, or by its path where two would have one name.

        Raises:
            UnknownNameError: no such viewer or film.
            InputError: ratings that cannot be read.
        """
        names = Counter([*self.users, *(each.stem for each in self.files)])
        named = [
            *((each, dataset.viewer(each)) for each in self.users),
            *(
                (each.stem if names[each.stem] == 1 else str(each), self._own_query(dataset, each))
                for each in self.files
            ),
        ]
        if self.likes or not named:
            named.append(("you", dataset.liking(*self.likes)))
        return tuple(named)

    def with_attributes(self, query: Query, model: Model) -> Query:
        """The query with the attributes of --about, as the model has learned them.

        Raises:
            InputError: the model has not.
        """
        return replace(query, attributes=about(model, self.attributes, query.attributes))

    def _own_query(self, dataset: Dataset, file: Path) -> Query:
        # All of a viewer's few rows are read, and every defect is said below.
        cleaning = Cleaning(limit=sys.maxsize)
        query, report = own_query(
            file,
            dataset,
            cleaning,
            scale=self.scale,
            columns=assignments("--column ", "ROLE=COLUMN, as in rating=mine", self.columns),
            times=self.times,
        )
        for line in (*report.lines, *map(str, cleaning.findings)):
            say(line)
        return query


def viewer_options(*, group: bool = False, pairs: bool = False) -> Decorator:
    """Adds all options that name a viewer, or a `group`; the command gets one `viewer`.

    With `pairs`, the command also reads a table of pairs, whose columns --column names.
    """
    several = " With --group, can be repeated." if group else ""
    of_pairs = " With --pairs: user, item, title or another id of the film." if pairs else ""
    options = (
        click.option(
            "--user",
            "users",
            multiple=group,
            metavar="ID",
            help=f"A viewer of the data set.{several}",
        ),
        click.option(
            "--ratings",
            "files",
            multiple=group,
            type=click.Path(path_type=Path),
            help="Your ratings: a Letterboxd, IMDb or Trakt export, or any table or JSON of "
            f"titles.{several}",
        ),
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="ROLE=COLUMN",
            help="With --ratings: the column of a table with the role rating, title, year, time, "
            f"item, imdb_id, tmdb_id or type.{of_pairs} Can be repeated.  [default: by name]",
        ),
        *_NAMED,
    )

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_viewer(**values: Any) -> Any:
            chosen = {each.name: values.pop(each.name) for each in fields(ViewerChoice)}
            for name in ("users", "files"):
                one = () if chosen[name] is None else (chosen[name],)
                chosen[name] = chosen[name] if group else one
            return command(**values, viewer=ViewerChoice(**chosen))

        decorated: Callable[..., Any] = with_viewer
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate
