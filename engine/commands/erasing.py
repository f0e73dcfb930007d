"""Erasing what is sealed in a case, for good and provably (UU 27/2022 Ps 8, 16(2)g; issue 5, section 1).

The key of the case is destroyed in the key store. What it has sealed lies on in old backups and cannot be
read there either; what is open (steps, times, outcomes) stays, so that counts and durations stay right. Two
people are needed: one asks, another agrees; a retention rule of the agency, which a decree has made, needs
nobody.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.access import Action
from engine.commands import history
from engine.commands.managing import check_reason
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
    Erasure,
    Incident,
    Job,
    MigratedInstance,
    ProcessInstance,
    UserTask,
)
from engine.types import SYSTEM, Actor, ErasureView, HistoryKind

RULES = "retensi"
"""The table in an agency's profile: process key, or ``semua``, -> months after its end that a case is
kept.
"""

EVERY = "semua"
_AT_ONCE = 100


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

    Raises ``ErasureNotFound``, ``ActionForbidden``, and ``ErasureRefused`` where it is one's own request, or
    where it was decided meanwhile.
    """
    with writing(database) as tx:
        erasure = _open_request(tx, actor, erasure_id)
        if erasure.requested_by == actor.user_id:
            raise ErasureRefused(reason=N_("another person than the one who asked for it must agree"))
        _begin(tx, actor, _case(tx, actor, erasure.instance_id), erasure_id)
    return _finish(database, erasure_id)


def erase_expired(database: Engine, now: datetime | None = None) -> int:
    """Erase the cases that a retention rule of their agency lets nobody keep any longer; returns how many."""
    now = now or clock.now()
    finish_erasures(database)
    done = 0
    with writing(database) as tx:
        rules = [(a, k, m) for a, profile in _profiles(tx) for k, m in _rules(profile)]
    for agency_id, key, months in rules:
        while ids := _expire(database, agency_id, key, months, now):
            _destroy_keys(database, ids)
            for erasure_id in ids:
                _finish(database, erasure_id)
            done += len(ids)
    return done


def finish_erasures(database: Engine) -> int:
    """Destroy the keys of cases whose erasure was agreed to and then interrupted; returns how many.

    And once more the keys of all that were erased: where the key store was lost, a copy from before an
    erasure has brought its key back.
    """
    begun = Erasure.agreed_at.is_not(None), Erasure.certified_at.is_(None)
    erased = ProcessInstance.erased_at.is_not(None), ProcessInstance.key_id.is_not(None)
    with reading(database) as tx:
        ids = list(tx.scalars(select(Erasure.id).where(*begun).order_by(Erasure.id)))
        keys = list(tx.scalars(select(ProcessInstance.key_id).where(*erased)))
    for first in range(0, len(keys), _AT_ONCE):
        part = [key for key in keys[first : first + _AT_ONCE] if key]
        keys_of(database).destroy(part, clock.now(), lost_too=True)
    for erasure_id in ids:
        _finish(database, erasure_id)
    return len(ids)


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
    _clear_beside(tx, actor, case.id, at)
    ended: dict[str, Any] = {"revoked_at": at, "revoked_by": actor.user_id, "revoke_reason": ""}
    shared = CaseShare.instance_id == case.id, CaseShare.revoked_at.is_(None)
    tx.execute(update(CaseShare).where(*shared).values(**ended))
    agreed = {"agreed_at": at, "agreed_by": actor.user_id, "digest": digest}
    tx.execute(update(Erasure).where(Erasure.id == erasure_id).values(**agreed))
    _tell(tx, actor, case, HistoryKind.INSTANCE_ERASED)


def _clear_beside(tx: Connection, actor: Actor, instance_id: str, at: datetime) -> None:
    """Remove what programs and people have written about the case in places that are not sealed."""
    tx.execute(delete(Job).where(Job.instance_id == instance_id))
    tx.execute(delete(MigratedInstance).where(MigratedInstance.instance_id == instance_id))
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


def _destroy_keys(database: Engine, erasure_ids: list[str]) -> None:
    """The keys of many cases at once: what is swept is swept once."""
    keys = select(ProcessInstance.key_id).join(Erasure, Erasure.instance_id == ProcessInstance.id)
    with reading(database) as tx:
        found = tx.scalars(keys.where(Erasure.id.in_(erasure_ids), ProcessInstance.key_id.is_not(None)))
        ids = [key for key in found if key]
    if ids:
        keys_of(database).destroy(ids, clock.now())


def _finish(database: Engine, erasure_id: str) -> ErasureView:
    """Destroy the key, and certify it. Doing it again changes nothing."""
    with writing(database) as tx:
        erasure = tx.execute(select(Erasure.__table__).where(Erasure.id == erasure_id)).one()
        case = _instance(tx, erasure.instance_id)
    if erasure.certified_at is None:
        at = clock.now()
        if case.key_id:
            keys_of(database).destroy([case.key_id], at)
        certificate = _certificate(erasure, case, at)
        with writing(database) as tx:
            values: dict[str, Any] = {"certified_at": at, "certificate": certificate}
            once = Erasure.id == erasure_id, Erasure.certified_at.is_(None)
            tx.execute(update(Erasure).where(*once).values(**values))
    with writing(database) as tx:
        return read_erasure(tx, erasure_id)


def _certificate(erasure: Row[Any], case: Row[Any], at: datetime) -> bytes:
    """What the certificate says, as JSON in one form; ``hash`` is the SHA-256 of the rest in that form."""
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
        "key_destroyed_at": at.isoformat(),
    }
    content = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return orjson.dumps(said | {"hash": sha256(content).hexdigest()}, option=orjson.OPT_SORT_KEYS)


def _profiles(tx: Connection) -> list[tuple[str, Any]]:
    return [(agency.id, agency.profile) for agency in tx.execute(select(Agency.id, Agency.profile))]


def _rules(profile: Any) -> Iterator[tuple[str, int]]:
    """The process keys (``semua``: those without a rule of their own) and months of an agency's rules."""
    found = profile.get(RULES, {})
    for key, months in found.items() if isinstance(found, dict) else ():
        if isinstance(months, int) and not isinstance(months, bool) and months > 0:
            yield key, months


def _expire(database: Engine, agency_id: str, key: str, months: int, now: datetime) -> list[str]:
    """Begin the erasure of some cases that ended before; their erasures' ids."""
    with writing(database) as tx:
        query = select(ProcessInstance.__table__).where(
            ProcessInstance.agency_id == agency_id,
            ProcessInstance.ended_at < _months_before(now, months),
            ProcessInstance.erased_at.is_(None),
            ~select(Job.id).where(_on_its_way(ProcessInstance.id)).exists(),
        )
        if key == EVERY:
            profile = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one()
            own = [name for name, _ in _rules(profile) if name != EVERY]
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


def _months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last day of that month."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(count, 12)
    if year < 1:
        return datetime.min.replace(tzinfo=moment.tzinfo)
    following = datetime(year + month // 11, (month + 1) % 12 + 1, 1, tzinfo=moment.tzinfo)
    last = (following - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def _tell(tx: Connection, actor: Actor, case: Row[Any], kind: HistoryKind) -> None:
    place = case.id, case.agency_id, case.definition_id
    history.write_events(tx, actor, *place, clock.now(), [Event(kind.value)])
