"""The documentation site builds without a warning, is complete, and needs no network."""

from __future__ import annotations

import importlib.util
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from docs.site_pages import ROOMS, packages
from playwright.sync_api import Browser

import matinee

ROOT = Path(__file__).parents[2]
_LOADED = re.compile(r"<(?:script|link|img|iframe)[^>]*?(?:src|href)=\"?(https?:)?//[^>]*>")


def test_the_api_reference_has_every_public_module_of_the_library() -> None:
    documented = {name for package, modules in packages().items() for name in [package, *modules]}
    public = {
        module.name
        for module in pkgutil.walk_packages(matinee.__path__, "matinee.")
        if module.name.split(".")[1] in ROOMS
        and not any(part.startswith("_") for part in module.name.split("."))
        and "migrations" not in module.name
    }
    assert public <= documented
    assert all(importlib.util.find_spec(name) for name in documented)


def test_the_site_builds_and_can_be_searched_from_disk(tmp_path: Path, browser: Browser) -> None:
    build = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert build.returncode == 0, build.stderr
    pages = {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")}
    assert {
        path: _LOADED.findall(text) for path, text in pages.items() if _LOADED.search(text)
    } == {}
    assert not list(tmp_path.rglob("*.py"))
    page = browser.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((tmp_path / "models" / "ease.html").as_uri() + "?q=popularity")
    page.get_by_text(re.compile(r"\d+ matching documents")).wait_for(state="attached")
    assert failed == []
    page.close()


@pytest.mark.parametrize("page", ["asking", "data", "implicit-feedback", "index", "tutorial"])
@pytest.mark.usefixtures("home")
def test_the_python_of_a_page_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    exec(compile(code, page, "exec"), {"__name__": page})  # noqa: S102 - our own documentation
