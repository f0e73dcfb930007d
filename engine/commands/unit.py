"""What one command holds of one process instance while it moves it on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.catalog import DeployedProcess
from engine.interpreter import Host, Waiting, Workflow
from engine.secrecy import CaseKey, keys_of
from engine.store.documents import Event
from engine.types import Actor

Copy = tuple[Collection[str], str]
"""(names of variables, name of a variable that their values are copied to)."""


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
class Work:
    """``before`` and ``after``: what the instance waited for when it was opened, and when it was saved;
    ``sealed``: names that are sealed or must be from now on, ``copies``: what carries their values on;
    ``events``: history so far; ``beginning``: of an instance that has no row yet; ``troubled``: it has an
    open incident; ``key``: of the case, None while nothing of it is sealed; ``unreadable``: it had
    one, which is lost or destroyed: such a case can only be ended, and no words about it are kept."""

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

    def case_key(self) -> CaseKey:
        """The key of the case; a new one where it had none."""
        if self.key is None:
            self.key = keys_of(self.tx).take()
        return self.key
