"""Starting a case: a registration number, the start form, and the first steps up to where people wait."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from uuid_utils import uuid7

from engine import access, catalog, clock
from engine.access import Action
from engine.catalog import DeployedProcess
from engine.commands import history
from engine.commands.drafts import close_start_draft
from engine.commands.registration import check_business_key, draw_number
from engine.commands.taking_over import take_over
from engine.commands.task_rows import on_behalf
from engine.commands.unit import Beginning, InstanceRow, Work
from engine.commands.variables import accept
from engine.commands.work import new_work, save_work, seal, view_of
from engine.definitions.model import Element
from engine.errors import DefinitionNotFound, NameTaken, VariableInvalid
from engine.store import Database, writing
from engine.store.tables import ProcessDefinition, ProcessInstance
from engine.types import Actor, HistoryKind, InstanceView


def start_instance(
    database: Database,
    actor: Actor,
    agency_id: str,
    key: str,
    variables: Mapping[str, Any],
    *,
    definition_id: str | None = None,
    business_key: str | None = None,
    draft_id: str | None = None,
    attachments: Sequence[str] = (),
) -> InstanceView:
    """Start a process of an agency: the latest version of ``key``, or the one with ``definition_id``.

    ``variables``: JSON values, checked by the start event's form where it has one. ``business_key``: the
    caller's own; without it the agency's next registration number. ``draft_id``: the actor's draft of the
    start form, which has done its work (``engine.desk.save_draft``). ``attachments``: ids of files that the
    caller has uploaded for it (``attach_to_start``). Returns the new instance. Raises ``DefinitionNotFound``,
    ``ActionForbidden``, ``FormInvalid``, ``VariableInvalid``, ``NameTaken``, ``AttachmentNotFound`` and what
    the process raises on its first steps (``ExecutionFailed``); then nothing was stored.
    """
    with writing(database) as tx:
        deployed = find_process(tx, actor, agency_id, key, definition_id)
        require_start(actor, deployed)
        work = begin(tx, actor, deployed, variables, business_key=business_key, attachments=attachments)
        if draft_id is not None:
            close_start_draft(tx, actor, agency_id, key, draft_id, work.instance.id)
        return view_of(work)


def require_start(actor: Actor, deployed: DeployedProcess) -> None:
    """Raise ``ActionForbidden`` unless the actor may start this process."""
    process = deployed.process
    people = {"groups": process.starter_groups, "users": process.starter_users}
    access.require(actor, Action.START, deployed.agency_id, **people)


def find_process(
    tx: Connection, actor: Actor, agency_id: str, key: str, definition_id: str | None = None
) -> DeployedProcess:
    """The version to start; another agency's is not found."""
    if definition_id is None:
        row = catalog.latest(tx, ProcessDefinition, agency_id, key)
        if row is None:
            raise DefinitionNotFound(id=key)
        definition_id = row.id
    deployed = catalog.load_process(tx, definition_id)
    if not access.may(actor, Action.SEE_DEFINITIONS, deployed.agency_id):
        raise DefinitionNotFound(id=key or definition_id)
    return deployed


def begin(
    tx: Connection,
    actor: Actor,
    deployed: DeployedProcess,
    variables: Mapping[str, Any],
    *,
    business_key: str | None = None,
    start_event: Element | None = None,
    sealed: Iterable[str] = (),
    attachments: Sequence[str] = (),
) -> Work:
    """Start one instance inside the caller's transaction, at its none start event or the one given.

    ``sealed``: names of variables that are sealed where they come from; ``attachments``: files to take over.
    """
    at, zone = clock.now(), catalog.zone_of(tx, deployed.agency_id)
    start_event = start_event or deployed.process.none_start
    if start_event is None:
        raise VariableInvalid(name="key", reason="this process is started by a message")
    form = catalog.form_of(tx, deployed, start_event)
    accepted = accept(tx, deployed.agency_id, form, variables, {}, zone, lambda: attachments)
    number = _business_key(tx, deployed.agency_id, business_key) or draw_number(
        tx, deployed.agency_id, zone, at
    )
    instance = InstanceRow(
        str(uuid7()), deployed.agency_id, deployed.id, deployed.key, number, 0, at, actor.user_id
    )
    system = {"nomor_registrasi": number, "waktu_diterima": at.astimezone(zone).isoformat(timespec="seconds")}
    beginning = Beginning(start_event.id, accepted)
    work = new_work(tx, actor, deployed, instance, zone, {**accepted, **system}, beginning)
    seal(work, form)
    work.sealed |= set(sealed)
    starters = deployed.process.starter_groups, deployed.process.starter_users
    place = on_behalf(actor, deployed.agency_id, *starters)
    history.add(work, HistoryKind.INSTANCE_STARTED, element=start_event, variables=sorted(accepted), **place)
    for attachment_id in attachments:
        history.add(work, HistoryKind.ATTACHMENT_ADDED, element=start_event, attachment=attachment_id)
    save_work(work)
    take_over(tx, actor, deployed, instance.id, attachments)
    return work


def _business_key(tx: Connection, agency_id: str, business_key: str | None) -> str | None:
    if business_key is None:
        return None
    check_business_key(agency_id, business_key)
    taken = (
        ProcessInstance.__table__.select()
        .with_only_columns(ProcessInstance.id)
        .where(ProcessInstance.agency_id == agency_id, ProcessInstance.business_key == business_key)
    )
    if tx.execute(taken).first():
        raise NameTaken(id=business_key)
    return business_key
