"""Being away with a substitute: who may be one, what a manager's word gives, and that it ends by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import text

import engine
from engine import clock, desk
from engine.errors import (
    AbsenceRefused,
    ActionForbidden,
    InstanceNotFound,
    ResourceNotFound,
    SecondPersonNeeded,
    TaskClaimed,
    TaskNotFound,
    UserNotFound,
)
from engine.store import reading
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, task
from tests.integration.engine.test_four_eyes import EYES
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import process

DAY = timedelta(days=1)


@pytest.fixture
def case(office: Office) -> InstanceView:
    """A case at its first step, which is the clerks'; the next is the social workers'."""
    office.deploy(drawn(process(task("draft") + task("sign", EYES, group="peksos"), "s > draft > sign > e")))
    return office.start()


def leave(
    office: Office, absent: str, substitute: str, by: str = "manajer", first: int = 0, days: int = 3
) -> desk.AbsenceView:
    """Somebody of the home agency is away from the day ``first`` on."""
    who = (f"{absent}@{HOME}", f"{substitute}@{HOME}")
    start = clock.now() + first * DAY
    return desk.set_absence(office.database, office.user(by), HOME, *who, start, start + days * DAY)


def sees(office: Office, case: InstanceView, user_id: str) -> bool:
    try:
        engine.get_instance(office.database, office.user(user_id), case.id)
    except InstanceNotFound:
        return False
    return True


def test_people_name_a_colleague_who_holds_all_their_groups_and_nobody_else(office: Office) -> None:
    made = leave(office, "petugas", "petugas2", by="petugas")
    assert not made.appointed
    [colleague] = desk.possible_substitutes(office.database, office.user("petugas"), HOME)
    assert colleague.id == "petugas2@uji"
    with pytest.raises(AbsenceRefused, match="ask your manager"):
        leave(office, "peksos", "petugas", by="peksos")
    with pytest.raises(ActionForbidden):
        leave(office, "petugas2", "petugas", by="peksos")
    for absent in ("manajer", "analis", "peksos"):
        with pytest.raises(AbsenceRefused, match="another worker of the agency"):
            leave(office, "peksos", absent)
    with pytest.raises(AbsenceRefused, match="no tasks to stand in for"):
        leave(office, "analis", "petugas")
    with pytest.raises(UserNotFound):
        leave(office, "siapa", "petugas")


def test_a_manager_gives_groups_to_no_role_and_not_to_oneself(office: Office) -> None:
    engine.set_memberships(office.database, SYSTEM, "manajer@uji", [(HOME, "manajer"), (HOME, "petugas")])
    with pytest.raises(AbsenceRefused, match="another manager has to name you"):
        leave(office, "peksos", "manajer")
    leave(office, "manajer", "peksos")
    assert office.user("peksos").groups(HOME) == {"peksos", "petugas"}
    assert not office.user("peksos").holds(HOME, "manajer")


def test_an_appointed_substitute_works_in_anothers_place_and_the_history_says_so(
    office: Office, case: InstanceView
) -> None:
    database = office.database
    office.do(case, "draft")
    engine.add_user(database, SYSTEM, "dua@uji", "Dua", "-", [(HOME, "petugas"), (HOME, "lain")])
    office.do(office.start(), "draft", by="dua@uji")
    leave(office, "peksos", "petugas2")
    substitute = office.user("petugas2")
    [sign] = office.tasks(case.id)
    assert [p.id for p in engine.task_candidates(database, office.user("manajer"), sign.id)] == [
        "peksos@uji",
        "petugas2@uji",
    ]
    engine.assign_task(database, office.user("manajer"), sign.id, "petugas2@uji")
    engine.complete_task(database, substitute, sign.id, {})
    last = next(e for e in office.history(case) if e.kind == "task_completed" and e.element_id == "sign")
    assert (last.user_id, last.details["on_behalf_of"]) == ("petugas2@uji", "peksos@uji")
    first = next(e for e in office.history(case) if e.kind == "task_completed")
    assert "on_behalf_of" not in first.details


def test_a_case_that_a_substitute_opens_says_in_whose_place(office: Office) -> None:
    model = process(task("draft"), "s > draft > e").replace(
        'id="p"', 'id="p" camunda:candidateStarterGroups="petugas"', 1
    )
    office.deploy(drawn(model))
    leave(office, "petugas", "peksos")
    opened, own = office.start(by="peksos"), office.start(by="petugas2")
    assert office.history(opened)[0].details["on_behalf_of"] == "petugas@uji"
    assert "on_behalf_of" not in office.history(own)[0].details


def test_who_has_drafted_does_not_sign_in_anothers_place(office: Office, case: InstanceView) -> None:
    office.do(case, "draft", by="petugas2")
    leave(office, "peksos", "petugas2")
    [sign] = office.tasks(case.id)
    for deed in (engine.claim_task, lambda *a: engine.complete_task(*a, {})):
        with pytest.raises(SecondPersonNeeded):
            deed(office.database, office.user("petugas2"), sign.id)


def test_the_rights_begin_and_end_with_the_time(office: Office, case: InstanceView, later: Later) -> None:
    office.do(case, "draft", by="petugas")
    engine.add_user(office.database, SYSTEM, "tiga@uji", "Tiga", "-", [(HOME, "umum")])
    leave(office, "peksos", "tiga", first=1, days=2)
    assert not sees(office, case, "tiga@uji")
    later(1.5 * DAY)
    assert sees(office, case, "tiga@uji")
    assert [a.user_id for a in desk.substituting(office.database, office.user("tiga@uji"))] == ["peksos@uji"]
    [sign] = office.tasks(case.id)
    engine.claim_task(office.database, office.user("tiga@uji"), sign.id)
    engine.unclaim_task(office.database, office.user("tiga@uji"), sign.id)
    later(3.1 * DAY)
    assert not sees(office, case, "tiga@uji")
    assert desk.list_absences(office.database, office.user("manajer"), HOME) == []
    with pytest.raises(TaskNotFound):
        engine.claim_task(office.database, office.user("tiga@uji"), sign.id)


def test_the_rights_end_at_once_when_the_absence_is_ended_or_the_groups_are_taken_away(
    office: Office, case: InstanceView
) -> None:
    engine.add_user(office.database, SYSTEM, "tiga@uji", "Tiga", "-", [(HOME, "umum")])
    made = leave(office, "petugas", "tiga")
    assert sees(office, case, "tiga@uji")
    for other in ("peksos", "manajer@lain", "petugas2"):
        with pytest.raises(ResourceNotFound):
            desk.end_absence(office.database, office.user(other), made.id)
    with pytest.raises(ActionForbidden):
        desk.end_absence(office.database, office.user("tiga@uji"), made.id)
    for _ in range(2):
        desk.end_absence(office.database, office.user("petugas"), made.id)
    assert not sees(office, case, "tiga@uji")
    leave(office, "petugas", "tiga")
    assert sees(office, case, "tiga@uji")
    engine.set_memberships(office.database, SYSTEM, "petugas@uji", [(HOME, "peksos")])
    assert not sees(office, case, "tiga@uji")


def test_the_groups_of_a_substitute_are_not_kept_when_an_administrator_saves_the_user(office: Office) -> None:
    leave(office, "peksos", "petugas2")
    user = engine.find_user(office.database, "petugas2@uji")
    assert user
    assert user.memberships == ((HOME, "petugas"),)


def test_a_substitute_takes_over_what_was_given_to_the_absent_by_name(
    office: Office, case: InstanceView
) -> None:
    database = office.database
    [found] = office.tasks(case.id)
    engine.claim_task(database, office.user("petugas"), found.id)
    with pytest.raises(TaskClaimed):
        engine.claim_task(database, office.user("petugas2"), found.id)
    leave(office, "petugas", "petugas2", by="petugas")
    assert engine.claim_task(database, office.user("petugas2"), found.id).assignee == "petugas2@uji"
    assert office.history(case)[-1].details["on_behalf_of"] == "petugas@uji"


def test_what_the_absent_are_told_their_substitutes_are_told_as_far_as_they_see_the_case(
    office: Office, case: InstanceView
) -> None:
    def told(user_id: str) -> list[str]:
        found = desk.list_notifications(office.database, office.user(user_id))
        return [each.kind for each in found if each.instance_id]

    leave(office, "petugas2", "petugas", by="petugas2")
    office.do(case, "draft", by="petugas")
    desk.add_comment(office.database, office.user("peksos"), case.id, "Lihat ini, @petugas2@uji")
    assert told("petugas") == told("petugas2") == ["mentioned"]
    [kind] = [
        n.kind for n in desk.list_notifications(office.database, office.user("petugas")) if not n.instance_id
    ]
    assert kind == desk.NotificationKind.SUBSTITUTING


def test_nobody_is_away_twice_or_stands_in_while_away(office: Office) -> None:
    leave(office, "petugas", "petugas2")
    for absent, substitute in (("petugas", "peksos"), ("peksos", "petugas")):
        with pytest.raises(AbsenceRefused):
            leave(office, absent, substitute, first=1)
    leave(office, "petugas", "petugas2", first=4)
    for days in (0, -1, 400):
        with pytest.raises(AbsenceRefused, match="it has to end later"):
            leave(office, "peksos", "petugas2", days=days)


def test_the_access_log_tells_who_stands_in_and_since_when(office: Office) -> None:
    made = leave(office, "peksos", "petugas2")
    desk.end_absence(office.database, office.user("manajer"), made.id)
    with reading(office.database) as tx:
        found = tx.execute(
            text("SELECT user_id, subject FROM access_entry WHERE subject LIKE 'user:peksos@uji %'")
        )
        subjects = [
            (row.user_id, row.subject.partition(" ")[2]) for row in found if "substitute" in row.subject
        ]
    assert subjects == [
        ("manajer@uji", "away, substitute:petugas2@uji appointed"),
        ("manajer@uji", "back, substitute:petugas2@uji"),
    ]


def test_an_analyst_reads_no_case_though_somebody_had_appointed_the_person_before(
    office: Office, case: InstanceView
) -> None:
    leave(office, "peksos", "petugas2")
    assert office.user("petugas2").groups(HOME) == {"petugas", "peksos"}
    engine.set_memberships(office.database, SYSTEM, "petugas2@uji", [(HOME, "analis")])
    assert office.user("petugas2").groups(HOME) == set()
    office.do(case, "draft")
    [sign] = office.tasks(case.id)
    with pytest.raises(UserNotFound):
        engine.assign_task(office.database, office.user("manajer"), sign.id, "petugas2@uji")
