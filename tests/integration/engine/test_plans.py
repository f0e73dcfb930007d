"""Every list that people ask for is read from an index: none gets slower as finished cases pile up."""

import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

import engine
from engine import InstanceFilter, Page, TaskFilter, clock, desk
from engine.jobs.workers import sweep
from engine.types import SYSTEM, Actor
from tests.integration.engine.models import drawn, task, tasks
from tests.support.keys import open_database
from tests.support.office import HOME, Office, open_office
from tests.unit.interpreter.diagrams import MESSAGE, catch, parallel, process, service, timer

GROWING = (
    "delivery",
    "external_task",
    "history_entry",
    "job",
    "notification",
    "process_instance",
    "task_candidate",
    "user_task",
)
FIRST = 25
_SCAN = re.compile(r"SCAN (\w+)(?! USING (?:COVERING )?INDEX ix_job_to_do)")
"""That index holds only what is to be done, in the order in which it is due: its first rows are read."""
Ask = Callable[[Engine, Actor, str], object]


def tasks_of(**narrow: Any) -> Ask:
    def ask(database: Engine, actor: Actor, _case: str) -> object:
        engine.count_tasks(database, actor, TaskFilter(**narrow), at_most=100)
        return engine.list_tasks(database, actor, TaskFilter(**narrow), Page(size=FIRST))

    return ask


def engine_list(query: Callable[..., object]) -> Ask:
    return lambda database, actor, _case: query(database, actor)


def cases_of(*sort: tuple[str, bool], **narrow: Any) -> Ask:
    def ask(database: Engine, actor: Actor, _case: str) -> object:
        engine.count_instances(database, actor, InstanceFilter(**narrow), at_most=100)
        return engine.list_instances(database, actor, InstanceFilter(**narrow), Page(0, FIRST, sort))

    return ask


LISTS: dict[str, Ask] = {
    "inbox": tasks_of(),
    "queue": tasks_of(agency_ids=(HOME,), candidate_group="petugas"),
    "own tasks": tasks_of(assignee="petugas@uji"),
    "late tasks": tasks_of(due_before=clock.now()),
    "tasks of one step": tasks_of(definition_key="p", element_id="a"),
    "tasks of a case": lambda database, actor, case: engine.list_tasks(
        database, actor, TaskFilter(instance_id=case, ended=None)
    ),
    "newest cases": cases_of(("started", False)),
    "open cases, the most urgent first": cases_of(("due", True), ("started", True), ended=False),
    "late cases": cases_of(("due", True), ended=False, due_before=clock.now()),
    "cases due soon": cases_of(
        ended=False, due_after=clock.now(), due_before=clock.now() + timedelta(days=2)
    ),
    "cases that nobody has taken": cases_of(ended=False, assigned=False),
    "the last that ended": cases_of(("ended", False), ended=True),
    "ended this month": cases_of(("ended", False), ended=True, ended_after=clock.now()),
    "of one service": cases_of(("ended", False), definition_key="p", ended=True),
    "by number": cases_of(("business_key", True)),
    "one number": cases_of(business_key="UJI-2026-0001"),
    "open steps": lambda database, actor, _: engine.open_steps(database, actor),
    "history": engine.history,
    "stays": lambda database, actor, case: engine.list_activities(
        database, actor, engine.ActivityFilter(instance_id=case)
    ),
    "facts": engine.facts,
    "diagram": engine.instance_diagram,
    "jobs of a case": lambda database, actor, case: engine.list_jobs(
        database, actor, engine.JobFilter(instance_id=case)
    ),
    "unread": lambda database, actor, _: desk.list_unread(database, actor, 100),
    "what one was told": lambda database, actor, _: desk.list_notifications(database, actor, Page(0, 50)),
    "what is to be sent": lambda database, *_: desk.take_deliveries(database, list(desk.Channel)),
    "incidents": engine_list(engine.list_incidents),
    "external tasks of a case": lambda database, actor, case: engine.list_external_tasks(
        database, actor, engine.ExternalTaskFilter(instance_id=case)
    ),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("person", ["petugas", "manajer"])
def test_no_list_looks_at_every_row(office: Office, person: str, name: str) -> None:
    office.deploy(drawn(process(tasks("a", "b"), "s > a > b > e")))
    case = office.start()
    actor = office.user(person)
    with queries(office.database) as asked:
        LISTS[name](office.database, actor, case.id)
    assert asked, "a list asks the database"
    for statement, parameters in asked:
        looked = scanned(office.database, statement, parameters)
        assert not looked & set(GROWING), f"{name} reads all of {looked}: {statement}"


IN_ORDER = (
    "inbox",
    "queue",
    "newest cases",
    "open cases, the most urgent first",
    "the last that ended",
    "ended this month",
)
"""What is as long as an office is old or busy, and is asked for all day."""


@pytest.mark.parametrize("name", IN_ORDER)
def test_the_long_lists_are_read_in_their_order_and_not_sorted(office: Office, name: str) -> None:
    office.deploy(drawn(process(tasks("a", "b"), "s > a > b > e")))
    office.start()
    person = office.user("petugas" if name == "queue" else "manajer")
    with queries(office.database) as asked:
        LISTS[name](office.database, person, "")
    listed = [each for each in asked if "ORDER BY" in each[0] and "instance_id IN" not in each[0]]
    assert listed
    for statement, parameters in listed:
        assert not sorted_whole(office.database, statement, parameters), statement


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("person", ["petugas", "manajer"])
@pytest.mark.parametrize("narrow", [{"pseudonym": "Melati 27"}, {"instance_ids": ("a", "b")}])
def test_tasks_of_few_cases_are_found_by_their_cases_and_not_along_the_order_of_the_list(
    office: Office, person: str, narrow: dict[str, Any]
) -> None:
    """On SQLite: PostgreSQL knows from its statistics how few they are."""
    office.deploy(drawn(process(tasks("a", "b"), "s > a > b > e")))
    office.start()
    actor = office.user(person)
    with queries(office.database) as asked:
        tasks_of(**narrow)(office.database, actor, "")
    assert len(asked) == 2
    for statement, parameters in asked:
        with office.database.connect() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = " ".join(row[3] for row in rows)
        assert "ix_user_task_instance_id_queue" in plan
        assert not re.search("ix_user_task_(open|queue|assignee)", plan), statement


WORK: dict[str, Callable[[Office, str], object]] = {
    "a step": lambda office, case: office.do(engine.get_instance(office.database, SYSTEM, case), "a"),
    "what is due": lambda office, _: engine.run_due_jobs(office.database, clock.now() + timedelta(days=1)),
    "fetch and lock": lambda office, _: engine.fetch_and_lock(
        office.database, office.user("layanan"), "w", 5, [engine.Topic("sipp", timedelta(minutes=1))]
    ),
    "a message": lambda office, case: engine.correlate_message(
        office.database, office.user("petugas"), "putusan", instance_id=case
    ),
}
"""What the machine does by itself, and what programs ask of it all day."""


@pytest.mark.parametrize("name", WORK)
def test_no_work_looks_at_every_row(office: Office, name: str) -> None:
    nodes = parallel("g") + task("a") + catch("m", MESSAGE) + catch("t", timer("PT1H")) + service("x")
    office.deploy(drawn(process(nodes, "s > g > a > e; g > m > e; g > t > e; g > x > e")))
    case = office.start()
    with queries(office.database) as asked:
        WORK[name](office, case.id)
    assert asked
    for statement, parameters in asked:
        looked = scanned(office.database, statement, parameters)
        assert not looked & set(GROWING), f"{name} reads all of {looked}: {statement}"


def test_the_sweep_of_the_workers_reads_what_is_due_from_the_index(postgresql_only: str) -> None:
    office = open_office(open_database(postgresql_only))
    office.deploy(drawn(process(catch("t", timer("PT1H")), "s > t > e")))
    office.start()
    with queries(office.database) as asked:
        sweep(office.database)
    jobs = [(statement, parameters) for statement, parameters in asked if "FROM job" in statement]
    assert len(jobs) == 2
    for statement, parameters in jobs:
        assert not scanned(office.database, statement, parameters) & {"job"}, statement
        assert "ix_job_to_do" in explained(office.database, statement, parameters)
    office.database.dispose()


def test_the_plans_show_a_scan_where_there_is_one(office: Office) -> None:
    every = "SELECT count(*) FROM user_task WHERE name = 'Periksa'"
    assert scanned(office.database, every, ()) == {"user_task"}


@contextmanager
def queries(database: Engine) -> Any:
    """Every SELECT with its parameters, as the database gets them."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            asked.append((sql, parameters))

    event.listen(database, "before_cursor_execute", note)
    yield asked
    event.remove(database, "before_cursor_execute", note)


def scanned(database: Engine, statement: str, parameters: Any) -> set[str]:
    """The tables that a statement reads from one end to the other."""
    with database.connect() as connection:
        if database.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found = {match[1] for row in plan if (match := _SCAN.match(row[3]))}
            return {name.removesuffix("_1") for name in found}
    return set(re.findall(r"Seq Scan on (\w+)", explained(database, statement, parameters)))


def sorted_whole(database: Engine, statement: str, parameters: Any) -> bool:
    """Whether the rows of a growing table are all sorted to find the first of them. To sort those of equal
    rank, or in the end the pages that were read from each range, is no such thing."""
    if database.dialect.name == "sqlite":
        with database.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        sorts, merged = [row[3] for row in plan].count("USE TEMP B-TREE FOR ORDER BY"), "LIST SUBQUERY"
        return sorts > any(row[3].startswith(merged) for row in plan)
    found = explained(database, statement, parameters)
    return len(re.findall(r"->  Sort ", found)) > ("Subquery Scan" in found)


def explained(database: Engine, statement: str, parameters: Any) -> str:
    """PostgreSQL's plan of a statement, that of a full table: those here are empty."""
    with database.connect() as connection:
        for way in ("seqscan", "bitmapscan", "sort"):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return "\n".join(row[0] for row in rows)
