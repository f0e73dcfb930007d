"""What narrows a list, and which part of it is wanted."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Page:
    """Which part of a list: ``first`` row (0-based), at most ``size`` rows (None: all), sorted by ``sort``.

    ``sort``: pairs (key, ascending); the keys are named at each query.
    """

    first: int = 0
    size: int | None = None
    sort: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class TaskFilter:
    """What narrows a list of user tasks; what is None or empty does not narrow."""

    task_id: str | None = None
    instance_id: str | None = None
    instance_ids: tuple[str, ...] = ()
    agency_ids: tuple[str, ...] = ()
    assignee: str | None = None
    assignee_like: str | None = None
    assignees: tuple[str, ...] = ()
    assigned: bool | None = None
    owner: str | None = None
    delegation_state: str | None = None
    candidate_group: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_user: str | None = None
    include_assigned: bool = False
    with_candidate_groups: bool | None = None
    with_candidate_users: bool | None = None
    definition_id: str | None = None
    definition_key: str | None = None
    definition_keys: tuple[str, ...] = ()
    element_id: str | None = None
    element_ids: tuple[str, ...] = ()
    element_id_like: str | None = None
    name: str | None = None
    name_like: str | None = None
    business_key: str | None = None
    business_keys: tuple[str, ...] = ()
    business_key_like: str | None = None
    pseudonym: str | None = None
    pseudonym_like: str | None = None
    priority: int | None = None
    priority_from: int | None = None
    priority_to: int | None = None
    created_before: datetime | None = None
    created_after: datetime | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    risk_before: datetime | None = None
    """At risk since before this moment (three quarters of its time are over)."""
    with_due: bool | None = None
    suspended: bool | None = None
    follow_up_before: datetime | None = None
    follow_up_after: datetime | None = None
    follow_up_before_or_none: datetime | None = None
    ended: bool | None = False


WHOLE = Page()
"""Everything, in a list's own order."""


ANY_TASK = TaskFilter()
"""Every open user task."""


@dataclass(frozen=True)
class InstanceFilter:
    """What narrows a list of process instances."""

    instance_id: str | None = None
    instance_ids: tuple[str, ...] = ()
    agency_ids: tuple[str, ...] = ()
    definition_id: str | None = None
    definition_key: str | None = None
    business_key: str | None = None
    business_key_like: str | None = None
    pseudonym: str | None = None
    element_id: str | None = None
    """Has an open user task of this element; what follows up to ``due_after`` is asked of the same task."""
    assigned: bool | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    at_risk: datetime | None = None
    """Not late at this moment, but one of its tasks is at risk."""
    ended: bool | None = None
    ended_after: datetime | None = None
    outcome: str | None = None
    started_before: datetime | None = None
    started_after: datetime | None = None
    started_by: str | None = None
    suspended: bool | None = None


ANY_INSTANCE = InstanceFilter()
"""Every process instance, open or ended."""
