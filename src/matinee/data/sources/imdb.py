"""IMDb's bulk files: titles, years, genres, people and votes of its films."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from matinee.data.catalog import Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.sources import Source
from matinee.data.tables.delimited import blocks_of
from matinee.data.tables.layout import Block, layout_of_texts
from matinee.data.tables.lines import plain_or_packed
from matinee.errors import DataError, UnreachableError

__all__ = ["Imdb"]

_BASICS, _CREW = "title.basics.tsv", "title.crew.tsv"
_PRINCIPALS, _NAMES = "title.principals.tsv", "name.basics.tsv"
_RATINGS = "title.ratings.tsv"
_FILM_TYPES = ("movie", "tvMovie")
_NULL = "\\N"
_MOST_CAST = 20
_LONGEST = 32_000
"""Longest runtime in minutes: a few works of art run for weeks."""
_TitlePeople = Mapping[str, tuple[str, ...]]


class Imdb(Source):
    """`title.basics` and, if present, the files of people and `title.ratings`.

    Only films are read: type movie or tvMovie, not marked as adult. The files are plain or `.gz`.
    A mean of ratings is no rating of a viewer: it is a fact about the film, and so are the votes.
    """

    about = "all films of IMDb, without viewers: title, year, runtime, genres, people, votes"
    licence = (
        "IMDb's bulk files are for personal and non-commercial use, with IMDb named as their "
        "source; they must not be published again."
    )
    homepage = "https://developer.imdb.com/non-commercial-datasets/"
    citation = "IMDb non-commercial data sets, https://datasets.imdbws.com (name the day)"
    size = 1_300_000_000
    """About, for the five files that are read; they change every day."""
    layouts = (frozenset({_BASICS}), frozenset({f"{_BASICS}.gz"}))

    def download(self, cache: Cache, folder: Path) -> None:
        raise UnreachableError(
            "its files are new every day and some 1.3 GB, so download those you want from "
            f"https://datasets.imdbws.com ({_BASICS}.gz, {_RATINGS}.gz, {_CREW}.gz, "
            f"{_PRINCIPALS}.gz, {_NAMES}.gz)"
        )

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        basics = plain_or_packed(folder, _BASICS)
        if basics is None:
            raise DataError(f"there is neither {_BASICS} nor {_BASICS}.gz in {folder}")
        titles = _with_votes(_titles(basics, cleaning), folder, cleaning)
        directors, cast = _people(folder, titles.select("tconst"), cleaning)
        needed = {
            "directors are": (_CREW, _NAMES),
            "cast is": (_PRINCIPALS, _NAMES),
            "votes are": (_RATINGS,),
        }
        return self.dataset_of_films(
            (_film(facts, directors, cast) for facts in titles.iter_rows(named=True)),
            notes=(
                f"{what} unknown: there is no {missing}"
                for what, files in needed.items()
                for missing in [name for name in files if plain_or_packed(folder, name) is None][:1]
            ),
        )


def _blocks(file: Path, names: tuple[str, ...], cleaning: Cleaning) -> Iterator[Block]:
    """The named columns, block by block: some of the files have 90 million rows."""
    return blocks_of(file, layout_of_texts(file, "\t", names), cleaning, names)


def _titles(file: Path, cleaning: Cleaning) -> pl.DataFrame:
    """The films, in the file's order; years and runtimes are numbers, 0 if unknown."""
    names = ("tconst", "titleType", "primaryTitle", "isAdult", "startYear", "runtimeMinutes")
    parts = []
    for block in _blocks(file, (*names, "genres"), cleaning):
        films = block.where(pl.col("titleType").is_in(_FILM_TYPES) & (pl.col("isAdult") != "1"))
        for wrong, reason in (
            (~pl.col("tconst").str.contains("^tt[0-9]+$"), "tconst is not like tt0111161"),
            (_is_missing("primaryTitle"), "a film without title"),
            (~_is_number("startYear") | _number("startYear").is_between(1, 1870), "no such year"),
            (_number("startYear") > 2099, "no such year"),
            (~_is_number("runtimeMinutes"), "runtimeMinutes is not a number"),
        ):
            films = films.without(wrong, file, reason, cleaning)
        parts.append(films.frame.with_columns(_number("startYear"), _number("runtimeMinutes")))
    read = pl.concat(parts)
    distinct = read.unique("tconst", keep="first", maintain_order=True)
    cleaning.count("repeated films, the first kept", read.height - distinct.height)
    long = pl.col("runtimeMinutes") > _LONGEST
    cleaning.count("runtimes too long, left unknown", distinct.filter(long).height)
    if distinct.is_empty():
        kinds = " or ".join(_FILM_TYPES)
        raise DataError(f"{file} has no films: none of its titles is of type {kinds}")
    return distinct.with_columns(
        runtimeMinutes=pl.when(long).then(pl.lit(0)).otherwise(pl.col("runtimeMinutes"))
    )


def _with_votes(titles: pl.DataFrame, folder: Path, cleaning: Cleaning) -> pl.DataFrame:
    """The films with the columns `votes` and `mean`; null if unknown."""
    parts = [pl.DataFrame(schema={"tconst": pl.String, "votes": pl.Int64, "mean": pl.Float64})]
    file = plain_or_packed(folder, _RATINGS)
    if file is not None:
        mean = pl.col("averageRating").cast(pl.Float64, strict=False)
        for block in _blocks(file, ("tconst", "averageRating", "numVotes"), cleaning):
            rows = block.where(pl.col("tconst").is_in(titles["tconst"].implode()))
            for wrong, reason in (
                (~mean.is_between(1, 10).fill_null(False), "averageRating is not from 1 to 10"),
                (~pl.col("numVotes").str.contains("^[0-9]{1,9}$"), "numVotes is not a number"),
            ):
                rows = rows.without(wrong, file, reason, cleaning)
            parts.append(rows.frame.select("tconst", votes=_number("numVotes"), mean=mean))
    votes = pl.concat(parts).unique("tconst", keep="first", maintain_order=True)
    return titles.join(votes, on="tconst", how="left", maintain_order="left")


def _is_missing(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().is_in(["", _NULL])


def _is_number(column: str) -> pl.Expr:
    return (pl.col(column) == _NULL) | pl.col(column).str.contains("^[0-9]{1,9}$")


def _number(column: str) -> pl.Expr:
    """The numbers of a column, 0 if unknown."""
    return pl.col(column).cast(pl.Int64, strict=False).fill_null(0)


def _people(
    folder: Path, films: pl.DataFrame, cleaning: Cleaning
) -> tuple[_TitlePeople, _TitlePeople]:
    """Names of directors and cast by film, in the order of IMDb; empty without the files."""
    crew, principals, names = (
        plain_or_packed(folder, name) for name in (_CREW, _PRINCIPALS, _NAMES)
    )
    links = pl.DataFrame(schema={"tconst": pl.String, "nconst": pl.String})
    directing = links if crew is None else _directors(crew, films, cleaning)
    acting = links if principals is None else _cast(principals, films, cleaning)
    if names is None:
        return {}, {}
    people = pl.concat([directing, acting]).select("nconst").unique()
    parts = [
        block.frame.join(people, on="nconst", how="semi").filter(~_is_missing("primaryName"))
        for block in _blocks(names, ("nconst", "primaryName"), cleaning)
    ]
    known = pl.concat(parts).unique("nconst", keep="first")
    return _by_film(directing, known), _by_film(acting, known)


def _directors(file: Path, films: pl.DataFrame, cleaning: Cleaning) -> pl.DataFrame:
    parts = [
        block.frame.join(films, on="tconst", how="semi").filter(pl.col("directors") != _NULL)
        for block in _blocks(file, ("tconst", "directors"), cleaning)
    ]
    lists = pl.concat(parts).select("tconst", nconst=pl.col("directors").str.split(","))
    return lists.explode("nconst")


def _cast(file: Path, films: pl.DataFrame, cleaning: Cleaning) -> pl.DataFrame:
    ids = films["tconst"].implode()
    parts = []
    for block in _blocks(file, ("tconst", "ordering", "nconst", "category"), cleaning):
        acting = block.where(pl.col("category").is_in(["actor", "actress"]))
        acting = acting.where(pl.col("tconst").is_in(ids))
        wrong = ~pl.col("ordering").str.contains("^[0-9]{1,9}$")
        acting = acting.without(wrong, file, "ordering is not a number", cleaning)
        parts.append(acting.frame.select("tconst", "nconst", _number("ordering")))
    ordered = pl.concat(parts).sort("tconst", "ordering", maintain_order=True)
    return ordered.select("tconst", "nconst")


def _by_film(links: pl.DataFrame, known: pl.DataFrame) -> _TitlePeople:
    """Names by film in the order of the links; people without a name are left out."""
    named = links.join(known, on="nconst", how="inner", maintain_order="left")
    lists = named.group_by("tconst", maintain_order=True).agg(
        pl.col("primaryName").str.strip_chars()
    )
    return {film: tuple(dict.fromkeys(people)) for film, people in lists.iter_rows()}


def _film(facts: Mapping[str, Any], directors: _TitlePeople, cast: _TitlePeople) -> Film:
    imdb_id, genres = facts["tconst"], facts["genres"]
    listed = () if genres == _NULL else (each.strip() for each in genres.split(","))
    return Film(
        id=imdb_id,
        title=facts["primaryTitle"].strip(),
        year=facts["startYear"] or None,
        runtime=facts["runtimeMinutes"] or None,
        genres=tuple(dict.fromkeys(each for each in listed if each)),
        directors=directors.get(imdb_id, ()),
        cast=cast.get(imdb_id, ())[:_MOST_CAST],
        imdb_id=imdb_id,
        votes=facts["votes"] or None,
        mean=facts["mean"],
    )
