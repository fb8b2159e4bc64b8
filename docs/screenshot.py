"""Takes the pictures of the docs: `docs/images/home.png`, `film.png` and `report.png`.

Starts a site on MovieLens 100K in a temporary folder, rates a few films like a visitor, compares a
few models, and takes screenshots with Chromium. `make docs` runs it.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.errors import FailureError, MatineeError
from matinee.experiments.evaluate import evaluate
from matinee.service.pages.evaluation_page import evaluation_page
from matinee.service.promote import install
from matinee.service.site import Site
from matinee.service.train import train
from matinee.settings import load_settings
from matinee.web.app import create_app
from matinee.web.server import make_server

IMAGES = Path(__file__).parent / "images"
_RATED = {"Star Wars": 5, "Fargo": 5, "Toy Story": 4}
_FILM = "Blade Runner"
_COMPARED = ("popular", "content", "item-knn", "ials", "ease")
_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> int:
    """Writes all pictures and returns an exit status."""
    try:
        dataset = _movielens()
        with tempfile.TemporaryDirectory() as folder, _demo_site(Path(folder), dataset) as site:
            report = Path(folder) / "report.html"
            compared = evaluate(_COMPARED, dataset, "strong", defaults=True)
            report.write_text(evaluation_page(compared), encoding="utf-8")
            app = create_app(site, secret="x" * 32)
            with served(app) as address:
                _take_pictures(address, report)
    except MatineeError as error:
        print(f"docs/screenshot.py: {error}", file=sys.stderr)
        return error.exit_status
    return 0


def _movielens() -> Dataset:
    settings = load_settings()
    return load("ml-100k", Cache(home=settings.home, mirror=settings.mirror))


@contextmanager
def _demo_site(folder: Path, dataset: Dataset) -> Iterator[Site]:
    with Site.open(f"sqlite:///{folder / 'matinee.db'}", folder / "artefacts") as site:
        install(site, dataset, train(dataset, "ease"))
        yield site


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of an application, which runs in a thread of this process."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise FailureError("chromium is not installed; on Debian: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_SWITCHES)
        yield browser
        browser.close()


def picture(page: Page, name: str, largest: int = 300_000) -> None:
    """Saves a screenshot under `docs/images`, of at most so many bytes."""
    file = IMAGES / name
    page.screenshot(path=file)
    size = file.stat().st_size
    if size > largest:
        raise FailureError(f"{file} has {size:,} bytes; make the picture smaller than {largest:,}")


def _take_pictures(address: str, report: Path) -> None:
    with chromium() as browser:
        page = browser.new_page(
            base_url=address,
            viewport={"width": 1060, "height": 900},
            color_scheme="light",
            reduced_motion="reduce",
        )
        for title, stars in _RATED.items():
            _open(page, title)
            page.get_by_role("button", name=f"{stars} of 5").click()
            page.get_by_text("You rated it").wait_for()
        page.goto("/")
        picture(page, "home.png")
        _open(page, _FILM)
        page.mouse.move(0, 0)
        picture(page, "film.png")
        _picture_of(report, browser)


def _picture_of(report: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1060, "height": 1270}, color_scheme="light")
    page.goto(report.as_uri())
    page.locator("#chart-genres .main-svg").first.wait_for()
    page.evaluate("document.getElementById('section-accuracy').scrollIntoView()")
    picture(page, "report.png")


def _open(page: Page, title: str) -> None:
    page.goto("/")
    page.get_by_label("Search films by title").fill(title)
    page.keyboard.press("Enter")
    page.locator("main").get_by_role("link", name=title).first.click()
    page.get_by_role("heading", level=1, name=title).wait_for()


if __name__ == "__main__":
    raise SystemExit(main())
