"""The flags of a comparison: each reaches the receipt, and mistakes are named with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

POPULAR = ("evaluate", "popular", "--defaults")


@pytest.mark.parametrize(
    ("flags", "settings"),
    [
        (("--share", "0.7"), {"share": 0.7}),
        (("--protocol", "time", "--share", "0.6"), {"share": 0.6}),
        (("--protocol", "last", "--last", "2"), {"last": 2}),
        (("--protocol", "last", "--last", "20%"), {"last": 0.2}),
        (("--relevant-from", "4", "--min-rating", "2"), {"relevant_from": 4, "min_rating": 2}),
        (
            ("--min-per-viewer", "5", "--min-per-film", "4"),
            {"min_per_viewer": 5, "min_per_film": 4},
        ),
        (("--protocol", "ratings", "--share", "0.9"), {"share": 0.9}),
    ],
)
def test_every_flag_is_in_the_receipt(
    run: Run, planted_folder: Path, flags: tuple[str, ...], settings: dict[str, object]
) -> None:
    model = "baseline" if "ratings" in flags else "popular"
    data = ("--data", str(planted_folder))
    document = run("evaluate", model, "--defaults", *data, *flags, "--json").json
    protocol = document["receipt"]["protocol"]
    assert {name: protocol[name] for name in settings} == settings


def test_training_ends_before_a_date(run: Run, home: Path) -> None:
    rows = [f"{n % 8},{n // 8},{1 + n % 5},2001-01-{1 + n // 2:02}\n" for n in range(60)]
    file = home / "dated.csv"
    file.write_text("user,movie,rating,date\n" + "".join(rows))
    time = ("--protocol", "time", "--until", "2001-01-20")
    document = run(*POPULAR, "--data", str(file), *time, "--json").json
    assert document["receipt"]["protocol"]["until"] == "2001-01-20"
    (split,) = document["results"][0]["splits"]
    assert split["split"] == "from 2001-01-20"
    late = run(*POPULAR, "--data", str(file), *time[:3], "2031-01-01", status=2)
    assert "they run from 2001-01-01 to 2001-01-30, so use a date of --until" in late.err


def test_films_of_a_file_and_an_unknown_one(run: Run, planted_folder: Path, home: Path) -> None:
    first = (planted_folder / "u.item").read_text(encoding="latin-1").splitlines()[:9]
    films = home.parent / "films.txt"
    films.write_text("\n".join(line.partition("|")[0] for line in first))
    outcome = run(*POPULAR, "--data", str(planted_folder), "--among", str(films))
    assert "targets are among the 9 films; the others are left out" in outcome.err
    films.write_text("no such film at all\n")
    refused = run(*POPULAR, "--data", str(planted_folder), "--among", str(films), status=2)
    assert "films.txt, line 1: unknown film 'no such film at all'" in refused.err


@pytest.fixture
def files(home: Path) -> tuple[str, str]:
    """Two tables with different viewers and the same films."""
    header, paths = "user,movie,rating\n", (home / "train.csv", home / "test.csv")
    rows = [f"{user},{film},{1 + (user * film) % 5}\n" for user in range(20) for film in range(9)]
    paths[0].write_text(header + "".join(row for at, row in enumerate(rows) if at % 4))
    paths[1].write_text(header + "".join(rows[::4]))
    return str(paths[0]), str(paths[1])


def test_own_files_rank_and_predict_and_are_verified(
    run: Run, files: tuple[str, str], home: Path
) -> None:
    own = ("--train", files[0], "--test", files[1])
    receipt = home / "receipt.json"
    outcome = run(*POPULAR, *own, "--receipt", str(receipt))
    assert "train.csv, protocol files, 20 viewers" in outcome.err
    assert "that nobody rated in the training data" in outcome.err
    assert "holds: all" in run("verify", str(receipt)).out
    predicted = run("evaluate", "baseline", "--defaults", *own, "--protocol", "ratings")
    assert "rmse [95%]" in predicted.out
    Path(files[1]).rename(home / "moved.csv")
    refused = run("verify", str(receipt), status=2)
    assert "the receipt's data is not here" in refused.err
    assert "name it with --test" in refused.err
    again = run("verify", str(receipt), "--test", str(home / "moved.csv"))
    assert "holds: all" in again.out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--train", "a.csv"), "--train and --test belong together; name both"),
        (("--test", "a.csv"), "--train and --test belong together; name both"),
        (("--train", "a.csv", "--test", "b.csv", "--data", "c"), "name the same data; remove one"),
        (("--share", "0"), "0.0 is not in the range 0<x<1"),
        (("--protocol", "last", "--last", "some"), "'some' is neither a number of interactions"),
        (("--protocol", "last", "--last", "70%"), "last must be a whole number of at least 1, or"),
        (("--protocol", "time", "--until", "soon"), "until must be a date, as '2000-12-31', not"),
        (("--until", "2000-12-31"), "until does not apply to protocol 'random'; use --protocol t"),
        (("--cuts", "1"), "1 is not in the range 2<=x<=50"),
        (("--cuts", "5"), "cuts does not apply to protocol 'random'; use --protocol time"),
        (("--ties", "set"), "ties does not apply to protocol 'random'; use --protocol last"),
        (("--ties", "none"), "'none' is not one of 'shuffle', 'file', 'set'"),
        (("--retrain", "hourly"), "'hourly' is not one of 'never', 'monthly', 'weekly', 'daily'"),
        (("--folds", "5"), "folds does not apply to protocol 'random'; use --protocol ratings"),
    ],
)
def test_mistakes_are_named_before_any_data_is_read(
    run: Run, flags: tuple[str, ...], message: str
) -> None:
    outcome = run(*POPULAR, *flags, status=2)
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
