"""Small data with two planted tastes."""

from __future__ import annotations

import numpy as np

from matinee.data import Catalog, Film, Interactions, Vocabulary

__all__ = [
    "N_FILMS",
    "N_USERS",
    "TASTE",
    "planted_catalog",
    "planted_ratings",
    "three_tastes",
]

N_FILMS, N_USERS = 40, 60
TASTE = 12
"""Films of each taste in `three_tastes`."""


def planted_catalog() -> Catalog:
    """Forty films, twenty comedies and twenty horrors, with every kind of fact."""
    return Catalog.of(
        Film(
            id=str(100 + row),
            title=f"{'Comedy' if row < 20 else 'Horror'} {row}",
            year=1980 + row,
            runtime=80 + row,
            genres=("Comedy",) if row < 20 else ("Horror",),
            certificate="PG" if row < 20 else "R",
            languages=("English",),
            countries=("United States",),
            directors=(f"Director {row % 20 // 5 + (0 if row < 20 else 4)}",),
            cast=(f"Actor {row}", f"Actor {row % 20 // 2 + (0 if row < 20 else 10)}"),
            keywords=("laughter", "party") if row < 20 else ("blood", "night"),
            overview=(
                "Friends plan a wedding party and everything goes wrong"
                if row < 20
                else "Something in the dark house wants blood tonight"
            ),
        )
        for row in range(N_FILMS)
    )


def planted_ratings(catalog: Catalog) -> Interactions:
    """Sixty users: thirty love comedies, thirty love horrors.

    Each rated 12 films of their own genre 4 or 5, and 3 of the other genre 1 or 2.
    """
    rng = np.random.default_rng(7)
    users, items, values = [], [], []
    for user in range(N_USERS):
        own = np.arange(20) if user < 30 else np.arange(20, 40)
        other = np.arange(20, 40) if user < 30 else np.arange(20)
        users += [user] * 15
        items += [*rng.choice(own, 12, replace=False), *rng.choice(other, 3, replace=False)]
        values += [*rng.integers(4, 6, 12), *rng.integers(1, 3, 3)]
    return Interactions(
        users=np.array(users, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=(880_000_000 + rng.permutation(len(users))).astype(np.int64),
        user_ids=Vocabulary.of("viewer", range(1, N_USERS + 1)),
        item_ids=catalog.item_ids,
    )


def three_tastes() -> tuple[Catalog, Interactions]:
    """Films of three genres, `TASTE` each, and thirty users who love each of them.

    Each rated 6 films of every genre, so that the number of films tells nothing: 4 or 5 those of
    their own genre, and 1 or 2 five of six others.
    """
    genres = ("Comedy", "Crime", "Western")
    catalog = Catalog.of(
        Film(
            id=str(100 + row),
            title=f"{genres[row // TASTE]} {row}",
            year=1980 + row % TASTE,
            genres=(genres[row // TASTE],),
            directors=(f"Director {row // 4}",),
            cast=(f"Actor {row // 2}",),
            keywords=(("party", "heist", "horse")[row // TASTE],),
        )
        for row in range(3 * TASTE)
    )
    rng = np.random.default_rng(11)
    users: list[int] = []
    items: list[int] = []
    values: list[int] = []
    for user in range(90):
        for genre in range(3):
            own = genre == user % 3
            films = rng.choice(TASTE, 6, replace=False) + genre * TASTE
            users += [user] * len(films)
            items += films.tolist()
            values += rng.integers(4, 6, 6).tolist() if own else [1, 2, 1, 2, 1, 4]
    ratings = Interactions(
        users=np.array(users, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=(880_000_000 + rng.permutation(len(users))).astype(np.int64),
        user_ids=Vocabulary.of("viewer", range(90)),
        item_ids=catalog.item_ids,
    )
    return catalog, ratings
