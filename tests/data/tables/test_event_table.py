"""Tables of events as implicit feedback."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from matinee.data.cleaning import Cleaning
from matinee.data.tables.event_table import read_events
from matinee.errors import DataError, MatineeError, OptionError, UnknownNameError

EVENTS = pl.DataFrame(
    {
        "user": ["a", "a", "b", "b", "b"],
        "movie": ["x", "x", "x", "y", "y"],
        "action": ["click", "watch", "Like ", "view", "view"],
        "progress": [None, 0.5, None, None, None],
        "time": ["100", "90", "1000", "5", "7"],
        "title": ["Ex", "Ex", "Ex", "Why", "Why"],
    }
)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "csv.gz", "jsonl", "parquet"])
def test_events_of_a_viewer_and_a_film_become_one_value(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"events.{suffix}"
    if suffix == "parquet":
        EVENTS.write_parquet(path)
    elif suffix == "jsonl":
        EVENTS.write_ndjson(path)
    else:
        text = EVENTS.write_csv(separator="\t" if suffix == "tsv" else ",").encode()
        path.write_bytes(gzip.compress(text) if suffix.endswith("gz") else text)
    dataset = read_events(path, cleaning=Cleaning())
    interactions = dataset.interactions
    assert interactions.scale == (0.0, 1.0)
    assert interactions.to_frame().rows() == [
        ("a", "x", pytest.approx(1 - 0.8 * 0.6), 100),
        ("b", "x", pytest.approx(0.9), 1000),
        ("b", "y", pytest.approx(1 - 0.9**2), 7),
    ]
    assert list(dataset.catalog.titles) == ["Ex", "Why"]
    assert dataset.name == str(path)
    assert dataset.notes == ("5 events became 3 values from 0 to 1",)


def write(folder: Path, text: str) -> Path:
    path = folder / "events.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_counts_repeat_an_event_and_with_fractions_alone_rows_are_watches(tmp_path: Path) -> None:
    path = write(tmp_path, "user,item,plays,progress\n1,10,2,1\n1,11,1,0.5\n2,10,0,1\n")
    values = read_events(path, cleaning=Cleaning()).interactions.to_frame()
    assert values["rating"].to_list() == pytest.approx([1 - 0.2**2, 0.4])


def test_columns_and_weights_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, "who,what,did\n1,10,trailer\n1,11,watch\n")
    columns = {"user": "who", "item": "what", "event": "did"}
    weights = {"trailer": 0.3, "watch": 0.6}
    dataset = read_events(path, columns=columns, weights=weights, cleaning=Cleaning())
    assert dataset.interactions.values.tolist() == pytest.approx([0.3, 0.6])


def test_malformed_rows_are_skipped_and_named_by_line(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "user,item,event,count,fraction\n,1,click,,\n1,,click,,\n1,1,,,\n1,1,click,x,\n"
        "1,1,watch,,2\n1,1,watch,,\n",
    )
    dataset = read_events(path, cleaning=Cleaning())
    (finding,) = dataset.findings
    assert finding.count == 5
    assert finding.examples[0] == f"{path}, line 2: no viewer id"
    assert dataset.interactions.values.tolist() == pytest.approx([0.8])
    with pytest.raises(DataError, match="line 2: no viewer id"):
        read_events(path, cleaning=Cleaning(strict=True))


@pytest.mark.parametrize(
    ("text", "options", "error", "message"),
    [
        ("user,item,event\n1,2,nap\n", {}, UnknownNameError, "unknown event 'nap'.*--weight nap="),
        ("user,item\n1,2\n", {"weights": {"watch": 2.0}}, OptionError, "between 0 and 1, not 2"),
        ("user,item\n1,2\n", {"columns": {"count": "n"}}, DataError, "no column 'n' for the count"),
        ("user,item,plays\n1,2,3\n", {}, DataError, "no column of events.*--implicit"),
        ("user,item\n1,2\n", {"columns": {"user": "n"}}, DataError, "no column 'n' for the user"),
        ("a,b\n1,2\n", {}, DataError, "cannot tell which column is the user"),
        ("", {}, DataError, "is empty"),
        (
            "user,item,event\n1," + "x" * 200 + ",view",
            {},
            DataError,
            "line 2: the film id has more than 128 char",
        ),
        (
            "user,item,event\n1,,view\n",
            {},
            DataError,
            r"no events that can be used \(.*no film id\)",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(
    tmp_path: Path,
    text: str,
    options: dict[str, dict[str, str]],
    error: type[MatineeError],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        read_events(write(tmp_path, text), cleaning=Cleaning(), **options)  # type: ignore[arg-type]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*nothing\.csv"):
        read_events(tmp_path / "nothing.csv", cleaning=Cleaning())


@pytest.mark.parametrize("form", [";", "\t", "::"])
def test_any_table_is_read_by_the_one_reader(form: str, tmp_path: Path) -> None:
    rows = "user,item,event,date\n007,10,view,20190131\n7,10,watch,20190201\n,10,view,20190201\n"
    (tmp_path / "events.txt").write_text(rows.replace(",", form))
    cleaning = Cleaning()
    data = read_events(tmp_path / "events.txt", cleaning=cleaning)
    assert data.interactions.user_ids.ids.tolist() == ["007", "7"]
    assert data.interactions.times.tolist() == [1548892800, 1548979200]
    assert "events.txt, line 4: no viewer id" in cleaning.findings[0].examples[0]
