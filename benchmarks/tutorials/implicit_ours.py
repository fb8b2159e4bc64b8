"""Fit ALS, recommend to one viewer and to all, find similar films."""

import matinee

data = matinee.load("ml-100k")
recommender = matinee.train(data, "ials", factors=64)
print("viewer 196:", ", ".join(recommender.recommend(196, n=3).to_frame()["title"]))
print("like Toy Story:", ", ".join(recommender.similar("Toy Story", n=3).to_frame()["title"]))
print("lists of", recommender.recommend_all(n=10)["user"].n_unique(), "viewers")
