"""A step that comes back: whoever did it hears of it, and its task says so; one that goes on does not."""

import pytest

import engine
from engine import desk
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, task
from tests.support.office import Office
from tests.unit.interpreter.diagrams import exclusive, process

LETTER = drawn(
    process(
        task("draft") + task("check", group="peksos") + task("visit") + exclusive("gc") + exclusive("gv"),
        "s > draft > check > gc; gc > draft if =good = false; gc > visit if =good = true;"
        "visit > gv; gv > visit if =more = true; gv > e if =more = false",
    )
)


@pytest.fixture
def case(office: Office) -> InstanceView:
    office.deploy(LETTER)
    return office.start()


def told(office: Office, user_id: str) -> list[tuple[str, str | int, str | int]]:
    heard = desk.list_notifications(office.database, office.user(user_id))
    return [(n.kind, n.about["by"], n.about["element_id"]) for n in heard]


def returned(office: Office, case: InstanceView, user_id: str = "petugas") -> bool:
    [now] = office.tasks(case.id)
    return desk.returned_tasks(office.database, office.user(user_id), [now.id]) == {now.id}


def test_whoever_did_a_step_hears_that_it_comes_back_and_its_task_is_marked(
    office: Office, case: InstanceView
) -> None:
    assert not returned(office, case)
    office.do(case, "draft", "petugas2")
    assert not returned(office, case, "peksos")
    office.do(case, "check", "peksos", good=False)
    assert told(office, "petugas2") == [("task_returned", "peksos@uji", "draft")]
    assert told(office, "petugas") == []
    assert returned(office, case)
    assert not returned(office, case, "petugas@lain")


def test_the_last_who_did_it_hears_of_it_and_so_does_who_sent_it_back(
    office: Office, case: InstanceView
) -> None:
    for drafter in ("petugas2", "petugas"):
        office.do(case, "draft", drafter)
        office.do(case, "check", "peksos", good=False)
    assert told(office, "petugas") == [("task_returned", "peksos@uji", "draft")]
    assert len(told(office, "petugas2")) == 1
    assert told(office, "peksos") == [("task_returned", "petugas@uji", "check")]


def test_a_step_that_is_repeated_does_not_come_back(office: Office, case: InstanceView) -> None:
    office.do(case, "draft", "petugas2")
    office.do(case, "check", "peksos", good=True)
    office.do(case, "visit", "petugas2", more=True)
    assert not returned(office, case)
    office.do(case, "visit", "petugas", more=True)
    assert (told(office, "petugas"), told(office, "petugas2")) == ([], [])


def test_who_may_not_do_the_step_any_more_hears_nothing(office: Office, case: InstanceView) -> None:
    office.do(case, "draft", "petugas2")
    engine.set_memberships(office.database, SYSTEM, "petugas2@uji", [("uji", "peksos")])
    office.do(case, "check", "peksos", good=False)
    assert told(office, "petugas2") == []
