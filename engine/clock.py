"""The one place that asks for the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, aware, in UTC, with microseconds."""
    return datetime.now(UTC)
