"""Bringing a database to the schema of this release (Alembic; the steps are in ``migrations/versions``)."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from engine.store.connect import writing


def migrate(database: Engine) -> None:
    """Create or upgrade the tables of ``database`` in one transaction; nothing happens where all is there."""
    config = Config()
    config.set_main_option("script_location", str(files("engine.store") / "migrations"))
    with writing(database) as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
