"""Matrix factorisation: ratings of MovieLens 100K predicted with SVD, measured by RMSE.

The classic exercise since the Netflix Prize: fit on four of the data set's five official folds,
predict the fifth, average. `popular` predicts a film's mean rating and is the bar to clear.
"""

import matinee

data = matinee.load("ml-100k")
comparison = matinee.evaluate(["popular", "svd"], data, "folds", defaults=True)
for result in comparison.results:
    folds = " ".join(f"{split.means['rmse']:.3f}" for split in result.splits)
    print(f"{result.name:8} RMSE {result.means['rmse']:.4f}, by fold {folds}")
