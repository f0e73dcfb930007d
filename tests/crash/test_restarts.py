"""SIGTERM under load: what a server has begun is answered, and its successor goes on where it has ended."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from urllib.request import urlopen

import pytest
from flask import Flask
from sqlalchemy import Engine

import engine
from engine.types import SYSTEM
from tests.crash.ledger import Ledger
from tests.crash.office import AGENCY, MODEL, NEWER, Worker
from tests.crash.test_kills import nursery, workplace
from tests.support.keys import settings
from tests.support.ports import free_port
from webapp.cli import server

__all__ = ["workplace"]
RESTARTS = 3
WORKERS = 4


def test_a_server_that_is_restarted_under_load_answers_all_that_it_has_begun(
    workplace: Engine, tmp_path: Path
) -> None:
    ledger, stop, answered = Ledger(), Event(), Event()
    versions = [
        engine.deploy(workplace, SYSTEM, AGENCY, "uji", {"kerja.bpmn": content}).definitions[0].id
        for content in (MODEL, NEWER)
    ]
    with nursery(workplace, tmp_path) as servers:
        workers = [Worker(servers.port, versions, ledger, stop, answered) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        for _ in range(RESTARTS):
            pid = servers.start()
            answered.clear()
            assert answered.wait(30), (tmp_path / "server.log").read_text()[-2000:]
            time.sleep(random.uniform(0.05, 0.2))
            servers.end(pid)
            for worker in workers:
                worker.refused.clear()
                assert worker.refused.wait(30) or worker.failure
            with ledger.lock:
                ledger.check(workplace)
            assert [worker.failure for worker in workers if worker.failure] == []
        stop.set()
        servers.start()
        for worker in workers:
            worker.join(120)
            assert worker.failure is None
    workplace.dispose()
    ledger.check_end(workplace)
    assert ledger.figures()["done but unanswered"] == 0
    assert max(set[int]().union(*(worker.statuses for worker in workers))) < 500
    log = (tmp_path / "server.log").read_text()
    assert "Traceback" not in log
    assert "have not ended" not in log


class Served:
    """A server in this process that is told to stop while somebody waits for an answer."""

    def __init__(self, database: Engine, folder: Path) -> None:
        self.database = database
        self.begun, self.go_on, self.port = Event(), Event(), free_port()
        self.settings = settings(demo=True, data=folder, port=self.port)
        self.answers: list[bytes | OSError] = []
        self.app = Flask("slow")

        @self.app.get("/")
        def slow() -> bytes:
            self.begun.set()
            self.go_on.wait(30)
            return b"x" * 5_000_000  # more than a socket takes at once

    def stop_meanwhile(self, after: Callable[[], None]) -> None:
        """Serve, ask, send SIGTERM once the request has begun, and then do ``after``."""

        def ask() -> None:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as answer:
                    self.answers.append(answer.read())
            except OSError as error:
                self.answers.append(error)

        def stop() -> None:
            assert self.begun.wait(30)
            os.kill(os.getpid(), signal.SIGTERM)
            after()

        callers = [Thread(target=ask), Thread(target=stop)]
        server.serve(self.app, self.settings, self.database, lambda: [each.start() for each in callers])
        self.go_on.set()
        for each in callers:
            each.join(30)


@pytest.fixture
def served(database: Engine, tmp_path: Path) -> Iterator[Served]:
    before = signal.getsignal(signal.SIGTERM)
    served = Served(database, tmp_path)
    yield served
    served.go_on.set()
    assert signal.getsignal(signal.SIGTERM) is before


def _is_refused(port: int) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()
    except OSError as error:
        return isinstance(getattr(error, "reason", None), ConnectionRefusedError)
    return False


def test_a_request_that_has_begun_is_answered_whole_and_a_new_one_is_refused_at_once(served: Served) -> None:
    refused = []

    def after() -> None:
        end = time.monotonic() + 5
        while not refused and time.monotonic() < end:
            refused.extend([True] * _is_refused(served.port))
        served.go_on.set()

    served.stop_meanwhile(after)
    assert refused
    assert served.answers == [b"x" * 5_000_000]


def test_a_request_that_does_not_end_holds_up_the_stop_for_a_while_only(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "LAST_SECONDS", 0.2)
    served.stop_meanwhile(lambda: None)
    [answer] = served.answers
    assert isinstance(answer, OSError)
    assert "1 requests have not ended" in caplog.text
