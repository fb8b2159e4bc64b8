"""Runs the notebooks in examples/ and stores their outputs, each figure as a picture.

Run `python -m docs.notebooks` after changing one; a test runs them too, without storing.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from playwright.sync_api import Page, sync_playwright
from plotly import offline

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
FIGURE = "application/vnd.plotly.v1+json"
_WIDTH = 860
"""Pixels of a picture, about those of a notebook."""
_SECONDS = 300


def executed(notebook: Path, folder: Path) -> NotebookNode:
    """A notebook with the outputs of a run in this folder; its figures are Plotly's JSON."""
    cells = nbformat.read(notebook, as_version=4)
    client = NotebookClient(
        cells,
        timeout=_SECONDS,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute(env=os.environ | {"PLOTLY_RENDERER": "plotly_mimetype"})


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """The outputs of all code cells."""
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def main() -> None:
    """Stores every notebook with its outputs."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for path in NOTEBOOKS:
            run = executed(path, Path(folder))
            for output in outputs(run):
                if FIGURE in output.get("data", {}):
                    output.data = {"image/png": _picture(page, output.data[FIGURE])}
            for cell in run.cells:
                cell.metadata.pop("execution", None)  # times, which differ with every run
            nbformat.write(run, path)


def _picture(page: Page, figure: dict[str, Any]) -> str:
    """A screenshot, which is half as large as Plotly's own picture."""
    drawn = {key: figure[key] for key in ("data", "layout")}
    drawn["layout"]["width"] = _WIDTH
    height = drawn["layout"]["height"]
    page.set_content(f'<div id="figure" style="width: {_WIDTH}px; height: {height}px"></div>')
    page.add_script_tag(content=offline.get_plotlyjs())
    page.evaluate(f"Plotly.newPlot('figure', {json.dumps(drawn)}, {{staticPlot: true}})")
    return base64.b64encode(page.locator("#figure").screenshot()).decode()


if __name__ == "__main__":
    main()
