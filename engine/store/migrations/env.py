"""What Alembic runs: on the connection that ``engine.store.migrate`` hands over, never on one of its own."""

from alembic import context

from engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    user_module_prefix="columns.",
)
context.run_migrations()
