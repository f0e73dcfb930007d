"""kill -9 of servers and workers at work: nothing acknowledged is lost, and nothing is done twice.

`make crash N=2000` kills more often than the suite does (TITIAN_CRASHES); the seed is printed.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, make_url, text

import engine
from engine.types import SYSTEM
from tests.crash.ledger import Ledger
from tests.crash.office import AGENCY, MODEL, NEWER, PASSWORD, USER, Worker
from tests.support.keys import open_database
from tests.support.office import PROFILE
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
KILLS = {"sqlite": 100, "postgresql": 30}
WORKERS = 4
LONGEST_LIFE = 0.08
"""Seconds that a server lives at most after its first answer: a few requests, many of them cut off."""


@pytest.fixture
def workplace(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """A database with one agency, and one user with a cheap password; its log is where the servers' is."""
    database = open_database(database_url)
    engine.with_record(database, engine.RecordPlace.within(tmp_path / "log"))
    engine.put_agency(database, SYSTEM, AGENCY, "Uji", PROFILE)
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    engine.add_user(database, SYSTEM, USER, "Petugas", cheap, [(AGENCY, "petugas"), (AGENCY, "manajer")])
    yield database
    database.dispose()


class Nursery:
    """Starts servers on one port, and workers beside them, one after the other, and kills them."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, database: Engine) -> None:
        self.process, self.port, self.database = process, port, database
        self.alive: dict[int, str] = {}

    def start(self, command: str = "serve") -> int:
        """The process id of a new server or worker; it may not be ready yet."""
        assert self.process.stdin
        assert self.process.stdout
        options = f" --demo --port {self.port}" if command == "serve" else ""
        self.process.stdin.write(f"{command}{options}\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        self.alive[pid] = command
        return pid

    def kill(self, pid: int) -> None:
        """End it at once, and wait until nothing of it is left, on PostgreSQL its sessions too."""
        command = self.alive.pop(pid)
        os.kill(pid, signal.SIGKILL)
        while _is_there(pid):
            time.sleep(0.001)
        if self.database.dialect.name == "postgresql":
            self.database.dispose()
            while self._sessions(command):
                time.sleep(0.002)

    def end(self, pid: int) -> None:
        """Ask it to stop, and wait until it has; at most a minute."""
        del self.alive[pid]
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 60
        while _is_there(pid):
            assert time.monotonic() < deadline, "it does not stop"
            time.sleep(0.005)

    def _sessions(self, command: str) -> int:
        own = "datname = current_database() AND application_name = :command"
        query = text(f"SELECT count(*) FROM pg_stat_activity WHERE {own}")
        with self.database.connect() as connection:
            return int(connection.scalar(query, {"command": command}) or 0)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def nursery(database: Engine, folder: Path) -> Iterator[Nursery]:
    """A nursery whose servers work on this database."""
    url = make_url(database.url).render_as_string(hide_password=False)
    environment = {
        **os.environ,
        "TITIAN_DATABASE_URL": url,
        "TITIAN_DATA": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        servers = Nursery(process, free_port(), database)
        try:
            yield servers
        finally:
            for pid in list(servers.alive):
                with suppress(ProcessLookupError):  # it may have ended by itself, which is why a test failed
                    servers.kill(pid)
            process.communicate(timeout=30)


def test_a_server_that_is_killed_loses_and_doubles_nothing(
    workplace: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kills = int(os.environ.get("TITIAN_CRASHES", KILLS[workplace.dialect.name]))
    chance = random.Random(seed := random.randrange(2**32))
    ledger, stop, answered, began = Ledger(), Event(), Event(), time.monotonic()
    outside = workplace.dialect.name == "postgresql"
    versions = [
        engine.deploy(workplace, SYSTEM, AGENCY, "uji", {"kerja.bpmn": content}).definitions[0].id
        for content in (MODEL, NEWER)
    ]
    with nursery(workplace, tmp_path) as servers:
        workers = [Worker(servers.port, versions, ledger, stop, answered) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        job_worker = servers.start("worker") if outside else 0
        for _ in range(kills):
            pid = servers.start()
            if chance.random() < 0.9:  # else it may be killed before it listens
                answered.clear()
                assert answered.wait(30), (tmp_path / "server.log").read_text()[-2000:]
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            servers.kill(pid)
            if outside and chance.random() < 0.2:  # it needs longer than a server to begin its work
                servers.kill(job_worker)
                job_worker = servers.start("worker")
            with ledger.lock:
                ledger.check(workplace)
            assert [worker.failure for worker in workers if worker.failure] == []
        stop.set()
        servers.start()
        for worker in workers:
            worker.join(120)
            assert not worker.is_alive()
            assert worker.failure is None
    workplace.dispose()
    ledger.check_end(workplace)
    wrong = list[engine.Finding]()
    state = engine.verify_record(workplace, wrong.append)
    assert wrong == [], "no kill tears the access log"
    assert state.blocks > 0
    engine.link_entries(workplace)
    assert engine.verify_record(workplace, wrong.append).findings == 0
    seconds = time.monotonic() - began
    told = f"{workplace.dialect.name}: {kills} kills in {seconds:.0f} s, {ledger.figures()}, seed {seed}"
    with capsys.disabled():
        print(told)  # noqa: T201 - for whoever runs `make crash`
