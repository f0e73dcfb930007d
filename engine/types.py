"""Small values that every layer passes around."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

MANAGER, ANALYST, SERVICE = "manajer", "analis", "layanan"
"""Reserved groups: who holds them in an agency has the role there (the others are candidate groups)."""

ROLES = frozenset({MANAGER, ANALYST, SERVICE})


@dataclass(frozen=True)
class Actor:
    """Who acts: a user id (``peksos@pasuruan``) and what the user belongs to.

    ``memberships`` holds pairs (agency id, group); ``admin`` keeps users and agencies and sees no case.
    Built from the database at every request, never from what a client sends.
    """

    user_id: str
    memberships: frozenset[tuple[str, str]] = frozenset()
    admin: bool = False
    name: str = field(default="", compare=False)

    @classmethod
    def of(cls, user_id: str, agency_id: str, groups: Iterable[str], *, admin: bool = False) -> "Actor":
        """An actor of one agency."""
        return cls(user_id, frozenset((agency_id, group) for group in groups), admin)

    @cached_property
    def by_agency(self) -> dict[str, frozenset[str]]:
        """Agency id -> all groups held there, roles included."""
        found: dict[str, set[str]] = {}
        for agency_id, group in self.memberships:
            found.setdefault(agency_id, set()).add(group)
        return {agency_id: frozenset(groups) for agency_id, groups in found.items()}

    def groups(self, agency_id: str) -> frozenset[str]:
        """Candidate groups held in one agency, without roles."""
        return self.by_agency.get(agency_id, frozenset()) - ROLES

    def holds(self, agency_id: str, role: str) -> bool:
        """Whether the actor has a role (``manajer``, ``analis``) in an agency."""
        return (agency_id, role) in self.memberships

    def agencies_with(self, role: str) -> frozenset[str]:
        """Ids of the agencies in which the actor has a role."""
        return frozenset(a for a, group in self.memberships if group == role)


SYSTEM = Actor("system")
"""Acts when no person does: a timer that is due, the first deployment."""


class HistoryKind(StrEnum):
    """What a history event tells."""

    INSTANCE_STARTED = "instance_started"
    INSTANCE_ENDED = "instance_ended"
    INSTANCE_CANCELLED = "instance_cancelled"
    INSTANCE_SUSPENDED = "instance_suspended"
    INSTANCE_ACTIVATED = "instance_activated"
    INSTANCE_MODIFIED = "instance_modified"
    INSTANCE_MIGRATED = "instance_migrated"
    MIGRATION_UNDONE = "migration_undone"
    ACTIVITY_ENTERED = "activity_entered"
    ACTIVITY_COMPLETED = "activity_completed"
    ACTIVITY_CANCELLED = "activity_cancelled"
    ACTIVITY_MIGRATED = "activity_migrated"
    TASK_CLAIMED = "task_claimed"
    TASK_UNCLAIMED = "task_unclaimed"
    TASK_ASSIGNED = "task_assigned"
    TASK_COMPLETED = "task_completed"
    VARIABLES_SET = "variables_set"
    MESSAGE_RECEIVED = "message_received"
    SIGNAL_RECEIVED = "signal_received"
    JOB_CHANGED = "job_changed"
    EXTERNAL_TASK_COMPLETED = "external_task_completed"
    EXTERNAL_TASK_FAILED = "external_task_failed"
    EXTERNAL_TASK_ERROR = "external_task_error"
    TIMER_FIRED = "timer_fired"


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
    priority: int | None = None
    priority_from: int | None = None
    priority_to: int | None = None
    created_before: datetime | None = None
    created_after: datetime | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
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
class TaskView:
    """A user task as lists and pages show it: no variable, no name of a child."""

    id: str
    instance_id: str
    agency_id: str
    definition_id: str
    definition_key: str
    definition_name: str
    process_key: str
    """Of the process that the element is in: another one than the instance's where that has called it."""
    element_id: str
    name: str
    form_key: str | None
    assignee: str | None
    groups: tuple[str, ...]
    users: tuple[str, ...]
    priority: int
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    outcome: str | None
    business_key: str
    started_at: datetime
    """When the case was received."""
    suspended: bool = False
    """Its case is: nothing can be done with it."""


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
    element_id: str | None = None
    """Has an open user task of this element; what follows up to ``due_after`` is asked of the same task."""
    assigned: bool | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    ended: bool | None = None
    ended_after: datetime | None = None
    outcome: str | None = None
    started_before: datetime | None = None
    started_after: datetime | None = None
    started_by: str | None = None
    suspended: bool | None = None


ANY_INSTANCE = InstanceFilter()
"""Every process instance, open or ended."""


@dataclass(frozen=True)
class InstanceView:
    """A process instance without its variables. ``steps``: names of its open user tasks, oldest first."""

    id: str
    agency_id: str
    definition_id: str
    definition_key: str
    definition_name: str
    definition_version: int
    business_key: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    outcome: str | None
    reason: str | None
    steps: tuple[str, ...] = ()
    suspended: bool = False


@dataclass(frozen=True)
class VariableView:
    """A variable of a process instance. ``sealed``: it came from a field marked ``rahasia``."""

    name: str
    value: Any
    sealed: bool
    instance_id: str
    scope: str = "p:"


@dataclass(frozen=True)
class VariableDescription:
    """A variable as a page shows it: its field's label, and the value in words where a form knows them.

    ``value`` is None where ``sealed``; a list of rows is a tuple of rows, each a tuple of (label, value).
    """

    name: str
    label: str
    value: Any
    sealed: bool


class ValueKind(StrEnum):
    """How a person writes the value of a variable; ``COMPOUND``: not at all, it is a list, object or file."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    COMPOUND = "compound"


@dataclass(frozen=True)
class VariableField:
    """A variable as whoever corrects it is asked for it: its JSON value (None where ``sealed``), and how the
    form that was filled in last asks for it. ``options``: (value, label) pairs of a ``CHOICE``.
    """

    name: str
    label: str
    value: Any
    sealed: bool
    kind: ValueKind
    options: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True)
class StepView:
    """A step of a process at which people are waited for; ``waiting``: how many open tasks it has."""

    agency_id: str
    definition_key: str
    element_id: str
    name: str
    waiting: int


@dataclass(frozen=True)
class Person:
    """A user by id and name, where nothing else of the user matters."""

    id: str
    name: str


@dataclass(frozen=True)
class DefinitionView:
    """A version of a process, a decision or a form (``kind``)."""

    kind: str
    id: str
    agency_id: str
    key: str
    version: int
    name: str
    deployment_id: str
    resource_name: str
    deployed_at: datetime
    startable: bool = False
    """Processes only: the actor may start it."""


@dataclass(frozen=True)
class DeploymentView:
    id: str
    agency_id: str
    name: str
    source: str
    deployed_at: datetime
    deployed_by: str
    definitions: tuple[DefinitionView, ...] = ()
    """Only those that this deployment made new."""
    warnings: tuple[Any, ...] = ()
    """The linter's findings that did not stop it (only right after deploying)."""


@dataclass(frozen=True)
class HistoryView:
    """One history event (``HistoryKind``); ``details`` never holds the value of a variable."""

    seq: int
    instance_id: str
    agency_id: str
    at: datetime
    user_id: str
    kind: str
    process_key: str | None
    element_id: str | None
    element_type: str | None
    element_name: str | None
    token_id: str | None
    via: str | None
    details: dict[str, Any]


@dataclass(frozen=True)
class ActivityView:
    """One stay of a token at an element: entered, and left or not."""

    token_id: str
    instance_id: str
    agency_id: str
    definition_id: str
    definition_key: str
    element_id: str
    element_name: str
    element_type: str
    started_at: datetime
    ended_at: datetime | None
    cancelled: bool
    assignee: str | None


@dataclass(frozen=True)
class DiagramView:
    """An instance on its diagram: ``tokens`` element id -> live tokens; ``visited``, ``flows``: the path."""

    xml: str
    tokens: dict[str, int]
    visited: tuple[str, ...]
    flows: tuple[str, ...]


@dataclass(frozen=True)
class UserView:
    """A user without secrets. ``memberships``: pairs (agency id, group)."""

    id: str
    name: str
    admin: bool
    active: bool
    language: str
    memberships: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AgencyView:
    """``profile``: the agency's ``agency.toml`` (names, colour, zone, groups, channels) as a dict."""

    id: str
    name: str
    profile: dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One answer that a person gave at a step, in the words of its form.

    ``display``: a text, a number, a list of labels, or a tuple of rows, each of pairs (label, display). None
    where it is ``sealed`` (its field is marked ``rahasia``) and the reader does not work on the case.
    """

    submission_id: str
    agency_id: str
    element_id: str
    element_name: str
    at: datetime
    by: str
    key: str
    label: str
    display: Any
    sealed: bool
