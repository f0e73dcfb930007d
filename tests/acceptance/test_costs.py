"""What a step costs, in what can be counted: statements, commits, bytes. No clock decides here."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

import engine
from benchmarks.recorded import AGENCY, CASE, KEY
from engine.types import SYSTEM, TaskFilter
from tests.support.service import Service
from webapp.db import db

START = f"/process-definition/key/{KEY}/tenant-id/{AGENCY}/start"
MOST_STATEMENTS, MOST_BYTES, CASES = 11, 22_000, 40
"""A step that ends a clock of the case takes the most statements; others eight or nine, with the login."""


@contextmanager
def counting(database: Engine) -> Iterator[Counter[str]]:
    """Statements (without the words that begin and end a transaction) and commits."""
    found: Counter[str] = Counter()

    def statement(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        found["statements"] += not sql.startswith("BEGIN")

    def commit(_connection: object) -> None:
        found["commits"] += 1

    event.listen(database, "before_cursor_execute", statement)
    event.listen(database, "commit", commit)
    yield found
    event.remove(database, "before_cursor_execute", statement)
    event.remove(database, "commit", commit)


def work(database: Engine) -> None:
    """The recorded case, from its start to its end."""
    begin, *steps = CASE
    actors = {step.user: engine.get_actor(database, step.user) for step in CASE}
    starter = actors[begin.user]
    assert starter is not None
    case = engine.start_instance(database, starter, AGENCY, KEY, begin.values)
    for step in steps:
        actor = actors[step.user]
        assert actor is not None
        wanted = TaskFilter(instance_id=case.id, element_id=step.element)
        (task,) = engine.list_tasks(database, SYSTEM, wanted)
        engine.complete_task(database, actor, task.id, step.values)
    assert engine.get_instance(database, SYSTEM, case.id).outcome == "completed"


def test_a_completed_task_takes_few_statements_and_one_commit_over_http(service: Service) -> None:
    begin, *steps = CASE
    work(service.database)  # what seldom changes is in memory from the second case on
    with service.app.app_context():
        served = db.engine
    case = service.caller(begin.user).post(START, begin.body).json["id"]
    for step in steps:
        caller = service.caller(step.user)
        (task,) = caller.get("/task", processInstanceId=case, taskDefinitionKey=step.element).json
        with counting(served) as found:
            answer = caller.post(f"/task/{task['id']}/complete", step.body)
        assert answer.status_code == 204, answer.json
        if step is steps[0]:
            continue  # this server has not seen the definition yet
        assert found["statements"] <= MOST_STATEMENTS, step
        assert found["commits"] == 1, step


def test_a_list_takes_one_statement_beside_the_login_and_a_form_one_more_to_record_it(
    service: Service,
) -> None:
    begin, first, *_ = CASE
    work(service.database)
    with service.app.app_context():
        served = db.engine
    case = service.caller(begin.user).post(START, begin.body).json["id"]
    caller = service.caller(first.user)
    for _ in range(2):  # the second time this server knows the definition and its form
        with counting(served) as found_list:
            (task,) = caller.get("/task", processInstanceId=case).json
        with counting(served) as found_form:
            assert caller.get(f"/task/{task['id']}/form-variables").status_code == 200
    assert (found_list["statements"], found_list["commits"]) == (2, 0)
    assert (found_form["statements"], found_form["commits"]) == (3, 1)


@pytest.mark.parametrize("loaded_url", ["sqlite"], indirect=True)  # its file is its size
def test_a_finished_case_takes_few_bytes_with_its_history_and_indexes(service: Service) -> None:
    database = service.database
    work(database)
    before = size(database)
    for _ in range(CASES):
        work(database)
    assert (size(database) - before) / CASES <= MOST_BYTES


def size(database: Engine) -> int:
    """Bytes of the file, its log included."""
    with database.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return Path(str(database.url.database)).stat().st_size
