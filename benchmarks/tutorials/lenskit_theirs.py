"""Split by viewer, fit two models, recommend, measure."""

import sys

import pandas as pd
from lenskit.als import ImplicitMFScorer
from lenskit.batch import recommend
from lenskit.data import ItemListCollection, UserIDKey, from_interactions_df
from lenskit.knn import ItemKNNScorer
from lenskit.metrics import NDCG, RBP, Recall, RunAnalysis
from lenskit.pipeline import topn_pipeline
from lenskit.splitting import SampleFrac, crossfold_users

columns = ["user_id", "item_id", "rating", "timestamp"]
ratings = pd.read_csv(f"{sys.argv[1]}/ml-100k/u.data", sep="\t", names=columns)
data = from_interactions_df(ratings)
models = {
    "ImplicitMF": ImplicitMFScorer(features=50),
    "ItemKNN": ItemKNNScorer(max_nbrs=20, feedback="implicit"),
}
lists, tests = ItemListCollection(["model", "user_id"]), ItemListCollection(UserIDKey)
for split in crossfold_users(data, 5, SampleFrac(0.2)):
    tests.add_from(split.test)
    for name, scorer in models.items():
        pipeline = topn_pipeline(scorer)
        pipeline.train(split.train)
        lists.add_from(recommend(pipeline, split.test.keys(), 10), model=name)
analysis = RunAnalysis()
for metric in (NDCG(), RBP(), Recall()):
    analysis.add_metric(metric)
print(analysis.measure(lists, tests).list_summary("model")["mean"].unstack())
