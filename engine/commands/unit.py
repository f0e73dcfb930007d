"""What one command holds of one process instance while it moves it on."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.catalog import DeployedProcess
from engine.interpreter import Host, Waiting, Workflow
from engine.types import Actor

Copy = tuple[Collection[str], str]
"""(names of variables, name of a variable that their values are copied to)."""

StoredVariables = dict[tuple[str, str], tuple[bytes, bool]]
"""(scope, name) -> (JSON text, sealed), as the database has it."""


@dataclass(frozen=True)
class InstanceRow:
    """The columns of ``process_instance`` that a command needs."""

    id: str
    agency_id: str
    definition_id: str
    definition_key: str
    business_key: str
    revision: int
    started_at: datetime
    started_by: str


@dataclass
class Work:
    """``before``: what the instance waited for when it was opened; ``sealed``: names that must be sealed from
    now on, ``copies``: what carries their values on; ``events``: history so far; ``new``: the instance has no
    row yet; ``troubled``: it has an open incident."""

    tx: Connection
    actor: Actor
    at: datetime
    zone: ZoneInfo
    instance: InstanceRow
    deployed: DeployedProcess
    host: Host
    workflow: Workflow
    before: dict[str, Waiting]
    stored: StoredVariables = field(default_factory=dict)
    sealed: set[str] = field(default_factory=set)
    copies: list[Copy] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    new: bool = False
    troubled: bool = False
