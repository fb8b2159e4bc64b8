"""The web application."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from matinee import __version__
from matinee.service.site import Site
from matinee.web import api, assets, pages
from matinee.web.api import health
from matinee.web.cookies import Cookies
from matinee.web.pages.render import make_templates
from matinee.web.problems import install_handlers
from matinee.web.protection import Protection

__all__ = ["create_app"]

_DESCRIPTION = """What should I watch tonight, and why?

A viewer is known by an anonymous signed cookie, which comes with their first event. Their history
is stored under it: post a rating and the next answer uses it. Reading without a cookie stores
nothing. Errors are problem details (RFC 9457)."""


def create_app(
    site: Site,
    *,
    secret: str,
    secure_cookies: bool = False,
    hosts: Sequence[str] = (),
) -> FastAPI:
    """The pages and the API of an installation. It does not close the site.

    Args:
        site: the installation.
        secret: signs the cookies; at least 16 characters.
        secure_cookies: send cookies over HTTPS only.
        hosts: host names the site answers to, without port; empty for any. With names given, a page
            on another name that resolves to this address cannot use the site (DNS rebinding).

    Raises:
        InputError: the secret is too short.
    """
    app = FastAPI(
        title="matinee",
        version=__version__,
        description=_DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # both load scripts from other hosts
        redoc_url=None,
        redirect_slashes=False,  # its redirects repeat the Host header
    )
    app.state.site = site
    app.state.cookies = Cookies(secret, secure=secure_cookies)
    app.state.assets = assets.Assets()
    app.state.templates = make_templates(app.state.assets)
    for part in (assets, health, api, pages):
        app.include_router(part.routes)
    install_handlers(app)
    app.add_middleware(GZipMiddleware, compresslevel=5)
    app.add_middleware(Protection, hosts=hosts)
    return app
