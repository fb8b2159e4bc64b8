"""Draws `docs/images/audience-*.png`: generated audiences beside MovieLens.

Generates two audiences with seed 0 and draws their aggregates beside those of real ones of their
sizes, with NDCG of three models. Takes a minute or two and needs both data sets. `make docs` runs
it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from docs.audience_figures import HEIGHT, STATISTICS, WIDTH, Beside, Counted, figure
from docs.screenshot import chromium, picture
from plotly.io import to_html

import matinee
from matinee.data import Dataset
from matinee.errors import MatineeError
from matinee.experiments.audience import AudienceConfig, audience

_PIXELS = 1.5
"""Pixels of the picture per pixel of the page, so that letters are sharp on any screen."""
_MODELS = {"popular": "popularity", "item-knn": "item-kNN", "ease": "EASE"}


def main() -> int:
    """Draws every picture and returns an exit status."""
    try:
        like_100k = AudienceConfig(943, 1682, 100_000, days=214, half_stars=False)
        like_latest = AudienceConfig(610, 9724, 100_836, days=8219)
        _draw(
            [
                _beside("ml-100k", like_100k, 7, "weeks"),
                _beside("ml-latest-small", like_latest, 365.25, "years"),
            ]
        )
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
    ndcg = {title: by_name[model] for model, title in _MODELS.items()}
    return Counted(dataset.interactions, ndcg, days)


def _draw(pairs: Sequence[Beside]) -> None:
    with chromium() as browser:
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=_PIXELS
        )
        for each in STATISTICS:
            page.set_content(to_html(figure(each, pairs), config={"staticPlot": True}))
            page.add_style_tag(content="body { margin: 0 }")
            page.locator(".main-svg").first.wait_for()
            picture(page, f"audience-{each.file}.png", 120_000)


if __name__ == "__main__":
    raise SystemExit(main())
