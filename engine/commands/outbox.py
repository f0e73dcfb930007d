"""What is sent, as jobs: written in the transaction that sends it; ``engine.commands.events`` delivers."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from engine.commands.job_rows import insert_jobs, job_row
from engine.commands.sealing import sealed_names
from engine.commands.unit import Work
from engine.commands.variables import SYSTEM_VARIABLES


@dataclass(frozen=True)
class Sent:
    """A message or signal (``kind``) on its way.

    ``sealed``: names of variables that are sealed where they come from. ``sender``: the instance or user that
    sent it.
    """

    kind: str
    name: str
    variables: Mapping[str, Any]
    business_key: str | None = None
    sealed: Collection[str] = ()
    sender: str | None = None


def write_thrown(work: Work) -> None:
    """Insert a job for each message and signal that the instance has thrown."""
    rows = []
    for thrown in work.host.outbox:
        variables = {name: v for name, v in thrown.values.items() if name not in SYSTEM_VARIABLES}
        sealed = sorted(sealed_names(work) & variables.keys()) if variables else []
        sender = work.instance.id
        sent = Sent(thrown.kind, thrown.name, variables, thrown.business_key, sealed, sender)
        places = {"process_key": thrown.process_key, "element_id": thrown.element_id}
        rows.append(delivery(sent, work.instance.agency_id, work.at, instance_id=sender, **places))
    insert_jobs(work.tx, rows)


def delivery(
    sent: Sent, agency_id: str, at: datetime, receiver: str | None = None, **places: Any
) -> dict[str, Any]:
    """The row of a job that delivers at once. ``receiver``: the token or start event that gets it, None where
    that is still to be found out; ``places``: columns that say where it comes from, or goes to."""
    details = asdict(sent) | {"receiver": receiver}
    return job_row(sent.kind, str(uuid7()), agency_id, at, details=details, **places)
