"""Reports of comparisons, as pages."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from matinee.data import Catalog, Dataset, Interactions
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.results import Comparison
from matinee.service.pages.evaluation_page import evaluation_page

NASTY = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="session")
def pages(ranked: Comparison, predicted: Comparison, alone: Comparison) -> dict[str, str]:
    """A page for each kind of comparison."""
    return {
        "ranked": evaluation_page(ranked),
        "predicted": evaluation_page(predicted),
        "alone": evaluation_page(alone),
    }


@pytest.fixture(scope="session")
def attacked(planted: Interactions, planted_catalog: Catalog) -> str:
    """The page of data whose every text is an attack."""
    films = [
        replace(film, title=f"{NASTY} {film.id}", genres=(NASTY, film.genres[0]))
        for film in planted_catalog.films()
    ]
    viewers = pl.DataFrame(
        {"user_id": planted.user_ids.ids, NASTY: [NASTY, "else"] * (planted.n_users // 2)}
    )
    data = Dataset(NASTY, planted, Catalog.of(films), NASTY, demographics=viewers)
    return evaluation_page(evaluate(["popular", "ease"], data, "random", defaults=True))
