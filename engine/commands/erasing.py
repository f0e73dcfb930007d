"""Erasing what is sealed in a case, for good and provably (UU 27/2022 Ps 8, 16(2)g; issue 5, section 1).

The key of the case is destroyed in the key store. What it has sealed lies on in old backups and cannot be
read there either; what is open (steps, times, outcomes) stays, so that counts and durations stay right. Two
people are needed: one asks, another agrees; a retention rule of the agency, which a decree has made, needs
nobody.

Nothing is erased where the key store is not this database's own (``bind_keys``). So a key that is not in it
is lost: nothing is left to destroy, and the certificate says so.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.access import Action
from engine.commands import history
from engine.commands.draft_chores import clear_drafts, draft_keys
from engine.commands.keeping import bind_keys
from engine.commands.managing import check_reason
from engine.commands.outbox import own_keys
from engine.commands.register_words import erase_words_about, sealed_in_registers
from engine.commands.retention import EVERY, RULES, months_before, rules_of
from engine.commands.spent_keys import erased_keys, spend
from engine.commands.taking_over import clear_case, loose_keys, sealed_of_case
from engine.errors import (
    N_,
    ErasureRefused,
    InstanceErased,
    InstanceNotFound,
    VariableInvalid,
)
from engine.queries.erasures import erasure_view, read_erasure
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.documents import Event
from engine.store.tables import (
    Agency,
    CaseShare,
    Comment,
    Draft,
    Erasure,
    Incident,
    Job,
    MigratedInstance,
    NoteDraft,
    ProcessInstance,
    UserTask,
)
from engine.types import SYSTEM, Actor, ErasureView, HistoryKind

_AT_ONCE = 100
_log = logging.getLogger(__name__)


def request_erasure(database: Engine, actor: Actor, instance_id: str, reason: str) -> ErasureView:
    """Ask that what is sealed in an ended case be erased: a ``manajer`` of its agency, with a ``reason``.

    The reason outlives the case: it must name nobody. Raises ``InstanceNotFound``, ``ActionForbidden``,
    ``ErasureRefused`` (open, asked for already, or something of it is still on its way), ``InstanceErased``,
    ``VariableInvalid`` without a reason.
    """
    check_reason(reason)
    if not reason.strip():
        raise VariableInvalid(name="reason", reason=N_("a reason is needed"))
    with writing(database) as tx:
        case = _case(tx, actor, instance_id)
        if tx.execute(_pending(instance_id)).first() is not None:
            raise ErasureRefused(reason=N_("it has been asked for already"))
        found = _insert(tx, case, actor, clock.now(), reason=reason.strip())
        _tell(tx, actor, case, HistoryKind.ERASURE_REQUESTED)
        return read_erasure(tx, found)


def withdraw_erasure(database: Engine, actor: Actor, erasure_id: str) -> ErasureView:
    """Take a request back, or refuse it, before it was agreed to. Raises as ``agree_to_erasure``."""
    with writing(database) as tx:
        erasure = _open_request(tx, actor, erasure_id)
        values: dict[str, Any] = {"withdrawn_at": clock.now(), "withdrawn_by": actor.user_id}
        tx.execute(update(Erasure).where(Erasure.id == erasure_id).values(**values))
        _tell(tx, actor, _instance(tx, erasure.instance_id), HistoryKind.ERASURE_WITHDRAWN)
        return read_erasure(tx, erasure_id)


def agree_to_erasure(database: Engine, actor: Actor, erasure_id: str) -> ErasureView:
    """Agree to a request of somebody else, and erase. Returns it with its certificate.

    Raises ``ErasureNotFound``, ``ActionForbidden``, ``ErasureRefused`` where it is one's own request, or
    where it was decided meanwhile, and ``KeysUnavailable``.
    """
    bind_keys(database)
    with writing(database) as tx:
        erasure = _open_request(tx, actor, erasure_id)
        if erasure.requested_by == actor.user_id:
            raise ErasureRefused(reason=N_("another person than the one who asked for it must agree"))
        _begin(tx, actor, _case(tx, actor, erasure.instance_id), erasure_id)
    return _finish(database, erasure_id)


def erase_expired(database: Engine, now: datetime | None = None) -> int:
    """Erase the cases that a retention rule of their agency lets nobody keep any longer; returns how many.

    Raises ``KeysUnavailable``.
    """
    now = now or clock.now()
    finish_erasures(database)
    done = 0
    with writing(database) as tx:
        rules = [(a, k, m) for a, profile in _profiles(tx) for k, m in rules_of(profile)]
    for agency_id, key, months in rules:
        while ids := _expire(database, agency_id, key, months, now):
            _destroy_keys(database, ids)
            done += _finish_all(database, ids)
    return done


def finish_erasures(database: Engine) -> int:
    """Destroy the keys of cases whose erasure was agreed to and then interrupted; returns how many.

    And once more the keys of all that was erased, in the registers too: where the key store was lost, a copy
    from before an erasure has brought its key back. Raises ``KeysUnavailable``.
    """
    bind_keys(database)
    begun = Erasure.agreed_at.is_not(None), Erasure.certified_at.is_(None)
    erased = ProcessInstance.erased_at.is_not(None), ProcessInstance.key_id.is_not(None)
    with reading(database) as tx:
        ids = list(tx.scalars(select(Erasure.id).where(*begun).order_by(Erasure.id)))
        keys = [*tx.scalars(select(ProcessInstance.key_id).where(*erased)), *erased_keys(tx)]
    for first in range(0, len(keys), _AT_ONCE):
        part = [key for key in keys[first : first + _AT_ONCE] if key]
        keys_of(database).destroy(part, clock.now())
    return _finish_all(database, ids)


def _finish_all(database: Engine, erasure_ids: list[str]) -> int:
    """Finish erasures, and return how many: one that fails is logged, is tried again in an hour, and holds up
    no other."""
    done = 0
    for erasure_id in erasure_ids:
        try:
            _finish(database, erasure_id)
            done += 1
        except Exception:  # noqa: BLE001 - whatever it was, others have a right to their erasure
            _log.exception("the erasure %s could not be finished", erasure_id)
    return done


def _case(tx: Connection, actor: Actor, instance_id: str) -> Row[Any]:
    """An ended case that the actor manages, locked."""
    visible = select(ProcessInstance.id).where(
        ProcessInstance.id == instance_id, access.visible_instances(actor)
    )
    if tx.execute(visible).first() is None:
        raise InstanceNotFound(id=instance_id)
    case = _instance(tx, instance_id)
    access.require(actor, Action.ERASE, case.agency_id)
    if case.erased_at is not None:
        raise InstanceErased(id=instance_id)
    if case.ended_at is None:
        raise ErasureRefused(reason=N_("the case is still open"))
    _require_quiet(tx, instance_id)
    return case


def _require_quiet(tx: Connection, instance_id: str) -> None:
    if tx.execute(select(Job.id).where(_on_its_way(instance_id)).limit(1)).first() is not None:
        raise ErasureRefused(reason=N_("a message of the case has not arrived yet"))


def _on_its_way(instance_id: Any) -> ColumnElement[bool]:
    """Messages and signals of a case that may still arrive; those that were given up are not waited for."""
    return and_(Job.instance_id == instance_id, Job.retries > 0)


def _instance(tx: Connection, instance_id: str) -> Row[Any]:
    query = select(ProcessInstance.__table__).where(ProcessInstance.id == instance_id)
    return tx.execute(query.with_for_update(key_share=True)).one()


def _pending(instance_id: str) -> Any:
    return select(Erasure.id).where(
        Erasure.instance_id == instance_id, Erasure.withdrawn_at.is_(None), Erasure.certified_at.is_(None)
    )


def _open_request(tx: Connection, actor: Actor, erasure_id: str) -> Row[Any]:
    """A request that nobody has decided, locked."""
    place = erasure_view(tx, actor, erasure_id)
    access.require(actor, Action.ERASE, place.agency_id)
    _instance(tx, place.instance_id)  # of two who decide, the second sees what the first has decided
    erasure = erasure_view(tx, actor, erasure_id)
    if erasure.withdrawn_at is not None or erasure.agreed_at is not None:
        raise ErasureRefused(reason=N_("it was decided already"))
    return erasure


def _insert(tx: Connection, case: Row[Any], actor: Actor, at: datetime, **values: Any) -> str:
    erasure_id = str(uuid7())
    place = {"id": erasure_id, "instance_id": case.id, "agency_id": case.agency_id}
    asked = {"requested_at": at, "requested_by": actor.user_id}
    tx.execute(insert(Erasure).values(**place, **asked, **values))
    return erasure_id


def _begin(tx: Connection, actor: Actor, case: Row[Any], erasure_id: str) -> None:
    """Take what is sealed out of the case, and note what it was: from here on the erasure goes through."""
    at = clock.now()
    digest = _digest(tx, case)
    tx.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == case.id)
        .values(erased_at=at, secrets=None, submitted_secrets=None, reason=None, revision=case.revision + 1)
    )
    tx.execute(update(UserTask).where(UserTask.instance_id == case.id).values(submitted_secrets=None))
    clear_case(tx, case.id)
    _clear_beside(tx, actor, case.id, at)
    erase_words_about(tx, case, at)
    ended: dict[str, Any] = {"revoked_at": at, "revoked_by": actor.user_id, "revoke_reason": ""}
    shared = CaseShare.instance_id == case.id, CaseShare.revoked_at.is_(None)
    tx.execute(update(CaseShare).where(*shared).values(**ended))
    agreed = {"agreed_at": at, "agreed_by": actor.user_id, "digest": digest}
    tx.execute(update(Erasure).where(Erasure.id == erasure_id).values(**agreed))
    _tell(tx, actor, case, HistoryKind.INSTANCE_ERASED)


def _clear_beside(tx: Connection, actor: Actor, instance_id: str, at: datetime) -> None:
    """Remove what programs and people have written about the case in places that are not sealed, and what
    people have typed and never sent."""
    carried = tx.scalars(select(Job.details).where(Job.instance_id == instance_id)).all()
    beside = own_keys(details for details in carried if details)
    left = [*loose_keys(tx, [instance_id]), *draft_keys(tx, [instance_id])]
    spend(tx, [*beside, *left], instance_id)
    tx.execute(delete(Job).where(Job.instance_id == instance_id))
    tx.execute(update(Comment).where(Comment.instance_id == instance_id).values(message=None))
    tx.execute(delete(MigratedInstance).where(MigratedInstance.instance_id == instance_id))
    clear_drafts(tx, instance_id, at)
    of_case = Incident.instance_id == instance_id
    tx.execute(update(Incident).where(of_case).values(message=""))
    resolved: dict[str, Any] = {"resolved_at": at, "resolved_by": actor.user_id}
    tx.execute(update(Incident).where(of_case, Incident.resolved_at.is_(None)).values(**resolved))


def _digest(tx: Connection, case: Row[Any]) -> str:
    """SHA-256 of everything that was sealed, as it lay there: tells which data a certificate speaks of."""
    digest = sha256()
    for part in _sealed_parts(tx, case):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _sealed_parts(tx: Connection, case: Row[Any]) -> Iterator[bytes]:
    yield case.secrets or b""
    yield case.submitted_secrets or b""
    yield (case.reason or "").encode()
    tasks = select(UserTask.submitted_secrets).where(UserTask.instance_id == case.id).order_by(UserTask.id)
    yield from (secrets or b"" for secrets in tx.scalars(tasks))
    drafts = select(Draft.content).where(Draft.instance_id == case.id, Draft.content.is_not(None))
    yield from (content or b"" for content in tx.scalars(drafts.order_by(Draft.user_id, Draft.id)))
    notes = select(NoteDraft.message).where(NoteDraft.instance_id == case.id)
    yield from (note.encode() for note in tx.scalars(notes.order_by(NoteDraft.user_id, NoteDraft.place)))
    yield from sealed_of_case(tx, case.id)
    yield from sealed_in_registers(tx, case)
    said = select(Comment.message).where(Comment.instance_id == case.id, Comment.message.is_not(None))
    yield from (message.encode() for message in tx.scalars(said.order_by(Comment.id)) if message)


def _destroy_keys(database: Engine, erasure_ids: list[str]) -> None:
    """The keys of many cases at once: what is swept is swept once."""
    cases: Any = select(ProcessInstance.id, ProcessInstance.key_id)
    cases = cases.join(Erasure, Erasure.instance_id == ProcessInstance.id).where(Erasure.id.in_(erasure_ids))
    with reading(database) as tx:
        keys = _keys(tx, tx.execute(cases).all())
    if keys:
        keys_of(database).destroy(keys, clock.now())


def _keys(tx: Connection, cases: Sequence[Row[Any]]) -> list[str]:
    """The keys of what these cases have sealed: their own, and those of what lay beside them."""
    ids = [case.id for case in cases]
    own = [case.key_id for case in cases if case.key_id]
    return [*own, *erased_keys(tx, ids)]


def _finish(database: Engine, erasure_id: str) -> ErasureView:
    """Destroy the key, and certify it. Doing it again changes nothing."""
    with writing(database) as tx:
        erasure = tx.execute(select(Erasure.__table__).where(Erasure.id == erasure_id)).one()
        case = _instance(tx, erasure.instance_id)
        keys = _keys(tx, [case])
    if erasure.certified_at is None:
        at = clock.now()
        lost = keys_of(database).destroy(keys, at) if keys else set()
        certificate = _certificate(erasure, case, at, lost)
        with writing(database) as tx:
            values: dict[str, Any] = {"certified_at": at, "certificate": certificate}
            once = Erasure.id == erasure_id, Erasure.certified_at.is_(None)
            tx.execute(update(Erasure).where(*once).values(**values))
    with writing(database) as tx:
        return read_erasure(tx, erasure_id)


def _certificate(erasure: Row[Any], case: Row[Any], at: datetime, lost: set[str]) -> bytes:
    """What the certificate says, as JSON in one form; ``hash`` is the SHA-256 of the rest in that form.

    ``lost``: keys that were not in the key store. Of them it is not said that they were destroyed then.
    """
    destroyed = case.key_id not in lost if case.key_id else not lost
    said = {
        "case": case.business_key,
        "instance": case.id,
        "agency": case.agency_id,
        "process": case.definition_id,
        "sealed_fields": case.sealed,
        "sealed_data_sha256": erasure.digest,
        "key": case.key_id,
        "reason": erasure.reason,
        "rule": erasure.rule,
        "requested_by": erasure.requested_by,
        "requested_at": erasure.requested_at.isoformat(),
        "agreed_by": erasure.agreed_by,
        "agreed_at": erasure.agreed_at.isoformat(),
        "key_destroyed_at": at.isoformat() if destroyed else None,
        "keys_not_found": sorted(lost),
    }
    content = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return orjson.dumps(said | {"hash": sha256(content).hexdigest()}, option=orjson.OPT_SORT_KEYS)


def _profiles(tx: Connection) -> list[tuple[str, Any]]:
    return [(agency.id, agency.profile) for agency in tx.execute(select(Agency.id, Agency.profile))]


def _expire(database: Engine, agency_id: str, key: str, months: int, now: datetime) -> list[str]:
    """Begin the erasure of some cases that ended before; their erasures' ids."""
    with writing(database) as tx:
        query = select(ProcessInstance.__table__).where(
            ProcessInstance.agency_id == agency_id,
            ProcessInstance.ended_at < months_before(now, months),
            ProcessInstance.erased_at.is_(None),
            ~select(Job.id).where(_on_its_way(ProcessInstance.id)).exists(),
        )
        if key == EVERY:
            profile = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one()
            own = [name for name, _ in rules_of(profile) if name != EVERY]
            query = query.where(ProcessInstance.definition_key.not_in(own))
        else:
            query = query.where(ProcessInstance.definition_key == key)
        rule, ids = f"{RULES}.{key} = {months}", []
        for case in tx.execute(query.limit(_AT_ONCE).with_for_update(key_share=True)).all():
            waiting = tx.scalars(_pending(case.id)).first()
            erasure_id = waiting or _insert(tx, case, SYSTEM, now, reason=rule, rule=rule)
            _begin(tx, SYSTEM, case, erasure_id)
            ids.append(erasure_id)
        return ids


def _tell(tx: Connection, actor: Actor, case: Row[Any], kind: HistoryKind) -> None:
    place = case.id, case.agency_id, case.definition_id
    history.write_events(tx, actor, *place, clock.now(), [Event(kind.value)])
