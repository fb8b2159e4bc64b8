"""Split by time, fit an item-kNN, recommend to all, measure."""

import matinee

data = matinee.load("ml-100k")
print(matinee.evaluate(["item-knn", "popular"], data, "time", defaults=True))
