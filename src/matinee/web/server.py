"""The HTTP server: uvicorn with limits on time, and its log."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["BoundedProtocol", "make_server"]

_SHUTDOWN_SECONDS = 5
"""For requests in progress when the server is asked to stop."""


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 that drops clients who stall.

    Without a limit, a connection that sends half a request, or never reads its answer, is held for
    ever, and keeps the server from stopping.
    """

    head_seconds: ClassVar[float] = 15
    """From a connection, or the answer before, to the end of the request's headers."""
    body_seconds: ClassVar[float] = 20
    """From there to the end of the body, which has at most 64 KiB."""
    answer_seconds: ClassVar[float] = 30
    """To read enough of an answer that the rest can be sent."""

    _phase: object = None
    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()
        if self.transport.is_closing() and self._is_sending():
            self._drop_after(self.answer_seconds)  # it closes only when the client has read all

    def connection_lost(self, exc: Exception | None) -> None:
        if self._limit is not None:
            self._limit.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        if self.conn.their_state is h11.SEND_BODY:
            self.transport.abort()  # half a request is not worth waiting for
        else:
            super().shutdown()

    def _watch(self) -> None:
        """Starts a limit when the client's part begins; more bytes of it do not extend it."""
        if self.conn.their_state is self._phase:
            return
        self._phase = self.conn.their_state
        if self._limit is not None:
            self._limit.cancel()
        if self._phase is h11.SEND_BODY:
            self._drop_after(self.body_seconds)
        elif self._phase is h11.IDLE:  # the next request, once the answer is read
            self._drop_after(self.answer_seconds if self._is_sending() else self.head_seconds)

    def _is_sending(self) -> bool:
        return self.transport.get_write_buffer_size() > 0

    def _drop_after(self, seconds: float) -> None:
        self._limit = self.loop.call_later(seconds, self.transport.abort)


def make_server(app: ASGIApp, log_level: str | None = None) -> uvicorn.Server:
    """A server for an application; `run(sockets=[...])` answers until it is interrupted.

    With a `log_level`, its log and that of matinee go to stderr; without, logging stays as it is.
    """
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=_log_config(log_level) if log_level else None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    return uvicorn.Server(config)


def _log_config(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "matinee": {"level": level.upper()},
            # These warn of every malformed request, and any client could fill the log with them.
            "uvicorn": {"level": "ERROR" if level == "warning" else level.upper()},
            "python_multipart": {"level": "ERROR"},
        },
    }
