"""Static files whose names contain a hash of their content, so that browsers can keep them."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from matinee.display.poster import STYLES

__all__ = ["FOLDERS", "Assets", "routes"]

FOLDERS = (Path(__file__).parent / "static", STYLES)
"""Folders of static files: the site's own, and the style sheets of posters."""

routes = APIRouter(include_in_schema=False)


class Assets:
    """Every static file, read once; `base.css` is served as `base.3f2a91c04b7d.css`."""

    def __init__(self, folders: Iterable[Path] = FOLDERS) -> None:
        self._urls: dict[str, str] = {}
        self._files: dict[str, tuple[bytes, str]] = {}
        for file in (file for folder in folders for file in sorted(folder.iterdir())):
            content = file.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:12]
            name = f"{file.stem}.{digest}{file.suffix}"
            media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self._urls[file.name] = f"/static/{name}"
            self._files[name] = content, media_type

    def url(self, name: str) -> str:
        """The address of a file; raises `KeyError` if there is none."""
        return self._urls[name]

    def find(self, hashed_name: str) -> tuple[bytes, str] | None:
        """Content and media type of the file of a hashed name, if there is one."""
        return self._files.get(hashed_name)


# All are in memory: no thread is needed, so pages keep their style while others wait.
@routes.get("/static/{name}")
async def static_file(name: str, request: Request) -> Response:
    """A static file. Browsers keep it for a year: another content would have another name."""
    assets: Assets = request.app.state.assets
    file = assets.find(name)
    if file is None:
        raise HTTPException(404, f"there is no file {name!r}")
    content, media_type = file
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(content, media_type=media_type, headers=headers)


@routes.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    """The icon that browsers request by themselves."""
    assets: Assets = request.app.state.assets
    return Response(status_code=308, headers={"location": assets.url("icon.svg")})


@routes.get("/robots.txt")
async def robots() -> Response:
    """Crawlers may read films, but not viewers' pages and the API."""
    return Response("User-agent: *\nDisallow: /as/\nDisallow: /api/\n", media_type="text/plain")
