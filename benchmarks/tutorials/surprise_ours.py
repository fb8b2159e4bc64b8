"""Cross-validate SVD, predict one rating, search a grid."""

import matinee

data = matinee.load("ml-100k")
print(matinee.evaluate("svd", data, "ratings", folds=5, defaults=True))
print("viewer 196, film 302:", matinee.train(data, "svd").predict(196, 302))
grid = {"epochs": [5, 10], "learning_rate": [0.01, 0.02], "l2": [0.05, 0.1]}
print(matinee.tune("svd", data, "ratings", search=grid, trials=8))
