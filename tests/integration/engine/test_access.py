"""Who may do what: each action for each role, and the same rights in SQL."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

import engine
from engine import access
from engine.access import Action
from engine.errors import ActionForbidden, DefinitionNotFound, TaskNotFound
from engine.types import MANAGER, SYSTEM, Actor, TaskView
from tests.integration.engine.models import drawn, task
from tests.support.office import AWAY, HOME, Office
from tests.unit.interpreter.diagrams import many, process

STAFF = ("petugas", "peksos", "manajer", "analis", "layanan")
USERS = (*STAFF, "petugas_data", "auditor")
ALLOWED = {
    Action.SEE_AGENCY: {*USERS, "admin"},
    Action.START: {"petugas", "peksos"},
    Action.COMPLETE: {"petugas"},
    Action.ASSIGN: {"manajer"},
    Action.APPOINT: {"manajer"},
    Action.CANCEL: {"manajer"},
    Action.SUSPEND: {"manajer"},
    Action.SET_VARIABLES: {"manajer"},
    Action.MODIFY: {"manajer"},
    Action.MIGRATE: {"manajer"},
    Action.ERASE: {"manajer"},
    Action.OPEN_IDENTITY: {"manajer"},
    Action.DEPLOY: {"analis"},
    Action.WORK_TOPIC: {"layanan"},
    Action.KEEP_EXTERNAL_TASKS: {"manajer"},
    Action.SIGNAL: {"manajer", "layanan"},
    Action.CHANGE_JOB: {"manajer"},
    Action.SEE_DEFINITIONS: set(USERS),
    Action.SHARE: {"manajer"},
    Action.SEE_STATISTICS: {"manajer", "petugas_data"},
    Action.ADMINISTER: {"admin"},
    Action.SEE_RECORD: {"auditor"},
    Action.SEE_REGISTERS: {"manajer", "petugas_data", "auditor"},
    Action.KEEP_REGISTERS: {"manajer", "petugas_data"},
    Action.KEEP_CALENDAR: {"manajer"},
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", [*USERS, "admin"])
def test_each_role_may_do_exactly_this(action: Action, role: str) -> None:
    groups = [] if role == "admin" else [role]
    actor = Actor.of(f"{role}@uji", HOME, groups, admin=role == "admin")
    wanted = ["petugas"] if action is Action.COMPLETE else []
    assert access.may(actor, action, HOME, groups=wanted) == (role in ALLOWED[action])
    everywhere = role == "admin" and action in (Action.SEE_AGENCY, Action.ADMINISTER)
    assert access.may(actor, action, AWAY, groups=wanted) == everywhere
    assert access.may(SYSTEM, action, AWAY)


def test_nobody_is_the_system_by_being_called_so() -> None:
    assert not any(access.may(Actor("system"), action, HOME) for action in Action)


@pytest.mark.parametrize(
    ("starters", "who"),
    [
        ({}, {"petugas", "petugas2", "peksos"}),
        ({"candidateStarterGroups": "peksos"}, {"peksos"}),
        ({"candidateStarterUsers": "petugas2@uji"}, {"petugas2"}),
        (
            {"candidateStarterUsers": "petugas2@uji,analis@uji", "candidateStarterGroups": "peksos"},
            {"petugas2", "peksos"},
        ),
    ],
    ids=["nobody named", "a group", "a person", "both"],
)
def test_only_the_named_starters_start(office: Office, starters: dict[str, str], who: set[str]) -> None:
    text = "".join(f' camunda:{name}="{value}"' for name, value in starters.items())
    content = process(task("a"), "s > a > e").replace("<bpmn:process ", f"<bpmn:process{text} ", 1)
    made = office.deploy(drawn(content))
    assert made.warnings == ()
    started, offered = set(), set()
    for name in (*STAFF, "petugas2"):
        if engine.list_definitions(office.database, office.user(name), startable=True):
            offered.add(name)
        try:
            office.start(by=name)
        except ActionForbidden:
            continue
        started.add(name)
    assert started == offered == who
    with pytest.raises(DefinitionNotFound):
        engine.start_instance(office.database, office.user("petugas@lain"), HOME, "p", {})


AGENCIES, GROUPS, PEOPLE = (HOME, AWAY), ("petugas", "peksos"), ("petugas@uji", "peksos@uji", "petugas@lain")
ITEMS = (
    '[{g: ["petugas"], u: ""}, {g: ["peksos"], u: "petugas@uji"}, {g: [], u: "petugas@lain"}, {g: [], u: ""}]'
)


@pytest.fixture
def busy(office: Office) -> Office:
    """Cases in both agencies with tasks for groups, for people and for nobody, some assigned, some done."""
    candidates = {"candidateGroups": "=i.g", "candidateUsers": "=i.u"}
    model = task("b", many(ITEMS.replace('"', "&quot;"), "i"), **candidates) + task("a")
    for agency in AGENCIES:
        office.deploy(drawn(process(model, "s > b > a > e")), agency=agency)
        for number in range(2):
            case = office.start(by=f"{('petugas', 'peksos')[number]}@{agency}")
            by_names = {(t.groups, t.users): t.id for t in office.tasks(case.id)}
            done = by_names[(("petugas", "peksos")[number],), ((), ("petugas@uji",))[number]]
            engine.assign_task(office.database, SYSTEM, done, f"petugas@{agency}" if number == 0 else None)
            engine.complete_task(office.database, SYSTEM, done, {})
            engine.assign_task(office.database, SYSTEM, by_names[(), ()], f"peksos@{agency}")
    return office


memberships = st.frozensets(
    st.tuples(st.sampled_from(AGENCIES), st.sampled_from((*GROUPS, "manajer", "analis")))
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(user_id=st.sampled_from(PEOPLE), held=memberships, admin=st.booleans())
def test_the_lists_show_exactly_what_may_be_seen(
    busy: Office, user_id: str, held: frozenset[tuple[str, str]], admin: bool
) -> None:
    actor, database = Actor(user_id, held, admin), busy.database
    every = engine.list_tasks(database, SYSTEM, engine.TaskFilter(ended=None))
    mine = {t.id for t in every if _may_see(actor, t)}
    assert {t.id for t in engine.list_tasks(database, actor, engine.TaskFilter(ended=None))} == mine
    assert engine.count_tasks(database, actor, engine.TaskFilter(ended=None)) == len(mine)
    of_cases = [engine.TaskFilter(instance_id=id, ended=None) for id in {t.instance_id for t in every}]
    assert {t.id for f in of_cases for t in engine.list_tasks(database, actor, f)} == mine
    assert {t.id for t in every if t.id in mine} == {t.id for t in every if _is_found(database, actor, t.id)}
    cases = {t.instance_id for t in every if t.id in mine}
    for case in engine.list_instances(database, SYSTEM):
        started = case.started_by == user_id and bool(actor.groups(case.agency_id))
        if started or actor.holds(case.agency_id, MANAGER):
            cases.add(case.id)
    assert {case.id for case in engine.list_instances(database, actor)} == cases
    assert engine.count_instances(database, actor) == len(cases)
    if not held:
        assert not cases


def test_no_list_shows_everything_to_who_is_called_like_the_system(busy: Office) -> None:
    namesake, database = Actor("system"), busy.database
    for every, mine in (
        (engine.list_tasks(database, SYSTEM), engine.list_tasks(database, namesake)),
        (engine.list_instances(database, SYSTEM), engine.list_instances(database, namesake)),
    ):
        assert every  # asked first: what is kept of rights must not be taken for the namesake's
        assert mine == []
    for task_id, case in [(t.id, t.instance_id) for t in engine.list_tasks(database, SYSTEM)]:
        assert engine.list_tasks(database, SYSTEM, engine.TaskFilter(instance_id=case))
        assert engine.list_tasks(database, namesake, engine.TaskFilter(instance_id=case)) == []
        assert not _is_found(database, namesake, task_id)
    assert engine.count_tasks(database, namesake) == engine.count_instances(database, namesake) == 0


def _is_found(database: Engine, actor: Actor, task_id: str) -> bool:
    try:
        return engine.get_task(database, actor, task_id).id == task_id
    except TaskNotFound:
        return False


def _may_see(actor: Actor, t: TaskView) -> bool:
    people = [*t.users, *([t.assignee] if t.assignee else [])]  # who has it sees it, whatever else
    works = access.may(actor, Action.COMPLETE, t.agency_id, groups=t.groups, users=people)
    return works or actor.holds(t.agency_id, MANAGER)
