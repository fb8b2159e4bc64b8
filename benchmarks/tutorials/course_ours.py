"""A course's notebook: look, popular films, films like one, viewers like one, SVD, a list."""

import matinee

data = matinee.load("ml-latest-small")
print(data)
popular, content, neighbours, svd = (
    matinee.train(data, name) for name in ("popular", "content", "user-knn", "svd")
)
print("popular:", ", ".join(popular.recommend({}, n=3).to_frame()["title"]))
print("like Toy Story:", ", ".join(content.similar("Toy Story", n=3).to_frame()["title"]))
print("viewers like 1:", neighbours.similar_users(1, n=3)["user"].to_list())
print(matinee.evaluate("svd", data, "ratings", folds=5, defaults=True))
print("for viewer 1:", ", ".join(svd.recommend(1, n=3).to_frame()["title"]))
