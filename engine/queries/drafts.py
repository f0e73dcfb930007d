"""What people have typed into forms and not sent yet: only its writer reads it, as long as the writer may do
the task (or start the process) at all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, or_, select

from engine import access, catalog
from engine.access import Action
from engine.definitions.forms import Form
from engine.errors import DefinitionNotFound, DraftNotFound, TaskNotFound
from engine.queries.four_eyes import doers
from engine.queries.history import plain
from engine.secrecy import CaseKey, keys_of
from engine.store import Database, reading
from engine.store.documents import open_draft
from engine.store.tables import Draft, ProcessDefinition, ProcessInstance, UserTask
from engine.types import Actor
from engine.types.drafts import DraftPlace, DraftVersion, DraftView, OfStart, OfTask, OwnDraft

_TASK: Any = (
    select(
        *(UserTask.id, UserTask.agency_id, UserTask.instance_id, UserTask.process_key, UserTask.element_id),
        *(UserTask.groups, UserTask.users, UserTask.assignee, UserTask.ended_at),
        *(ProcessInstance.definition_id, ProcessInstance.key_id),
    )
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .where(UserTask.id == bindparam("task_id"))
)


@dataclass(frozen=True)
class Place:
    """Where a draft is written, once it is clear that the actor may write there. ``key_id``: of the case,
    None where nothing of it is sealed yet, and at a start. ``form``: None where there is nothing to fill in.
    ``ended_at``: of the task."""

    agency_id: str
    form: Form | None
    instance_id: str | None = None
    task_id: str | None = None
    process_key: str | None = None
    key_id: str | None = None
    ended_at: datetime | None = None


def find_place(tx: Connection, actor: Actor, place: DraftPlace) -> Place:
    """A place at which the actor may write. Raises ``TaskNotFound``, ``DefinitionNotFound``,
    ``ActionForbidden``, ``SecondPersonNeeded``."""
    return _start(tx, actor, place) if isinstance(place, OfStart) else _task(tx, actor, place)


def _task(tx: Connection, actor: Actor, place: OfTask) -> Place:
    row = tx.execute(_TASK, {"task_id": place.task_id}).one_or_none()
    if row is None or not access.sees_task(actor, row.agency_id, row.groups, row.users, row.assignee):
        raise TaskNotFound(id=place.task_id)
    people = access.named_users(row.groups, row.users, row.assignee)
    access.require(actor, Action.COMPLETE, row.agency_id, groups=row.groups, users=people)
    deployed = catalog.load_process(tx, row.definition_id)
    element = deployed.element(row.process_key, row.element_id)
    done = doers(tx, row.instance_id, deployed, row.process_key, element)
    access.require_other_hands(actor, actor.user_id, done)
    return Place(
        row.agency_id,
        catalog.form_of(tx, deployed, element),
        instance_id=row.instance_id,
        task_id=row.id,
        key_id=row.key_id,
        ended_at=row.ended_at,
    )


def _start(tx: Connection, actor: Actor, place: OfStart) -> Place:
    row = catalog.latest(tx, ProcessDefinition, place.agency_id, place.key)
    if row is None or not access.may(actor, Action.SEE_DEFINITIONS, place.agency_id):
        raise DefinitionNotFound(id=place.key)
    deployed = catalog.load_process(tx, row.id)
    process = deployed.process
    people = {"groups": process.starter_groups, "users": process.starter_users}
    access.require(actor, Action.START, place.agency_id, **people)
    start = process.none_start
    form = catalog.form_of(tx, deployed, start) if start else None
    return Place(place.agency_id, form, process_key=place.key)


def of_place(actor: Actor, place: Place) -> ColumnElement[bool]:
    """The rows of ``draft`` that the actor has at a place."""
    if place.task_id is not None:
        return and_(Draft.user_id == actor.user_id, Draft.task_id == place.task_id)
    at = (Draft.agency_id == place.agency_id, Draft.process_key == place.process_key)
    return and_(Draft.user_id == actor.user_id, *at, Draft.task_id.is_(None))


def versions(actor: Actor, place: Place, *more: Any) -> Any:
    """What ``version_of`` takes of the actor's drafts at a place, and ``more`` of their columns; those in use
    first. ``business_key``: of the case that was opened without them."""
    columns = (Draft.id, Draft.revision, Draft.saved_at, Draft.device, Draft.set_aside)
    left = and_(ProcessInstance.id == Draft.instance_id, Draft.task_id.is_(None))
    query: Any = select(*columns, *more, ProcessInstance.business_key).outerjoin(ProcessInstance, left)
    return query.where(of_place(actor, place)).order_by(Draft.set_aside, Draft.saved_at.desc(), Draft.id)


def version_of(row: Row[Any]) -> DraftVersion:
    """The version that a row of ``versions`` stands for."""
    return DraftVersion(row.id, row.revision, row.saved_at, row.device, row.set_aside, case=row.business_key)


def read_draft(
    database: Database, actor: Actor, place: DraftPlace, draft_id: str | None = None
) -> DraftView | None:
    """What the actor has typed at a place: the version ``draft_id``, by default the one that was saved last;
    None where there is none, or where what it was sealed with is destroyed. At a start form the next case
    is another child's: without an id only the one draft that is not sent yet is read, and none that was set
    aside.

    A task that somebody else has ended still has it, for a while. Values that do not fit the form as it is
    now are left out (``Form.typed``). Raises ``DraftNotFound`` for a ``draft_id`` that is none, and as
    ``find_place``.
    """
    with reading(database) as tx:
        found, open_ = find_place(tx, actor, place), Draft.closed_at.is_(None)
        rows = tx.execute(versions(actor, found, Draft.key_id, Draft.content).where(open_)).all()
        usual = rows if found.task_id is not None else _only(rows)
        row = next((row for row in rows if row.id == draft_id) if draft_id else iter(usual), None)
        if draft_id is not None and row is None:
            raise DraftNotFound(id=draft_id)
        key = None if row is None else _key(tx, found, row)
        if row is None or key is None or found.form is None:
            return None
        return _view(found, found.form, key, row, rows)


def list_unsent(database: Database, actor: Actor, place: OfStart) -> list[DraftView]:
    """All that the actor has typed at a start form and not sent: what is in use before what was set aside,
    each the last saved first. Raises as ``find_place``."""
    with reading(database) as tx:
        found = find_place(tx, actor, place)
        query = versions(actor, found, Draft.key_id, Draft.content).where(Draft.closed_at.is_(None))
        rows, form = tx.execute(query).all(), found.form
        keyed = [(row, _key(tx, found, row)) for row in rows]
        return [
            _view(found, form, key, row, rows) for row, key in keyed if form is not None and key is not None
        ]


def _only(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """The one draft of a start form that nobody can take for another one's, if there is one."""
    unsent = [row for row in rows if row.business_key is None]
    return unsent if len(unsent) == 1 and not unsent[0].set_aside else []


def _key(tx: Connection, place: Place, row: Row[Any]) -> CaseKey | None:
    return keys_of(tx).readable(place.key_id if place.task_id is not None else row.key_id)


def _view(place: Place, form: Form, key: CaseKey, row: Row[Any], rows: Sequence[Row[Any]]) -> DraftView:
    values, before, files = open_draft(key, row.content)
    known = form.typed(values)
    others = [version_of(other) for other in rows if other.id != row.id]
    apart = place.task_id is None and row.set_aside
    return DraftView(
        place.agency_id,
        version_of(row),
        values=known,
        before={name: before.get(name) for name in known},
        words=[(label, plain(display)) for _, label, display, _ in form.describe(known)],
        rivals=[] if apart else [version for version in others if not version.set_aside],
        aside=[version for version in others if version.set_aside or apart],
        files=files,
    )


def list_own_drafts(database: Database, actor: Actor) -> list[OwnDraft]:
    """Where the actor has drafts, each place once, the last saved first. Nothing of tasks that the actor may
    not see any more, nor of what was left behind when a case was opened."""
    unsent = and_(Draft.task_id.is_(None), Draft.instance_id.is_(None))
    query: Any = (
        select(
            *(Draft.agency_id, Draft.saved_at, Draft.process_key, Draft.task_id, Draft.instance_id),
            *(UserTask.name, ProcessInstance.business_key),
            *(UserTask.assignee, UserTask.ended_at, UserTask.ended_by),
        )
        .outerjoin(UserTask, UserTask.id == Draft.task_id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Draft.instance_id)
        .where(access.own_drafts(actor), Draft.closed_at.is_(None))
        .where(or_(Draft.set_aside.is_(False), unsent))
        .where(or_(Draft.task_id.is_(None), access.visible_tasks(actor)))
        .order_by(Draft.saved_at.desc(), Draft.id)
    )
    with reading(database) as tx:
        rows = tx.execute(query).all()
    count = Counter(map(_place_of, rows))
    last = {_place_of(row): row for row in reversed(rows)}
    return [replace(OwnDraft(*last[place]), count=number) for place, number in count.items()]


def _place_of(row: Row[Any]) -> tuple[str, str | None, str | None]:
    return row.agency_id, row.process_key, row.task_id
