"""Serving: waitress answers requests; jobs are run beside it, unless workers do (``TITIAN_WORKER``)."""

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import Engine
from waitress.server import create_server

from engine import work_on_jobs
from webapp.config import Settings

CONCURRENCY = 2
"""Jobs that the server runs at a time, on PostgreSQL."""


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
    work = (database, stop, CONCURRENCY, settings.worker_timeout)
    jobs = threading.Thread(target=work_on_jobs, args=work, name="jobs", daemon=True)
    if settings.worker == "embedded":
        jobs.start()
    ready()
    try:
        server.run()
    finally:
        stop.set()
        if jobs.is_alive():
            jobs.join(timeout=10)
        server.close()
