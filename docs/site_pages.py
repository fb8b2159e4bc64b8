"""Hooks of the documentation site: the pages and menu entries made from folders and sources.

MkDocs calls `on_config` and `on_files` (see `hooks` in mkdocs.yml). The API reference has one page
for each package of the library with all its public modules, so that no module can be forgotten.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src"
ROOMS = (
    "data",
    "content",
    "models",
    "metrics",
    "pipeline",
    "experiments",
    "store",
    "service",
    "testing",
)
"""What other programs import. Command line and web are documented as commands and as OpenAPI."""
_CDN_SHIM = "https://unpkg.com/iframe-worker/shim"
_OWN_SHIM = "javascripts/offline-search.js"
_PROJECT = {"contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fills the menu entries whose pages come from a folder or from the sources."""
    docs = Path(config.docs_dir)
    menu = str(config.nav)
    for entry in config.nav or []:
        ((title, pages),) = entry.items()
        if title == "Guides":
            pages += [page.name for page in sorted(docs.glob("*.md")) if page.name not in menu]
        elif title == "Models":
            pages += [f"models/{page.name}" for page in sorted((docs / "models").glob("*.md"))]
        elif title == "Decisions":
            pages += [f"decisions/{page.name}" for page in _decisions(docs / "decisions")]
        elif title == "Reference":
            pages += [{"Python API": [_page_of(package) for package in packages()]}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the API reference, and the pages that lie in the root of the repository."""
    for package, modules in packages().items():
        content = _reference(package, modules)
        files.append(File.generated(config, _page_of(package), content=content))
    for page, source in _PROJECT.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        inside = re.sub(r"\]\(docs/", "](", text)
        files.append(File.generated(config, page, content=inside))
    return files


def on_post_page(output: str, page: Page, **_: object) -> str:
    """Replaces the one script that the theme would load from elsewhere."""
    return output.replace(_CDN_SHIM, get_relative_url(_OWN_SHIM, page.url))


def on_post_template(output_content: str, **_: object) -> str:
    """The same for the page of missing addresses."""
    return output_content.replace(_CDN_SHIM, f"/{_OWN_SHIM}")


def packages() -> dict[str, list[str]]:
    """Every public package of the library with its public modules, by dotted names."""
    modules: dict[str, list[str]] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        parts = path.relative_to(SOURCES).with_suffix("").parts
        if len(parts) > 2 and (parts[1] not in ROOMS or "migrations" in parts):
            continue
        if any(part.startswith("_") for part in parts if part != "__init__"):
            continue
        package = ".".join(parts[:-1])
        modules.setdefault(package, [])
        if parts[-1] != "__init__":
            modules[package].append(f"{package}.{parts[-1]}")
    return modules


def _page_of(package: str) -> str:
    return f"api/{package}.md"


def _reference(package: str, modules: list[str]) -> str:
    return "\n\n".join([f"# {package}", *(f"::: {name}" for name in [package, *modules])]) + "\n"


def _decisions(folder: Path) -> list[Path]:
    """The list of decisions first, then each of them by number."""
    return sorted(folder.glob("*.md"), key=lambda page: (page.name != "README.md", page.name))
