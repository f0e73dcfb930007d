"""The tables, the connection and the schema's versions. Knows SQLAlchemy; no rule of BPMN, no right, no process."""

from engine.store.connect import open_database, reading, writing
from engine.store.tables import metadata

__all__ = ["metadata", "open_database", "reading", "writing"]
