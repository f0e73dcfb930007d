"""Long polling with a bound: a worker that finds nothing may wait a moment, but not block the server.

Camunda keeps such a call open for up to half an hour without a thread; here a thread answers each call. So a
call waits for ``LONGEST`` at most, whatever it asks for, and only a quarter of the threads wait at a time:
the others answer after one more look. To a client both are answers that came early.
"""

import time
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TypeVar

from flask import current_app

POLL = 0.2
"""Seconds between two looks."""

LONGEST = 2.0
"""Seconds that a call waits at most."""

_NAME = "titian_long_polls"

Item = TypeVar("Item")


def until_found(find: Callable[[], list[Item]], milliseconds: int) -> list[Item]:
    """What ``find`` finds, looked for again while it is nothing and ``milliseconds`` have not gone by."""
    found = find()
    if found or milliseconds <= 0:
        return found
    places = _places()
    if not places.acquire(blocking=False):
        time.sleep(min(POLL, milliseconds / 1000))
        return find()
    try:
        end = time.monotonic() + min(milliseconds / 1000, LONGEST)
        while not found and (left := end - time.monotonic()) > 0:
            time.sleep(min(POLL, left))
            found = find()
        return found
    finally:
        places.release()


def _places() -> BoundedSemaphore:
    """How many calls may still wait in this process."""
    threads = current_app.config["SETTINGS"].threads
    places: BoundedSemaphore = current_app.extensions.setdefault(
        _NAME, BoundedSemaphore(max(1, threads // 4))
    )
    return places
