"""A bell in this process: a commit that leaves something to do at once rings it, and who runs jobs wakes."""

import threading

from sqlalchemy import Connection

_MARK = "titian_rings"
_rung = threading.Event()


def mark(tx: Connection) -> None:
    """Ring when this transaction has been committed."""
    tx.info[_MARK] = True


def take_mark(tx: Connection) -> bool:
    """Whether the transaction was marked; the connection forgets it, for others will use it."""
    return bool(tx.info.pop(_MARK, False))


def ring() -> None:
    """Wake whoever waits."""
    _rung.set()


def wait(seconds: float) -> bool:
    """Wait until it rings, at most so long; whether it did. One waiter hears each ring."""
    rung = _rung.wait(seconds)
    _rung.clear()
    return rung
