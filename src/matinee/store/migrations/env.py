"""Called by Alembic. `migrate` provides the connection, its lock and its transaction."""

from __future__ import annotations

from alembic import context

from matinee.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
