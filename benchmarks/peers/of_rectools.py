"""Models of RecTools, for `every_model.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from given_split import GivenSplit

_DAY = np.timedelta64(1, "D")


class _RecTools:
    """What they share; viewers who are asked about are in the data set they are fitted on."""

    joined = True

    def __init__(self, given: Any, options: dict[str, Any]) -> None:
        from rectools.dataset import Dataset

        self.split = GivenSplit(given)
        self.histories = self.split.histories()
        self.options = options
        self.model: Any = None
        columns = self.split.columns(histories=self.joined)
        frame = pd.DataFrame({"user_id": columns["user"], "item_id": columns["item"]})
        frame["weight"] = 1.0
        days = columns.get("day", np.zeros(len(frame), dtype=np.int64))
        frame["datetime"] = np.datetime64("1970-01-01") + days * _DAY
        self.dataset = Dataset.construct(frame)
        self.known = self.dataset.item_id_map.external_ids.astype(int)

    def fit(self) -> Any:
        self.model = self.made()
        self.model.fit(self.dataset)
        return self.model

    def made(self) -> Any:
        raise NotImplementedError

    def ask(self, row: int) -> None:
        self.model.recommend(
            users=[self.split.users[row]], dataset=self.dataset, k=10, filter_viewed=True
        )

    def spread(self, scores: np.ndarray) -> np.ndarray:
        """Scores of the films it knows, in the columns of all films; the others come last."""
        shape = (len(self.split.users), self.split.shape[1])
        whole = np.full(shape, np.min(scores) - 1, dtype=np.float32)
        whole[:, self.known] = scores
        return whole


class Ease(_RecTools):
    """EASE; its weights are applied to the histories."""

    joined = False

    def made(self) -> Any:
        from rectools.models import EASEModel

        return EASEModel(regularization=self.options["l2"], num_threads=2)

    def answers(self) -> np.ndarray:
        return self.spread(self.histories[:, self.known] @ self.model.weight)

    def ask(self, row: int) -> None:
        """Its own `recommend` knows nobody but the training viewers: one of them is asked for."""
        users = self.dataset.user_id_map.external_ids
        self.model.recommend(
            users=[users[row % len(users)]], dataset=self.dataset, k=10, filter_viewed=True
        )


class PureSvd(_RecTools):
    """Factors by truncated singular value decomposition."""

    def made(self) -> Any:
        from rectools.models import PureSVDModel

        return PureSVDModel(factors=self.options["factors"])  # its seed and new SciPys do not agree

    def answers(self) -> np.ndarray:
        rows = self.dataset.user_id_map.convert_to_internal(self.split.users)
        return self.spread(self.model.user_factors[rows] @ self.model.item_factors.T)


class Popular(_RecTools):
    """Popularity, of all time or of the last days."""

    joined = False

    def made(self) -> Any:
        from rectools.models import PopularModel

        days = self.options.get("days")
        return PopularModel(period=timedelta(days=days) if days else None)

    def answers(self) -> np.ndarray:
        items, scores = self.model.popularity_list
        whole = np.zeros(self.split.shape[1], dtype=np.float32)
        whole[self.dataset.item_id_map.convert_to_external(items).astype(int)] = scores
        return np.tile(whole, (len(self.split.users), 1))

    def ask(self, row: int) -> None:
        users = self.dataset.user_id_map.external_ids
        self.model.recommend(
            users=[users[row % len(users)]], dataset=self.dataset, k=10, filter_viewed=True
        )
