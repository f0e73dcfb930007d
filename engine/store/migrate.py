"""Bringing a database to the schema of this release (Alembic; the steps are in ``migrations/versions``)."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from engine.store.connect import changing_schema

_LOCK = 7483925
"""Any number that is ours alone: two servers that start at once migrate one after the other."""


def migrate(database: Engine, to: str = "head") -> None:
    """Create or upgrade the tables of ``database`` in one transaction; nothing happens where all is there.

    ``to``: the schema version to stop at, by default the newest.
    """
    config = _config()
    with changing_schema(database) as tx:
        if database.dialect.name == "postgresql":  # SQLite has one writer anyway
            tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = tx
        command.upgrade(config, to)


def schema_version(tx: Connection) -> str | None:
    """The version of the schema of a database; None where there is none of ours."""
    return MigrationContext.configure(tx).get_current_revision()


def known_versions() -> list[str]:
    """Every version of the schema that this release can upgrade from, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("engine.store") / "migrations"))
    return config
