"""Random walks over a process with everything in it; all invariants after every step.

TITIAN_HOST_WALKS sets how many walks are made on each database (6).
"""

import os
import random
from datetime import timedelta

import pytest

import engine
from engine import clock
from engine.store import reading
from engine.store.tables import Job, Subscription
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, form, rule, table, task, tasks
from tests.support.invariants import check_invariants
from tests.support.office import Office
from tests.unit.interpreter.diagrams import (
    COMPLAINT,
    ERROR,
    MESSAGE,
    again_while,
    boundary,
    call,
    catch,
    end,
    exclusive,
    inclusive,
    many,
    node,
    on_event,
    parallel,
    process,
    start,
    sub,
    timer,
)

WALKS = int(os.environ.get("TITIAN_HOST_WALKS", "6"))
STEPS = 40

MAPPINGS = (
    'in source="satu" target="u"',
    'in source="nama" target="v"',
    'out sourceExpression="=v + &quot;!&quot;" target="w"',
)
REMIND = timer("R2/PT3H", "timeCycle")
PARTS = (
    exclusive("m")
    + task("i", formRef="isian")
    + rule("dt", "risiko", "hasil")
    + parallel("ps", "pj")
    + sub(
        "sp",
        start("s1")
        + task("k")
        + exclusive("g1", "g1__e1")
        + end("e1")
        + end("er", ERROR)
        + on_event("es", REMIND, task("ingat") + end("e3"), "es_s > ingat > e3", interrupting=False),
        "s1 > k > g1; g1 > er if aksi = 1; g1 > e1",
    )
    + boundary("b1", "sp", ERROR)
    + task("x1")
    + exclusive("j1")
    + task("ahli", many("daftar", "satu", output="pendapat", item="satu"))
    + boundary("b2", "ahli", timer("PT5H"))
    + boundary("b3", "ahli", timer("PT2H"), cancel=False)
    + task("telat")
    + end("e4")
    + exclusive("j2")
    + call("ca", "q", *MAPPINGS, loop=many("daftar", "satu", sequential=True))
    + node("eventBasedGateway", "eg")
    + catch("c1", MESSAGE)
    + catch("c2", timer("PT4H"))
    + exclusive("j3")
    + inclusive("is", "is__u1")
    + tasks("u1", "u2")
    + inclusive("ij")
    + task("ulang", again_while("aksi = 2", maximum=3))
    + exclusive("g2", "g2__e")
    + on_event("kel", COMPLAINT, task("jawab") + end("e5"), "kel_s > jawab > e5", interrupting=False)
)  # fmt: skip
FLOWS = (
    "s > m > i > dt > ps; ps > sp > j1 > pj; b1 > x1 > j1; ps > ahli > j2 > pj; b2 > j2; b3 > telat > e4; "
    "ps > ca > eg; eg > c1 > j3; eg > c2 > j3 > pj; "
    "ps > is; is > u1; is > u2 if aksi > 0; u1 > ij; u2 > ij > pj; "
    "pj > ulang > g2; g2 > m if aksi = 3; g2 > e"
)
CALLED = process(tasks("qa") + task("qb"), "s > qa > qb > e", "q")
SECRET = form("isian", {"key": "nama", "properties": {"rahasia": "ya"}}, {"key": "kota"})


class Walk:
    """One case, moved on by chance; ``moved``: what was done."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.chance, self.moved = office, random.Random(seed), set[str]()
        self.hours = 0
        self.case = office.start(daftar=[seed, "x"], skor=seed, aksi=0)

    def step(self, *, calm: bool = False) -> bool:
        """Make one move; False when the case has ended. ``calm``: the one that leads to the end."""
        choices = self._choices()
        if not choices:
            return False
        kind, what, element_id = choices[0] if calm else self.chance.choice(choices)
        self.moved.add(element_id)
        if kind == "do":
            self._complete(what, element_id, 0 if calm else self.chance.randint(0, 3))
        elif kind == "send":
            self.office.send(what, instance_id=self.case.id)
        else:
            self.hours += 4 if calm else self.chance.randint(1, 4)
            engine.run_due_jobs(self.office.database, clock.now() + timedelta(hours=self.hours))
        return True

    def _choices(self) -> list[tuple[str, str, str]]:
        """Tasks, then timers, then messages; by element, because ids differ from run to run."""
        choices = [("do", t.id, t.element_id) for t in self.office.tasks(self.case.id)]
        with reading(self.office.database) as tx:
            jobs = tx.execute(Job.__table__.select()).all()
            waits = tx.execute(Subscription.__table__.select()).all()
        choices += [("fire", job.id, job.element_id) for job in jobs]
        choices += [("send", wait.name, wait.element_id) for wait in waits]
        return sorted(choices, key=lambda choice: (("do", "fire", "send").index(choice[0]), choice[2]))

    def _complete(self, task_id: str, element_id: str, action: int) -> None:
        values = {"nama": "Ani", "kota": "x"} if element_id == "i" else {"aksi": action}
        engine.complete_task(self.office.database, self.office.user("petugas"), task_id, values)


@pytest.fixture
def full(office: Office) -> Office:
    files = {"isian_form": SECRET, "risiko_dmn": table("risiko", "x", tinggi="> 2", rendah="<= 2")}
    office.deploy(drawn(process(PARTS, FLOWS)), drawn(CALLED), **files)
    return office


def test_rows_and_state_agree_after_every_step_of_a_random_walk(full: Office) -> None:
    moved = set[str]()
    for seed in range(WALKS):
        walk = Walk(full, seed)
        for number in range(2 * STEPS):
            check_invariants(full.database, walk.case.id)
            _check_sealed(full, walk.case)
            if not walk.step(calm=number >= STEPS):
                break
        check_invariants(full.database, walk.case.id)
        assert engine.get_instance(full.database, SYSTEM, walk.case.id).outcome == "completed"
        moved |= walk.moved
    assert {"i", "k", "ahli", "qa", "qb", "jawab", "ulang", "kel_s", "u1"} <= moved


def _check_sealed(office: Office, case: InstanceView) -> None:
    """The name, and what the called process made of it, is never open anywhere."""
    found = engine.history_variables(office.database, SYSTEM, instance_ids=[case.id])
    assert all(v.sealed for v in found if v.name in ("nama", "v", "w") or v.value == "Ani")
    assert not any(v.sealed for v in found if v.name in ("kota", "aksi", "satu", "daftar"))
