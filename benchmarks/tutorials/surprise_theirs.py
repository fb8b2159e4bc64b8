"""Cross-validate SVD, predict one rating, search a grid."""

import sys

from surprise import SVD, Dataset, Reader
from surprise.model_selection import GridSearchCV, cross_validate

reader = Reader(line_format="user item rating timestamp", sep="\t")
data = Dataset.load_from_file(f"{sys.argv[1]}/ml-100k/u.data", reader)
found = cross_validate(SVD(random_state=0), data, measures=["RMSE", "MAE"], cv=5)
print(f"RMSE {found['test_rmse'].mean():.4f}, MAE {found['test_mae'].mean():.4f}")

algo = SVD(random_state=0)
algo.fit(data.build_full_trainset())
print(f"viewer 196, film 302: {algo.predict('196', '302').est:.2f}")

grid = {"n_epochs": [5, 10], "lr_all": [0.002, 0.005], "reg_all": [0.4, 0.6]}
search = GridSearchCV(SVD, grid, measures=["rmse"], cv=3)
search.fit(data)
print(f"best of 8: RMSE {search.best_score['rmse']:.4f} with {search.best_params['rmse']}")
