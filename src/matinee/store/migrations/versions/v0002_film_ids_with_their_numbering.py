"""Film ids carry their numbering; viewers their source; forgotten viewers are remembered."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision: str | None = "0001"

_counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "films",
        sa.Column("numbering", sa.String(128), primary_key=True),
        sa.Column("item", sa.String(128), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("imdb_id", sa.Text(), nullable=False),
        sa.Column("tmdb_id", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "forgotten",
        sa.Column("source", sa.String(128), primary_key=True),
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("salt", sa.String(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "events", sa.Column("numbering", sa.String(128), nullable=False, server_default="")
    )
    op.rename_table("viewers", "former_viewers")
    op.rename_table("histories", "former_histories")
    op.drop_index("viewers_by_imported", "former_viewers")
    op.create_table(
        "viewers",
        sa.Column("viewer", sa.String(128), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("viewer", name="viewers_of_sources"),
        sqlite_with_rowid=False,
    )
    op.create_index("viewers_by_source", "viewers", ["source"])
    op.create_table(
        "histories",
        sa.Column("viewer", sa.String(128), nullable=False),
        sa.Column("numbering", sa.String(128), nullable=False),
        sa.Column("item", sa.String(128), nullable=False),
        sa.Column("value", sa.Float(53)),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("seq", _counter, nullable=False),
        sa.PrimaryKeyConstraint("viewer", "numbering", "item", name="histories_of_numberings"),
        sqlite_with_rowid=False,
    )
    _copy()
    op.drop_table("former_viewers")
    op.drop_table("former_histories")


def _copy() -> None:
    """Rows of imported viewers get the numbering of their data set, the others the live one."""
    attributes = context.config.attributes
    numbering_of: Callable[[str], str] = attributes["numbering_of"]
    connection = op.get_bind()
    connection.execute(
        sa.text("INSERT INTO viewers SELECT viewer, created, '' FROM former_viewers")
    )
    by_source = {"": attributes["live_numbering"]}
    for source in connection.scalars(sa.text("SELECT DISTINCT source FROM imports")).all():
        connection.execute(
            sa.text(
                "UPDATE viewers SET source = :source WHERE viewer IN "
                "(SELECT viewer FROM former_viewers WHERE imported "
                "AND substr(viewer, 1, length(:prefix)) = :prefix)"
            ),
            {"source": source, "prefix": f"{source}/"},
        )
        by_source[source] = numbering_of(source)
    for source, numbering in by_source.items():
        connection.execute(
            sa.text(
                "UPDATE events SET numbering = :numbering WHERE viewer IN "
                "(SELECT viewer FROM viewers WHERE source = :source)"
            ),
            {"source": source, "numbering": numbering},
        )
    connection.execute(
        sa.text(
            "INSERT INTO histories SELECT former.viewer, events.numbering, former.item, "
            "former.value, former.time, former.seq FROM former_histories AS former "
            "JOIN events ON events.seq = former.seq"
        )
    )
