"""Migrates a database to the tables of this version when it is opened."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

from matinee.errors import StoreError
from matinee.store.database import reading, writing
from matinee.store.schema import VERSION

__all__ = ["migrate"]


def migrate(engine: Engine) -> None:
    """Applies pending migrations. Of two processes, one migrates and the other waits.

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
            _upgrade(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


def _upgrade(connection: Connection) -> None:
    # Alembic takes a fifth of a second to import, and most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "matinee.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
