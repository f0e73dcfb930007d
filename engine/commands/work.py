"""The unit of work: one process instance is loaded, moved on, and written back in one transaction.

``open_work`` locks and loads, the command moves tokens on ``work.workflow``, ``save_work`` compares what the
instance waited for with what it waits for now and writes the difference: state (guarded by its revision),
user tasks, timers, subscriptions, variables and history. Nothing is written anywhere else.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, insert, select, update

from engine import catalog, clock
from engine.catalog import DeployedProcess
from engine.commands import history, rows
from engine.commands.due import resolve_due
from engine.commands.incidents import open_incident, resolve_incidents
from engine.commands.outbox import write_thrown
from engine.commands.sealing import copies_of
from engine.commands.unit import Copy, InstanceRow, Work
from engine.definitions.dmn import map_result
from engine.definitions.forms import Form
from engine.errors import N_, ConcurrentUpdate, InstanceClosed, InstanceNotFound
from engine.feel import to_json
from engine.interpreter import Host, Waiting, load, start
from engine.store.tables import Incident, ProcessInstance
from engine.types import Actor, HistoryKind

_INSTANCE = [getattr(ProcessInstance, name) for name in InstanceRow.__dataclass_fields__]
_TROUBLED = exists().where(Incident.instance_id == ProcessInstance.id, Incident.resolved_at.is_(None))
STUCK = N_("nothing is left to wait for")


def _host(
    tx: Connection,
    deployed: DeployedProcess,
    at: datetime,
    zone: ZoneInfo,
    scopes: dict[str, dict[str, Any]],
    copies: list[Copy],
) -> Host:
    """What the interpreter asks of its host: variables, decisions of the agency, and times in its zone.

    ``copies``: grows by what the decisions have copied.
    """

    def decide(attributes: Mapping[str, str], variables: Mapping[str, Any]) -> Any:
        result, copied = catalog.decide(tx, deployed, attributes, variables)
        copies.append((copied, attributes.get("resultVariable", "")))
        return to_json(map_result(result, attributes.get("mapDecisionResult", "resultList")))

    def due(kind: str, value: Any) -> datetime:
        return resolve_due(kind, value, at, zone)

    return Host(scopes=scopes, decide=decide, resolve_due=due)


def new_work(
    tx: Connection,
    actor: Actor,
    deployed: DeployedProcess,
    instance: InstanceRow,
    zone: ZoneInfo,
    variables: dict[str, Any],
    start_event_id: str | None,
) -> Work:
    """Start an instance that has no row yet, with these variables; it runs to where it first waits."""
    at, copies = instance.started_at, list[Copy]()
    host = _host(tx, deployed, at, zone, {"p:": variables}, copies)
    with clock.in_zone(zone.key):
        workflow = start(deployed.executable, host, start_event_id)
    return Work(tx, actor, at, zone, instance, deployed, host, workflow, {}, copies=copies, new=True)


def open_work(tx: Connection, actor: Actor, instance_id: str) -> Work:
    """Lock and load an instance. Raises ``InstanceNotFound`` and ``InstanceClosed``.

    The row lock (PostgreSQL; SQLite has one writer anyway) lets the second of two commands see what the first
    has done, instead of failing for nothing. It is the weak kind: rows that point to the instance may be
    inserted meanwhile, or a claim and a completion could each wait for the other.
    """
    query = select(*_INSTANCE, ProcessInstance.state, ProcessInstance.ended_at, _TROUBLED.label("troubled"))
    row = tx.execute(
        query.where(ProcessInstance.id == instance_id).with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise InstanceNotFound(id=instance_id)
    if row.ended_at is not None:
        raise InstanceClosed(id=instance_id)
    instance = InstanceRow(*row[: len(_INSTANCE)])
    deployed = catalog.load_process(tx, instance.definition_id)
    scopes, stored = rows.read_variables(tx, instance_id)
    at, zone, copies = clock.now(), catalog.zone_of(tx, instance.agency_id), list[Copy]()
    host = _host(tx, deployed, at, zone, scopes, copies)
    workflow = load(row.state, deployed.executable, host)
    before = {waiting.token_id: waiting for waiting in workflow.waiting()}
    work = Work(tx, actor, at, zone, instance, deployed, host, workflow, before, stored, copies=copies)
    work.troubled = row.troubled
    return work


def move(work: Work, token_id: str, values: Mapping[str, Any], *, completed: bool = False) -> None:
    """Complete the user task of a token (``completed``), or trigger what it waits for, and write the change.

    Expressions look at the clocks of the agency's zone. Raises as ``save_work``, and what the process raises.
    """
    act = work.workflow.complete if completed else work.workflow.trigger
    with clock.in_zone(work.zone.key):
        act(token_id, values)
    save_work(work, completed=token_id if completed else None)


def seal(work: Work, form: Form | None) -> None:
    """Note what a form that was filled in marks as sealed, and what its computed fields copy."""
    if form is not None:
        work.sealed |= form.sealed
        work.copies += copies_of(form)


def save_work(work: Work, completed: str | None = None) -> None:
    """Write what has changed. ``completed``: the token of the user task that a person has just done.

    Raises ``ConcurrentUpdate`` where another command was faster. An instance that waits for nothing and yet
    has not ended is saved all the same, with an incident: what a person has done is not lost, and a manager
    can lead it on.
    """
    workflow = work.workflow
    after = {waiting.token_id: waiting for waiting in workflow.waiting()}
    _write_instance(work, workflow.save())
    gone = [waiting for waiting in work.before.values() if not _waits(waiting, after)]
    rows.close_waiting(work, gone, completed)
    with clock.in_zone(work.zone.key):
        rows.open_waiting(work, [w for w in after.values() if not _waits(w, work.before)])
    rows.write_variables(work)
    write_thrown(work)
    history.add_steps(work)
    if workflow.completed:
        history.add(work, HistoryKind.INSTANCE_ENDED)
    history.write(work)
    _keep_incidents(work, [waiting.token_id for waiting in gone])


def _waits(waiting: Waiting, among: Mapping[str, Waiting]) -> bool:
    """Whether a token waits there, and for the same: what a job has resumed may next wait for a person."""
    other = among.get(waiting.token_id)
    return other is not None and other.kind == waiting.kind


def _keep_incidents(work: Work, gone: list[str]) -> None:
    """Resolve what was wrong with tokens that have moved on; open an incident where the instance is stuck."""
    instance = work.instance
    if work.troubled:
        resolve_incidents(work.tx, work.actor, [*gone, instance.id])
    if work.workflow.stuck:
        open_incident(
            work.tx,
            "stuck",
            agency_id=instance.agency_id,
            subject_id=instance.id,
            message=STUCK,
            instance_id=instance.id,
            definition_id=instance.definition_id,
            process_key=work.deployed.key,
        )


def _write_instance(work: Work, state: bytes) -> None:
    instance = work.instance
    values: dict[str, Any] = {"state": state, "revision": instance.revision + 1}
    if work.workflow.completed:
        values |= {"ended_at": work.at, "outcome": "completed", "end_element_id": _last_element(work)}
    if work.new:
        own = {name: getattr(instance, name) for name in InstanceRow.__dataclass_fields__}
        work.tx.execute(insert(ProcessInstance).values(**own | values))
        return
    guarded = update(ProcessInstance).where(
        ProcessInstance.id == instance.id, ProcessInstance.revision == instance.revision
    )
    if work.tx.execute(guarded.values(**values)).rowcount != 1:
        raise ConcurrentUpdate


def _last_element(work: Work) -> str | None:
    steps = [step for step in work.workflow.trace if step.process_key == work.deployed.key]
    return steps[-1].element_id if steps else None
