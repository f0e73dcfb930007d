"""What a ``TaskFilter`` means in SQL, within what the actor may see."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from engine.access import task_names
from engine.queries.paging import like, where
from engine.store.tables import Agency, Membership, ProcessInstance, TaskCandidate, UserTask
from engine.types import TaskFilter

_CASE = aliased(ProcessInstance)


def asks_for_the_case(f: TaskFilter) -> bool:
    """Whether ``f`` says anything of the instance that a task belongs to."""
    of_case = (f.definition_id, f.business_key, f.business_keys, f.business_key_like)
    return any(asked is not None and asked != () for asked in (*of_case, f.pseudonym, f.pseudonym_like))


def narrow_tasks(query: Any, f: TaskFilter) -> Any:
    """``query`` (user tasks joined with their instances) as far as ``f`` lets through: a filter that says
    values, or their parameters (``Shape.filter``).

    Raises ``QueryInvalid`` for a pattern that cannot be searched for.
    """
    query = where(query, [*_equal(f), *_alike(f), *_moments(f), *_people(f)])
    by_candidate = f.candidate_groups or f.candidate_group is not None or f.candidate_user is not None
    if by_candidate and not f.include_assigned:
        query = query.where(UserTask.assignee.is_(None))
    return query


def _equal(f: TaskFilter) -> list[tuple[Any, Any]]:
    return [
        (UserTask.id.__eq__, f.task_id),
        (UserTask.instance_id.__eq__, f.instance_id),
        (UserTask.instance_id.in_, f.instance_ids),
        (UserTask.agency_id.in_, f.agency_ids),
        (ProcessInstance.definition_id.__eq__, f.definition_id),
        (UserTask.definition_key.__eq__, f.definition_key),
        (UserTask.definition_key.in_, f.definition_keys),
        (UserTask.element_id.__eq__, f.element_id),
        (UserTask.element_id.in_, f.element_ids),
        (UserTask.name.__eq__, f.name),
        (ProcessInstance.business_key.__eq__, f.business_key),
        (ProcessInstance.business_key.in_, f.business_keys),
        (_of_case_called, f.pseudonym),
        (UserTask.priority.__eq__, f.priority),
        (UserTask.priority.__ge__, f.priority_from),
        (UserTask.priority.__le__, f.priority_to),
        (ProcessInstance.suspended.is_, f.suspended),
    ]


def _alike(f: TaskFilter) -> list[tuple[Any, Any]]:
    return [
        (lambda pattern: like(UserTask.name, pattern), f.name_like),
        (lambda pattern: like(UserTask.element_id, pattern), f.element_id_like),
        (lambda pattern: like(UserTask.assignee, pattern), f.assignee_like),
        (lambda pattern: like(ProcessInstance.business_key, pattern), f.business_key_like),
        (lambda pattern: like(ProcessInstance.pseudonym, pattern), f.pseudonym_like),
    ]


def _moments(f: TaskFilter) -> list[tuple[Any, Any]]:
    return [
        (UserTask.created_at.__lt__, f.created_before),
        (UserTask.created_at.__gt__, f.created_after),
        (UserTask.due_at.__lt__, f.due_before),
        (UserTask.due_at.__gt__, f.due_after),
        (UserTask.risk_at.__lt__, f.risk_before),
        (lambda yes: _is_there(UserTask.due_at, yes), f.with_due),
        (UserTask.follow_up_at.__lt__, f.follow_up_before),
        (UserTask.follow_up_at.__gt__, f.follow_up_after),
        (_follows_up_before, f.follow_up_before_or_none),
        (lambda yes: _is_there(UserTask.ended_at, yes), f.ended),
    ]


def _people(f: TaskFilter) -> list[tuple[Any, Any]]:
    return [
        (UserTask.assignee.__eq__, f.assignee),
        (UserTask.assignee.in_, f.assignees),
        (lambda yes: _is_there(UserTask.assignee, yes), f.assigned),
        (UserTask.owner.__eq__, f.owner),
        (UserTask.delegation_state.__eq__, f.delegation_state),
        (lambda group: _candidate((group,)), f.candidate_group),
        (_candidate, f.candidate_groups),
        (_user, f.candidate_user),
        (lambda yes: _with("group", yes), f.with_candidate_groups),
        (lambda yes: _with("user", yes), f.with_candidate_users),
    ]


def _of_case_called(pseudonym: Any) -> ColumnElement[bool]:
    """By the index of agencies and pseudonyms: there are few agencies, and rights say which count."""
    called = _CASE.pseudonym == pseudonym, _CASE.agency_id.in_(select(Agency.id))
    return UserTask.instance_id.in_(select(_CASE.id).where(*called))


def _is_there(column: Any, yes: bool) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_not(None) if yes else column.is_(None)
    return found


def _follows_up_before(moment: datetime) -> ColumnElement[bool]:
    return or_(UserTask.follow_up_at.is_(None), UserTask.follow_up_at < moment)


def _candidate(groups: Collection[str], user_id: str | None = None) -> ColumnElement[bool]:
    named = and_(UserTask.queue.is_(None), task_names(groups, user_id))
    return or_(UserTask.queue.in_(groups), named)


def _user(user_id: str) -> ColumnElement[bool]:
    """A person is a candidate by name, and through a group, as in Camunda."""
    groups = select(Membership.group_id).where(
        Membership.user_id == user_id, Membership.agency_id == UserTask.agency_id
    )
    named = TaskCandidate.task_id == UserTask.id
    by_name = exists().where(named, TaskCandidate.kind == "user", TaskCandidate.candidate == user_id)
    by_group = exists().where(named, TaskCandidate.kind == "group", TaskCandidate.candidate.in_(groups))
    return or_(UserTask.queue.in_(groups), and_(UserTask.queue.is_(None), or_(by_name, by_group)))


def _with(kind: str, yes: bool) -> ColumnElement[bool]:
    """Whether a task has candidates of a kind."""
    found = exists().where(TaskCandidate.task_id == UserTask.id, TaskCandidate.kind == kind)
    if kind == "group":
        return or_(UserTask.queue.is_not(None), found) if yes else and_(UserTask.queue.is_(None), ~found)
    return found if yes else ~found
