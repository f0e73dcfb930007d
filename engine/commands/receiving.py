"""How an instance takes in a message or signal: a waiting token moves on, or a new instance begins."""

from collections.abc import Collection

from sqlalchemy import Connection

from engine import catalog
from engine.catalog import DeployedProcess
from engine.commands import history
from engine.commands.outbox import Sent
from engine.commands.start import begin
from engine.commands.variables import accept
from engine.commands.work import move, open_work
from engine.definitions.model import Element
from engine.queries.definitions import latest_ids
from engine.types import Actor, HistoryKind

_RECEIVED = {"message": HistoryKind.MESSAGE_RECEIVED, "signal": HistoryKind.SIGNAL_RECEIVED}


def give(tx: Connection, actor: Actor, sent: Sent, instance_id: str, token_id: str) -> bool:
    """Give it to a token that waits for it, and write the change; False where the token waits no more.

    Raises ``VariableInvalid``, ``InstanceClosed`` and what the process raises.
    """
    work = open_work(tx, actor, instance_id)
    waiting = work.before.get(token_id)
    if waiting is None:
        return False
    accepted = accept(tx, work.instance.agency_id, None, sent.variables, {}, work.zone)
    history.add(
        work,
        _RECEIVED[sent.kind],
        element=work.deployed.element(waiting.process_key, waiting.element_id),
        process_key=waiting.process_key,
        token_id=token_id,
        variables=sorted(accepted),
        **{sent.kind: sent.name},
        **({"sender": sent.sender} if sent.sender else {}),
    )
    work.sealed |= set(sent.sealed)
    move(work, token_id, accepted)
    return True


def started_by(
    tx: Connection, kind: str, name: str, agencies: Collection[str]
) -> list[tuple[DeployedProcess, Element]]:
    """The newest versions of processes that a message or signal (``kind``) starts, with the start event."""
    found = []
    for definition_id in latest_ids(tx, sorted(agencies)):
        deployed = catalog.load_process(tx, definition_id)
        process = deployed.process
        event = process.message_start(name) if kind == "message" else process.signal_start(name)
        if event is not None:
            found.append((deployed, event))
    return found


def start_by(tx: Connection, actor: Actor, deployed: DeployedProcess, event: Element, sent: Sent) -> str:
    """Start a process at an event; returns the instance's id. Raises what ``begin`` raises."""
    work = begin(
        tx,
        actor,
        deployed,
        sent.variables,
        business_key=sent.business_key,
        start_event=event,
        sealed=sent.sealed,
    )
    return work.instance.id
