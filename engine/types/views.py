"""What queries answer: frozen values, and no name of a child where nobody asked for variables."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class DelegationState(StrEnum):
    """Camunda's: somebody does a task for its owner, or has done so."""

    PENDING = "PENDING"
    RESOLVED = "RESOLVED"


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
    risk_at: datetime | None = None
    """From when on it is at risk."""
    clock_id: str | None = None
    """The clock of the case that says when it is due, or that nobody knows it yet; None: the diagram does."""
    suspended: bool = False
    """Its case is: nothing can be done with it."""
    owner: str | None = None
    """For whom the assignee does the work, or has done it."""
    delegation_state: str | None = None
    """One of ``DelegationState``, None where it was never delegated."""


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
    erased_at: datetime | None = None
    due_at: datetime | None = None
    """Of its most urgent task or clock."""


@dataclass(frozen=True)
class VariableView:
    """A variable of a process instance. ``sealed``: it came from a field marked ``rahasia``; ``value`` is
    None then for whoever may not read it.
    """

    name: str
    value: Any
    sealed: bool
    instance_id: str
    scope: str = "p:"


@dataclass(frozen=True)
class ErasureView:
    """An erasure of what is sealed in a case: asked for, agreed to or withdrawn, and certified at last.

    ``rule``: the retention rule that asked for it, where no person did. ``certificate``: what, when, who, and
    a hash.
    """

    id: str
    instance_id: str
    agency_id: str
    business_key: str
    reason: str
    rule: str | None
    requested_at: datetime
    requested_by: str
    agreed_at: datetime | None
    agreed_by: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    certified_at: datetime | None
    certificate: dict[str, Any] | None


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
