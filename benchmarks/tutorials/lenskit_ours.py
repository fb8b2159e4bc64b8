"""Split by viewer, fit two models, recommend, measure."""

import matinee

data = matinee.load("ml-100k")
recipe = matinee.Recipe(["ials", "item-knn"], protocol="strong", seeds=range(5), defaults=True)
print(matinee.evaluate(recipe, data))
