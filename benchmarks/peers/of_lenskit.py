"""Scorers of LensKit, for `every_model.py`; its environment is one of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from given_split import GivenSplit


class _LensKit:
    """What they share: a scorer in the library's own pipeline."""

    rates = False

    def __init__(self, given: Any, options: dict[str, Any]) -> None:
        from lenskit.data import from_interactions_df

        self.split = GivenSplit(given)
        self.histories = self.split.histories()
        self.options = options
        self.model: Any = None
        columns = self.split.columns()
        frame = pd.DataFrame(
            {"user_id": columns["user"], "item_id": columns["item"], "rating": columns["rating"]}
        )
        films = np.arange(self.split.shape[1])
        self.dataset = from_interactions_df(frame, items=films)

    def scorer(self) -> Any:
        raise NotImplementedError

    def fit(self) -> Any:
        from lenskit.pipeline import topn_pipeline

        self.model = topn_pipeline(self.scorer(), predicts_ratings=self.rates)
        self.model.train(self.dataset)
        return self.model

    def answers(self) -> np.ndarray:
        return self._predicted() if self.rates else self._scored()

    def ask(self, row: int) -> None:
        from lenskit import recommend

        recommend(self.model, self._query(row), 10)

    def _scored(self) -> np.ndarray:
        films = np.arange(self.split.shape[1])
        scores = np.stack([self._of_row(row, films) for row in range(len(self.split.users))])
        known = np.isfinite(scores)
        return np.where(known, scores, scores[known].min() - 1)

    def _predicted(self) -> np.ndarray:
        users, items = self.split.wanted()
        bounds = np.searchsorted(users, self.split.users)
        rows = np.split(items, bounds[1:])
        found = [self._of_row(row, films) for row, films in enumerate(rows)]
        return np.clip(np.concatenate(found), 1, 5)

    def _of_row(self, row: int, films: np.ndarray) -> np.ndarray:
        from lenskit import predict, score
        from lenskit.data import ItemList

        asked = (predict if self.rates else score)(
            self.model, self._query(row), ItemList(item_ids=films)
        )
        return asked.scores("numpy")

    def _query(self, row: int) -> Any:
        from lenskit.data import ItemList, RecQuery

        if self.rates:
            return RecQuery(user_id=int(self.split.users[row]))
        return RecQuery(history_items=ItemList(item_ids=self.histories[row].indices))


class ItemKnn(_LensKit):
    """Item neighbours of likes."""

    def scorer(self) -> Any:
        from lenskit.knn import ItemKNNScorer

        return ItemKNNScorer(feedback="implicit", **self.options)


class UserKnn(_LensKit):
    """User neighbours of likes."""

    def scorer(self) -> Any:
        from lenskit.knn import UserKNNScorer

        return UserKNNScorer(feedback="implicit", **self.options)


class Slim(_LensKit):
    """SLIM, or fsSLIM where neighbours are limited."""

    def scorer(self) -> Any:
        from lenskit.knn import SLIMScorer

        return SLIMScorer(**self.options)


class ItemKnnRatings(_LensKit):
    """Item neighbours of ratings."""

    rates = True

    def scorer(self) -> Any:
        from lenskit.knn import ItemKNNScorer

        return ItemKNNScorer(**self.options)


class UserKnnRatings(ItemKnnRatings):
    """User neighbours of ratings."""

    def scorer(self) -> Any:
        from lenskit.knn import UserKNNScorer

        return UserKNNScorer(**self.options)


class Bias(ItemKnnRatings):
    """Damped means of viewers and films."""

    def scorer(self) -> Any:
        from lenskit.basic import BiasScorer

        return BiasScorer(**self.options)
