"""What clocks set besides themselves: the due times of open tasks and of cases, timers of the diagram that
are a clock's, and the job that rings next. Read from the rows, for one case or for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, select, union_all, update

from engine import catalog, clock
from engine.catalog import DeployedProcess
from engine.commands.job_rows import RETRIES, SET_BY_HAND, insert_jobs, job_row, tell
from engine.deadlines.declarations import ClockDeclaration
from engine.deadlines.running import ClockState
from engine.queries.clocks import TaskPlace, deadline, declared_clocks, governing
from engine.store import hot
from engine.store.tables import CaseClock, Job, ProcessInstance, UserTask, table_of

KIND: Final = "deadline"
"""The kind of the job that warns of a deadline, and tells of its breach."""

_TASK, _CLOCK, _JOB, _INSTANCE = map(table_of, (UserTask, CaseClock, Job, ProcessInstance))
_IDS: Any = bindparam("ids", expanding=True)
_COLUMNS = ("id", "instance_id", "process_key", "element_id", "own_due_at", "due_at", "risk_at", "clock_id")
_OPEN_TASKS = select(*(_TASK.c[name] for name in _COLUMNS)).where(
    _TASK.c.instance_id.in_(_IDS), _TASK.c.ended_at.is_(None)
)
_SET_TASK = (
    update(_TASK)
    .where(_TASK.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in ("due_at", "risk_at", "clock_id")})
)
_TIMER_COLUMNS = ("id", "instance_id", "due_at", "retries", "priority", "details")
_TIMERS = select(*(_JOB.c[name] for name in _TIMER_COLUMNS)).where(
    _JOB.c.instance_id.in_(_IDS), _JOB.c.kind == "timer"
)
_SET_JOB = (
    update(_JOB)
    .where(_JOB.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in ("due_at", "retries", "error")})
)
_DUES = union_all(
    *(
        select(table.c.due_at)
        .where(table.c.instance_id == _INSTANCE.c.id, table.c.ended_at.is_(None))
        .correlate(_INSTANCE)  # inside of a union, nothing is correlated by itself
        for table in (_TASK, _CLOCK)
    )
)
_SET_INSTANCES: Any = (
    update(_INSTANCE)
    .where(_INSTANCE.c.id.in_(_IDS), _INSTANCE.c.ended_at.is_(None))
    .values(due_at=select(func.min(_DUES.subquery().c.due_at)).scalar_subquery())
)


class Case(NamedTuple):
    """A case as far as its clocks need it."""

    id: str
    agency_id: str
    definition_id: str
    definition_key: str


States = Mapping[str, Mapping[str, ClockState]]
"""Instance id -> clock id -> how the clock stands."""


def align_cases(tx: Connection, cases: Sequence[Case], states: States, before: States | None = None) -> None:
    """Give the open tasks, the timers and the cases themselves the times that their clocks say.

    ``before``: how the clocks stood. A timer whose clock says what it said then keeps its time, which
    somebody may have set by hand, and its tries.
    """
    align_tasks(tx, cases, states, before)
    ids = [case.id for case in cases]
    if ids:
        tx.execute(_SET_INSTANCES, {"ids": ids})


def align_tasks(tx: Connection, cases: Sequence[Case], states: States, before: States | None = None) -> None:
    """The same without the cases, whose own row the caller writes."""
    ids, declared = [case.id for case in cases], dict[tuple[str, str], Sequence[ClockDeclaration]]()
    for case in cases:  # where the catalog is being changed, nothing is remembered
        if (place := (case.agency_id, case.definition_key)) not in declared:
            declared[place] = declared_clocks(tx, *place)
    tasks = defaultdict[str, list[Row[Any]]](list)
    for row in tx.execute(_OPEN_TASKS, {"ids": ids}):
        tasks[row.instance_id].append(row)
    changed = [
        values
        for case in cases
        for values in _tasks(
            catalog.load_process(tx, case.definition_id),
            declared[case.agency_id, case.definition_key],
            states[case.id],
            tasks[case.id],
        )
    ]
    if changed:
        tx.execute(_SET_TASK, changed)
    _set_timers(tx, states, tx.execute(_TIMERS, {"ids": ids}).all(), before)


def _tasks(
    deployed: DeployedProcess,
    declared: Sequence[ClockDeclaration],
    states: Mapping[str, ClockState],
    rows: Sequence[Row[Any]],
) -> list[dict[str, Any]]:
    """What is to be written of the tasks of a case."""
    places = [TaskPlace(row.id, row.process_key, row.element_id) for row in rows]
    counts = governing(deployed, declared, states, places)
    changed = []
    for row in rows:
        wanted = deadline(row.own_due_at, counts.get(row.id))
        if (row.due_at, row.risk_at, row.clock_id) != (wanted.due_at, wanted.risk_at, wanted.clock_id):
            changed.append(vars(wanted) | {"row_id": row.id})
    return changed


def timer_due(own: datetime, state: ClockState | None) -> datetime:
    """When a timer fires that is a clock's: at the clock's deadline while that runs, else at its own time."""
    if state is None or state.ended_at is not None or state.due_at is None:
        return own
    return state.due_at


def _set_timers(tx: Connection, states: States, rows: Sequence[Any], before: States | None) -> None:
    changed = []
    for row in rows:
        if (clock_id := row.details.get("clock")) is None:
            continue
        own = datetime.fromisoformat(row.details["own"])
        due = timer_due(own, states[row.instance_id].get(clock_id))
        said = before is not None and timer_due(own, before[row.instance_id].get(clock_id))
        if due not in (row.due_at, said):
            by_hand = SET_BY_HAND in row.details and row.retries > 0
            changed.append(_again(row.id, due) | ({"retries": row.retries} if by_hand else {}))
    _set_jobs(tx, changed)


@dataclass
class JobChanges:
    """Jobs of clocks to insert, to move, and to take away (their ids), of one case or of many."""

    new: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def note(
        self,
        agency_id: str,
        instance_id: str,
        ids: Mapping[str, str],
        before: Mapping[str, ClockState],
        after: Mapping[str, ClockState],
    ) -> None:
        """Let the jobs of a case's clocks ring when there is something to tell next, and at no other time."""
        for key, state in after.items():
            was, rings = before[key].rings_at if key in before else None, state.rings_at
            if rings == was:
                continue
            if rings is None:
                self.gone.append(ids[key])
            elif was is None:
                self.new.append(job_row(KIND, ids[key], agency_id, rings, instance_id=instance_id))
            else:
                self.moved.append(_again(ids[key], rings))

    def write(self, tx: Connection) -> None:
        """Write them."""
        insert_jobs(tx, self.new)
        _set_jobs(tx, self.moved)
        if self.gone:
            tx.execute(hot.REMOVE_JOB, [{"token_id": job_id} for job_id in self.gone])


def put_jobs(
    tx: Connection,
    agency_id: str,
    instance_id: str,
    ids: Mapping[str, str],
    before: Mapping[str, ClockState],
    after: Mapping[str, ClockState],
) -> list[str]:
    """``JobChanges`` of one case. Returns the ids of those that ring no more."""
    changes = JobChanges()
    changes.note(agency_id, instance_id, ids, before, after)
    changes.write(tx)
    return changes.gone


def _again(job_id: str, due: datetime) -> dict[str, Any]:
    """A job at another time, with all its tries."""
    return {"row_id": job_id, "due_at": due, "retries": RETRIES, "error": None}


def _set_jobs(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    tx.execute(_SET_JOB, rows)
    due = [row for row in rows if row["due_at"] <= clock.now()]
    if due:
        found = select(_JOB.c.id, _JOB.c.instance_id, _JOB.c.priority, _JOB.c.due_at)
        moved = found.where(_JOB.c.id.in_([row["row_id"] for row in due]))
        tell(tx, [row._asdict() for row in tx.execute(moved)])
