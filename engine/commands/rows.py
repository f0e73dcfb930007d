"""Rows that stand for live tokens: user tasks, and a table for each other kind of waiting (``KINDS``)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete

from engine.commands.aligning import timer_due
from engine.commands.candidates import candidates_of, machine_priority, moment_of, priority_of
from engine.commands.external_rows import external_task_row
from engine.commands.job_rows import insert_jobs, job_row
from engine.commands.notifying import notify
from engine.commands.unit import Work
from engine.definitions.lint.clocks import BY_CLOCK
from engine.definitions.model import Element
from engine.interpreter import Waiting
from engine.queries.clocks import deadline
from engine.store import hot
from engine.store.documents import seal_values
from engine.types.notifications import NotificationKind

Insertion = Callable[[Connection, Sequence[Mapping[str, Any]]], None]


def close_waiting(
    work: Work, gone: Sequence[Waiting], completed: str | None, submitted: Mapping[str, Any] | None
) -> None:
    """End the rows of tokens that are no more; user tasks stay, with how they ended.

    ``submitted``: the values with which the user task of the token ``completed`` was done.
    """
    ended, removed = [], dict[Delete, list[dict[str, str]]]()
    for waiting in gone:
        if waiting.kind == "user_task":
            done = waiting.token_id == completed
            ended.append(_ending(work, waiting.token_id, submitted if done else None, done=done))
        elif kind := KINDS.get(waiting.kind):
            removed.setdefault(kind.remove, []).append({"token_id": waiting.token_id})
    if ended:
        work.tx.execute(hot.END_TASK, ended)
    for statement, rows in removed.items():
        work.tx.execute(statement, rows)


def _ending(work: Work, task_id: str, submitted: Mapping[str, Any] | None, *, done: bool) -> dict[str, Any]:
    plain, secrets = (None, None) if submitted is None else seal_values(submitted, work.sealed, work.case_key)
    return {
        "task_id": task_id,
        "ended_at": work.at,
        "ended_by": work.actor.user_id,
        "outcome": "completed" if done else "cancelled",
        "submitted": plain,
        "submitted_secrets": secrets,
    }


@dataclass(frozen=True)
class Opened:
    """Rows to insert: user tasks, their candidates, and those of each other kind of waiting."""

    tasks: Sequence[Mapping[str, Any]]
    candidates: Sequence[Mapping[str, Any]]
    others: Mapping[Insertion, Sequence[Mapping[str, Any]]]

    @property
    def due_at(self) -> datetime | None:
        """Of the most urgent of the tasks."""
        return min((task["due_at"] for task in self.tasks if task["due_at"]), default=None)


def rows_of(work: Work, new: Iterable[Waiting]) -> Opened:
    """A row for each token that has begun to wait."""
    tasks, candidates = list[dict[str, Any]](), list[dict[str, Any]]()
    others: dict[Insertion, list[dict[str, Any]]] = {}
    for waiting in new:
        if waiting.kind == "user_task":
            task, who = _task_rows(work, waiting)
            tasks.append(task)
            candidates += who
        elif kind := KINDS.get(waiting.kind):
            others.setdefault(kind.insert, []).append(kind.row(work, waiting))
    return Opened(tasks, candidates, others)


def open_waiting(tx: Connection, opened: Opened) -> None:
    """Insert the rows."""
    if opened.tasks:
        tx.execute(hot.ADD_TASKS, opened.tasks)
    if opened.candidates:
        tx.execute(hot.ADD_CANDIDATES, opened.candidates)
    for insert_rows, rows in opened.others.items():
        insert_rows(tx, rows)


def tell_assignees(work: Work, opened: Opened) -> None:
    """Tell whom the diagram has given a new task, unless they did the step before it themselves."""
    for task in opened.tasks:
        if task["assignee"] not in (None, work.actor.user_id):
            notify(
                work.tx,
                NotificationKind.TASK_ASSIGNED,
                work.instance.agency_id,
                [task["assignee"]],
                instance_id=work.instance.id,
                task_id=task["id"],
                about={"by": work.actor.user_id, "element_id": task["element_id"]},
            )


def _common(work: Work, waiting: Waiting) -> dict[str, Any]:
    return {
        "id": waiting.token_id,
        "instance_id": work.instance.id,
        "agency_id": work.instance.agency_id,
        "element_id": waiting.element_id,
    }


def _job(work: Work, waiting: Waiting) -> dict[str, Any]:
    due, details = waiting.due or work.at, dict[str, str]()
    element = work.deployed.element(waiting.process_key, waiting.element_id)
    if waiting.kind == "timer" and (clock_id := clock_of_timer(element)) is not None:
        details = {"clock": clock_id, "own": due.isoformat()}
        due = timer_due(due, work.clocks.after.get(clock_id) if work.clocks is not None else None)
    row = job_row(
        waiting.kind,
        waiting.token_id,
        work.instance.agency_id,
        due,
        instance_id=work.instance.id,
        process_key=waiting.process_key,
        element_id=waiting.element_id,
        priority=machine_priority(work, waiting, "jobPriority"),
        details=details,
    )
    return row | {"suspended": work.instance.suspended}


def clock_of_timer(element: Element) -> str | None:
    """The clock whose time a timer event has: the profile says it once. None where it has its own, as one
    that repeats has: each round after the deadline would be due at once, without end."""
    event = element.event_definition
    repeats = event is not None and event.timer == "timeCycle"
    return None if repeats else element.properties.get(BY_CLOCK)


def _subscription(work: Work, waiting: Waiting) -> dict[str, Any]:
    return _common(work, waiting) | {"name": waiting.name, "kind": waiting.kind}


def _insert_subscriptions(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    tx.execute(hot.ADD_SUBSCRIPTIONS, rows)


def _insert_external_tasks(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    tx.execute(hot.ADD_EXTERNAL_TASKS, rows)


@dataclass(frozen=True)
class RowKind:
    """How a kind of waiting is kept: what inserts rows, the statement that deletes one by its ``token_id``,
    and what is in a row."""

    insert: Insertion
    remove: Delete
    row: Callable[[Work, Waiting], dict[str, Any]]


_JOBS = RowKind(insert_jobs, hot.REMOVE_JOB, _job)
_SUBSCRIPTIONS = RowKind(_insert_subscriptions, hot.REMOVE_SUBSCRIPTION, _subscription)
_EXTERNAL_TASKS = RowKind(_insert_external_tasks, hot.REMOVE_EXTERNAL_TASK, external_task_row)
KINDS: Mapping[str, RowKind] = {
    "timer": _JOBS,
    "async": _JOBS,
    "message": _SUBSCRIPTIONS,
    "signal": _SUBSCRIPTIONS,
    "external_task": _EXTERNAL_TASKS,
}
"""What waits for something else than a person; a ``condition`` needs no row: it moves by itself."""


def _task_rows(work: Work, waiting: Waiting) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    element = work.deployed.element(waiting.process_key, waiting.element_id)
    groups, users, assignee = candidates_of(work, waiting, element)
    own = moment_of(work, waiting, element, "dueDate")
    state = work.clocks.counts.get(waiting.token_id) if work.clocks is not None else None
    task = _common(work, waiting) | {
        "queue": groups[0] if len(groups) == 1 and not users else None,
        "definition_key": work.instance.definition_key,
        "process_key": waiting.process_key,
        "name": element.label,
        "form_key": element.attributes.get("formRef"),
        "assignee": assignee,
        "groups": groups,
        "users": users,
        "priority": priority_of(work, waiting, element),
        "created_at": work.at,
        "own_due_at": own,
        **vars(deadline(own, state)),
        "follow_up_at": moment_of(work, waiting, element, "followUpDate"),
        "ended_at": None,
        "ended_by": None,
        "outcome": None,
        "submitted": None,
        "submitted_secrets": None,
    }
    who = [("group", g) for g in groups] + [("user", u) for u in users] if task["queue"] is None else []
    rows = [
        {
            "task_id": waiting.token_id,
            "kind": kind,
            "candidate": candidate,
            "instance_id": work.instance.id,
        }
        for kind, candidate in who
    ]
    return task, rows
