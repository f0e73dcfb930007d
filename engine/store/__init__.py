"""The tables, the connection, the schema's versions. Knows SQLAlchemy; no BPMN, no right, no process."""

from engine.store.connect import open_database, reading, writing
from engine.store.migrate import migrate
from engine.store.tables import metadata

__all__ = ["metadata", "migrate", "open_database", "reading", "writing"]
