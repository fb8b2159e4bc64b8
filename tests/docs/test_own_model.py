"""The page on writing a model: its code runs, in a process and as an installed package."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matinee.data import Catalog, Interactions, Query
from matinee.models import Model
from matinee.pipeline import Recommender
from matinee.store import load_recommender, save_recommender
from matinee.testing import ContractError, check_model

PAGE = Path(__file__).parents[2] / "docs" / "own-model.md"
PYTHON = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
CLASS, COMPARISON, CHECK, REASONS = PYTHON
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-recs"
version = "1"

[tool.hatch.build.targets.wheel]
include = ["acme_recs.py"]

"""
ENTRY_POINT = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)[0]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Names that the code of the page defines, reasons included."""
    file = tmp_path_factory.mktemp("notebook") / "notebook.py"
    file.write_text(CLASS.rstrip() + "\n\n" + REASONS, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("notebook", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["notebook"] = module
    spec.loader.exec_module(module)
    return vars(module)


def test_a_model_is_25_lines_or_so() -> None:
    code = [line for line in CLASS.splitlines() if line.strip()]
    assert len(code) <= 25


def test_it_keeps_the_contract_and_can_be_compared(
    page: dict[str, Any], mirror: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(CHECK, page)  # noqa: S102
    exec(COMPARISON, page)  # noqa: S102
    printed = capsys.readouterr().out
    assert "cosine" in printed
    assert "ease" in printed


def test_it_is_saved_loaded_and_explained(
    page: dict[str, Any], planted: Interactions, planted_catalog: Catalog, tmp_path: Path
) -> None:
    model: Model = page["Cosine"]().fit(planted, planted_catalog, rng=np.random.default_rng(0))
    folder = save_recommender(
        Recommender(model, planted_catalog),
        tmp_path,
        data="planted",
        data_hash=planted.content_hash,
        scale=planted.scale,
        licence="ours",
    )
    loaded = load_recommender(folder)
    assert type(loaded.model) is page["Cosine"]
    ranking = loaded.recommend(Query.of(planted.history(3)))
    assert len(ranking) == 10
    assert all(reason.films for reason in ranking.reasons)


def test_a_broken_rule_is_said_with_the_way_out(page: dict[str, Any]) -> None:
    cosine: Any = page["Cosine"]

    class Leaky(cosine):  # type: ignore[misc]
        def fit(self, interactions: Interactions, catalog: Catalog, *, rng: Any) -> Any:
            self.popular = np.bincount(interactions.items, minlength=len(catalog))
            self.arrays["users"] = interactions.matrix.sum(axis=1)
            return super().fit(interactions, catalog, rng=rng)

        def scores(self, histories: Any) -> Any:
            return (super().scores(histories) + self.popular).astype(np.float32)

    with pytest.raises(ContractError) as caught:
        check_model(Leaky)
    said = str(caught.value)
    assert "no_array_grows_with_users: arrays with one entry per user: ['users']" in said
    assert "must store what it learns in self.arrays" in said
    assert "contributions do not sum to the score" in said


@pytest.mark.usefixtures("home")
def test_an_installed_package_adds_it_by_its_entry_point(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "acme_recs.py").write_text(CLASS, encoding="utf-8")
    named = ENTRY_POINT.replace("cosine =", "flat =")  # another name than the class has
    (tmp_path / "src" / "pyproject.toml").write_text(PROJECT + named, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*pip, tmp_path / "site", tmp_path / "src"], check=True)
    paths = [str(tmp_path / "site"), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}

    def matinee(*arguments: str) -> str:
        command = [sys.executable, "-m", "matinee", *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "shrinkage" in matinee("models", "flat")
    folder = matinee("train", "flat", "--data", "ml-100k", "-o", "shrinkage=20").strip()
    assert json.loads((Path(folder) / "manifest.json").read_text())["model"] == "flat"
    found = json.loads(matinee("recommend", "--user", "196", "--model", folder, "--json"))
    assert found["model"] == "flat"
