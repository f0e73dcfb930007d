"""Keeping the registers: a request and its answer, a breach and its notices (UU 27/2022)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.access import Action
from engine.commands.register_words import Entries, key_to_write, sealed_words
from engine.errors import N_, RegisterEntryNotFound, StateConflict, VariableInvalid
from engine.record import record
from engine.secrecy import keys_of
from engine.store import Database, writing
from engine.store.tables import Agency, Breach, DataRequest
from engine.types import Actor, RecordAction
from engine.types.registers import CLOCK, Requester, RequestKind, RequestOutcome

LONGEST = 4000
_SOON = N_("it lies in the future")
_LONG_AGO = timedelta(days=5 * 366)
_TOO_LONG = N_("it lies more than five years back: look at the year")


def add_request(
    database: Database,
    actor: Actor,
    agency_id: str,
    kind: RequestKind,
    requester: Requester,
    business_key: str,
    note: str,
    received_at: datetime,
) -> str:
    """Enter a request that was received at ``received_at``; its clock runs from then. Returns its id.

    Raises ``ActionForbidden`` and ``VariableInvalid``.
    """
    access.require(actor, Action.KEEP_REGISTERS, agency_id)
    _check(business_key=business_key[:256], note=note)
    if len(business_key) > 255:
        raise VariableInvalid(name="business_key", reason=N_("at most 255 characters are allowed"))
    with writing(database) as tx:
        row = _entry(tx, DataRequest, agency_id, received_at) | {"received_at": received_at}
        row |= {"kind": kind.value, "requester": requester.value, "business_key": business_key}
        key = keys_of(tx).take()
        words = sealed_words(key, note=note)
        tx.execute(insert(DataRequest).values(**row, **words, key_id=key.id, recorded_by=actor.user_id))
        _note(tx, actor, agency_id, f"request:{row['number']} {kind.value}")
    return str(row["id"])


def answer_request(
    database: Database, actor: Actor, request_id: str, outcome: RequestOutcome, answer: str
) -> None:
    """Say how a request was answered; once. A refusal needs its reason.

    Raises ``RegisterEntryNotFound``, ``ActionForbidden``, ``VariableInvalid``, ``StateConflict``.
    """
    _check(answer=answer)
    if outcome is not RequestOutcome.GRANTED and not answer.strip():
        raise VariableInvalid(name="answer", reason=N_("write why"))
    with writing(database) as tx:
        entry = _known(tx, actor, DataRequest, request_id)
        key, values = key_to_write(tx, DataRequest, entry)
        values |= sealed_words(key, answer=answer) | {"outcome": outcome.value, "answered_at": clock.now()}
        open_one = update(DataRequest).where(DataRequest.id == request_id, DataRequest.answered_at.is_(None))
        if tx.execute(open_one.values(**values, answered_by=actor.user_id)).rowcount != 1:
            raise StateConflict(N_("This request has been answered already."))
        _note(tx, actor, entry.agency_id, f"request:{entry.number} {outcome.value}")


def add_breach(
    database: Database,
    actor: Actor,
    agency_id: str,
    found_at: datetime,
    data: str,
    course: str,
    handling: str,
    subjects: int,
) -> str:
    """Enter a breach that was found at ``found_at``; its clock runs from then. Returns its id.

    Raises ``ActionForbidden`` and ``VariableInvalid``.
    """
    access.require(actor, Action.KEEP_REGISTERS, agency_id)
    _check(data=data, course=course, handling=handling)
    if not data.strip() or not course.strip():
        raise VariableInvalid(name="data", reason=N_("say which data, and when and how they came out"))
    if not 0 <= subjects < 2**31:
        raise VariableInvalid(name="subjects", reason=N_("a whole number from 0 on"))
    with writing(database) as tx:
        row = _entry(tx, Breach, agency_id, found_at) | {"found_at": found_at, "subjects": subjects}
        key = keys_of(tx).take()
        words = sealed_words(key, data=data, course=course, handling=handling)
        tx.execute(insert(Breach).values(**row, **words, key_id=key.id, recorded_by=actor.user_id))
        _note(tx, actor, agency_id, f"breach:{row['number']}")
    return str(row["id"])


def note_breach(
    database: Database, actor: Actor, breach_id: str, *, handling: str, subjects: bool, authority: bool
) -> None:
    """Write down how a breach is handled, and that the notice has been given now: to the people concerned
    (``subjects``), to the authority. A notice that was given stays.

    Raises ``RegisterEntryNotFound``, ``ActionForbidden``, ``VariableInvalid``.
    """
    _check(handling=handling)
    with writing(database) as tx:
        entry = _known(tx, actor, Breach, breach_id)
        now = clock.now()
        key, values = key_to_write(tx, Breach, entry)
        values |= sealed_words(key, handling=handling)
        if subjects:
            values["subjects_told_at"] = func.coalesce(Breach.subjects_told_at, now)
        if authority:
            values["authority_told_at"] = func.coalesce(Breach.authority_told_at, now)
        tx.execute(update(Breach).where(Breach.id == breach_id).values(**values))
        told = " ".join(["subjects"] * subjects + ["authority"] * authority)
        _note(tx, actor, entry.agency_id, f"breach:{entry.number} {told}".strip())


def _entry(tx: Connection, table: Entries, agency_id: str, since: datetime) -> dict[str, object]:
    if since > clock.now():
        raise VariableInvalid(name="received_at", reason=_SOON)
    if since < clock.now() - _LONG_AGO:
        raise VariableInvalid(name="received_at", reason=_TOO_LONG)
    tx.execute(select(Agency.id).where(Agency.id == agency_id).with_for_update())  # two at once: two numbers
    last = tx.scalar(select(func.max(table.number)).where(table.agency_id == agency_id)) or 0
    return {"id": str(uuid7()), "agency_id": agency_id, "number": last + 1, "due_at": since + CLOCK}


def _known(tx: Connection, actor: Actor, table: Entries, entry_id: str) -> Row[Any]:
    """An entry that the actor may change, locked."""
    query: Any = select(table.agency_id, table.number, table.key_id, table.erased_at)
    found: Row[Any] | None = tx.execute(query.where(table.id == entry_id).with_for_update()).one_or_none()
    if found is None or not access.may(actor, Action.SEE_REGISTERS, found.agency_id):
        raise RegisterEntryNotFound(id=entry_id)
    access.require(actor, Action.KEEP_REGISTERS, found.agency_id)
    return found


def _check(**texts: str) -> None:
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise VariableInvalid(name=name, reason=N_("at most 4000 characters are allowed"))


def _note(tx: Connection, actor: Actor, agency_id: str, subject: str) -> None:
    record(tx, actor, RecordAction.CHANGE_REGISTER, agency_id=agency_id, subject=subject)
