"""Chaining the access log beside the jobs: at once, every few seconds, and once more at the end."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from engine.record import is_kept, link_entries

SECONDS = 5.0
"""How long an entry waits for its block at most: until then only its own code proves it."""

_log = logging.getLogger(__name__)


@contextmanager
def linking(database: Engine) -> Iterator[None]:
    """Chain what is recorded, for as long as the block lasts. What goes wrong is logged and tried again."""
    if not is_kept(database):
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_link_for_ever, args=(database, stop), name="record", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _link_for_ever(database: Engine, stop: threading.Event) -> None:
    last = False
    while True:  # at once, then every few seconds, and once more when it is told to stop
        try:
            link_entries(database)
        except Exception:  # noqa: BLE001 - whatever it was, the next round may succeed
            _log.exception("the access log could not be chained")
        if last:
            return
        last = stop.wait(SECONDS)
