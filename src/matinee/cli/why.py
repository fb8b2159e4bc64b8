"""`why`: why a film is recommended to a viewer, or is not."""

from __future__ import annotations

from dataclasses import asdict

import click

from matinee.cli.console import open_cache, print_json, print_table, say
from matinee.cli.options import data_option, model_option
from matinee.cli.output_options import Form, form_options, print_csv
from matinee.cli.rankings import reason_document
from matinee.cli.recommenders import recommender_of
from matinee.cli.viewer_options import ViewerChoice, viewer_options
from matinee.pipeline.why import Why
from matinee.service.datasets import load
from matinee.settings import load_settings

__all__ = ["why_command"]


@click.command("why")
@viewer_options()
@click.option("--film", required=True, metavar="TITLE", help="The film, by title or id.")
@data_option
@model_option
@click.option("--n", type=click.IntRange(1, 1000), default=10, show_default=True,
              help="Number of films of the history in the table.")  # fmt: skip
@form_options
def why_command(
    viewer: ViewerChoice, film: str, data: str | None, model: str | None, n: int, form: Form
) -> None:
    """Explain where a film stands for a viewer, recommended or not.

    Prints its rank among the films the viewer has not rated, the rating to expect if the model
    predicts ratings, and what each film of the history adds to the score: below 0 it counts
    against the film. Models whose score is no sum over the history have no such table.

    \b
    Examples:
      matinee why --user 196 --film Fargo
      matinee why --user 196 --film "Emma (1996)" --model svd
      matinee why --like Alien --like "Blade Runner" --film Casablanca --json
    """
    viewer.check_one()
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    ((_, query),), film_id = viewer.members(dataset), f"#{dataset.film(film).id}"
    recommender = recommender_of(dataset, model or settings.model, settings)
    answer = recommender.why(viewer.with_attributes(query, recommender.model), film_id)
    if form == "csv":
        print_csv(answer.to_frame())
    elif form == "json":
        document = {**asdict(answer), "reason": reason_document(answer.reason)}
        print_json({"text": str(answer), **document})
    else:
        click.echo(str(answer))
        say(f"by {answer.model}")
        _print_parts(answer, n)


def _print_parts(why: Why, n: int) -> None:
    largest = sorted(why.parts, key=lambda each: -abs(each.share))[:n]
    if not largest:
        return
    click.echo()
    rows = [
        [each.label, "" if each.rating is None else f"{each.rating:g}", f"{each.share:+.1%}"]
        for each in why.parts
        if each in largest
    ]
    rows += [[label, "", f"{share:+.1%}"] for label, _, share in why.other_terms]
    print_table(["film of the history", "rating", "share"], rows, numbers=["rating", "share"])
    if len(why.parts) > len(largest):
        say(f"the largest {len(largest)} of {len(why.parts):,}; --n, --csv and --json have more")
