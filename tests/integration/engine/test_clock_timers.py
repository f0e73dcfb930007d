"""Timers of a diagram that have the time of a clock, when their case changes its version or its clock."""

from typing import Any

import pytest
from sqlalchemy import Row, select

import engine
from engine.store import reading
from engine.store.tables import Job
from engine.types import InstanceView
from tests.integration.engine.models import drawn, tasks
from tests.support.clocks import ClockedOffice, at, clocked, jam, said
from tests.unit.interpreter.diagrams import boundary, process, timer

__all__ = ["clocked"]


def named(clock_id: str) -> str:
    """Names the clock of an event."""
    names = f'<camunda:properties><camunda:property name="jam" value="{clock_id}"/></camunda:properties>'
    return f"<bpmn:extensionElements>{names}</bpmn:extensionElements>"


def escalating(after: str, property_: str = "", *, twice: bool = False) -> bytes:
    """Step ``a`` with an alarm that does not interrupt it; ``property_``: names a clock as the alarm's."""
    alarm = boundary("t", "a", (named(property_) if property_ else "") + timer(after), cancel=False)
    flows = "s > a > b > e; t > sisi > e" if twice else "s > a > e; t > sisi > e"
    return drawn(process(tasks(*("ab" if twice else "a"), "sisi") + alarm, flows))


def migrate(clocked: ClockedOffice, source: str, target: str) -> str:
    moved = engine.migrate_instances(clocked.office.database, clocked.office.user("manajer"), source, target)
    assert len(moved.done) == 1
    return moved.batch_id


@pytest.mark.parametrize(
    ("before", "after", "due", "later"),
    [
        ("", "batas", "2026-04-07 09:00", "2026-04-08 09:00"),
        ("batas", "lama", "2026-04-08 09:00", "2026-04-08 09:00"),
        ("batas", "", "2026-05-06 09:00", "2026-05-06 09:00"),
        ("batas", "batas", "2026-04-07 09:00", "2026-04-08 09:00"),
    ],
)
def test_a_timer_follows_the_clock_that_its_new_version_names_and_back(
    clocked: ClockedOffice, before: str, after: str, due: str, later: str
) -> None:
    def declare(hours: int) -> None:
        near = jam(jenis="jam_kalender", jumlah=hours)
        clocked.declare(near, jam("lama", jenis="jam_kalender", jumlah=48))

    declare(24)
    office = clocked.office
    source = office.deploy(escalating("P30D", before)).definitions[0].id
    case = office.start()
    was = clocked.jobs(case, "timer")
    target = office.deploy(escalating("P60D", after, twice=True)).definitions[0].id
    batch = migrate(clocked, source, target)
    assert clocked.jobs(case, "timer") == [due]
    office.opens(case, "a")
    declare(48)
    assert clocked.jobs(case, "timer") == [later], "and goes with it from then on"
    declare(24)
    engine.undo_migration(office.database, office.user("manajer"), batch)
    assert clocked.jobs(case, "timer") == was
    declare(48)
    follows = ["2026-04-08 09:00"] if before else ["2026-05-06 09:00"]
    assert clocked.jobs(case, "timer") == follows
    office.opens(case, "a")


def test_a_migration_that_gives_a_timer_a_clock_keeps_what_was_set_by_hand(clocked: ClockedOffice) -> None:
    clocked.declare(jam(jenis="jam_kalender", jumlah=24))
    office, database = clocked.office, clocked.office.database
    source = office.deploy(escalating("P30D")).definitions[0].id
    case = office.start()
    engine.set_job_retries(database, office.user("manajer"), [timer_job(clocked, case).id], 7)
    target = office.deploy(escalating("P30D", "batas")).definitions[0].id
    batch = migrate(clocked, source, target)
    own = "2026-05-06T02:00:00+00:00"
    assert timer_job(clocked, case).details == {"retries": 7, "clock": "batas", "own": own}
    engine.undo_migration(database, office.user("manajer"), batch)
    assert timer_job(clocked, case).details == {"retries": 7}
    assert clocked.jobs(case, "timer") == ["2026-05-06 09:00"]


def test_another_clock_that_moves_leaves_a_timer_as_somebody_has_set_it(clocked: ClockedOffice) -> None:
    def declare(hours: int, others: int) -> None:
        near = jam(jenis="jam_kalender", jumlah=hours)
        clocked.declare(near, jam("lain", jenis="jam_kalender", jumlah=others))

    declare(24, 72)
    office, database = clocked.office, clocked.office.database
    office.deploy(escalating("P30D", "batas"))
    case, manager = office.start(), office.user("manajer")
    job_id = timer_job(clocked, case).id
    engine.set_job_due(database, manager, job_id, at("2026-04-20 09:00"))
    engine.set_job_retries(database, manager, [job_id], 9)
    declare(24, 96)
    assert clocked.due(case, "lain") == "2026-04-10 09:00"
    job = timer_job(clocked, case)
    assert (said(job.due_at), job.retries) == ("2026-04-20 09:00", 9)
    declare(48, 96)
    job = timer_job(clocked, case)
    assert (said(job.due_at), job.retries) == ("2026-04-08 09:00", 9), "its own clock moves it, not its tries"


def test_another_clock_that_gets_another_shape_leaves_it_so_too(clocked: ClockedOffice) -> None:
    near = jam(jenis="jam_kalender", jumlah=24)
    clocked.declare(near, jam("lain"))
    clocked.office.deploy(escalating("P30D", "batas"))
    case, manager = clocked.office.start(), clocked.office.user("manajer")
    engine.set_job_due(clocked.office.database, manager, timer_job(clocked, case).id, at("2026-04-20 09:00"))
    clocked.declare(near, jam("lain", sampai=["a"]), jam("baru"))
    assert clocked.jobs(case, "timer") == ["2026-04-20 09:00"]
    clocked.declare(near | {"sampai": ["a"]})
    assert clocked.jobs(case, "timer") == ["2026-04-20 09:00"], "its own clock says what it said before"
    clocked.declare(near | {"sampai": ["a"], "jumlah": 48})
    assert clocked.jobs(case, "timer") == ["2026-04-08 09:00"]


def timer_job(clocked: ClockedOffice, case: InstanceView) -> Row[Any]:
    with reading(clocked.office.database) as tx:
        query = select(Job.__table__).where(Job.instance_id == case.id, Job.kind == "timer")
        return tx.execute(query).one()


def test_a_timer_that_was_set_while_its_clock_had_ended_follows_it_when_it_runs_again(
    clocked: ClockedOffice,
) -> None:
    clocked.declare(jam(jenis="jam_kalender", jumlah=24, sampai=["a"]))
    alarm = boundary("t", "c", named("batas") + timer("P30D"), cancel=False)
    model = process(tasks("a", "b", "c", "sisi") + alarm, "s > a > b > c > e; t > sisi > e")
    clocked.office.deploy(drawn(model))
    case = clocked.office.start()
    for step in "ab":
        clocked.office.do(case, step)
    assert clocked.jobs(case, "timer") == ["2026-05-06 09:00"]
    again = engine.Instruction("startBeforeActivity", element_id="a")
    engine.modify_instance(clocked.office.database, clocked.office.user("manajer"), case.id, [again], "ulang")
    assert clocked.views(case)["batas"].stand == "running"
    assert clocked.jobs(case, "timer") == ["2026-04-07 09:00"]
    clocked.office.opens(case, "a c")
