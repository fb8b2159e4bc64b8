"""`data merge`: several data sets as one."""

from __future__ import annotations

from dataclasses import asdict

import click

from matinee.cli.console import json_option, open_cache, print_json, print_table, say, summary
from matinee.cli.options import assignments
from matinee.data.merging.merge import MergeReport
from matinee.data.provenance import Provenance
from matinee.errors import OptionError
from matinee.service.merge import MergedDataset, merge_datasets
from matinee.settings import load_settings

__all__ = ["merge_command"]

_PRINTED = 10
"""Most possible duplicates to print; --json has all."""


@click.command("merge")
@click.argument("data", nargs=-1, required=True, metavar="NAME|PATH...")
@click.option("--name", required=True, metavar="OUT", help="Name of the result.")
@click.option(
    "--trust", "trusted", multiple=True, metavar="FIELD=NAME[,NAME...]",
    help="Order of trust for one field, instead of the order of the data sets. Can be repeated.",
)  # fmt: skip
@click.option(
    "--all-films", is_flag=True, help="Also keep films that only the other data sets list."
)
@click.option(
    "--since",
    type=int,
    metavar="YEAR",
    help="Also keep films of YEAR or later that only the other data sets list.",
)
@click.option(
    "--min-votes", type=int, metavar="N",
    help="Also keep films with N votes or more that only the other data sets list; with --since, "
    "those that meet both.",
)  # fmt: skip
@json_option
def merge_command(
    data: tuple[str, ...],
    name: str,
    trusted: tuple[str, ...],
    all_films: bool,
    since: int | None,
    min_votes: int | None,
    as_json: bool,
) -> None:
    """Merge several data sets into one.

    List the data sets in order of trust: each fact comes from the first one that has it, and
    `matinee data film` shows which. Films are matched by id, else by title and year; ambiguous ones
    stay separate. MovieLens editions from 1M on share their film ids.

    Ratings, viewers and folds are those of the first data set with ratings. The result has its
    films, and the other data sets add facts about them: films that nobody has rated are known by
    their facts alone and slow models down. --since and --min-votes also keep the new and the
    well-known among them, --all-films keeps all. If no data set has ratings, all films are kept.

    \b
    Examples:
      matinee data merge ml-latest-small film-table --name merged
      matinee data merge ml-100k tmdb-5000 --name ours --trust runtime=tmdb-5000
      matinee data merge tmdb-5000 wikipedia-movie-data film-table --name films
      matinee data merge ml-32m ./imdb --since 2023 --min-votes 1000 --name today
      matinee recommend --like "Toy Story" --kids --data merged
    """
    cache = open_cache(load_settings())
    merged = merge_datasets(
        data,
        name,
        cache,
        trust=_trust(trusted),
        all_films=all_films,
        since=since,
        min_votes=min_votes,
    )
    if as_json:
        print_json(_document(merged))
        return
    # the tables below say the same as the first note
    for note in merged.dataset.notes[1:]:
        say(note)
    _print_sources(merged)
    _print_filled(merged.films.provenance)
    _print_conflicts(merged.films.report)
    _print_duplicates(merged.films.report)
    click.echo(f"\n{name}: {summary(merged.dataset)}; use it with --data {name}")


def _trust(texts: tuple[str, ...]) -> dict[str, list[str]]:
    form = "FIELD=NAME[,NAME...], as in runtime=tmdb-5000"
    trust = {
        field: [name.strip() for name in names.split(",")]
        for field, names in assignments("--trust ", form, texts).items()
    }
    for field, names in trust.items():
        if not all(names):
            raise OptionError(f"--trust '{field}={','.join(names)}' must have the form {form}")
    return trust


def _print_sources(merged: MergedDataset) -> None:
    films, report = len(merged.films.catalog), merged.films.report
    films_of = merged.films.provenance.films()
    counts = ["films", "by id", "by title", "ambiguous", "new", "in the result"]
    rows = [
        [
            each.source,
            *(f"{n:,}" for n in (each.films, each.by_id, each.by_title, each.ambiguous, each.new)),
            _of(films_of[each.source], films),
        ]
        for each in report.joined
    ]
    print_table(["data set", *counts], rows, numbers=counts)
    if report.left_out:
        click.echo(
            f"{report.left_out:,} films that are not in {merged.ratings_of} are left out; "
            "--since and --min-votes keep some of them, --all-films keeps all"
        )


def _print_filled(provenance: Provenance) -> None:
    films = len(provenance.chosen)
    rows = [
        [
            field,
            *(f"{of_source[source]:,}" for source in provenance.sources),
            _of(films - sum(of_source.values()), films),
        ]
        for field, of_source in provenance.counts().items()
    ]
    columns = [*provenance.sources, "unknown"]
    click.secho("\nWhere the facts come from, in films", bold=True)
    print_table(["fact", *columns], rows, numbers=columns)


def _print_conflicts(report: MergeReport) -> None:
    if not report.conflicts:
        return
    click.secho("\nConflicts, with the chosen fact first", bold=True)
    rows = [[each.field, f"{each.films:,}", each.examples[0]] for each in report.conflicts]
    print_table(["fact", "films", "for example"], rows, numbers=["films"])


def _print_duplicates(report: MergeReport) -> None:
    duplicates = report.duplicates
    click.secho(f"\nPossible duplicates: {len(duplicates):,}", bold=True)
    for each in duplicates[:_PRINTED]:
        click.echo(str(each))
    if len(duplicates) > _PRINTED:
        click.echo(f"and {len(duplicates) - _PRINTED:,} more; --json has all")


def _of(part: int, total: int) -> str:
    """A count and its percentage."""
    return f"{part:,} ({100 * part / total:.1f} %)" if total else f"{part:,}"


def _document(merged: MergedDataset) -> dict[str, object]:
    dataset, films = merged.dataset, merged.films
    films_of = films.provenance.films()
    return {
        "name": dataset.name,
        "folder": str(merged.folder),
        "ratings": len(dataset.interactions),
        "ratings_of": merged.ratings_of or None,
        "viewers": dataset.interactions.n_users,
        "films": len(dataset.catalog),
        "left_out": films.report.left_out,
        "licence": dataset.licence,
        "sources": [
            {**asdict(each), "in_result": films_of[each.source]} for each in films.report.joined
        ],
        "facts": films.provenance.counts(),
        "conflicts": [asdict(each) for each in films.report.conflicts],
        "duplicates": [asdict(each) for each in films.report.duplicates],
        "notes": list(dataset.notes),
        "findings": [asdict(each) for each in dataset.findings],
    }
