"""Bad input of every command: one line on stderr, exit status 2, nothing on stdout, nothing saved.

PLANTED is a folder of planted data, RATED a table of ratings.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from tests.cli.conftest import Run

CASES = [
    # evaluate
    ("evaluate", "Missing argument 'MODEL'"),
    ("evaluate nothing --data PLANTED", "unknown model 'nothing'"),
    ("evaluate ease: --data PLANTED", "'ease:' has no option after the colon"),
    ("evaluate ease:l2 --data PLANTED", "ease:'l2' must have the form OPTION=VALUE"),
    ("evaluate ease:l2=1,l2=2 --data PLANTED", "ease:l2 is set twice"),
    ("evaluate ease:l3=1 --data PLANTED", "model 'ease' has no option 'l3'"),
    ("evaluate ease:l2=-1 --data PLANTED", "option 'l2'"),
    ("evaluate ease --metrics ndgc --data PLANTED", "unknown metric 'ndgc'; did you mean 'ndcg'"),
    ("evaluate ease --k 0 --data PLANTED", "--k"),
    ("evaluate --recipe none.toml --data PLANTED", "none.toml cannot be read"),
    ("evaluate ease --candidates 0 --data PLANTED", "--candidates"),
    ("evaluate ease --protocol colds --data PLANTED", "unknown protocol 'colds'; did you mean"),
    ("evaluate ease --protocol folds --data PLANTED", "does not predict ratings"),
    ("evaluate svd --protocol folds --data PLANTED", "of its own; use --protocol ratings"),
    ("evaluate ease --protocol ratings --data PLANTED", "does not predict ratings"),
    (
        "evaluate svd --folds 3 --data PLANTED",
        "folds does not apply to protocol 'random'; use --protocol ratings",
    ),
    ("evaluate svd --protocol ratings --folds 1 --data PLANTED", "--folds"),
    ("evaluate svd --protocol ratings --min-rating 2 --data PLANTED", "min_rating does not apply"),
    (
        "evaluate svd --protocol folds --candidates 5 --data PLANTED",
        "candidates does not apply to protocol 'folds'",
    ),
    ("evaluate ease --report . --data PLANTED", ". is a folder; name a file in it"),
    ("evaluate ease --report no/report.html --data PLANTED", "no/report.html cannot be written"),
    ("evaluate ease --receipt no/receipt.json --data PLANTED", "no/receipt.json cannot be written"),
    # train, tune, models, metrics
    ("train esae --data PLANTED", "unknown model 'esae'; did you mean 'ease'?"),
    ("train ease -o lambda=3 --data PLANTED", "has no option 'lambda'"),
    ("train ease -o l2=-3 --data PLANTED", "option 'l2'"),
    ("train ease -o l2 --data PLANTED", "-o 'l2' must have the form OPTION=VALUE"),
    ("train ease -o l2=1 -o l2=2 --data PLANTED", "-o l2 is set twice"),
    ("train item-knn -o min-rating=1 -o min_rating=2 --data PLANTED", "min_rating is set twice"),
    ("train ease --promote --out folder", "remove --out"),
    ("evaluate svd --metrics rmse --data PLANTED", "ranks films; use --protocol ratings"),
    ("evaluate svd --metrics rmse@10 --data PLANTED", "ranks films; use --protocol ratings"),
    (
        "evaluate svd --protocol folds --metrics precision@10 --data PLANTED",
        "protocol 'folds', which predicts ratings; use --protocol random, or precision-predicted",
    ),
    (
        "evaluate svd --protocol ratings --metrics mrr-uncut --data PLANTED",
        "metric 'mrr-uncut' does not fit protocol 'ratings', which predicts ratings",
    ),
    ("evaluate ease --metrics recall,ndgc@5 --data PLANTED", "'ndgc'; did you mean 'ndcg"),
    ("evaluate ease --metrics happiness --data PLANTED", "matinee metrics lists all"),
    ("evaluate ease --metrics auc@10 --data PLANTED", "is not cut at a list length; write auc"),
    ("evaluate ease --metrics ndcg@0 --data PLANTED", "list length of 1 to 1000; write ndcg@10"),
    ("evaluate ease --metrics ndcg@² --data PLANTED", "list length of 1 to 1000; write ndcg@10"),
    (
        "evaluate ease --k 20 --metrics ndcg@5 --data PLANTED",
        "make ndcg@5 decide in place of ndcg@20; add --k 5 if that is meant",
    ),
    ("tune eaze --data PLANTED", "unknown model 'eaze'; did you mean 'ease'"),
    ("tune auto -o choose_on=next --data PLANTED", "has no option to search beside the fixed"),
    ("tune svd -o factors=0..9 --data PLANTED", "not '0' in factors=0..9"),
    ("train svd -o factors=1..9 --data PLANTED", "to search several, use matinee tune"),
    ("errors ease --data PLANTED", "use one that does: baseline"),
    ("tune ease -o l3=1 --data PLANTED", "has no option 'l3'"),
    ("tune ease --metric rmse --data PLANTED", "does not fit protocol 'random'"),
    ("tune ease --protocol folds --data PLANTED", "does not predict ratings"),
    ("tune ease --trials 0 --data PLANTED", "--trials"),
    ("tune ease --jobs 0 --data PLANTED", "--jobs"),
    ("tune ease --study /nowhere/ease.study --data PLANTED", "/nowhere is not a writable folder"),
    ("models none-such", "unknown model or command 'none-such'"),
    ("metrics ndgc", "unknown metric 'ndgc'; did you mean 'ndcg"),
    # recommend, similar, data
    ("recommend", "name a viewer with --user, films with --like, or your own ratings"),
    ("recommend --user 1 --like Alien", "2 viewers are a group; add --group average"),
    ("why --user 1 --like Alien --film Fargo", "name one viewer: by --user, --like or --ratings"),
    (
        "recommend --about age=34 --model popular --data PLANTED",
        "'popular' learns from ratings alone",
    ),
    ("recommend --user 999 --model popular --data PLANTED", "unknown viewer id '999'"),
    ("recommend --user 1 --genre Western --model popular --data PLANTED", "known: Comedy, Horror"),
    (
        "recommend --user 1 --genre comdy --model popular --data PLANTED",
        "unknown genre 'comdy'; did you mean",
    ),
    (
        "recommend --user 1 --not-genre horor --model popular --data PLANTED",
        "did you mean 'Horror'?",
    ),
    ("recommend --user 1 --since 0 --model popular --data PLANTED", "Invalid value for '--since'"),
    (
        "recommend --user 1 --genre ' ' --model popular --data PLANTED",
        "genre needs a name, not an empty one",
    ),
    ("recommend --all --data PLANTED", "--all and --out FILE.parquet need each other"),
    (
        "recommend --user 1 --out l.csv --model popular --data PLANTED",
        "--all and --out FILE.parquet need each",
    ),
    ("recommend --all --out lists.txt --data PLANTED", "lists.txt must end in .parquet, .csv or"),
    ("recommend --all --out no/such/l.csv --data PLANTED", "l.csv cannot be written"),
    ("recommend --all --out l.csv --user 1 --data PLANTED", "--all goes with --out, --data"),
    ("recommend --all --out l.csv --genre x --data PLANTED", "unknown genre 'x'; known: Comedy"),
    ("similar 'Comdey 3' --data PLANTED", "did you mean 'Comedy 3 (1983)'"),
    (
        "similar 'Comedy 3' --but newer --but older --data PLANTED",
        "both newer and older",
    ),
    ("similar 'Comedy 3' --but funnier --data PLANTED", "'shorter', 'longer'"),
    ("data viewer nobody --data PLANTED", "'nobody'"),
    ("data film Casno --data RATED", "Casino"),
    ("serve --host 0.0.0.0", "MATINEE_SECRET"),
    ("recomend", "did you mean 'recommend'"),
    # import, generate
    ("import RATED --name ml-100k", "is the name of a source"),
    ("import RATED --name 'No Good'", "cannot name a data set"),
    ("import RATED --name ''", "'' cannot name a data set"),
    ("import RATED --column user", "must have the form ROLE=COLUMN"),
    ("import RATED --column weight=rating", "weight"),
    ("import RATED --column user=userId --column user=movieId", "--column user is set twice"),
    ("import RATED --as ml-100k", "is not a folder with the files of ml-100k"),
    ("import RATED --as ml-100 --name x", "unknown format 'ml-100'; did you mean 'ml-100k'"),
    ("import RATED --as excel", "wikipedia-movie-data, table, events"),
    ("import RATED --as ml-100k --column user=userId", "need --as table or --as events"),
    ("import RATED --scale 0 inf", "two finite ends"),
    ("import RATED --scale 5 1", "scale"),
    ("import RATED --weight click=0.5", "--weight needs --as events"),
    ("import RATED --as events --weight click=a", "--weight takes a number"),
    ("import RATED --as events --scale 1 5", "--scale is for ratings"),
    ("generate --users 2 --items 3 --interactions 7 --out audience", "users x items"),
    # data merge
    ("data merge RATED film-table", "Missing option '--name'"),
    ("data merge RATED film-table --name film-table", "is the name of a source"),
    ("data merge RATED film-table --name rated", "is one of the data sets to merge"),
    ("data merge RATED film-table --name x --trust runtime", "must have the form FIELD=NAME"),
    ("data merge RATED film-table --name x --trust runtime=rated,", "must have the form FIELD"),
    ("data merge RATED film-table --name x --trust runtme=rated", "did you mean 'runtime'?"),
    ("data merge RATED film-table --name x --trust runtime=ml-1m", "known: rated, film-table"),
    ("data merge RATED film-table --name x --trust year=a --trust year=b", "set twice"),
    ("data merge RATED film-table film-table --name x", "are both called 'film-table'"),
    ("data merge RATED --name x", "two data sets or more"),
]


@pytest.mark.parametrize(("command", "message"), CASES)
def test_bad_input_is_one_line_and_status_2(
    run: Run, home: Path, planted_folder: Path, rated: str, command: str, message: str
) -> None:
    paths = {"PLANTED": str(planted_folder), "RATED": rated}
    outcome = run(*(paths.get(word, word) for word in shlex.split(command)), status=2)
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
    assert not (home / "imported").exists()
    assert not Path("audience").exists()
