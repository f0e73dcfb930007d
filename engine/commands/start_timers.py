"""Timer start events: the newest version of a process begins by itself when its time comes (BPMN 10.5.2).

Each is a job of its own (kind ``start_timer``) without an instance. A new version takes the place of the old:
its timers are armed when it is deployed, those of earlier versions go.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, select, update
from uuid_utils import uuid7

from engine import catalog, clock
from engine.catalog import DeployedProcess
from engine.commands.due import resolve_due
from engine.commands.incidents import resolve_incidents
from engine.commands.job_rows import RETRIES, insert_jobs, job_row
from engine.commands.start import begin
from engine.interpreter import StartTimer, rest_of_cycle, start_timers
from engine.store.tables import Job
from engine.types import SYSTEM, Actor


def arm_start_timers(tx: Connection, actor: Actor, definition_ids: Iterable[str]) -> None:
    """Arm the timers of new versions, and disarm those of the versions before.

    Raises ``ExecutionFailed`` where an expression gives no time.
    """
    at = clock.now()
    for definition_id in definition_ids:
        deployed = catalog.load_process(tx, definition_id)
        _disarm(tx, actor, deployed.agency_id, deployed.key)
        zone = catalog.zone_of(tx, deployed.agency_id)
        with clock.in_zone(zone.key):
            timers = start_timers(deployed.process)
        insert_jobs(tx, [_row(deployed, timer, at, zone) for timer in timers])


def _row(deployed: DeployedProcess, timer: StartTimer, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    due = resolve_due(timer.kind, timer.value, at, zone, timer.element_id)
    cycle = {"cycle": timer.value, "due": due.isoformat()} if timer.kind == "timeCycle" else {}
    return job_row(
        "start_timer",
        str(uuid7()),
        deployed.agency_id,
        due,
        definition_id=deployed.id,
        process_key=deployed.key,
        element_id=timer.element_id,
        details=cycle,
    )


def _disarm(tx: Connection, actor: Actor, agency_id: str, key: str) -> None:
    of_process = (Job.kind == "start_timer", Job.agency_id == agency_id, Job.process_key == key)
    old = tx.scalars(select(Job.id).where(*of_process)).all()
    if old:
        resolve_incidents(tx, actor, old)
        tx.execute(delete(Job).where(Job.id.in_(old)))


def fire_start_timer(tx: Connection, job: Row[Any]) -> bool:
    """Start an instance, and arm the timer's next round where it is a cycle. Raises what ``begin`` raises."""
    deployed = catalog.load_process(tx, job.definition_id)
    event = deployed.process.elements[job.element_id]
    begin(tx, SYSTEM, deployed, {}, start_event=event)
    rest = rest_of_cycle(job.details.get("cycle", ""), job.details.get("due", ""))
    resolve_incidents(tx, SYSTEM, [job.id])
    if rest is None:
        tx.execute(delete(Job).where(Job.id == job.id))
        return True
    zone = catalog.zone_of(tx, deployed.agency_id)
    due = resolve_due("timeCycle", rest, clock.now(), zone, job.element_id)
    again = {"due_at": due, "retries": RETRIES, "error": None, "details": {"cycle": rest, "due": ""}}
    tx.execute(update(Job).where(Job.id == job.id).values(**again))
    return True
