"""Weigh, fit ALS, recommend to one viewer and to all, find similar films."""

import sys

import numpy as np
import pandas as pd
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import bm25_weight
from scipy.sparse import csr_matrix

columns = ["user", "item", "rating", "time"]
ratings = pd.read_csv(f"{sys.argv[1]}/ml-100k/u.data", sep="\t", names=columns)
fields = {"sep": "|", "encoding": "latin-1", "header": None, "usecols": [0, 1]}
titles = pd.read_csv(f"{sys.argv[1]}/ml-100k/u.item", **fields).set_index(0)[1]
users, items = ratings.user.astype("category"), ratings.item.astype("category")
plays = csr_matrix((ratings.rating, (users.cat.codes, items.cat.codes)))
weighted = bm25_weight(plays, K1=100, B=0.8).tocsr()
model = AlternatingLeastSquares(factors=64, regularization=0.05, alpha=2.0, random_state=0)
model.fit(weighted, show_progress=False)

names = np.array([titles[each] for each in items.cat.categories])
row = users.cat.categories.get_loc(196)
found, scores = model.recommend(row, weighted[row], N=3)
print("viewer 196:", ", ".join(names[found]))
found, scores = model.similar_items(items.cat.categories.get_loc(1), N=4)
print("like Toy Story:", ", ".join(names[found[1:]]))
found, scores = model.recommend(np.arange(len(users.cat.categories)), weighted, N=10)
print("lists of", len(found), "viewers")
