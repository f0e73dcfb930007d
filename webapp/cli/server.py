"""Serving: waitress answers requests; jobs are run beside it, unless workers do (``TITIAN_WORKER``).

Whoever stops the server gets a clean end: no new connection is taken, and what has begun is answered.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from engine import work_on_jobs
from webapp.bodies import LARGEST
from webapp.config import Settings
from webapp.delivery import delivering

CONCURRENCY = 2
"""Jobs that the server runs at a time, on PostgreSQL."""

LAST_SECONDS = 8.0
"""How long a stop waits for what has begun. Docker kills after ten, systemd after ninety."""

_log = logging.getLogger(__name__)


def serve(app: Flask, settings: Settings, database: Engine, ready: Callable[[], None]) -> None:
    """Serve ``app`` until SIGTERM or Ctrl+C; calls ``ready`` once it listens. Raises ``OSError``.

    Only in the main thread: others get no signals.
    """
    sockets: dict[int, Any] = {}
    create_server(
        app,
        map=sockets,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        inbuf_overflow=LARGEST,  # beyond these sizes waitress writes to temporary files, unsealed
        outbuf_overflow=LARGEST,
        ident="",
        clear_untrusted_proxy_headers=False,  # ProxyFix believes as many proxies as the settings name
    )
    stop = threading.Event()
    work = (app, database, stop, settings.worker_timeout)
    jobs = threading.Thread(target=_work, args=work, name="jobs", daemon=True)
    with _stopped_by_signals(stop, _servers(sockets)[0]):
        if settings.worker == "embedded":
            jobs.start()
        try:
            ready()
            while not stop.is_set():
                wasyncore.loop(1.0, map=sockets, count=1)
        finally:
            stop.set()
            until = time.monotonic() + LAST_SECONDS
            _finish(sockets, until)
            if jobs.is_alive():
                jobs.join(max(0.0, until - time.monotonic()))
            wasyncore.close_all(sockets)


def _work(app: Flask, database: Engine, stop: threading.Event, silence: float) -> None:
    with delivering(app):
        work_on_jobs(database, stop, CONCURRENCY, silence)


def _servers(sockets: dict[int, Any]) -> list[Any]:
    """Those that listen: one for each address of the host."""
    return [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]


@contextmanager
def _stopped_by_signals(stop: threading.Event, server: Any) -> Iterator[None]:
    """Set ``stop`` at SIGTERM and Ctrl+C, and wake the loop. A second signal ends the process at once."""

    def end(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()
        server.pull_trigger()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _finish(sockets: dict[int, Any], until: float) -> None:
    """Take in nothing more, and answer what has begun; what has not ended at ``until`` gets no answer.

    Waitress's own end drops the requests that wait for a thread, and the rest of a long answer.
    """
    for server in _servers(sockets):
        wasyncore.dispatcher.close(server)  # not its trigger, by which a thread tells that it is done
    while channels := [each for each in sockets.values() if isinstance(each, HTTPChannel)]:
        if time.monotonic() >= until:
            _log.warning("%d requests have not ended; their callers get no answer", len(channels))
            return
        for channel in channels:
            if not channel.requests:  # only this thread takes in more
                channel.close_when_flushed = True
        wasyncore.loop(0.1, map=sockets, count=1)
