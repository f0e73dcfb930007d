"""What the database itself refuses, as errors of ours."""

import logging
import sqlite3

from sqlalchemy import ExceptionContext
from sqlalchemy.exc import DataError, OperationalError

from engine.errors import ConcurrentUpdate, DatabaseUnavailable, QueryInvalid, TitianError

_log = logging.getLogger(__name__)

_COLLISIONS = frozenset({"40001", "40P01", "23505"})
"""PostgreSQL's serialization failure, deadlock, and a row that another made first."""

_SQLITE_COLLISIONS = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})

_AWAY = ("08", "53", "57", "58", "25006", "25P03", "42P01", "55P03")
"""PostgreSQL's connection, resources (a full disk), intervention (shutdown), system errors; read-only; a
session that was idle for too long; no such table; a lock that did not come in time."""

_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


def translate(context: ExceptionContext) -> TitianError | None:
    """The error of ours for one of the database's; None leaves everything else as it is.

    Two writers that collide are a ``ConcurrentUpdate``. A database that is gone, full, read-only or blocked
    is ``DatabaseUnavailable``; the log says how, and no value of a statement. A value that no column can hold
    (NUL in a text, half a surrogate pair, a number beyond 64 bits) is ``QueryInvalid``: it can only have come
    from a caller.
    """
    error = context.original_exception
    if _collides(error):
        return ConcurrentUpdate()
    if context.is_disconnect or _is_away(context, error):
        _log.error("the database is not available: %s: %s", type(error).__name__, error)
        # SQLite never looks again whether a file that it found read-only or broken still is.
        context.is_disconnect = context.is_disconnect or isinstance(error, sqlite3.Error)
        return DatabaseUnavailable()
    no_value = isinstance(context.sqlalchemy_exception, DataError)
    no_value |= isinstance(error, UnicodeEncodeError | OverflowError)
    return QueryInvalid(reason="a value is too large, or not text") if no_value else None


def _collides(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in _SQLITE_COLLISIONS
    return getattr(error, "sqlstate", None) in _COLLISIONS


def _is_away(context: ExceptionContext, error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest is detail
        return code in _SQLITE_AWAY or "no such table" in str(error)
    state = getattr(error, "sqlstate", None)
    if state is None:  # PostgreSQL has not said a word
        return isinstance(context.sqlalchemy_exception, OperationalError)
    return str(state).startswith(_AWAY)
