"""Charts of errors of predicted ratings."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.report.errors import error_charts
from matinee.service.pages.report.subject import Subject


def test_lines_and_tables_are_the_errors_of_every_model(predicted: Comparison) -> None:
    bias, rmse, _ = error_charts(Subject(predicted))
    for place, result in enumerate(predicted.results):
        errors = predicted.errors(result.name)
        for step, drawn, squared in zip(
            *(bias.figure["data"][place][axis] for axis in "xy"),
            rmse.figure["data"][place]["y"],
            strict=True,
        ):
            own = errors.filter(errors["rating"] == step)["error"].to_numpy()
            assert drawn == pytest.approx(own.mean(), abs=1e-5)
            assert squared == pytest.approx(np.sqrt(np.square(own).mean()), abs=1e-5)
    assert bias.table is not None
    assert bias.table.columns == ("rating", "ratings", *(each.name for each in predicted.results))
    counts = [int(row[1].replace(",", "")) for row in bias.table.rows]
    assert sum(counts) == sum(test.targets.nnz for test in predicted.tests)


def test_the_heat_map_has_shares_of_every_rating(predicted: Comparison) -> None:
    *_, confusion = error_charts(Subject(predicted))
    (drawn,) = confusion.figure["data"]
    np.testing.assert_allclose(np.sum(drawn["z"], axis=1), 1)
    assert predicted.results[0].name in confusion.title
    assert drawn["text"][0][0] == (f"{100 * drawn['z'][0][0]:.0f}" if drawn["z"][0][0] else "")
