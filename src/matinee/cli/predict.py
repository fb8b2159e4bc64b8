"""`predict`: the rating to expect from a viewer for a film."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import click
import polars as pl

from matinee.cli.console import open_cache, print_json, print_table, say
from matinee.cli.options import assignments, data_option, model_option
from matinee.cli.output_options import Form, form_options, print_csv
from matinee.cli.rankings import rating_column
from matinee.cli.recommenders import able_model, recommender_of
from matinee.cli.viewer_options import ViewerChoice, viewer_options
from matinee.data import Dataset, Expected, Film
from matinee.models import require_predictions
from matinee.pipeline import Recommender
from matinee.service.datasets import load
from matinee.service.frame_file import check_frame_file, write_frames
from matinee.settings import Settings, load_settings

__all__ = ["predict_command"]

_SUBSTITUTE = "svd-plus-plus"
"""The most accurate of the models that are fitted in seconds."""


@click.command("predict")
@viewer_options(pairs=True)
@click.option("--film", "films", multiple=True, metavar="TITLE",
              help="A film, by title or id. Can be repeated.")  # fmt: skip
@click.option("--pairs", type=click.Path(path_type=Path), metavar="FILE",
              help="Instead: a table with a viewer and a film in every row.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="With --pairs: the .parquet, .csv or .jsonl file to write.  "
              "[default: CSV on stdout]")  # fmt: skip
@data_option
@model_option
@form_options
def predict_command(
    viewer: ViewerChoice,
    films: tuple[str, ...],
    pairs: Path | None,
    out: Path | None,
    data: str | None,
    model: str | None,
    form: Form,
) -> None:
    """Predict ratings in stars, of one viewer for some films or for a table of both.

    Only some models predict ratings (`matinee models` marks them); if that of the settings does
    not, svd-plus-plus answers. Those with intervals, such as bayes-fm, add the range that holds the
    rating with a probability of 80%.

    --pairs adds the columns predicted, low and high to the table and keeps all others. --column
    user=NAME and --column item=NAME name those of the viewer and the film if they are not
    recognised.

    \b
    Examples:
      matinee predict --user 196 --film Fargo
      matinee predict --like Alien --film "Blade Runner" --film Casablanca --model bayes-fm
      matinee predict --pairs test.csv --out predicted.parquet --data ml-1m
    """
    settings = load_settings(data=data)
    if pairs is not None:
        if films or replace(viewer, columns=()) or form == "json":
            raise click.UsageError(
                "--pairs names viewers and films, and the answer is a table; leave out --film, "
                "--json and the options of one viewer"
            )
        _predict_pairs(settings, viewer, pairs, out, model)
        return
    if out is not None:
        raise click.UsageError("--out is for --pairs; use --csv or --json to print more")
    if not films:
        raise click.UsageError("name a film with --film, or a table with --pairs")
    viewer.check_one()
    dataset = load(settings.data, open_cache(settings))
    ((_, query),), found = viewer.members(dataset), [dataset.film(each) for each in films]
    recommender = _recommender(dataset, model, settings)
    query = viewer.with_attributes(query, recommender.model)
    answers = [recommender.predict(query, f"#{film.id}") for film in found]
    _print(recommender.model.name, found, answers, form)


def _predict_pairs(
    settings: Settings, viewer: ViewerChoice, pairs: Path, out: Path | None, model: str | None
) -> None:
    if out is not None:
        check_frame_file(out)
    columns = assignments("--column ", "ROLE=COLUMN, as in user=who", viewer.columns)
    dataset = load(settings.data, open_cache(settings))
    frame = _recommender(dataset, model, settings).predict_all(pairs, columns=columns)
    if out is None:
        print_csv(frame)
    else:
        write_frames([frame], out)
        say(f"{len(frame):,} predicted ratings are in {out}")


def _recommender(dataset: Dataset, model: str | None, settings: Settings) -> Recommender:
    require = partial(require_predictions, counts=dataset.interactions.counts)
    what = "ranks films and predicts no ratings"
    chosen = able_model(model, settings, require, what, _SUBSTITUTE)
    return recommender_of(dataset, chosen, settings)


def _print(model: str, films: list[Film], answers: list[Expected], form: Form) -> None:
    pairs = list(zip(films, answers, strict=True))
    lines = [
        {
            "item_id": film.id,
            "title": film.title,
            "year": film.year,
            "predicted": each.stars,
            "low": each.low,
            "high": each.high,
        }
        for film, each in pairs
    ]
    if form == "json":
        print_json({"model": model, "films": lines})
    elif form == "csv":
        print_csv(pl.DataFrame(lines, schema_overrides={"low": pl.Float64, "high": pl.Float64}))
    else:
        say(f"by {model}")
        rating = rating_column(tuple(answers))
        rows = [[film.title, str(film.year or ""), str(each)] for film, each in pairs]
        print_table(["title", "year", rating], rows, numbers=["year", rating])
