"""The pictures of `docs/generated-audience.md`: generated beside MovieLens, `docs/images/audience-*.png`.

Generates two audiences with seed 0, counts them and the real ones of their sizes, measures three
models on each, and draws with Plotly in Chromium. A minute or two; only aggregates are drawn. Run
by `make docs`; needs both data sets on this machine or within reach.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from docs.audience_figures import HEIGHT, STATISTICS, WIDTH, Beside, Counted, figure
from playwright.sync_api import sync_playwright
from plotly.io import to_html

import matinee
from matinee.data import Dataset
from matinee.errors import FailureError, MatineeError
from matinee.experiments.audience import AudienceConfig, audience

IMAGES = Path(__file__).parent / "images"
_LARGEST = 120_000
_PIXELS = 1.5
"""Of the picture to one of the page, so that letters are sharp on any screen."""
_MODELS = {"popular": "popularity", "item-knn": "item-kNN", "ease": "EASE"}
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main() -> int:
    """Draws every picture; 0 when that was done, else the exit status of what was in the way."""
    try:
        pairs = [
            _beside(
                "ml-100k",
                AudienceConfig(943, 1682, 100_000, days=214, half_stars=False),
                7,
                "weeks",
            ),
            _beside(
                "ml-latest-small", AudienceConfig(610, 9724, 100_836, days=8219), 365.25, "years"
            ),
        ]
        _draw(pairs)
    except MatineeError as error:
        print(f"docs/audience_plots.py: {error}", file=sys.stderr)
        return error.exit_status
    return 0


def _beside(name: str, config: AudienceConfig, days: float, period: str) -> Beside:
    return Beside(
        name, period, _counted(audience(config), days), _counted(matinee.load(name), days)
    )


def _counted(dataset: Dataset, days: float) -> Counted:
    measured = matinee.evaluate(list(_MODELS), dataset, "strong", k=10, defaults=True)
    by_name = {result.name: result.means["ndcg@10"] for result in measured.results}
    ndcg = {called: by_name[model] for model, called in _MODELS.items()}
    return Counted(dataset.interactions, ndcg, days)


def _draw(pairs: Sequence[Beside]) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise FailureError("chromium is not installed; on Debian: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_SWITCHES)
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=_PIXELS
        )
        for each in STATISTICS:
            page.set_content(to_html(figure(each, pairs), config={"staticPlot": True}))
            page.add_style_tag(content="body { margin: 0 }")
            page.locator(".main-svg").first.wait_for()
            file = IMAGES / f"audience-{each.file}.png"
            page.screenshot(path=file)
            if file.stat().st_size > _LARGEST:
                raise FailureError(f"{file} has more than {_LARGEST:,} bytes; draw less in it")
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
