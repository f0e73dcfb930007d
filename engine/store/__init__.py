"""The tables, the connection, the schema's versions. Knows SQLAlchemy; no BPMN, no right, no process."""

from engine.store.connect import Database, open_database, reading, reading_once, writing
from engine.store.migrate import migrate
from engine.store.tables import metadata

__all__ = ["Database", "metadata", "migrate", "open_database", "reading", "reading_once", "writing"]
