"""`serve`: the web site and the REST API."""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType
from typing import NoReturn

import click

from matinee.cli.console import open_cache, say
from matinee.cli.scheduled import ScheduledRetrains
from matinee.errors import FailureError
from matinee.service.datasets import load
from matinee.service.promote import install
from matinee.service.schedule import Schedule
from matinee.service.site import Site
from matinee.service.train import train
from matinee.settings import Settings, load_settings
from matinee.web.app import create_app
from matinee.web.server import make_server

__all__ = ["listen", "serve_command", "serve_site"]


@click.command("serve")
@click.option("--host", help="Address to listen on.  [default: setting `host`]")
@click.option("--port", type=int, help="Port to listen on, 0 for any.  [default: setting `port`]")
@click.option("--data", metavar="NAME|PATH", help="Fit to this data set before the start.")
@click.option("--model", metavar="NAME", help="Fit this model before the start.")
@click.option(
    "--retrain",
    "schedule",
    metavar="WHEN",
    help="Fit the live model again daily, weekly, at a share of new ratings such as 5%, or never."
    "  [default: setting `retrain`]",
)
def serve_command(
    host: str | None, port: int | None, data: str | None, model: str | None, schedule: str | None
) -> None:
    """Serve the web site and the REST API.

    The live model answers. If there is none yet, or with --data or --model, a model is fitted and
    made live first.

    \b
    Examples:
      matinee serve
      matinee serve --port 9000
      matinee serve --retrain daily
      MATINEE_SECRET=... MATINEE_HOSTS=films.example.org matinee serve --host 0.0.0.0
    """
    settings = load_settings(host=host, port=port, data=data, model=model, retrain=schedule)
    secret = settings.signing_secret()
    listener = listen(settings)
    with listener, Site.open(settings.database_url, settings.artefacts) as site:
        if not site.is_live or data is not None or model is not None:
            dataset = load(settings.data, open_cache(settings))
            say(f"fitting {settings.model} to {dataset.name} ({dataset.licence})")
            recommender = train(dataset, settings.model)
            install(site, dataset, recommender, note="matinee serve", say=say, options=())
        serve_site(site, settings, listener, secret)


def listen(settings: Settings) -> socket.socket:
    """A socket on the host and port of the settings; open it before any slow work."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio turns off Nagle's algorithm only on sockets created as TCP. With it on, every answer
    # waits 40 ms until the client acknowledges its headers.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        # Listening now reserves the port: a second server fails here and not after its training.
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise FailureError(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
            "choose another port with --port, or --port 0 for any free one"
        ) from None
    return listener


def serve_site(site: Site, settings: Settings, listener: socket.socket, secret: str) -> None:
    """Answers requests on the socket until interrupted."""
    host, port = listener.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    say(f"matinee is at http://{name}:{port}/ - stop with Ctrl-C")
    hosts = settings.host_names()
    if not hosts and not settings.hosts:
        say(
            "warning: requests for any host name are answered; set MATINEE_HOSTS to the names of "
            "this site, separated by commas, or to * to allow any"
        )
    app = create_app(site, secret=secret, secure_cookies=settings.secure_cookies, hosts=hosts)
    # The server raises the signal again when it has stopped. As an exit, it lets the site close.
    signal.signal(signal.SIGTERM, _exit)
    with ScheduledRetrains(site, Schedule.of(settings.retrain)):
        make_server(app, settings.log_level).run(sockets=[listener])


def _exit(number: int, _: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
