"""What happened: the events of a case, what its variables were at last, and what people filled in."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from engine import access, catalog
from engine.queries.activities import WIDEST, read_events
from engine.queries.instances import require_visible
from engine.queries.submissions import Submission, read_submissions
from engine.queries.variables import read_variables, works_on
from engine.secrecy import CaseKey, keys_of, open_text
from engine.store import Database, reading
from engine.store.documents import Event
from engine.store.tables import ProcessInstance
from engine.types import Actor, Fact, HistoryView, VariableView


def history(database: Database, actor: Actor, instance_id: str) -> list[HistoryView]:
    """Every event of a case, oldest first. Raises ``InstanceNotFound``."""
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        key_id = tx.scalars(select(ProcessInstance.key_id).where(ProcessInstance.id == instance_id)).one()
        key = keys_of(tx).readable(key_id) if key_id else None
        return [_view(tx, key, *found) for found in read_events(tx, [instance_id])]


def _view(tx: Connection, key: CaseKey | None, number: int, entry: Any, event: Event) -> HistoryView:
    """An event with what its entry and its definition know; a definition never changes."""
    deployed = catalog.load_process(tx, entry.definition_id)
    process_key = event.process_key or deployed.key
    element = deployed.element(process_key, event.element_id) if event.element_id else None
    details = dict(event.details or {})
    if isinstance(reason := details.get("reason"), str):
        details["reason"] = open_text(key, "reason", reason)
    return HistoryView(
        seq=number,
        instance_id=entry.instance_id,
        agency_id=entry.agency_id,
        at=entry.at,
        user_id=entry.user_id,
        kind=event.kind,
        process_key=process_key if element else None,
        element_id=event.element_id,
        element_type=element.type if element else None,
        element_name=element.label if element else None,
        token_id=event.token_id,
        via=event.via,
        details=details,
    )


def history_variables(
    database: Database, actor: Actor, *, instance_ids: Iterable[str], name: str | None = None
) -> list[VariableView]:
    """The last value of each variable of these cases (open or ended), of those that ``actor`` may see; a
    sealed one has its value only in a case that ``actor`` works on.
    """
    query = select(ProcessInstance.id).where(
        ProcessInstance.id.in_(list(instance_ids)), access.visible_instances(actor)
    )
    with reading(database) as tx:
        ids = list(tx.scalars(query.limit(WIDEST)))
        found = read_variables(tx, ids, opened=works_on(tx, actor, ids), scope=None)
    return [v for v in found if name in (None, v.name)]


def facts(database: Database, actor: Actor, instance_id: str) -> list[Fact]:
    """What people filled in, step by step in the order of time, with the labels of the forms.

    What is sealed has its value only for who works on the case. Raises ``InstanceNotFound``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        return read_facts(tx, instance_id, opened=bool(works_on(tx, actor, [instance_id])))


def read_facts(tx: Connection, instance_id: str, *, opened: bool) -> list[Fact]:
    """The same inside a transaction whose caller has decided that the case may be seen, and what is sealed
    ``opened``."""
    sealed = frozenset(
        tx.scalars(select(ProcessInstance.sealed).where(ProcessInstance.id == instance_id)).one()
    )
    submissions = read_submissions(tx, instance_id, opened=opened)
    found = [fact for submission in submissions for fact in _facts_of(tx, submission, sealed)]
    return found if opened else [replace(fact, display=None) if fact.sealed else fact for fact in found]


def _facts_of(tx: Connection, submission: Submission, sealed: frozenset[str]) -> list[Fact]:
    """The facts of one submission. What the case keeps sealed is, whether or not this form says so."""
    agency_id, form_id, values = submission.agency_id, submission.form_id, submission.values
    hidden = submission.hidden
    form = catalog.latest_form(tx, agency_id, form_id) if form_id else None
    described = (
        form.describe(values, hidden)
        if form
        else [
            *((name, name, str(value), False) for name, value in values.items()),
            *((name, name, None, True) for name in sorted(hidden)),
        ]
    )
    place = (submission.id, agency_id, submission.element_id, submission.element_name)
    return [
        Fact(*place, submission.at, submission.by, key, label, plain(display), marked or _name(key) in sealed)
        for key, label, display, marked in described
    ]


def _name(key: str) -> str:
    """The variable that a field at this place belongs to."""
    return key.partition(".")[0]


def plain(display: Any) -> Any:
    """The rows of a list as pairs (label, display); anything else as it is."""
    if not isinstance(display, tuple):
        return display
    return tuple(tuple((fact.label, plain(fact.display)) for fact in row) for row in display)
