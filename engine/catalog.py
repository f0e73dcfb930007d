"""What is deployed, parsed once and kept: processes by definition id, forms and decisions by content.

Everything else that a step needs and that seldom changes (which version is the newest, an agency's zone, who
belongs to a group) is remembered by each server while the row of ``catalog_mark`` stays the same. Whoever
changes such a thing calls ``change_catalog`` in the same transaction; a step reads the mark with its first
statement, so no server ever works with what another has replaced. What is changed under the locks of cases
(the calendar, an agency's profile) counts for a step that has waited for such a lock too: ``renew_mark``.
"""

from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, insert, select, update

from engine import interpreter
from engine.definitions import parse_xml, read_processes
from engine.definitions.dmn import Decision, DecisionResult, imports_of, parse_decisions
from engine.definitions.forms import Form, parse_form
from engine.definitions.leading import reached_from
from engine.definitions.model import Element, Process
from engine.errors import DecisionNotFound, DefinitionNotFound, FormNotFound
from engine.store import hot
from engine.store.tables import (
    Agency,
    CatalogMark,
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)

Definition = ProcessDefinition | DecisionDefinition | FormDefinition
T = TypeVar("T")
_KEPT = 256
_REMEMBERED = 4096
_MARK = "titian_catalog_mark"
_CHANGING = -1
"""The mark of a transaction that changes the catalog itself: nothing that it sees is remembered."""

_memories: WeakKeyDictionary[Engine, tuple[int, dict[Hashable, Any]]] = WeakKeyDictionary()


def note_mark(tx: Connection, mark: int | None) -> None:
    """Spare ``tx`` the question for the mark: it has been read with something else (None: never changed)."""
    if _MARK not in tx.get_execution_options():
        tx.execution_options(**{_MARK: mark or 0})


def renew_mark(tx: Connection, mark: int | None) -> bool:
    """Let ``tx`` go on with the mark that it has read just now. Whether that is another one than before.

    A statement that waits for a lock (PostgreSQL) reads everything else as it was before the wait; so a step
    that has waited for a change of the calendar or the profile would go on with what was remembered.
    """
    known = tx.get_execution_options().get(_MARK)
    if known in (_CHANGING, mark or 0):
        return False
    tx.execution_options(**{_MARK: mark or 0})
    return True


def change_catalog(tx: Connection) -> None:
    """Make every server forget what it remembers, once ``tx`` is committed. Comes before the change."""
    if tx.execute(update(CatalogMark).values(version=CatalogMark.version + 1)).rowcount == 0:
        tx.execute(insert(CatalogMark).values(id=1, version=1))
    tx.execution_options(**{_MARK: _CHANGING})


def hold_catalog(tx: Connection) -> None:
    """Let nobody change what is remembered until ``tx`` has ended, and read it as it is now. Comes before any
    case is locked, as ``change_catalog`` does: so no two wait for each other."""
    renew_mark(tx, tx.scalar(hot.MARK.with_for_update()))


def remembered(tx: Connection, key: Hashable, find: Callable[[], T]) -> T:
    """What ``find`` reads in ``tx``, or what it has read before under this key and the present mark."""
    mark = tx.get_execution_options().get(_MARK)
    if mark is None:
        note_mark(tx, tx.scalar(hot.MARK))
        mark = tx.get_execution_options()[_MARK]
    if mark == _CHANGING:
        return find()
    known, memory = _memories.get(tx.engine, (_CHANGING, {}))
    if known != mark or len(memory) >= _REMEMBERED:
        memory = {}
        _memories[tx.engine] = mark, memory
    if key not in memory:
        memory[key] = find()
    found: T = memory[key]
    return found


@dataclass(frozen=True, eq=False)
class DeployedProcess:
    """A version of a process, ready to run. ``processes``: it and every process that it calls, by key."""

    id: str
    key: str
    name: str
    version: int
    agency_id: str
    deployed_at: datetime
    processes: Mapping[str, Process]
    executable: interpreter.Executable

    @property
    def process(self) -> Process:
        return self.processes[self.key]

    def element(self, process_key: str, element_id: str) -> Element:
        """The element that a token of this process or of a called one stands at."""
        return self.processes[process_key].elements[element_id]

    @cached_property
    def ahead(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Of each user task, by process and id: the elements to which a token can come from there."""
        return {
            (key, element.id): reached_from(process, [element.id])
            for key, process in self.processes.items()
            for element in process.elements.values()
            if element.type == "userTask"
        }


_processes: dict[str, DeployedProcess] = {}
_guard = Lock()


def load_process(tx: Connection, definition_id: str) -> DeployedProcess:
    """The version with this id. A version never changes, so it is parsed once a process of the server.

    Raises ``DefinitionNotFound``; ``XmlRefused`` where the interpreter cannot run it.
    """
    if found := _processes.get(definition_id):
        return found
    row, processes = _read(tx, definition_id)
    executable = interpreter.assemble(processes, row.key)
    deployed = DeployedProcess(
        row.id, row.key, row.name, row.version, row.agency_id, row.deployed_at, processes, executable
    )
    with _guard:
        while len(_processes) >= _KEPT:
            del _processes[next(iter(_processes))]
        _processes[definition_id] = deployed
    return deployed


def _read(tx: Connection, definition_id: str) -> tuple[Row[Any], dict[str, Process]]:
    """The row of a version, and its process with those that it calls, directly or not, as it pins them.

    From each file only the process that is meant: other processes in it have versions of their own. Where
    two versions of one process are called, the nearest counts.
    """
    rows: dict[str, Row[Any]] = {}
    processes: dict[str, Process] = {}
    todo = deque([definition_id])
    while todo:
        if (next_id := todo.popleft()) in rows:
            continue
        query = _with_content(ProcessDefinition).where(ProcessDefinition.id == next_id)
        row = tx.execute(query).one_or_none()
        if row is None:
            raise DefinitionNotFound(id=next_id)
        rows[next_id] = row
        found = read_processes(parse_xml(row.content, row.resource_name), row.resource_name)
        processes.setdefault(row.key, found[row.key])
        todo += row.calls.values()
    return rows[definition_id], processes


def _with_content(table: type[Definition]) -> Any:
    return (
        select(table.__table__, Resource.content, Deployment.deployed_at)
        .join(Resource, Resource.id == table.resource_id)
        .join(Deployment, Deployment.id == table.deployment_id)
    )


def latest(
    tx: Connection, table: type[Definition], agency_id: str, key: str, version: int | None = None
) -> Row[Any] | None:
    """The newest (or given) version of a key in an agency with ``content`` and ``deployed_at``, or None."""

    def find() -> Row[Any] | None:
        query = _versions(table, agency_id, key)
        return _newest(tx, query if version is None else query.where(table.version == version), table)

    return remembered(tx, (table, agency_id, key, version), find)


def bound(
    tx: Connection,
    table: type[Definition],
    agency_id: str,
    key: str,
    attributes: Mapping[str, str],
    reference: str,
    deployed_at: datetime,
) -> Row[Any] | None:
    """The version that a reference means by its Camunda binding (``formRefBinding``, ``decisionRefBinding``).

    ``latest`` (also where nothing is said): the newest. ``deployment``: the newest that was there when the
    process was deployed. ``version``: the one named by ``...RefVersion``.
    """
    match attributes.get(f"{reference}Binding", "latest"):
        case "version":
            number = attributes.get(f"{reference}Version", "")
            version = int(number) if number.isdecimal() and len(number) < 10 else 0
            return latest(tx, table, agency_id, key, version)
        case "deployment":
            query = _versions(table, agency_id, key).where(Deployment.deployed_at <= deployed_at)
            return remembered(tx, (table, agency_id, key, deployed_at), lambda: _newest(tx, query, table))
    return latest(tx, table, agency_id, key)


def referred(
    tx: Connection, table: type[Definition], deployed: DeployedProcess, element: Element, reference: str
) -> Row[Any] | None:
    """The version that an element's ``formRef`` or ``decisionRef`` means; None where it does not exist."""
    key = element.attributes.get(reference, "")
    return bound(tx, table, deployed.agency_id, key, element.attributes, reference, deployed.deployed_at)


def _versions(table: type[Definition], agency_id: str, key: str) -> Any:
    return _with_content(table).where(table.agency_id == agency_id, table.key == key)


def _newest(tx: Connection, query: Any, table: type[Definition]) -> Row[Any] | None:
    row: Row[Any] | None = tx.execute(query.order_by(table.version.desc()).limit(1)).first()
    return row


@lru_cache(_KEPT)
def _form(_digest: str, content: bytes, resource: str) -> Form:
    return parse_form(content, resource)


@lru_cache(_KEPT)
def _decisions(
    _digest: str, content: bytes, resource: str, others: tuple[tuple[str, bytes], ...]
) -> Mapping[str, Decision]:
    return parse_decisions(content, resource, dict(others))


def form_of(tx: Connection, deployed: DeployedProcess, element: Element) -> Form | None:
    """The form of a user task or start event, None where it has none. Raises ``FormNotFound``."""
    key = element.attributes.get("formRef")
    if not key:
        return None
    row = referred(tx, FormDefinition, deployed, element, "formRef")
    if row is None:
        raise FormNotFound(id=key)
    return _form(row.digest, row.content, row.resource_name)


def sealed_fields(tx: Connection, deployed: DeployedProcess) -> frozenset[str]:
    """Names of the variables that some form of a process, or of one that it calls, marks ``rahasia``, and of
    those that hold the message of an error: a worker writes it freely, and a name may be in it."""

    def find() -> frozenset[str]:
        names = set[str]()
        for process in deployed.processes.values():
            for element in process.elements.values():
                with suppress(FormNotFound):
                    form = form_of(tx, deployed, element)
                    names |= form.sealed if form else frozenset()
                names |= {event.message_variable for event in element.events}
        return frozenset(names - {""})

    return remembered(tx, ("sealed", deployed.id), find)


def latest_form(tx: Connection, agency_id: str, key: str) -> Form | None:
    """The newest version of a form of an agency."""
    row = latest(tx, FormDefinition, agency_id, key)
    return None if row is None else _form(row.digest, row.content, row.resource_name)


def evaluate_decision_row(tx: Connection, row: Row[Any], variables: Mapping[str, Any]) -> DecisionResult:
    """Evaluate one deployed decision. Raises ``DecisionError``."""
    return decision_of(tx, row).evaluate(variables)


def decision_of(tx: Connection, row: Row[Any]) -> Decision:
    """A decision; what its file imports was deployed with it, and so never changes under it."""
    others = _neighbours(tx, row.deployment_id) if imports_of(row.content) else ()
    return _decisions(row.digest, row.content, row.resource_name, others)[row.key]


def _neighbours(tx: Connection, deployment_id: str) -> tuple[tuple[str, bytes], ...]:
    """All files of a deployment by name."""

    def find() -> tuple[tuple[str, bytes], ...]:
        query = select(Resource.name, Resource.content).where(Resource.deployment_id == deployment_id)
        return tuple((name, content) for name, content in tx.execute(query.order_by(Resource.name)))

    return remembered(tx, (Resource, deployment_id), find)


def decide(
    tx: Connection, deployed: DeployedProcess, attributes: Mapping[str, str], variables: Mapping[str, Any]
) -> tuple[DecisionResult, frozenset[str]]:
    """What a business rule task evaluates, and the names of the variables whose values it may hold.

    Raises ``DecisionNotFound`` and ``DecisionError``.
    """
    key = attributes.get("decisionRef", "")
    row = bound(
        tx, DecisionDefinition, deployed.agency_id, key, attributes, "decisionRef", deployed.deployed_at
    )
    if row is None:
        raise DecisionNotFound(id=key)
    decision = decision_of(tx, row)
    return decision.evaluate(variables), decision.copied


def names_known(tx: Connection, agency_id: str, table: type[Definition]) -> Sequence[str]:
    """All keys that an agency has deployed."""
    return tx.scalars(select(table.key).where(table.agency_id == agency_id).distinct()).all()


def zone_of(tx: Connection, agency_id: str) -> ZoneInfo:
    """The zone of an agency's clocks (``zona`` in its profile)."""

    def find() -> ZoneInfo:
        profile = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one()
        return ZoneInfo(profile.get("zona", "Asia/Jakarta"))

    return remembered(tx, ("zone", agency_id), find)
