"""What is told of a case: events that draw its path, and stays that can be filtered."""

from datetime import timedelta

import engine
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, task
from tests.support.office import Office
from tests.unit.interpreter.diagrams import boundary, end, exclusive, process, start, sub, timer

MODEL = process(
    exclusive("m")
    + sub("sp", start("s1") + task("k") + end("e1"), "s1 > k > e1")
    + boundary("t", "sp", timer("PT1H"))
    + task("x")
    + task("b")
    + exclusive("g", "g__e"),
    "s > m > sp > b > g; g > m if lagi = true; g > e; t > x > b",
)


def path(office: Office, case: InstanceView) -> set[str]:
    return set(engine.instance_diagram(office.database, office.user("petugas"), case.id).flows)


def test_the_path_shows_loops_sub_processes_and_boundary_events(office: Office, later: Later) -> None:
    office.deploy(drawn(MODEL))
    case = office.start()
    assert path(office, case) == {"s__m", "m__sp", "s1__k"}
    office.do(case, "k")
    office.do(case, "b", lagi=True)
    assert path(office, case) == {"s__m", "m__sp", "s1__k", "k__e1", "sp__b", "b__g", "g__m"}
    diagram = engine.instance_diagram(office.database, office.user("petugas"), case.id)
    assert diagram.tokens == {"sp": 1, "k": 1}
    assert engine.run_due_jobs(office.database, later(timedelta(hours=2))) == 1
    assert {"t__x"} <= path(office, case)
    office.do(case, "x")
    office.do(case, "b", lagi=False)
    assert {"x__b", "g__e"} <= path(office, case)
    ended = engine.instance_diagram(office.database, office.user("petugas"), case.id)
    assert ended.tokens == {}
    assert {"t", "x", "e"} <= set(ended.visited)


def test_events_are_only_ever_added(office: Office) -> None:
    office.deploy(drawn(MODEL))
    case = office.start()
    told = office.history(case)
    for step in ("k", "b"):
        office.do(case, step)
        longer = office.history(case)
        assert longer[: len(told)] == told
        assert len(longer) > len(told)
        told = longer
    assert [event.seq for event in told] == sorted({event.seq for event in told})
    kinds = [event.kind for event in told]
    assert (kinds[0], kinds[-1]) == ("instance_started", "instance_ended")
    assert {event.user_id for event in told} == {"petugas@uji"}


def stays(office: Office, case: InstanceView, **narrow: bool | str) -> set[str]:
    wanted = engine.ActivityFilter(instance_id=case.id, **narrow)  # type: ignore[arg-type]
    found = engine.list_activities(office.database, office.user("petugas"), wanted)
    assert engine.count_activities(office.database, office.user("petugas"), wanted) == len(found)
    assert all(stay.cancelled == narrow.get("cancelled", stay.cancelled) for stay in found)
    return {stay.element_id for stay in found}


def test_stays_are_filtered_by_how_they_ended(office: Office, later: Later) -> None:
    office.deploy(drawn(MODEL))
    case = office.start()
    assert (stays(office, case, finished=False), stays(office, case, cancelled=True)) == ({"sp", "k"}, set())
    engine.run_due_jobs(office.database, later(timedelta(hours=2)))
    assert stays(office, case, cancelled=True) == {"sp", "k"}
    assert stays(office, case, finished=True) == {"s", "m", "s1", "sp", "k", "t"}
    assert stays(office, case, finished=True, cancelled=False) == {"s", "m", "s1", "t"}
    assert stays(office, case, finished=False) == stays(office, case, element_id="x") == {"x"}
    engine.cancel_instance(office.database, office.user("manajer"), case.id, "salah")
    assert stays(office, case, cancelled=True) == {"sp", "k", "x"}
    assert stays(office, case, finished=False) == set()


def test_a_list_that_asks_for_no_rows_gets_none(office: Office) -> None:
    office.deploy(drawn(MODEL))
    case, actor = office.start(), office.user("petugas")
    assert engine.list_tasks(office.database, actor, page=engine.Page(size=0)) == []
    assert engine.list_activities(office.database, actor, page=engine.Page(size=0)) == []
    assert len(engine.list_tasks(office.database, actor, page=engine.Page(size=1))) == 1
    assert engine.count_tasks(office.database, SYSTEM, engine.TaskFilter(instance_id=case.id)) == 1
