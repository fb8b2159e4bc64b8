"""Split by time, fit an item-kNN, recommend to all, measure."""

import sys

import pandas as pd
from implicit.nearest_neighbours import TFIDFRecommender
from rectools import Columns
from rectools.dataset import Dataset
from rectools.metrics import MAP, NDCG, CatalogCoverage, Recall, calc_metrics
from rectools.models import ImplicitItemKNNWrapperModel, PopularModel

names = [Columns.User, Columns.Item, Columns.Weight, Columns.Datetime]
ratings = pd.read_csv(f"{sys.argv[1]}/ml-100k/u.data", sep="\t", names=names)
ratings[Columns.Datetime] = pd.to_datetime(ratings[Columns.Datetime], unit="s")
point = ratings[Columns.Datetime].quantile(0.8)
before = ratings[Columns.Datetime] < point
train, test = ratings[before], ratings[~before]
dataset = Dataset.construct(train)
known = test[test[Columns.User].isin(train[Columns.User])]
metrics = {
    "ndcg@10": NDCG(10),
    "recall@10": Recall(10),
    "map@10": MAP(10),
    "coverage@10": CatalogCoverage(10),
}
for name, model in {
    "item-knn": ImplicitItemKNNWrapperModel(TFIDFRecommender(K=10)),
    "popular": PopularModel(),
}.items():
    model.fit(dataset)
    lists = model.recommend(known[Columns.User].unique(), dataset, k=10, filter_viewed=True)
    found = calc_metrics(metrics, lists, known, train, catalog=train[Columns.Item].unique())
    print(name, ", ".join(f"{metric} {value:.4f}" for metric, value in found.items()))
