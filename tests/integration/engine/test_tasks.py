"""What people do with a task: see, claim, give back, assign, complete."""

from datetime import UTC, datetime, timedelta

import pytest

import engine
from engine.errors import (
    ActionForbidden,
    FormInvalid,
    TaskClaimed,
    TaskClosed,
    TaskNotFound,
    UserNotFound,
    VariableInvalid,
)
from engine.types import SYSTEM
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, form, task
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import process


def given(office: Office, *attributes: str, **camunda: str) -> str:
    """The id of a fresh task ``a`` with these Camunda attributes, before a task ``b``."""
    office.deploy(drawn(process(task("a", **camunda) + task("b"), "s > a > b > e")))
    case = office.start(siapa="petugas2@uji", kosong=None, panjang="x" * 300)
    return office.tasks(case.id, "a")[0].id


def test_a_claimed_task_is_nobody_elses_until_it_is_given_back(office: Office) -> None:
    task_id, database = given(office), office.database
    mine, other = office.user("petugas"), office.user("petugas2")
    assert engine.claim_task(database, mine, task_id).assignee == "petugas@uji"
    assert engine.claim_task(database, mine, task_id).assignee == "petugas@uji"
    with pytest.raises(TaskClaimed):
        engine.claim_task(database, other, task_id)
    with pytest.raises(ActionForbidden):
        engine.unclaim_task(database, other, task_id)
    assert engine.unclaim_task(database, mine, task_id).assignee is None
    assert engine.claim_task(database, other, task_id).assignee == "petugas2@uji"
    kinds = [
        event.kind
        for event in engine.history(database, SYSTEM, engine.get_task(database, SYSTEM, task_id).instance_id)
    ]
    assert kinds.count("task_claimed") == 2
    assert kinds.count("task_unclaimed") == 1


def test_a_manager_assigns_to_members_only_and_completes_nothing(office: Office) -> None:
    task_id, database, manager = given(office), office.database, office.user("manajer")
    assert engine.assign_task(database, manager, task_id, "petugas2@uji").assignee == "petugas2@uji"
    for stranger in ("peksos@uji", "petugas@lain", "nobody", "manajer@uji"):
        with pytest.raises(UserNotFound):
            engine.assign_task(database, manager, task_id, stranger)
    for forbidden in (engine.claim_task, engine.complete_task):
        arguments = ({},) if forbidden is engine.complete_task else ()
        with pytest.raises(ActionForbidden):
            forbidden(database, manager, task_id, *arguments)
    assert engine.assign_task(database, manager, task_id, None).assignee is None


def test_a_worker_gives_a_task_to_nobody_but_oneself(office: Office) -> None:
    task_id, database = given(office), office.database
    with pytest.raises(ActionForbidden):
        engine.assign_task(database, office.user("petugas"), task_id, "petugas2@uji")
    assert engine.assign_task(database, office.user("petugas"), task_id, "petugas@uji").assignee
    with pytest.raises(TaskClaimed):
        engine.assign_task(database, office.user("petugas2"), task_id, "petugas2@uji")


def test_a_task_is_not_there_for_other_groups_and_agencies(office: Office) -> None:
    task_id = given(office)
    for stranger in ("peksos", "analis", "petugas@lain", "manajer@lain"):
        for look in (engine.get_task, engine.task_form, engine.open_form, engine.claim_task):
            with pytest.raises(TaskNotFound):
                look(office.database, office.user(stranger), task_id)


@pytest.mark.parametrize(
    ("camunda", "assignee"),
    [
        ({"assignee": "=siapa"}, "petugas2@uji"),
        ({"assignee": "=kosong"}, None),
        ({"assignee": "=panjang"}, None),
        ({"assignee": "peksos@uji"}, None),
        ({"assignee": "peksos@uji", "group": ""}, "peksos@uji"),
        ({"assignee": "petugas@lain", "group": ""}, None),
        ({"assignee": "manajer@uji", "group": ""}, None),
        ({"assignee": "peksos@uji", "candidateUsers": "peksos@uji"}, "peksos@uji"),
    ],
)
def test_an_assignee_must_be_one_who_may_do_the_task(
    office: Office, camunda: dict[str, str], assignee: str | None
) -> None:
    found = engine.get_task(office.database, SYSTEM, given(office, **camunda))
    assert found.assignee == assignee


def test_a_task_that_names_nobody_can_be_given_to_any_worker(office: Office) -> None:
    task_id, manager = given(office, group="", assignee="=kosong"), office.user("manajer")
    with pytest.raises(UserNotFound):
        engine.assign_task(office.database, manager, task_id, "petugas@lain")
    engine.assign_task(office.database, manager, task_id, "peksos@uji")
    engine.complete_task(office.database, office.user("peksos"), task_id, {})


def test_candidates_may_come_from_variables(office: Office) -> None:
    found = engine.get_task(
        office.database,
        SYSTEM,
        given(office, group="", candidateGroups='=["peksos", "manajer"]', candidateUsers="=siapa"),
    )
    assert (found.groups, found.users) == (("peksos",), ("petugas2@uji",))
    for user in ("peksos", "petugas2"):
        assert [t.id for t in engine.list_tasks(office.database, office.user(user))] == [found.id]


@pytest.mark.parametrize(
    ("text", "priority"), [("70", 70), ("=3 + 4", 7), ("=10 ** 30", 50), ("=kosong", 50), ('="x"', 50)]
)
def test_a_priority_that_is_none_is_fifty(office: Office, text: str, priority: int) -> None:
    assert engine.get_task(office.database, SYSTEM, given(office, priority=text)).priority == priority


def test_dates_are_in_the_agencys_zone(office: Office) -> None:
    found = engine.get_task(
        office.database,
        SYSTEM,
        given(office, dueDate='=date("2026-12-31")', followUpDate="PT48H"),
    )
    assert found.due_at is not None
    assert found.due_at.isoformat() == "2026-12-30T17:00:00+00:00"
    assert found.follow_up_at == found.created_at + timedelta(hours=48)


def test_a_completed_task_is_closed_to_everything(office: Office) -> None:
    task_id, database, actor = given(office), office.database, office.user("petugas")
    engine.complete_task(database, actor, task_id, {})
    with pytest.raises(TaskClosed):
        engine.complete_task(database, actor, task_id, {})
    for command in (engine.claim_task, engine.unclaim_task, engine.open_form, engine.task_variables):
        with pytest.raises(TaskClosed):
            command(database, actor, task_id)
    with pytest.raises(TaskClosed):
        engine.assign_task(database, actor, task_id, "petugas@uji")


def test_what_is_refused_leaves_everything_as_it_was(office: Office) -> None:
    office.deploy(isian_form=form("isian", {"key": "nama", "validate": {"required": True}}))
    task_id, actor = given(office, formRef="isian"), office.user("petugas")
    before = office.counts()
    for wrong in ({}, {"nama": "x", "lain": 1}):
        with pytest.raises(FormInvalid):
            engine.complete_task(office.database, actor, task_id, wrong)
    assert office.counts() == before
    engine.complete_task(office.database, actor, task_id, {"nama": "Ani"})


@pytest.mark.parametrize(
    "variables",
    [
        {"nomor_registrasi": "UJI-2026-0001"},
        {"": 1},
        {"a\0": 1},
        {"x": "y" * 1_000_001},
        {"x": 2**70},
        {"x": "\ud800"},
    ],
    ids=["system", "empty", "control character", "too large", "too many digits", "half a character"],
)
def test_without_a_form_names_and_sizes_are_checked(office: Office, variables: dict[str, object]) -> None:
    task_id = given(office)
    with pytest.raises(VariableInvalid):
        engine.complete_task(office.database, office.user("petugas"), task_id, variables)


def test_today_is_the_agencys_day(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 22:30 in Jakarta it is 23:30 in Makassar and 00:30 of the next day in Jayapura."""
    profile = engine.get_agency(office.database, SYSTEM, HOME).profile | {"zona": "Asia/Jayapura"}
    engine.put_agency(office.database, SYSTEM, HOME, "Uji", profile)
    day = {"type": "datetime", "subtype": "date", "dateLabel": "x", "key": "hari"}
    office.deploy(isian_form=form("isian", day | {"properties": {"tanggal": "tidak_di_depan"}}))
    monkeypatch.setattr("engine.clock.now", lambda: datetime(2026, 3, 30, 15, 30, tzinfo=UTC))
    task_id = given(office, formRef="isian")
    with pytest.raises(FormInvalid):
        engine.complete_task(office.database, office.user("petugas"), task_id, {"hari": "2026-04-01"})
    engine.complete_task(office.database, office.user("petugas"), task_id, {"hari": "2026-03-31"})


def test_a_user_who_leaves_the_group_or_is_locked_out_loses_the_next_request(
    office: Office, later: Later
) -> None:
    task_id, database = given(office), office.database
    engine.set_memberships(database, SYSTEM, "petugas@uji", [(HOME, "peksos")])
    with pytest.raises(TaskNotFound):
        engine.get_task(database, office.user("petugas"), task_id)
    login = engine.open_login(database, "petugas2@uji", 8)
    mark = engine.credentials(database, "petugas2@uji")
    assert engine.login_actor(database, login)
    later(timedelta(seconds=1))
    engine.set_active(database, SYSTEM, "petugas2@uji", False)
    assert engine.get_actor(database, "petugas2@uji") is None
    assert engine.login_actor(database, login) is None
    assert engine.credentials(database, "petugas2@uji") is None
    engine.set_active(database, SYSTEM, "petugas2@uji", True)
    assert engine.credentials(database, "petugas2@uji") != mark
    assert engine.login_actor(database, login) is None
    assert engine.login_actor(database, engine.open_login(database, "petugas2@uji", 8))
    later(timedelta(hours=9))
    assert engine.login_actor(database, login) is None
