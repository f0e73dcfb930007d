"""The one place that asks for the time, and that knows in whose zone 'today' is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_zone: ContextVar[str] = ContextVar("zone", default="UTC")


def now() -> datetime:
    """The current moment, aware, in UTC, with microseconds."""
    return datetime.now(UTC)


def zone() -> str:
    """The IANA name of the zone in which ``today()`` of an expression is; UTC outside of ``in_zone``."""
    return _zone.get()


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Let expressions look at the clocks of this zone: whoever works on a case does so in its agency's."""
    token = _zone.set(name)
    try:
        yield
    finally:
        _zone.reset(token)
