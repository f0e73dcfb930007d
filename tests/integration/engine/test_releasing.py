"""What people hold by rights that have ended goes back to those whom it is for. Issue 5, section 2."""

from collections.abc import Callable
from datetime import timedelta

import pytest

import engine
from engine import clock, desk
from engine.commands.releasing import release_expired
from engine.errors import InstanceNotFound
from engine.types import SYSTEM, HistoryKind, HistoryView, InstanceView, TaskView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, task
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import process

DAY = timedelta(days=1)
OUTSIDER = "tiga@uji"


@pytest.fixture
def case(office: Office) -> InstanceView:
    """A case at the social workers' step."""
    office.deploy(drawn(process(task("draft") + task("sign", group="peksos"), "s > draft > sign > e")))
    engine.add_user(office.database, SYSTEM, OUTSIDER, "Tiga", "-", [(HOME, "umum")])
    engine.add_user(office.database, SYSTEM, "peksos2@uji", "Peksos 2", "-", [(HOME, "peksos")])
    started = office.start()
    office.do(started, "draft")
    return started


@pytest.fixture
def absence(office: Office, case: InstanceView) -> desk.AbsenceView:
    """The manager has given the social worker's groups to somebody who holds none of them."""
    start = clock.now()
    who = "peksos@uji", OUTSIDER
    return desk.set_absence(office.database, office.user("manajer"), HOME, *who, start, start + 2 * DAY)


def held_by(office: Office, case: InstanceView, user_id: str) -> TaskView:
    [found] = office.tasks(case.id)
    return engine.claim_task(office.database, office.user(user_id), found.id)


def last(office: Office, case: InstanceView) -> HistoryView:
    return office.history(case)[-1]


def forgets(office: Office, case: InstanceView, user_id: str) -> bool:
    """Whether neither the case nor its tasks are there for a user."""
    with pytest.raises(InstanceNotFound):
        engine.get_instance(office.database, office.user(user_id), case.id)
    return not engine.list_tasks(office.database, office.user(user_id), engine.TaskFilter())


Ends = Callable[[Office, desk.AbsenceView], None]


def by_hand(office: Office, absence: desk.AbsenceView) -> None:
    desk.end_absence(office.database, office.user("manajer"), absence.id)


def by_another_post(office: Office, absence: desk.AbsenceView) -> None:
    engine.set_memberships(office.database, SYSTEM, "peksos@uji", [(HOME, "umum")])


def by_no_membership(office: Office, absence: desk.AbsenceView) -> None:
    engine.set_memberships(office.database, SYSTEM, "peksos@uji", [])


@pytest.mark.parametrize("end", [by_hand, by_another_post, by_no_membership])
def test_what_a_substitute_holds_goes_back_when_the_right_to_it_ends(
    office: Office, case: InstanceView, absence: desk.AbsenceView, end: Ends
) -> None:
    held = held_by(office, case, "tiga")
    end(office, absence)
    assert forgets(office, case, "tiga")
    [free] = office.tasks(case.id)
    assert (free.id, free.assignee) == (held.id, None)
    event = last(office, case)
    assert event.kind == HistoryKind.TASK_RELEASED
    assert event.details == {"assignee": None, "released_from": OUTSIDER}
    assert held_by(office, case, "peksos2").assignee == "peksos2@uji"


def test_it_goes_back_within_the_hour_when_the_time_runs_out(
    office: Office, case: InstanceView, absence: desk.AbsenceView, later: Later
) -> None:
    held = held_by(office, case, "tiga")
    assert release_expired(office.database) == 0, "the time is not over"
    later(2.1 * DAY)
    assert release_expired(office.database) == 1
    assert forgets(office, case, "tiga")
    assert last(office, case).user_id == SYSTEM.user_id
    assert held_by(office, case, "peksos").id == held.id
    assert release_expired(office.database) == 0, "who has it now may have it"


def test_what_was_given_to_a_substitute_by_right_stays(
    office: Office, case: InstanceView, absence: desk.AbsenceView
) -> None:
    engine.set_memberships(office.database, SYSTEM, OUTSIDER, [(HOME, "peksos")])
    held_by(office, case, "tiga")
    by_hand(office, absence)
    [kept] = office.tasks(case.id)
    assert kept.assignee == OUTSIDER


def leaves(office: Office) -> None:
    engine.set_memberships(office.database, SYSTEM, "peksos@uji", [(HOME, "petugas")])


def is_locked_out(office: Office) -> None:
    engine.set_active(office.database, SYSTEM, "peksos@uji", active=False)


@pytest.mark.parametrize("goes", [leaves, is_locked_out])
def test_who_leaves_the_group_or_the_house_keeps_no_task(
    office: Office, case: InstanceView, goes: Callable[[Office], None]
) -> None:
    held_by(office, case, "peksos")
    goes(office)
    [free] = office.tasks(case.id)
    assert free.assignee is None
    assert last(office, case).details["released_from"] == "peksos@uji"


def test_help_goes_back_to_who_has_asked_for_it(office: Office, case: InstanceView) -> None:
    held = held_by(office, case, "peksos2")
    desk.delegate_task(office.database, office.user("peksos2"), held.id, "peksos@uji")
    is_locked_out(office)
    [back] = office.tasks(case.id)
    assert (back.assignee, back.owner) == ("peksos2@uji", "peksos2@uji")
    assert back.delegation_state == "RESOLVED"
    told = desk.list_notifications(office.database, office.user("peksos2"))
    assert [each.kind for each in told] == [desk.NotificationKind.TASK_RESOLVED]


def test_help_that_nobody_waits_for_goes_back_to_the_group(office: Office, case: InstanceView) -> None:
    held = held_by(office, case, "peksos")
    desk.delegate_task(office.database, office.user("peksos"), held.id, "peksos2@uji")
    leaves(office)
    [helped] = office.tasks(case.id)
    assert helped.assignee == "peksos2@uji", "the helper still may"
    engine.set_active(office.database, SYSTEM, "peksos2@uji", active=False)
    [free] = office.tasks(case.id)
    assert (free.assignee, free.owner, free.delegation_state) == (None, None, None)
