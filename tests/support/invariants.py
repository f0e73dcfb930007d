"""What must hold in a database whatever has happened: rows and saved states tell the same story."""

from collections import Counter
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from engine import catalog, interpreter
from engine.queries.activities import read_events
from engine.queries.clocks import TaskPlace, deadline, declared_clocks, governing, state_of
from engine.store import reading
from engine.store.documents import unpack_variables
from engine.store.tables import (
    CaseClock,
    ExternalTask,
    Incident,
    Job,
    ProcessInstance,
    Subscription,
    TaskCandidate,
    UserTask,
)
from engine.types import HistoryKind

_LEFT = {HistoryKind.ACTIVITY_COMPLETED, HistoryKind.ACTIVITY_CANCELLED}


def check_invariants(database: Engine, instance_id: str | None = None) -> int:
    """Fail unless every instance, or one, keeps what `engine/store/tables/runtime.py` promises.

    Returns how many were looked at.
    """
    query = select(ProcessInstance.__table__)
    if instance_id is not None:
        query = query.where(ProcessInstance.id == instance_id)
    with reading(database) as tx:
        instances = tx.execute(query).all()
        for instance in instances:
            _check_waiting(tx, instance)
            _check_candidates(tx, instance.id)
            _check_history(tx, instance)
    return len(instances)


def _check_waiting(tx: Connection, instance: Row[Any]) -> None:
    """Open rows stand for exactly the live tokens of the state, with their ids, elements, times and names."""
    deployed = catalog.load_process(tx, instance.definition_id)
    scopes = unpack_variables(instance.variables)
    before = set(scopes)
    host = interpreter.Host(scopes, decide=_nobody, resolve_due=_nobody)
    workflow = interpreter.load(instance.state, deployed.executable, host)
    waiting = workflow.waiting()
    assert workflow.completed == (instance.ended_at is not None)
    assert (instance.outcome is None) == (instance.ended_at is None)
    tasks = _rows(tx, UserTask, instance.id, UserTask.ended_at.is_(None))
    wanted = {(w.token_id, w.process_key, w.element_id) for w in waiting if w.kind == "user_task"}
    assert {(t.id, t.process_key, t.element_id) for t in tasks} == wanted
    clocks = _check_clocks(tx, instance, tasks)
    dues = [row.due_at for row in (*tasks, *clocks) if row.due_at]
    assert instance.due_at == min(dues, default=None)
    jobs = _rows(tx, Job, instance.id, Job.kind.in_(("timer", "async")))
    wanted_jobs = {(w.kind, w.token_id, w.element_id) for w in waiting if w.kind in ("timer", "async")}
    assert {(j.kind, j.id, j.element_id) for j in jobs} == wanted_jobs
    due = {w.token_id: w.due for w in waiting if w.kind == "timer"}
    assert all(j.due_at == due[j.id] or j.error or "clock" in j.details for j in jobs if j.kind == "timer")
    subscriptions = {(s.id, s.element_id, s.kind, s.name) for s in _rows(tx, Subscription, instance.id)}
    events = [w for w in waiting if w.kind in ("message", "signal")]
    assert subscriptions == {(w.token_id, w.element_id, w.kind, w.name) for w in events}
    external = {(e.id, e.element_id, e.topic) for e in _rows(tx, ExternalTask, instance.id)}
    assert external == {(w.token_id, w.element_id, w.name) for w in waiting if w.kind == "external_task"}
    if instance.ended_at is None:
        stuck = _rows(tx, Incident, instance.id, Incident.kind == "stuck", Incident.resolved_at.is_(None))
        assert bool(stuck) != any(not w.boundary for w in waiting), "a case waits for something, or is stuck"
        assert set(host.scopes) == before, "every open scope is kept"


def _check_clocks(tx: Connection, instance: Row[Any], tasks: list[Row[Any]]) -> list[Row[Any]]:
    """The open clocks of a case: each has its job while there is something to tell, and tasks say what
    counts."""
    clocks = _rows(tx, CaseClock, instance.id)
    states = {row.clock_id: state_of(row) for row in clocks}
    rings = {row.id: states[row.clock_id].rings_at for row in clocks}
    jobs = {j.id: j for j in _rows(tx, Job, instance.id, Job.kind == "deadline")}
    assert {id_ for id_, at in rings.items() if at} == set(jobs)
    assert all(job.due_at == rings[job.id] or job.error for job in jobs.values())
    assert instance.ended_at is None or all(row.ended_at for row in clocks)
    deployed = catalog.load_process(tx, instance.definition_id)
    declared = declared_clocks(tx, instance.agency_id, instance.definition_key)
    places = [TaskPlace(t.id, t.process_key, t.element_id) for t in tasks]
    counts = governing(deployed, declared, states, places)
    for task in tasks:
        wanted = deadline(task.own_due_at, counts.get(task.id))
        assert (task.due_at, task.risk_at, task.clock_id) == (wanted.due_at, wanted.risk_at, wanted.clock_id)
    return [row for row in clocks if row.ended_at is None]


def _check_candidates(tx: Connection, instance_id: str) -> None:
    """The rows by which people find a task say the same as the task."""
    for task in _rows(tx, UserTask, instance_id):
        rows = tx.execute(select(TaskCandidate.__table__).where(TaskCandidate.task_id == task.id)).all()
        named = {("group", g) for g in task.groups} | {("user", u) for u in task.users}
        queue = {("group", task.queue)} if task.queue else set()
        assert {(row.kind, row.candidate) for row in rows} | queue == named
        assert not (rows and queue), "one place says it"
        assert (task.outcome is None) == (task.ended_at is None)


def _check_history(tx: Connection, instance: Row[Any]) -> None:
    """Each token enters once and leaves at most once; when a case has ended by itself, all have left."""
    events = [event for _, _, event in read_events(tx, [instance.id])]
    entered = Counter(e.token_id for e in events if e.kind == HistoryKind.ACTIVITY_ENTERED)
    left = Counter(e.token_id for e in events if e.kind in _LEFT)
    assert not entered or max(entered.values()) == 1
    assert not left or max(left.values()) == 1
    assert set(left) <= set(entered)
    if instance.ended_at is not None:
        assert set(left) == set(entered)
    done = [e.token_id for e in events if e.kind == HistoryKind.TASK_COMPLETED]
    assert len(done) == len(set(done)), "no task is completed twice"


def _rows(tx: Connection, table: Any, instance_id: str, *conditions: Any) -> list[Row[Any]]:
    query = select(table.__table__).where(table.instance_id == instance_id, *conditions)
    return list(tx.execute(query))


def _nobody(*_: Any) -> Any:
    raise AssertionError("looking at an instance asks its host nothing")
