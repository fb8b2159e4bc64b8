"""A dismissal empties the row of its film in `histories`, as a removal does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.get_bind().execute(
        sa.text(
            "INSERT INTO histories (viewer, numbering, item, value, time, seq) "
            "SELECT viewer, numbering, item, NULL, time, seq FROM ("
            "SELECT viewer, numbering, item, time, seq, ROW_NUMBER() OVER ("
            "PARTITION BY viewer, numbering, item ORDER BY time DESC, seq DESC) AS place "
            "FROM events WHERE type = 'dismissal') AS dismissals WHERE place = 1 "
            "ON CONFLICT (viewer, numbering, item) DO UPDATE "
            "SET value = NULL, time = excluded.time, seq = excluded.seq "
            "WHERE excluded.time > histories.time "
            "OR (excluded.time = histories.time AND excluded.seq > histories.seq)"
        )
    )
