"""Rows that stand for live tokens (user tasks, timers, subscriptions), and the variables."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import and_, delete, insert, or_, select, update

from engine.commands.candidates import candidates_of, moment_of, priority_of
from engine.commands.external_rows import external_task_row
from engine.commands.job_rows import insert_jobs, job_row
from engine.commands.sealing import spread
from engine.commands.unit import Work
from engine.interpreter import Waiting
from engine.store.tables import ExternalTask, Job, Subscription, TaskCandidate, UserTask, Variable

EMPTY_SCOPE = ""
"""The name of the row that keeps a scope without variables alive (a called process that got none)."""

_SEPARATE_ROWS: dict[str, type[Job] | type[Subscription] | type[ExternalTask]] = {
    "timer": Job,
    "async": Job,
    "message": Subscription,
    "signal": Subscription,
    "external_task": ExternalTask,
}


def close_waiting(work: Work, gone: Sequence[Waiting], completed: str | None) -> None:
    """End the rows of tokens that are no more; user tasks stay, with how they ended."""
    cancelled = [w.token_id for w in gone if w.kind == "user_task" and w.token_id != completed]
    if completed:
        _end_tasks(work, [completed], "completed")
    if cancelled:
        _end_tasks(work, cancelled, "cancelled")
    for kind, table in _SEPARATE_ROWS.items():
        if ids := [w.token_id for w in gone if w.kind == kind]:
            work.tx.execute(delete(table).where(table.id.in_(ids)))


def _end_tasks(work: Work, ids: list[str], outcome: str) -> None:
    values: dict[str, Any] = {"ended_at": work.at, "ended_by": work.actor.user_id, "outcome": outcome}
    work.tx.execute(update(UserTask).where(UserTask.id.in_(ids)).values(**values))


def open_waiting(work: Work, new: Iterable[Waiting]) -> None:
    """Insert a row for each token that has begun to wait."""
    tasks, candidates, jobs, subscriptions, external = [], [], [], [], []
    for waiting in new:
        if waiting.kind == "user_task":
            task, who = _task_rows(work, waiting)
            tasks.append(task)
            candidates += who
        elif waiting.kind in ("timer", "async"):
            jobs.append(_job(work, waiting))
        elif waiting.kind == "external_task":
            external.append(external_task_row(work, waiting))
        elif waiting.kind in ("message", "signal"):
            subscriptions.append(_common(work, waiting) | {"name": waiting.name, "kind": waiting.kind})
    for table, values in (
        (UserTask, tasks),
        (TaskCandidate, candidates),
        (Subscription, subscriptions),
        (ExternalTask, external),
    ):
        if values:
            work.tx.execute(insert(table), values)
    insert_jobs(work.tx, jobs)


def _common(work: Work, waiting: Waiting) -> dict[str, Any]:
    return {
        "id": waiting.token_id,
        "instance_id": work.instance.id,
        "agency_id": work.instance.agency_id,
        "element_id": waiting.element_id,
    }


def _job(work: Work, waiting: Waiting) -> dict[str, Any]:
    return job_row(
        waiting.kind,
        waiting.token_id,
        work.instance.agency_id,
        waiting.due or work.at,
        instance_id=work.instance.id,
        process_key=waiting.process_key,
        element_id=waiting.element_id,
    )


def _task_rows(work: Work, waiting: Waiting) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    element = work.deployed.element(waiting.process_key, waiting.element_id)
    groups, users, assignee = candidates_of(work, waiting, element)
    task = _common(work, waiting) | {
        "definition_id": work.instance.definition_id,
        "definition_key": work.instance.definition_key,
        "process_key": waiting.process_key,
        "name": (element.name or element.id)[:255],
        "form_key": element.attributes.get("formRef"),
        "assignee": assignee,
        "groups": groups,
        "users": users,
        "priority": priority_of(work, waiting, element),
        "created_at": work.at,
        "due_at": moment_of(work, waiting, element, "dueDate"),
        "follow_up_at": moment_of(work, waiting, element, "followUpDate"),
        "ended_at": None,
        "ended_by": None,
        "outcome": None,
    }
    who = [("group", g) for g in groups] + [("user", u) for u in users]
    rows = [
        {
            "task_id": waiting.token_id,
            "kind": kind,
            "candidate": candidate,
            "agency_id": work.instance.agency_id,
            "instance_id": work.instance.id,
        }
        for kind, candidate in who
    ]
    return task, rows


def read_variables(work_tx: Any, instance_id: str) -> tuple[dict[str, dict[str, Any]], dict[Any, Any]]:
    """All variables of an instance: scope -> name -> value for the interpreter, and what the rows hold."""
    scopes: dict[str, dict[str, Any]] = {"p:": {}}
    stored: dict[Any, Any] = {}
    query = select(Variable.scope, Variable.name, Variable.value, Variable.sealed)
    for scope, name, value, sealed in work_tx.execute(query.where(Variable.instance_id == instance_id)):
        stored[scope, name] = orjson.dumps(value), sealed
        names = scopes.setdefault(scope, {})
        if name != EMPTY_SCOPE:
            names[name] = value
    return scopes, stored


def write_variables(work: Work) -> None:
    """Insert, update and delete so that the rows equal the host's scopes. What is sealed stays sealed."""
    sealed = sealed_names(work)
    now = {
        (scope, name): value
        for scope, values in work.host.scopes.items()
        for name, value in (values or ({} if scope == "p:" else {EMPTY_SCOPE: None})).items()
    }
    added, changed = [], []
    for (scope, name), value in now.items():
        known = work.stored.get((scope, name))
        row = {
            "instance_id": work.instance.id,
            "scope": scope,
            "name": name,
            "value": value,
            "sealed": name in sealed,
        }
        if known is None:
            added.append(row)
        elif known != (orjson.dumps(value), row["sealed"]):
            changed.append(row)
    if added:
        work.tx.execute(insert(Variable), added)
    for row in changed:
        place = _place(work, row["scope"], row["name"])
        work.tx.execute(update(Variable).where(place).values(value=row["value"], sealed=row["sealed"]))
    if gone := [_place(work, *key) for key in work.stored if key not in now]:
        work.tx.execute(delete(Variable).where(or_(*gone)))


def sealed_names(work: Work) -> set[str]:
    """Names of the variables that are sealed when the work is done: those that were, and what copies them."""
    before = {name for (_, name), (_, flag) in work.stored.items() if flag}
    return spread(work.sealed | before, work.deployed, work.copies)


def _place(work: Work, scope: str, name: str) -> Any:
    return and_(Variable.instance_id == work.instance.id, Variable.scope == scope, Variable.name == name)
