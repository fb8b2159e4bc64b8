"""Migrates a database to the tables of this version when it is opened."""

from __future__ import annotations

import json
import logging
from pathlib import Path, PurePath

from sqlalchemy import Connection, Engine, inspect, text

from matinee import plugins
from matinee.errors import StoreError
from matinee.store.artefacts import MANIFEST
from matinee.store.database import reading, writing
from matinee.store.schema import VERSION

__all__ = ["migrate", "numbering_of"]

_log = logging.getLogger(__name__)


def migrate(engine: Engine, artefacts: Path | None = None) -> None:
    """Applies pending migrations. Of two processes, one migrates and the other waits.

    Args:
        engine: of the database.
        artefacts: folder of saved recommenders; the live one tells which film ids a database from
            before numberings contains.

    Raises:
        StoreError: the database is newer than this version, or cannot be changed.
    """
    with reading(engine) as connection:
        version = _version(connection)
    if version == VERSION:
        return
    with writing(engine) as connection:
        version = _version(connection)  # another process may have been first
        if version is not None and version > VERSION:
            raise StoreError(
                f"the database is at version {version}, and this matinee reads up to {VERSION}; "
                "install the newer matinee that wrote it, or name another database"
            )
        if version != VERSION:
            live = "" if version is None else _live_numbering(connection, artefacts)
            _upgrade(connection, live)


def numbering_of(name: str) -> str:
    """The numbering of a data set by its name alone, for what was written before numberings."""
    if name in plugins.names("sources"):
        return str(plugins.get("sources", name).numbering) or name
    return name


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


def _live_numbering(connection: Connection, artefacts: Path | None) -> str:
    """The numbering of the live recommender; "" if none can tell."""
    live = connection.scalar(text("SELECT artefact FROM promotions ORDER BY seq DESC LIMIT 1"))
    if live is None:
        return ""
    try:
        if artefacts is None:
            raise FileNotFoundError
        manifest = json.loads((artefacts / live / MANIFEST).read_bytes())
        return str(manifest.get("numbering") or numbering_of(PurePath(manifest["data"]).name))
    except (OSError, ValueError, KeyError, TypeError):
        _log.warning(
            "the live model %s is not on this machine, so nothing tells the data set of the films "
            "visitors rated; their ratings are kept, and recommendations do not use them",
            live[:12],
        )
        return ""


def _upgrade(connection: Connection, live_numbering: str) -> None:
    # Alembic takes a fifth of a second to import, and most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "matinee.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["live_numbering"] = live_numbering
    config.attributes["numbering_of"] = numbering_of
    command.upgrade(config, "head")
