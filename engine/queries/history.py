"""What happened: the events of a case, stays at elements, and what people filled in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, or_, select
from sqlalchemy.orm import aliased

from engine import access, catalog
from engine.queries.instances import require_visible
from engine.queries.paging import paged, where
from engine.queries.variables import read_variables
from engine.store import reading
from engine.store.tables import HistoryEvent, ProcessInstance, Submission, UserTask, Variable
from engine.types import WHOLE, ActivityView, Actor, Fact, HistoryKind, HistoryView, Page, VariableView


@dataclass(frozen=True)
class ActivityFilter:
    """What narrows a list of stays; what is None or empty does not narrow."""

    instance_id: str | None = None
    agency_ids: tuple[str, ...] = ()
    definition_id: str | None = None
    definition_key: str | None = None
    element_id: str | None = None
    element_type: str | None = None
    token_id: str | None = None
    finished: bool | None = None
    cancelled: bool | None = None


ANY_ACTIVITY = ActivityFilter()

_ENTERED, _LEFT = aliased(HistoryEvent), aliased(HistoryEvent)
_LEFT_KINDS = (HistoryKind.ACTIVITY_COMPLETED.value, HistoryKind.ACTIVITY_CANCELLED.value)
_ENDED_AT = func.coalesce(_LEFT.at, ProcessInstance.ended_at)
_ACTIVITY_SORT = {
    "started": _ENTERED.seq,
    "ended": _ENDED_AT,
    "element_id": _ENTERED.element_id,
    "element_name": _ENTERED.element_name,
    "element_type": _ENTERED.element_type,
    "instance": _ENTERED.instance_id,
}


def history(database: Engine, actor: Actor, instance_id: str) -> list[HistoryView]:
    """Every event of a case, oldest first. Raises ``InstanceNotFound``."""
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        query = select(HistoryEvent.__table__).where(HistoryEvent.instance_id == instance_id)
        return [HistoryView(**row._asdict()) for row in tx.execute(query.order_by(HistoryEvent.seq))]


def list_activities(
    database: Engine, actor: Actor, filter: ActivityFilter = ANY_ACTIVITY, page: Page = WHOLE
) -> list[ActivityView]:
    """Stays of tokens at elements, in the order in which they began.

    Sort keys: started, ended, element_id, element_name, element_type, instance. Raises ``QueryInvalid``.
    """
    columns = (
        _ENTERED.token_id,
        _ENTERED.instance_id,
        _ENTERED.agency_id,
        ProcessInstance.definition_id,
        ProcessInstance.definition_key,
        _ENTERED.element_id,
        _ENTERED.element_name,
        _ENTERED.element_type,
        _ENTERED.at.label("started_at"),
        _ENDED_AT.label("ended_at"),
        UserTask.assignee,
        _LEFT.kind.label("left_kind"),
        ProcessInstance.outcome,
    )
    query = paged(_activities(select(*columns), actor, filter), page, _ACTIVITY_SORT, _ENTERED.seq)
    with reading(database) as tx:
        return [_activity(row) for row in tx.execute(query)]


def count_activities(database: Engine, actor: Actor, filter: ActivityFilter = ANY_ACTIVITY) -> int:
    """How many stays ``list_activities`` would list without a page."""
    with reading(database) as tx:
        return int(tx.execute(_activities(select(func.count(_ENTERED.seq)), actor, filter)).scalar_one())


def _activities(query: Any, actor: Actor, f: ActivityFilter) -> Any:
    left = and_(
        _LEFT.instance_id == _ENTERED.instance_id,
        _LEFT.token_id == _ENTERED.token_id,
        _LEFT.kind.in_(_LEFT_KINDS),
    )
    query = (
        query.select_from(_ENTERED)
        .join(ProcessInstance, ProcessInstance.id == _ENTERED.instance_id)
        .outerjoin(_LEFT, left)
        .outerjoin(UserTask, UserTask.id == _ENTERED.token_id)
        .where(_ENTERED.kind == HistoryKind.ACTIVITY_ENTERED.value, access.visible_instances(actor))
    )
    was_cancelled = or_(
        _LEFT.kind == HistoryKind.ACTIVITY_CANCELLED.value,
        and_(_LEFT.seq.is_(None), ProcessInstance.outcome == "cancelled"),
    )
    return where(
        query,
        [
            (_ENTERED.instance_id.__eq__, f.instance_id),
            (_ENTERED.agency_id.in_, f.agency_ids),
            (ProcessInstance.definition_id.__eq__, f.definition_id),
            (ProcessInstance.definition_key.__eq__, f.definition_key),
            (_ENTERED.element_id.__eq__, f.element_id),
            (_ENTERED.element_type.__eq__, f.element_type),
            (_ENTERED.token_id.__eq__, f.token_id),
            (lambda yes: _ENDED_AT.is_not(None) if yes else _ENDED_AT.is_(None), f.finished),
            (
                lambda yes: was_cancelled if yes else func.coalesce(was_cancelled, False).is_(False),
                f.cancelled,
            ),
        ],
    )


def _activity(row: Any) -> ActivityView:
    values = row._asdict()
    left_kind, outcome = values.pop("left_kind"), values.pop("outcome")
    cancelled = left_kind == HistoryKind.ACTIVITY_CANCELLED or (left_kind is None and outcome == "cancelled")
    return ActivityView(**values, cancelled=cancelled)


def history_variables(
    database: Engine, actor: Actor, *, instance_ids: Iterable[str] = (), name: str | None = None
) -> list[VariableView]:
    """The last value of each variable of the cases (open or ended) that ``actor`` may see."""
    query = select(ProcessInstance.id).where(access.visible_instances(actor))
    if wanted := tuple(instance_ids):
        query = query.where(ProcessInstance.id.in_(wanted))
    with reading(database) as tx:
        found = read_variables(tx, list(tx.scalars(query)), scope=None)
    return [v for v in found if name in (None, v.name)]


def facts(database: Engine, actor: Actor, instance_id: str) -> list[Fact]:
    """What people filled in, step by step in the order of time, with the labels of the forms.

    What is sealed has its value only for who works on the case. Raises ``InstanceNotFound``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        query = select(Submission.__table__).where(Submission.instance_id == instance_id)
        rows = tx.execute(query.order_by(Submission.at, Submission.id)).all()
        names = select(Variable.name).where(Variable.instance_id == instance_id, Variable.sealed)
        sealed = frozenset(tx.scalars(names))
        found = [fact for row in rows for fact in _facts_of(tx, row, sealed)]
        worked = select(ProcessInstance.id).where(
            ProcessInstance.id == instance_id, access.worked_instances(actor)
        )
        if tx.execute(worked).first():
            return found
        return [replace(fact, display=None) if fact.sealed else fact for fact in found]


def _facts_of(tx: Connection, row: Any, sealed: frozenset[str]) -> list[Fact]:
    """The facts of one submission. What the case keeps sealed is, whether or not this form says so."""
    form = catalog.latest_form(tx, row.agency_id, row.form_id) if row.form_id else None
    at: datetime = row.at
    values = row._mapping["values"]
    described = form.describe(values) if form else [(k, k, str(v), False) for k, v in values.items()]
    place = (row.id, row.agency_id, row.element_id, row.element_name, at, row.by)
    return [
        Fact(*place, key, label, _plain(display), marked or key.partition(".")[0] in sealed)
        for key, label, display, marked in described
    ]


def _plain(display: Any) -> Any:
    """The rows of a list as pairs (label, display); anything else as it is."""
    if not isinstance(display, tuple):
        return display
    return tuple(tuple((fact.label, _plain(fact.display)) for fact in row) for row in display)
