"""`verify`: repeats the measurements of a receipt."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from matinee.cli.console import json_option, open_cache, print_json, print_table, say, steps
from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.errors import DataError, FailureError, InputError
from matinee.experiments.receipts.agreement import TOLERANCE, VERDICTS
from matinee.experiments.receipts.receipt_file import read_receipt
from matinee.experiments.verify import Verification, verify
from matinee.service.datasets import load
from matinee.settings import load_settings

__all__ = ["verify_command"]


@click.command("verify")
@click.argument("receipt", type=click.Path(path_type=Path))
@click.option(
    "--data",
    metavar="NAME|PATH",
    help="The receipt's data on this machine.  [default: the name in the receipt]",
)
@click.option(
    "--test",
    metavar="NAME|PATH",
    help="The receipt's test on this machine, if that is a file of its own.",
)
@click.option(
    "--among",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The receipt's file of films on this machine.  [default: its name in this folder]",
)
@click.option(
    "--thorough",
    is_flag=True,
    help="Choose options on validation again instead of using those of the receipt.",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(0, 1),
    default=TOLERANCE,
    show_default=True,
    help="Relative tolerance for numbers above 1, absolute below.",
)
@json_option
def verify_command(
    receipt: Path,
    data: str | None,
    test: str | None,
    among: Path | None,
    thorough: bool,
    tolerance: float,
    as_json: bool,
) -> None:
    """Measure a receipt's models again and compare the numbers.

    The digest of the file and the content of the data are checked first. Exit status 0: every
    number is exact or within rounding; 1: a number differs, or the file or the data was changed;
    2: the file is not a receipt. Times play no role. Nothing in a receipt is executed.

    \b
    Examples:
      matinee evaluate popular ease --data ml-100k --receipt ours.json
      matinee verify ours.json
      matinee verify theirs.json --data ~/data/ml-100k --thorough --json
    """
    recorded = read_receipt(receipt)
    settings = load_settings(data=data)
    cache = open_cache(settings)
    dataset = _of_receipt(data, recorded.data.name, "--data", cache)
    test_data = None
    if recorded.test_data is not None:
        test_data = _of_receipt(test, recorded.test_data.name, "--test", cache)
    with steps("verifying") as progress:
        verification = verify(
            recorded,
            dataset,
            test=test_data,
            among=among,
            thorough=thorough,
            tolerance=tolerance,
            progress=progress,
        )
    if as_json:
        print_json(verification.to_json())
    else:
        _print(verification)
    if not verification.agrees:
        raise FailureError(
            f"{receipt} does not hold here: {len(verification.differing):,} of "
            f"{len(verification.agreements):,} recorded results differ"
        )
    if not as_json:
        click.echo(f"{receipt} holds: all {len(verification.agreements):,} recorded results agree")


def _of_receipt(here: str | None, recorded: str, option: str, cache: Cache) -> Dataset:
    """The data set that the caller names, or that the receipt does."""
    try:
        return load(here or recorded, cache)
    except InputError as error:
        if here is not None:
            raise
        raise DataError(f"the receipt's data is not here: {error}; name it with {option}") from None


def _print(verification: Verification) -> None:
    rows = [
        [model, verdict, ", ".join(metrics)] for model, verdict, metrics in _grouped(verification)
    ]
    print_table(["model", "verdict", "metrics"], rows, whole=["model", "verdict"])
    click.echo()
    for each in verification.differing:
        click.echo(f"{each.model}, {each.metric}: {each.note}")
    if verification.differing:
        click.echo()
    print_table(
        ["model", "fit s recorded", "fit s now"],
        [
            [str(row["model"]), f"{row['fit_seconds_recorded']:.2f}", f"{row['fit_seconds']:.2f}"]
            for row in verification.seconds()
        ],
        numbers=["fit s recorded", "fit s now"],
    )
    click.echo()
    for change in verification.changes:
        say(f"changed: {change}")
    if not verification.thorough:
        say("options are those of the receipt; --thorough chooses them again")
    say(f"tolerance {verification.tolerance:g}: relative for numbers above 1, absolute below")


def _grouped(verification: Verification) -> list[tuple[str, str, list[str]]]:
    """Model, verdict and metrics; comparisons of models only if they differ."""
    rows: list[tuple[str, str, list[str]]] = []
    by_model = sorted(verification.agreements, key=lambda each: each.model)
    for model, of_model in groupby(by_model, key=lambda each: each.model):
        listed = list(of_model)
        for verdict in VERDICTS:
            names = [
                each.metric
                for each in listed
                if each.verdict == verdict and not (each.agrees and "," in each.metric)
            ]
            if names:
                rows.append((model, verdict, names))
    return rows
