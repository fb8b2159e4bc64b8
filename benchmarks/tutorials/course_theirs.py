"""A course's notebook: look, popular films, films like one, viewers like one, SVD, a list."""

import sys

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity, linear_kernel
from surprise import SVD, Dataset, Reader
from surprise.model_selection import cross_validate

folder = f"{sys.argv[1]}/ml-latest-small"
ratings, films = pd.read_csv(f"{folder}/ratings.csv"), pd.read_csv(f"{folder}/movies.csv")
print(ratings.userId.nunique(), "viewers,", len(films), "films,", len(ratings), "ratings")

by_film = ratings.groupby("movieId").rating.agg(["count", "mean"]).join(films.set_index("movieId"))
least, mean = by_film["count"].quantile(0.9), ratings.rating.mean()
often = by_film[by_film["count"] >= least]
weighted = (often["count"] * often["mean"] + least * mean) / (often["count"] + least)
print("popular:", ", ".join(often.title[weighted.nlargest(3).index]))

genres = TfidfVectorizer().fit_transform(films.genres.str.replace("-", ""))
row = films.index[films.title == "Toy Story (1995)"][0]
similar = linear_kernel(genres[row], genres)[0].argsort()[::-1]
print("like Toy Story:", ", ".join(films.title.iloc[[each for each in similar if each != row][:3]]))

matrix = ratings.pivot_table("rating", "userId", "movieId").fillna(0)
similarity = pd.Series(cosine_similarity(matrix.loc[[1]], matrix)[0], matrix.index).drop(1)
print("viewers like 1:", similarity.nlargest(3).index.tolist())

data = Dataset.load_from_df(ratings[["userId", "movieId", "rating"]], Reader(rating_scale=(0.5, 5)))
found = cross_validate(SVD(random_state=0), data, measures=["RMSE"], cv=5)
print(f"RMSE {found['test_rmse'].mean():.4f}")
algo = SVD(random_state=0)
algo.fit(data.build_full_trainset())
seen = set(ratings.movieId[ratings.userId == 1])
predicted = {each: algo.predict(1, each).est for each in films.movieId if each not in seen}
best = sorted(predicted, key=predicted.get, reverse=True)[:3]
print("for viewer 1:", ", ".join(films.set_index("movieId").title[best]))
