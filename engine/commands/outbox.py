"""What is sent, as jobs: written in the transaction that sends it; ``engine.commands.events`` delivers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection
from uuid_utils import uuid7

from engine.commands.job_rows import insert_jobs, job_row
from engine.commands.sealing import require_unsealed, sealed_names
from engine.commands.unit import Work
from engine.commands.variables import SYSTEM_VARIABLES
from engine.errors import KeyLost
from engine.secrecy import keys_of, open_text, seal_text


@dataclass(frozen=True)
class Sent:
    """A message or signal (``kind``) on its way.

    ``sealed``: names of variables that are sealed where they come from. ``sender``: the instance or user that
    sent it. ``key_id``: the key that its variables are sealed with while it is on its way; a new one where
    None.
    """

    kind: str
    name: str
    variables: Mapping[str, Any]
    business_key: str | None = None
    sealed: Collection[str] = ()
    sender: str | None = None
    key_id: str | None = None


def write_thrown(work: Work) -> None:
    """Insert a job for each message and signal that the instance has thrown. Raises ``ExecutionFailed`` where
    the number of the case that it is for would show what is confidential."""
    rows = []
    for thrown in work.host.outbox:
        element = work.deployed.element(thrown.process_key, thrown.element_id)
        for mapping in (mapping for event in element.events for mapping in event.mappings):
            require_unsealed(work, element.id, mapping.business_key, "the business key")
        variables = {name: v for name, v in thrown.values.items() if name not in SYSTEM_VARIABLES}
        sealed = sorted(sealed_names(work) & variables.keys()) if variables else []
        sender = work.instance.id
        key_id = work.case_key().id if sealed else None
        sent = Sent(thrown.kind, thrown.name, variables, thrown.business_key, sealed, sender, key_id)
        places = {"process_key": thrown.process_key, "element_id": thrown.element_id}
        rows.append(delivery(work.tx, sent, work.instance.agency_id, work.at, instance_id=sender, **places))
    insert_jobs(work.tx, rows)


def delivery(
    tx: Connection, sent: Sent, agency_id: str, at: datetime, receiver: str | None = None, **places: Any
) -> dict[str, Any]:
    """The row of a job that delivers at once. ``receiver``: the token or start event that gets it, None where
    that is still to be found out; ``places``: columns that say where it comes from, or goes to."""
    details = asdict(sent) | {"receiver": receiver}
    if sent.variables:
        details = seal_carried(tx, details)
    return job_row(sent.kind, str(uuid7()), agency_id, at, details=details, **places)


def seal_carried(tx: Connection, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a job with its variables sealed, all of them: what they are called where they arrive is
    not known yet. With the key that they name, or a new one.
    """
    keys, key_id = keys_of(tx), details.get("key_id")
    key = keys.find(key_id) if key_id else None
    own = key is None
    key = key or keys.take()
    content = seal_text(key, "carried", orjson.dumps(details["variables"]).decode())
    return {**details, "variables": {}, "key_id": key.id, "own_key": own, "carried": content}


def own_keys(details: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys that only these jobs have: when they are gone, nothing needs them any more."""
    return [found["key_id"] for found in details if found.get("own_key")]


def sent_by(tx: Connection, details: Mapping[str, Any]) -> Sent:
    """What the details of a job say (of ``delivery``), opened."""
    names = Sent.__dataclass_fields__
    sent = Sent(**{name: value for name, value in details.items() if name in names})
    if "carried" not in details:
        return sent
    content = open_text(keys_of(tx).find(details["key_id"]), "carried", details["carried"])
    if content is None:
        raise KeyLost(key=details["key_id"])  # never delivered empty
    return replace(sent, variables=orjson.loads(content))
