"""Event log, histories, viewers, imports, promotions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

_counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("seq", _counter, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(128), nullable=False, unique=True),
        sa.Column("viewer", sa.String(128), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("item", sa.String(128)),
        sa.Column("value", sa.Float(53)),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.String(128)),
        sa.Column("data", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("events_by_viewer", "events", ["viewer", "type", "item", "time"])
    op.create_table(
        "histories",
        sa.Column("viewer", sa.String(128), primary_key=True),
        sa.Column("item", sa.String(128), primary_key=True),
        sa.Column("value", sa.Float(53)),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("seq", _counter, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "viewers",
        sa.Column("viewer", sa.String(128), primary_key=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("viewers_by_imported", "viewers", ["imported"])
    op.create_table(
        "imports",
        sa.Column("source", sa.String(255), primary_key=True),
        sa.Column("data_hash", sa.String(64), primary_key=True),
        sa.Column("time", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "promotions",
        sa.Column("seq", _counter, primary_key=True, autoincrement=True),
        sa.Column("artefact", sa.String(64), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
