"""Delivering beside the jobs: a thread for mails and one for push messages, so that neither waits for the
other's server, and no job for either."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Engine

from webapp.config import Settings
from webapp.db import database, init_db
from webapp.delivery.rounds import deliver_mails, deliver_pushes
from webapp.i18n import init_languages

SECONDS = 2.0
"""Between two looks at what is due: one question to an index that is nearly always empty."""

LAST_SECONDS = 3.0
"""How long an end waits for a mail that is being handed in. One that was cut off is tried again."""

Round = Callable[[Engine, Settings], object]
_log = logging.getLogger(__name__)


def words_app(settings: Settings) -> Flask:
    """An application without pages, for a process that has none: database, languages and settings."""
    app = Flask("webapp")
    app.config["SETTINGS"] = settings
    init_db(app, settings.url, settings.key_place, settings.record_place)
    init_languages(app)
    return app


@contextmanager
def delivering(app: Flask) -> Iterator[None]:
    """Deliver, for as long as the block lasts. What goes wrong is logged and tried again."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_deliver_for_ever, args=(app, stop, act), name=name, daemon=True)
        for name, act in (("mails", deliver_mails), ("pushes", deliver_pushes))
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(LAST_SECONDS)


def _deliver_for_ever(app: Flask, stop: threading.Event, act: Round) -> None:
    while not stop.is_set():
        try:
            with app.app_context():  # a fresh one: what is remembered of agencies and people is read again
                act(database(), app.config["SETTINGS"])
        except Exception:  # noqa: BLE001 - whatever it was, the next round may succeed
            _log.exception("delivering failed")
        stop.wait(SECONDS)
