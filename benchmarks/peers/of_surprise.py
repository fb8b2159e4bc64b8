"""Algorithms of Surprise, for `every_model.py`; one thread, as the library has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from given_split import GivenSplit


class Surprise:
    """The algorithm that the options name, with the rest of the options."""

    def __init__(self, given: Any, options: dict[str, Any]) -> None:
        import surprise

        self.split = GivenSplit(given)
        self.histories = self.split.histories()
        self.options = dict(options)
        self.kind = getattr(surprise, self.options.pop("kind"))
        self.model: Any = None
        frame = pd.DataFrame(self.split.columns())[["user", "item", "rating"]]
        scale = surprise.Reader(rating_scale=(1, 5))
        self.train = surprise.Dataset.load_from_df(frame, scale).build_full_trainset()

    def fit(self) -> Any:
        options = dict(self.options)
        name = self.kind.__name__
        if name.startswith("KNN"):
            user_based = options.pop("user_based")
            options["sim_options"] = {"name": "pearson_baseline", "user_based": user_based}
        if name in {"SVD", "SVDpp", "NMF"}:
            options["random_state"] = 0
        if name == "BaselineOnly":
            options = {"bsl_options": options}
        if name.startswith(("KNN", "Baseline")):
            options["verbose"] = False
        self.model = self.kind(**options).fit(self.train)
        return self.model

    def answers(self) -> np.ndarray:
        users, items = self.split.wanted()
        pairs = zip(users.tolist(), items.tolist(), strict=True)
        asked = [(user, item, 0.0) for user, item in pairs]
        return np.array([each.est for each in self.model.test(asked)])

    def ask(self, row: int) -> None:
        """Every film that was not seen is predicted, as the library's own guide has it."""
        user = int(self.split.users[row])
        seen = set(self.histories[row].indices.tolist())
        films = [film for film in range(self.split.shape[1]) if film not in seen]
        found = [(self.model.predict(user, film).est, film) for film in films]
        sorted(found, reverse=True)[:10]
