"""What one command holds of one process instance while it moves it on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.catalog import DeployedProcess
from engine.deadlines.declarations import ClockDeclaration
from engine.deadlines.running import ClockState
from engine.definitions.copies import Copy
from engine.interpreter import Host, Waiting, Workflow
from engine.queries.clocks import earliest_due
from engine.secrecy import CaseKey, keys_of
from engine.store.documents import Event
from engine.types import Actor


@dataclass(frozen=True)
class InstanceRow:
    """The columns of ``process_instance`` that a command needs; the first of ``hot.INSTANCE_COLUMNS``."""

    id: str
    agency_id: str
    definition_id: str
    definition_key: str
    business_key: str
    revision: int
    started_at: datetime
    started_by: str
    suspended: bool = False


@dataclass(frozen=True)
class Beginning:
    """What only the first row of a new instance gets: where it began, and what was filled in there."""

    start_element_id: str
    submitted: Mapping[str, Any]


@dataclass
class CaseClocks:
    """``ids``: of the rows, by clock; ``before``, ``after``: how the clocks stood, and stand now; ``counts``:
    the clock of each open task, by the task's id; ``moved``: an older task or timer has another time now;
    ``silent``: ids of jobs that ring no more."""

    declared: Sequence[ClockDeclaration]
    ids: dict[str, str]
    before: Mapping[str, ClockState]
    after: dict[str, ClockState] = field(default_factory=dict)
    counts: Mapping[str, ClockState] = field(default_factory=dict)
    moved: bool = False
    silent: Sequence[str] = ()

    @property
    def due_at(self) -> datetime | None:
        """Of the most urgent clock that is open."""
        return earliest_due(self.after.values())


@dataclass
class Work:
    """``before`` and ``after``: what the instance waited for when it was opened, and when it was saved;
    ``sealed``: names that are sealed or must be from now on, ``copies``: what carries their values on;
    ``events``: history so far; ``beginning``: of an instance that has no row yet; ``troubled``: it has an
    open incident; ``key``: of the case, None while nothing of it is sealed; ``unreadable``: it had
    one, which is lost or destroyed: such a case can only be ended, and no words about it are kept;
    ``clocked``: a clock of the case is open; ``clocks``: they, None where none is or may begin;
    ``relocated``: it is of another version now; ``stood``: the elements at which its tokens stood before they
    were moved by hand, None where they were not."""

    tx: Connection
    actor: Actor
    at: datetime
    zone: ZoneInfo
    instance: InstanceRow
    deployed: DeployedProcess
    host: Host
    workflow: Workflow
    before: dict[str, Waiting]
    after: dict[str, Waiting] = field(default_factory=dict)
    sealed: set[str] = field(default_factory=set)
    copies: list[Copy] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    beginning: Beginning | None = None
    troubled: bool = False
    key: CaseKey | None = None
    unreadable: bool = False
    clocked: bool = True
    clocks: CaseClocks | None = None
    relocated: bool = False
    stood: frozenset[str] | None = None

    def case_key(self) -> CaseKey:
        """The key of the case; a new one where it had none."""
        if self.key is None:
            self.key = keys_of(self.tx).take()
        return self.key
