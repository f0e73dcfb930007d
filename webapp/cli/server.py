"""Serving: waitress answers requests, and one thread fires the timers that are due."""

import logging
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import Engine
from waitress.server import create_server

from engine import run_due_jobs
from webapp.config import Settings

SECONDS = 1.0
"""Between two looks at the timers."""

_log = logging.getLogger(__name__)


def serve(app: Flask, settings: Settings, database: Engine, ready: Callable[[], None]) -> None:
    """Serve ``app`` until interrupted; calls ``ready`` once it listens. Raises ``OSError``."""
    server = create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        ident="",
        clear_untrusted_proxy_headers=False,  # ProxyFix believes as many proxies as the settings name
    )
    stop = threading.Event()
    timers = threading.Thread(target=fire_timers, args=(database, stop), name="timers", daemon=True)
    timers.start()
    ready()
    try:
        server.run()
    finally:
        stop.set()
        timers.join(timeout=10)
        server.close()


def fire_timers(database: Engine, stop: threading.Event) -> None:
    """Fire what is due, every second, until ``stop``; a database that is away for a while is waited for."""
    while not stop.wait(SECONDS):
        try:
            while run_due_jobs(database) and not stop.is_set():
                pass
        except Exception:  # noqa: BLE001 - whatever it was, the next round may succeed, and timers must go on
            _log.exception("firing timers failed")
