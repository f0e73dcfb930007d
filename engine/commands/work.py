"""The unit of work: one process instance is loaded, moved on, and written back in one transaction.

``open_work`` locks and loads, the command moves tokens on ``work.workflow``, ``save_work`` compares what the
instance waited for with what it waits for now and writes the difference: state (guarded by its revision),
the variables with it, user tasks, timers, subscriptions and history. Nothing is written anywhere else.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from engine import catalog, clock
from engine.catalog import DeployedProcess
from engine.commands import history, rows
from engine.commands.clocks import catch_up, move_clocks, write_clocks
from engine.commands.due import resolve_due
from engine.commands.incidents import open_incident, resolve_incidents
from engine.commands.outbox import write_thrown
from engine.commands.returning import tell_doers
from engine.commands.sealing import sealed_names
from engine.commands.unit import Beginning, InstanceRow, Work
from engine.definitions.copies import Copy, copies_of
from engine.definitions.dmn import map_result
from engine.definitions.forms import Form
from engine.errors import (
    N_,
    ConcurrentUpdate,
    ExecutionFailed,
    InstanceClosed,
    InstanceErased,
    InstanceNotFound,
    InstanceSuspended,
)
from engine.feel import to_json
from engine.interpreter import Host, Waiting, load, start
from engine.secrecy import keys_of
from engine.store import hot
from engine.store.documents import open_variables, seal_values, seal_variables
from engine.types import Actor, HistoryKind, InstanceView, pseudonym_of

STUCK = N_("nothing is left to wait for")
_COLUMNS = len(InstanceRow.__dataclass_fields__)


def host_for(
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
    beginning: Beginning,
) -> Work:
    """Start an instance that has no row yet, with these variables; it runs to where it first waits."""
    at, copies = instance.started_at, list[Copy]()
    host = host_for(tx, deployed, at, zone, {"p:": variables}, copies)
    with clock.in_zone(zone.key):
        workflow = start(deployed.executable, host, beginning.start_element_id)
    return Work(
        tx, actor, at, zone, instance, deployed, host, workflow, {}, copies=copies, beginning=beginning
    )


def open_work(
    tx: Connection,
    actor: Actor,
    instance_id: str,
    *,
    even_suspended: bool = False,
    even_unreadable: bool = False,
) -> Work:
    """Lock and load an instance. Raises ``InstanceNotFound`` and what ``load_work`` raises."""
    row = tx.execute(hot.INSTANCE, {"instance_id": instance_id}).one_or_none()
    if row is None:
        raise InstanceNotFound(id=instance_id)
    return load_work(tx, actor, row, even_suspended=even_suspended, even_unreadable=even_unreadable)


def load_work(
    tx: Connection,
    actor: Actor,
    row: Row[Any],
    *,
    even_suspended: bool = False,
    even_unreadable: bool = False,
) -> Work:
    """What ``open_work`` returns, of a row that has been read (and locked): of ``hot.INSTANCE``, or one that
    begins with its columns. Raises ``InstanceClosed``, ``InstanceErased``, and ``InstanceSuspended`` unless
    the command moves ``even_suspended`` instances."""
    if row.ended_at is not None:
        raise InstanceClosed(id=row.id)
    if row.suspended and not even_suspended:
        raise InstanceSuspended(id=row.id)
    catalog.note_mark(tx, row.mark)
    instance = InstanceRow(*row[:_COLUMNS])
    deployed = catalog.load_process(tx, instance.definition_id)
    keys = keys_of(tx)
    key = keys.readable(row.key_id) if even_unreadable else keys.find(row.key_id) if row.key_id else None
    unreadable = row.key_id is not None and key is None
    if unreadable and not even_unreadable:  # a backup from before its erasure has brought it back
        raise InstanceErased(id=row.id)
    scopes = open_variables(row.variables, row.secrets, key)
    at, zone, copies = clock.now(), catalog.zone_of(tx, instance.agency_id), list[Copy]()
    host = host_for(tx, deployed, at, zone, scopes, copies)
    workflow = load(row.state, deployed.executable, host)
    before = {waiting.token_id: waiting for waiting in workflow.waiting()}
    return Work(
        tx,
        actor,
        at,
        zone,
        instance,
        deployed,
        host,
        workflow,
        before,
        sealed=set(row.sealed),
        copies=copies,
        troubled=row.troubled,
        clocked=row.clocked,
        key=key,
        unreadable=unreadable,
    )


def move(work: Work, token_id: str, values: Mapping[str, Any], *, completed: bool = False) -> None:
    """Complete the user task of a token (``completed``), or trigger what it waits for, and write the change.

    Expressions look at the clocks of the agency's zone. Raises as ``save_work``, and what the process raises.
    """
    act = work.workflow.complete if completed else work.workflow.trigger
    try:
        with clock.in_zone(work.zone.key):
            act(token_id, values)
        if completed:
            save_work(work, token_id, values)
        else:
            save_work(work)
    except ExecutionFailed as error:
        error.token_id = token_id
        raise


def seal(work: Work, form: Form | None) -> None:
    """Note what a form that was filled in marks as sealed, and what its computed fields copy."""
    if form is not None:
        work.sealed |= form.sealed
        work.copies += copies_of(form)


def save_work(work: Work, completed: str | None = None, submitted: Mapping[str, Any] | None = None) -> None:
    """Write what has changed. ``completed``: the token of the user task that a person has just done, with the
    values ``submitted``.

    Raises ``ConcurrentUpdate`` where another command was faster. An instance that waits for nothing and yet
    has not ended is saved all the same, with an incident: what a person has done is not lost, and a manager
    can lead it on.
    """
    workflow = work.workflow
    work.sealed = sealed_names(work)
    work.after = after = {waiting.token_id: waiting for waiting in workflow.waiting()}
    gone = [waiting for waiting in work.before.values() if not _waits(waiting, after)]
    work.clocks = clocks = move_clocks(work)
    with clock.in_zone(work.zone.key):
        opened = rows.rows_of(work, [w for w in after.values() if not _waits(w, work.before)])
    if work.beginning is not None:
        _insert_instance(work, work.beginning, opened.due_at)
    rows.close_waiting(work, gone, completed, submitted)
    rows.open_waiting(work.tx, opened)
    if clocks is not None:
        write_clocks(work, clocks)
    if work.beginning is None:
        _update_instance(work)
    rows.tell_assignees(work, opened)
    tell_doers(work, opened, completed)
    write_thrown(work)
    history.add_steps(work)
    if workflow.completed:
        history.add(work, HistoryKind.INSTANCE_ENDED)
    history.write(work)
    _keep_incidents(work, [*(waiting.token_id for waiting in gone), *(clocks.silent if clocks else ())])


def _waits(waiting: Waiting, among: Mapping[str, Waiting]) -> bool:
    """Whether a token waits there, for the same: what a job has resumed keeps its id where it stops next."""
    other = among.get(waiting.token_id)
    return other is not None and (other.kind, other.element_id) == (waiting.kind, waiting.element_id)


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


def _columns(work: Work) -> dict[str, Any]:
    """What every step writes of an instance. What is sealed stays sealed."""
    instance, ended = work.instance, work.workflow.completed
    document, secrets = seal_variables(work.host.scopes, work.sealed, work.case_key, ended=ended)
    return {
        "state": work.workflow.save(),
        "variables": document,
        "secrets": secrets,
        "key_id": work.key.id if work.key else None,
        "sealed": sorted(work.sealed),
        "revision": instance.revision + 1,
        "ended_at": work.at if ended else None,
        "outcome": "completed" if ended else None,
        "end_element_id": _last_element(work) if ended else None,
    }


def _insert_instance(work: Work, beginning: Beginning, due_at: datetime | None) -> None:
    submitted, secrets = seal_values(beginning.submitted, work.sealed, work.case_key)
    first = {
        "start_element_id": beginning.start_element_id,
        "submitted": submitted,
        "submitted_secrets": secrets,
        "due_at": min((due for due in (due_at, _clock_due(work)) if due is not None), default=None),
        "reason": None,
        "erased_at": None,
        "pseudonym": pseudonym_of(work.instance.id),
    }
    work.tx.execute(hot.ADD_INSTANCE, vars(work.instance) | first | _columns(work))


def _update_instance(work: Work) -> None:
    """Comes after the tasks, of which it looks for the most urgent."""
    key = {
        "instance_id": work.instance.id,
        "read_revision": work.instance.revision,
        "clock_due": _clock_due(work),
    }
    moved = work.tx.execute(hot.MOVE_INSTANCE, key | _columns(work)).one_or_none()
    if moved is None:
        raise ConcurrentUpdate
    catch_up(work, moved.mark)


def _clock_due(work: Work) -> datetime | None:
    return work.clocks.due_at if work.clocks is not None else None


def _last_element(work: Work) -> str | None:
    steps = [step for step in work.workflow.trace if step.process_key == work.deployed.key]
    return steps[-1].element_id if steps else None


def view_of(work: Work) -> InstanceView:
    """The instance as it was saved, without reading it back."""
    instance, deployed, ended = work.instance, work.deployed, work.workflow.completed
    steps = [w for w in work.after.values() if w.kind == "user_task"]
    return InstanceView(
        id=instance.id,
        agency_id=instance.agency_id,
        definition_id=instance.definition_id,
        definition_key=instance.definition_key,
        definition_name=deployed.name,
        definition_version=deployed.version,
        business_key=instance.business_key,
        started_at=instance.started_at,
        started_by=instance.started_by,
        ended_at=work.at if ended else None,
        outcome="completed" if ended else None,
        reason=None,
        suspended=instance.suspended,
        steps=tuple(deployed.element(w.process_key, w.element_id).label for w in steps),
    )
