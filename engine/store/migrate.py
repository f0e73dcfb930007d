"""Bringing a database to the schema of this release (Alembic; the steps are in ``migrations/versions``)."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, select

from engine.store.connect import changing_schema

_LOCK = 7483925
"""Any number that is ours alone: two servers that start at once migrate one after the other."""


def migrate(database: Engine, to: str = "head") -> None:
    """Create or upgrade the tables of ``database`` in one transaction; nothing happens where all is there.

    ``to``: the schema version to stop at, by default the newest.
    """
    config = Config()
    config.set_main_option("script_location", str(files("engine.store") / "migrations"))
    with changing_schema(database) as tx:
        if database.dialect.name == "postgresql":  # SQLite has one writer anyway
            tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = tx
        command.upgrade(config, to)
