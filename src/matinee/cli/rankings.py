"""Rankings and reasons on stdout."""

from __future__ import annotations

from dataclasses import asdict

from matinee.cli.console import print_json, print_table
from matinee.cli.output_options import Form, print_csv
from matinee.data import Expected, Ranking, Reason, Recommendation

__all__ = ["print_ranking", "rating_column", "reason_document"]


def print_ranking(ranking: Ranking, form: Form = "table", *, scores: bool = False) -> None:
    """Prints a ranking; a table has expected ratings if there are any, and scores with `scores`."""
    if form == "csv":
        print_csv(ranking.to_frame())
    elif form == "json":
        print_json(_document(ranking))
    elif len(ranking):
        _print_lines(ranking, scores=scores)


def rating_column(expected: tuple[Expected, ...]) -> str:
    """The head of a column of expected ratings, which says whether they have intervals."""
    return "rating (80%)" if any(each.low is not None for each in expected) else "rating"


def reason_document(reason: Reason) -> dict[str, object]:
    """A reason as JSON has it: its kind, its words, and the films it names."""
    films = [
        {"id": film.id, "title": film.label, "rating": film.rating, "share": film.share}
        for film in reason.films
    ]
    return {"kind": reason.kind, "text": reason.text(), "films": films}


def _print_lines(ranking: Ranking, *, scores: bool) -> None:
    rating = rating_column(ranking.expected)
    rows = [
        [
            str(line.rank),
            line.film.title,
            str(line.film.year or ""),
            *([f"{line.score:.3g}"] if scores else []),
            *([str(line.expected)] if line.expected else []),
            line.reason.text(),
        ]
        for line in ranking
    ]
    columns = [
        *("", "title", "year"),
        *(["score"] if scores else []),
        *([rating] if ranking.expected else []),
        "why",
    ]
    print_table(columns, rows, numbers=["", "year", "score", rating])


def _document(ranking: Ranking) -> dict[str, object]:
    return {
        "model": ranking.model,
        "version": ranking.version,
        "films": [_line(each) for each in ranking],
        "lacking": [asdict(each) for each in ranking.lacking],
        "relaxations": [
            {"query": str(each.constraints), "text": each.text, "films": each.films}
            for each in ranking.relaxations
        ],
    }


def _line(line: Recommendation) -> dict[str, object]:
    document = {**asdict(line), "reason": reason_document(line.reason)}
    if line.reason.members:
        document["members"] = [
            {"name": each.name, "place": each.place, "score": each.score, "stars": each.stars}
            for each in line.reason.members
        ]
    return document
