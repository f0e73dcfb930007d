"""Who runs jobs and when: on both databases soon, once, and to the end whatever happens to a worker."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, func, select, text

import engine
from engine import clock
from engine.jobs import local, workers
from engine.jobs.running import run_announced
from engine.store import reading, writing
from engine.store.tables import Job, ProcessInstance
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, task, tasks
from tests.support.invariants import check_invariants
from tests.support.keys import open_database
from tests.support.office import Office, open_office
from tests.unit.interpreter.diagrams import catch, node, process, timer

PATIENCE = 60
KILLS = int(os.environ.get("TITIAN_WORKER_KILLS", "5"))
SILENCE = 1.0
"""Seconds; a worker of these tests that is silent for so long counts as dead."""


def until(condition: Callable[[], object]) -> None:
    """Wait for something that a worker does; fail where it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the workers do not get there"
        time.sleep(0.02)


@contextmanager
def at_work(database: Engine) -> Iterator[threading.Event]:
    """Jobs are run in this process; the block gets what stops it."""
    stop = threading.Event()
    thread = threading.Thread(target=engine.work_on_jobs, args=(database, stop, 2, SILENCE))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def jobs(office: Office) -> int:
    with reading(office.database) as tx:
        return tx.scalar(select(func.count()).select_from(Job)) or 0


CHAIN = "".join(node("task", name, camunda_asyncBefore="true") for name in ("x", "y", "z"))


def test_what_is_due_at_once_and_what_is_due_soon_are_run_without_being_asked(office: Office) -> None:
    model = catch("t", timer("PT1S")) + CHAIN + tasks("a")
    office.deploy(drawn(process(model, "s > x > y > t > z > a > e")))
    early = office.start()
    with at_work(office.database):
        late = office.start()
        for case in (early, late):
            until(lambda case=case: office.tasks(case.id))
    for case in (early, late):
        office.opens(case, "a")
    assert jobs(office) == 0


def test_the_dispatchers_go_on_after_a_failure(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[int] = []
    asked = {"sqlite": (local, "run_once"), "postgresql": (workers, "sweep")}
    place, name = asked[office.database.dialect.name]
    real = getattr(place, name)

    def failing(*arguments: object) -> object:
        rounds.append(1)
        if len(rounds) < 3:
            raise OSError("the database is away")
        return real(*arguments)

    monkeypatch.setattr(place, name, failing)
    monkeypatch.setattr(local, "LONGEST", 0.01)
    office.deploy(drawn(process(catch("t", timer("PT1S")) + tasks("a"), "s > t > a > e")))
    case = office.start()
    with at_work(office.database):
        until(lambda: office.tasks(case.id))
    assert len(rounds) >= 3


def test_one_broken_job_holds_up_no_other(office: Office) -> None:
    office.deploy(drawn(process(task("a", asyncBefore="true"), "s > a > e")))
    broken, good = office.start(), office.start()
    with writing(office.database) as tx:  # a state that no code of ours would write
        tx.execute(
            ProcessInstance.__table__.update().where(ProcessInstance.id == broken.id).values(state=b"{")
        )
    with at_work(office.database):
        until(lambda: office.tasks(good.id))
    office.opens(good, "a")


@pytest.fixture
def shared(postgresql_only: str) -> Iterator[Office]:
    """An office on PostgreSQL, where many may work."""
    database = open_database(postgresql_only)
    yield open_office(database)
    database.dispose()


def test_a_message_about_a_job_that_is_gone_does_nothing(shared: Office) -> None:
    assert run_announced(shared.database, "tiada") is False
    shared.deploy(drawn(process(task("a", asyncBefore="true"), "s > a > e")))
    case = shared.start()
    with reading(shared.database) as tx:
        [job_id] = tx.scalars(select(Job.id)).all()
    assert [run_announced(shared.database, job_id) for _ in range(3)] == [True, False, False]
    shared.opens(case, "a")


def test_a_sweep_announces_what_is_due_once_and_what_a_dead_worker_held_again(shared: Office) -> None:
    shared.deploy(drawn(process(catch("t", timer("PT1S")) + tasks("a"), "s > t > a > e")))
    case = shared.start()
    workers.sweep(shared.database)
    assert heard(shared) == []
    with writing(shared.database) as tx:
        tx.execute(Job.__table__.update().values(due_at=clock.now()))
    for _ in range(3):
        workers.sweep(shared.database)
    assert heard(shared) == [(case.id, "todo")]
    with writing(shared.database) as tx:
        worker_id = tx.scalar(text("SELECT * FROM procrastinate_register_worker_v1()"))
        tx.execute(text("SELECT id FROM procrastinate_fetch_job_v2(NULL, :worker)"), {"worker": worker_id})
    workers.sweep(shared.database)
    assert heard(shared) == [(case.id, "doing")]
    with writing(shared.database) as tx:
        tx.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))
    workers.sweep(shared.database)
    assert heard(shared) == [(case.id, "todo")]


def heard(office: Office) -> list[tuple[str, str]]:
    """(lock, status) of procrastinate's jobs."""
    with reading(office.database) as tx:
        return [tuple(row) for row in tx.execute(text("SELECT lock, status FROM procrastinate_jobs"))]


def test_a_worker_outlives_its_connections_and_no_job_is_blamed(
    shared: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.deploy(drawn(process(CHAIN + tasks("a"), "s > x > y > z > a > e")))
    blamed: list[object] = []
    monkeypatch.setattr("engine.jobs.running.note_failure", lambda *arguments: blamed.append(arguments))
    own = open_database(shared.database.url)
    with at_work(own):
        for _ in range(2):
            before = shared.start()
            with writing(shared.database) as tx:
                tx.execute(text(OTHERS_GONE))
            shared.database.dispose()
            after = shared.start()
            for case in (before, after):
                until(lambda case=case: shared.tasks(case.id))
    own.dispose()
    assert blamed == []
    assert check_invariants(shared.database) == 4


OTHERS_GONE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


def test_a_worker_that_is_killed_loses_and_doubles_nothing(shared: Office) -> None:
    """Every asynchronous step of every case is done once (``check_invariants``: no token enters twice)."""
    shared.deploy(drawn(process(CHAIN, "s > x > y > z > e")))
    url = shared.database.url.render_as_string(hide_password=False)
    fork, random_ = multiprocessing.get_context("fork"), random.Random(20261122)
    shared.database.dispose()
    running = [fork.Process(target=_work_for_ever, args=(url,)) for _ in range(2)]
    for worker in running:
        worker.start()
    for _ in range(KILLS):
        cases = [shared.start() for _ in range(8)]
        time.sleep(random_.uniform(0, 0.3))
        victim = running.pop(0)
        assert victim.is_alive()
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
        shared.database.dispose()
        running.append(fork.Process(target=_work_for_ever, args=(url,)))
        running[-1].start()
    try:
        until(
            lambda: engine.count_instances(shared.database, SYSTEM, engine.InstanceFilter(ended=False)) == 0
        )
    finally:
        for worker in running:
            worker.kill()
            worker.join()
    assert check_invariants(shared.database) == 8 * KILLS
    assert jobs(shared) == 0
    assert cases


def _work_for_ever(url: str) -> None:
    engine.work_on_jobs(open_database(url), threading.Event(), 2, SILENCE)


def test_the_command_works_until_it_is_told_to_stop(office: Office) -> None:
    office.deploy(drawn(process(CHAIN + tasks("a"), "s > x > y > z > a > e")))
    url = office.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "webapp.cli", "worker", "--concurrency", "1"]
    worker = subprocess.Popen(command, env=os.environ | {"TITIAN_DATABASE_URL": url})
    try:
        case = office.start()
        until(lambda: office.tasks(case.id))
        worker.terminate()
        assert worker.wait(PATIENCE) == 0
    finally:
        worker.kill()
    office.opens(case, "a")
    with reading(office.database) as tx:
        if tx.dialect.name == "postgresql":
            assert tx.scalar(text("SELECT count(*) FROM procrastinate_workers")) == 0
