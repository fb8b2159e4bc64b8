"""Every option of every model changes its answers: an option that does nothing is no option."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import plugins
from matinee.data import Attributes, Histories, Interactions
from matinee.experiments.tuning.search_space import Range, default_search
from matinee.models import CountsConfig, DislikesConfig, Model, create
from matinee.testing import Subject, planted_catalog, planted_ratings

SMALL: dict[str, dict[str, object]] = {
    "bayes-fm": {"burn_in": 2, "sweeps": 6, "samples": 3},
    "blend": {"parts": "ease + popular"},
}
"""Options that keep a fit short."""
WITH_LEVELS = tuple(
    name for name in plugins.names("models") if isinstance(create(name).config, DislikesConfig)
)
VALUES: dict[tuple[str, str], object] = {
    **{(name, "levels"): "-1 -0.5 0 0.2 1" for name in WITH_LEVELS},
    ("blend", "depth"): 1,
    ("blend", "parts"): "ease + item-knn",
    ("content", "components"): 4,
    ("slit", "films"): 5,
}
"""Values of options for which none can be derived, or of which small data notice no other."""
TOGETHER: dict[tuple[str, str], dict[str, object]] = {
    **{(name, "levels"): {"like_from": 3} for name in WITH_LEVELS},
    ("baseline", "period_damping"): {"periods": 4},
    ("blend", "depth"): {"parts": "slim + item-knn + ials factors=2"},
    ("ease-sparse", "neighbours"): {"directions": 2},
    ("item-knn", "k1"): {"weighting": "bm25"},
    ("item-knn", "b"): {"weighting": "bm25"},
    ("user-knn", "k1"): {"weighting": "bm25"},
    ("user-knn", "b"): {"weighting": "bm25"},
    ("user-knn", "shrinkage"): {"weighting": "cosine"},
}
"""Options that count only together with others."""
ELSEWHERE = {
    ("auto", "min_rating"): "a dozen fits, tests/contracts/test_models.py",
    **{
        ("auto", option): "a dozen fits, tests/models/test_auto.py"
        for option in ("most_films", "budget", "choose_on", "like_from")
    },
    ("blend", "buckets"): "groups of hundreds of viewers, tests/models/_blend/test_weights.py",
    ("bpr", "negatives"): "hundreds of films, tests/models/test_bpr.py",
    ("content", "embeddings"): "a sentence encoder, tests/models/test_content.py",
    ("content", "encoder"): "a sentence encoder, tests/models/test_content.py",
    ("slit", "draws"): "ratings of one time, tests/models/test_slit.py",
}
"""Options that need more than planted data, and where they are tested."""
OF_COUNTS = CountsConfig.model_fields.keys() - DislikesConfig.model_fields.keys()
"""Options that ratings do not notice."""

WITHOUT_RANGE: dict[tuple[str, str], str] = {
    ("auto", "most_films"): "a limit on memory",
    ("auto", "budget"): "an amount of work",
    ("auto", "like_from"): "depends on the scale of the ratings",
    ("blend", "parts"): "a text",
    ("content", "embeddings"): "needs an encoder",
    ("content", "encoder"): "a path",
    **{
        (name, option): "depends on the scale of the ratings"
        for name in plugins.names("models")
        for option in ("min_rating", "like_from")
        if option in create(name).config.model_dump()
    },
    **{(name, "levels"): "a text" for name in WITH_LEVELS},
}
"""Options that `tune` searches only over a range that is named, and why."""

OPTIONS = [
    (name, option)
    for name in plugins.names("models")
    for option in create(name).config.model_dump()
    if (name, option) not in ELSEWHERE
]


@pytest.fixture(scope="module")
def ratings() -> Interactions:
    """Planted ratings of viewers with attributes, some of whom rated little, over three years."""
    planted = planted_ratings(planted_catalog())
    rng = np.random.default_rng(2)
    some = rng.random(len(planted)) < np.linspace(0.3, 1, planted.n_users)[planted.users]
    words = [(f"gender={'FM'[user % 2]}",) for user in range(planted.n_users)]
    days = rng.permutation(len(planted)) + 10_000
    times = days * 86_400 + planted.times % 900
    return replace(planted, times=times, attributes=Attributes.of_words(words)).select(some)


@pytest.fixture(scope="module")
def by_default() -> dict[str, NDArray[np.float32]]:
    """Answers with default options, by model, and by model and " counts"."""
    return {}


def answers(model: Model, ratings: Interactions) -> NDArray[np.float32]:
    """Scores of some viewers, and predicted ratings if there are any."""
    histories = Histories.of_users(ratings, np.arange(0, 60, 7))
    found = [model.scores(histories).ravel()]
    if model.predicts_ratings:
        spans = zip(histories.starts, histories.starts[1:], strict=False)
        minute = [histories.known_times[start:end] + 60 for start, end in spans]
        times = np.array([np.resize(each, model.n_items) for each in minute])
        found.append(model.predictions(histories, sp.csr_array(times)))
    return np.concatenate(found)


def other_value(model: Model, option: str) -> Any:
    """Another value of an option, often far from the default."""
    value = getattr(model.config, option)
    if (model.name, option) in VALUES:
        return VALUES[model.name, option]
    if value is None:  # a threshold
        return 3.0
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        choices = get_args(type(model.config).model_fields[option].annotation)
        return next(each for each in choices if each != value)
    if isinstance(value, int):
        return value + 1 if value < 3 else value // 20 + 1
    return value / 2 or 3.0


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_the_option_changes_the_answers(
    name: str, option: str, ratings: Interactions, by_default: dict[str, NDArray[np.float32]]
) -> None:
    model = create(name)
    together = TOGETHER.get((name, option), {})
    options: dict[str, Any] = SMALL.get(name, {}) | together
    subject, key = Subject(type(model)), name
    if option in OF_COUNTS:
        ratings, key = replace(ratings, counts=True), f"{name} counts"
    if together or key not in by_default:
        by_default[key] = answers(subject.fit(ratings, **options), ratings)
    default = by_default.pop(key) if together else by_default[key]
    changed = subject.fit(ratings, **options | {option: other_value(model, option)})
    assert not np.array_equal(default, answers(changed, ratings))


@pytest.mark.parametrize("name", plugins.names("models"))
def test_every_option_can_be_searched_over_a_range_that_has_its_default(name: str) -> None:
    config = create(name).config
    for option, default in config.model_dump().items():
        where = default_search(type(config), option)
        if (name, option) in WITHOUT_RANGE:
            assert where is None
            continue
        assert where is not None, f"{option} needs a mark span(low, high)"
        assert where.holds(default), option
        for end in (where.low, where.high) if isinstance(where, Range) else where.values:
            create(name, {option: end})
        for value in config.candidates().get(option, ()):
            assert where.holds(value), option


def test_options_that_are_tested_elsewhere_exist() -> None:
    for name, option in (*ELSEWHERE, *VALUES, *TOGETHER, *WITHOUT_RANGE):
        assert option in create(name).config.model_dump()
