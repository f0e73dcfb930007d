"""The clocks of cases as values: what is declared for a process, how a case's stand, and which of them counts
for a task."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from engine.catalog import DeployedProcess, remembered
from engine.deadlines.clocks import ClockKind
from engine.deadlines.declarations import ClockDeclaration, read_clocks
from engine.deadlines.running import SOON, ClockOutcome, ClockState
from engine.definitions.leading import leading_to
from engine.store.tables import Agency


class TaskPlace(NamedTuple):
    """An open user task and where it stands."""

    id: str
    process_key: str
    element_id: str


@dataclass(frozen=True)
class TaskDeadline:
    """When a task is due, from when on it is at risk, and the clock that says so (None: the diagram). A clock
    without a time stands for one that nobody knows yet."""

    due_at: datetime | None = None
    risk_at: datetime | None = None
    clock_id: str | None = None


def declared_clocks(tx: Connection, agency_id: str, service: str) -> tuple[ClockDeclaration, ...]:
    """The clocks that an agency's profile declares for a process. Raises ``ProfileInvalid``."""

    def find() -> Mapping[str, tuple[ClockDeclaration, ...]]:
        profile = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one()
        return read_clocks(profile)

    return remembered(tx, ("clocks", agency_id), find).get(service, ())


def state_of(row: Row[Any]) -> ClockState:
    """The clock of a row of ``case_clock``."""
    runs = None if row.runs is None else tuple((_moment(first), _open(last)) for first, last in row.runs)
    return ClockState(
        clock_id=row.clock_id,
        kind=ClockKind(row.kind),
        amount=row.amount,
        started_at=row.started_at,
        runs=runs,
        due_at=row.due_at,
        warn_at=row.warn_at,
        warned_at=row.warned_at,
        breached_at=row.breached_at,
        ended_at=row.ended_at,
        outcome=ClockOutcome(row.outcome) if row.outcome else None,
        shape=row.shape,
        provisional=row.provisional,
    )


def columns_of(state: ClockState) -> dict[str, Any]:
    """The columns of ``case_clock`` that say how a clock stands."""
    runs = state.runs
    return vars(state) | {
        "kind": state.kind.value,
        "outcome": state.outcome.value if state.outcome else None,
        "runs": None if runs is None else [[first.isoformat(), _text(last)] for first, last in runs],
    }


def governing(
    deployed: DeployedProcess,
    declared: Iterable[ClockDeclaration],
    states: Mapping[str, ClockState],
    tasks: Sequence[TaskPlace],
) -> dict[str, ClockState]:
    """The clock that counts for each task, by the task's id: of several the one that is due first.

    A clock counts for the steps that lead to where it stops, or for all where none of the open ones does (it
    stops with the case); one that runs only at some steps counts for those. A called process leads to
    whatever its caller leads to.
    """
    found: dict[str, ClockState] = {}
    for clock in declared:
        state = states.get(clock.id)
        if state is None or state.ended_at is not None:
            continue
        for task in _counted(deployed, clock, tasks):
            known = found.get(task.id)
            if known is None or _urgency(state) < _urgency(known):
                found[task.id] = state
    return found


def deadline(own: datetime | None, state: ClockState | None) -> TaskDeadline:
    """The deadline of a task: the earlier of the diagram's own and its clock's."""
    if state is None or (own is not None and (state.due_at is None or own < state.due_at)):
        return TaskDeadline(own, own - SOON if own else None)
    return TaskDeadline(state.due_at, state.warn_at, state.clock_id)


def earliest_due(states: Iterable[ClockState]) -> datetime | None:
    """Of the open clocks of a case."""
    return min((s.due_at for s in states if s.ended_at is None and s.due_at is not None), default=None)


@lru_cache(1024)
def _leading(deployed: DeployedProcess, targets: frozenset[str]) -> frozenset[str]:
    """A version never changes, so this is found once a process of the server."""
    return leading_to(deployed.process, targets)


def _counted(
    deployed: DeployedProcess, clock: ClockDeclaration, tasks: Sequence[TaskPlace]
) -> Sequence[TaskPlace]:
    own = deployed.key
    if clock.runs_at:
        return [task for task in tasks if task.process_key == own and task.element_id in clock.runs_at]
    leads = _leading(deployed, clock.targets)
    return [task for task in tasks if task.process_key != own or task.element_id in leads] or tasks


def _urgency(state: ClockState) -> tuple[bool, float]:
    return (False, state.due_at.timestamp()) if state.due_at else (True, 0.0)


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _open(value: str | None) -> datetime | None:
    return None if value is None else _moment(value)


def _text(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
