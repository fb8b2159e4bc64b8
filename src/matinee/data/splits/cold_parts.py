"""Viewers and films of a test that are new to its training: as groups, and in a sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matinee.data.splits.split import Split

__all__ = ["cold_note", "with_cold_parts"]


def with_cold_parts(test: Split) -> Split:
    """The same split with groups for viewers and films that are new to training.

    If the model is refitted, that is the training of its first fit.
    """
    viewers = np.isin(test.users, test.train.users)
    films = np.isin(test.targets.indices, test.train.items)
    return replace(
        test,
        viewer_groups={"known viewers": viewers, "new viewers": ~viewers},
        target_groups={"known films": films, "new films": ~films},
    )


def cold_note(test: Split, where: str, there: str) -> str:
    """How many targets and viewers of a split with groups are new.

    `where` and `there` say new to what: "before 1998-03-08" and "before it".
    """
    cold = test.target_groups["new films"]
    films = len(np.unique(test.targets.indices[cold]))
    n_cold = int(np.count_nonzero(cold))
    newcomers = int(np.count_nonzero(test.histories.lengths == 0))
    return (
        f"{_counted(n_cold, test.targets.nnz, 'test rating')} {'is' if n_cold == 1 else 'are'} of "
        f"{films:,} {'film' if films == 1 else 'films'} that nobody rated {where}; "
        f"{_counted(newcomers, len(test.users), 'viewer')} {'has' if newcomers == 1 else 'have'} "
        f"no rating {there}; all of them count, and are also reported separately"
    )


def _counted(n: int, of: int, what: str) -> str:
    return f"{n:,} of {of:,} {what}{'' if of == 1 else 's'}"
