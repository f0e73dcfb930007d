"""Several at once: exactly one wins, the others hear that they were too late, and the case is unharmed.

TITIAN_RACES sets how many rounds of each race are run on each database (100).
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

import engine
from engine.errors import NameTaken, StateConflict
from engine.jobs import run_due_jobs
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, task, tasks
from tests.support.invariants import check_invariants
from tests.support.keys import open_database
from tests.support.office import HOME, Office, open_office
from tests.unit.interpreter.diagrams import boundary, exclusive, parallel, process, timer

ROUNDS = int(os.environ.get("TITIAN_RACES", "100"))
MODEL = process(
    parallel("g", "j") + exclusive("m") + tasks("a", "b") + boundary("t", "a", timer("PT1H")) + task("z"),
    "s > g > a > m > j; g > b > j > z > e; t > m",
)
Move = Callable[[], object]


def race(*moves: Move) -> list[bool]:
    """Make all moves at the same moment; which of them won. Losers may only raise ``StateConflict``."""
    gate, won, wrong = threading.Barrier(len(moves)), [False] * len(moves), list[BaseException]()

    def run(number: int) -> None:
        gate.wait(60)  # a busy machine begins a thread late
        try:
            won[number] = moves[number]() is not False
        except StateConflict:
            pass
        except BaseException as error:  # noqa: BLE001 - it is what the test is about
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(moves))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    return won


class Round:
    """A fresh case at ``a`` and ``b``, and what can be tried on it."""

    def __init__(self, office: Office) -> None:
        self.office, self.case = office, office.start()
        self.ids = {t.element_id: t.id for t in office.tasks(self.case.id)}

    def complete(self, step: str = "a", user: str = "petugas") -> Move:
        actor = self.office.user(user)
        return lambda: engine.complete_task(self.office.database, actor, self.ids[step], {f"x_{step}": user})

    def claim(self, user: str) -> Move:
        actor = self.office.user(user)
        return lambda: engine.claim_task(self.office.database, actor, self.ids["a"])

    def cancel(self) -> Move:
        actor = self.office.user("manajer")
        return lambda: engine.cancel_instance(self.office.database, actor, self.case.id, "salah")

    def fire(self) -> Move:
        moment = self.case.started_at + timedelta(hours=2)
        return lambda: run_due_jobs(self.office.database, moment) == 1

    def outcome(self) -> str | None:
        return engine.get_instance(self.office.database, SYSTEM, self.case.id).outcome

    def end(self) -> None:
        """Leave nothing for the timers of later rounds."""
        if self.outcome() is None:
            self.cancel()()


@pytest.fixture
def rounds(office: Office) -> Sequence[Callable[[], Round]]:
    office.deploy(drawn(MODEL))
    return [lambda: Round(office)] * ROUNDS


Rounds = Sequence[Callable[[], Round]]


def test_of_two_completions_one_wins(rounds: Rounds, office: Office) -> None:
    for begin in rounds:
        now = begin()
        assert sorted(race(now.complete(), now.complete(user="petugas2"))) == [False, True]
        office.opens(now.case, "b")


def test_of_a_completion_and_a_cancellation_the_second_sees_the_first(rounds: Rounds, office: Office) -> None:
    for begin in rounds:
        now = begin()
        completed, cancelled = race(now.complete(), now.cancel())
        assert cancelled
        ended = engine.get_task(office.database, SYSTEM, now.ids["a"])
        assert ended.outcome == ("completed" if completed else "cancelled")
        office.opens(now.case, "DONE")


def test_of_two_claims_one_wins(rounds: Rounds, office: Office) -> None:
    for begin in rounds:
        now = begin()
        first, second = race(now.claim("petugas"), now.claim("petugas2"))
        assert first != second
        owner = engine.get_task(office.database, SYSTEM, now.ids["a"]).assignee
        assert owner == ("petugas@uji" if first else "petugas2@uji")


def test_a_claim_never_stops_a_completion(rounds: Rounds, office: Office) -> None:
    for begin in rounds:
        now = begin()
        _, completed = race(now.claim("petugas2"), now.complete())
        assert completed
        office.opens(now.case, "b")


def test_two_branches_completed_at_once_both_succeed(rounds: Rounds, office: Office) -> None:
    for begin in rounds:
        now = begin()
        assert race(now.complete("a"), now.complete("b")) == [True, True]
        office.opens(now.case, "z")
        assert office.variables(now.case) == {"x_a": "petugas", "x_b": "petugas"}


def test_of_a_timer_and_a_completion_one_wins(rounds: Rounds, office: Office) -> None:
    for begin in rounds:
        now = begin()
        completed, fired = race(now.complete(), now.fire())
        assert completed != fired
        office.opens(now.case, "b")
        now.end()


def test_a_timer_that_two_servers_fire_goes_off_once(rounds: Rounds, office: Office) -> None:
    for begin in rounds:
        now = begin()
        assert sorted(race(now.fire(), now.fire())) == [False, True]
        kinds = [event.kind for event in office.history(now.case)]
        assert kinds.count("timer_fired") == 1
        now.end()


def test_of_two_cases_with_one_business_key_one_starts(rounds: Rounds, office: Office) -> None:
    actor = office.user("petugas")
    for number, _ in enumerate(rounds):

        def begin(key: str = f"LP/{number}") -> object:
            return engine.start_instance(office.database, actor, HOME, "p", {}, business_key=key)

        assert sorted(race(begin, begin)) == [False, True]
        with pytest.raises(NameTaken):
            begin()


def test_two_hundred_starts_by_eight_draw_every_number_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 6, 15, 5, tzinfo=UTC)  # numbers begin anew with the year
    monkeypatch.setattr("engine.clock.now", lambda: noon)
    office.deploy(drawn(process(tasks("a"), "s > a > e")))

    def many_starts() -> None:
        for _ in range(25):
            office.start()

    assert all(race(*[many_starts] * 8))
    keys = sorted(case.business_key for case in engine.list_instances(office.database, SYSTEM))
    assert keys == [f"UJI-2026-{number:04}" for number in range(1, 201)]
    assert check_invariants(office.database) == 200


def test_eight_writers_in_four_processes_wait_for_each_other(database_url: str) -> None:
    """No 'database is locked', no number twice, nothing half done."""
    office = open_office(open_database(database_url))
    office.deploy(drawn(process(tasks("a", "z"), "s > a > z > e")))
    command = [sys.executable, "-m", "tests.support.writers", database_url, "10"]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [writer.communicate(timeout=300)[1] for writer in writers] == [""] * 4
    assert check_invariants(office.database) == 80
    assert len(engine.list_tasks(office.database, office.user("petugas"), page=engine.Page(size=100))) == 80
    office.database.dispose()
