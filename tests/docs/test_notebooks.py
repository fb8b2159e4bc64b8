"""The notebooks in examples/ run, and are stored with the outputs they have."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from docs.notebooks import FIGURE, NOTEBOOKS, executed, outputs

MOST = 400_000
"""Characters of a stored notebook."""


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda each: each.stem)
def test_a_notebook_runs_from_top_to_bottom(notebook: Path, home: Path, tmp_path: Path) -> None:
    run = executed(notebook, tmp_path)
    stored = nbformat.read(notebook, as_version=4)
    data = [each.get("data", {}) for each in outputs(run)]
    assert {"error", "stderr"}.isdisjoint(
        {each.output_type for each in outputs(run)} | {each.get("name") for each in outputs(run)}
    )
    assert sum(FIGURE in each for each in data) >= 4
    assert sum('class="wall"' in each.get("text/html", "") for each in data) >= 4
    assert all("://" not in each.get("text/html", "") for each in data)
    assert len(data) == len(list(outputs(stored))), "run: python -m docs.notebooks"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda each: each.stem)
def test_a_stored_notebook_is_small_and_shows_its_figures_everywhere(notebook: Path) -> None:
    text = notebook.read_text(encoding="utf-8")
    assert len(text) < MOST
    stored = nbformat.from_dict(json.loads(text))
    kinds = [set(each.get("data", {})) for each in outputs(stored)]
    assert not any(FIGURE in each for each in kinds), "run: python -m docs.notebooks"
    assert sum("image/png" in each for each in kinds) >= 4
    assert all(cell.outputs or "=" in cell.source for cell in stored.cells if "outputs" in cell)
