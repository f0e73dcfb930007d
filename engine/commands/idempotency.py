"""Doing once what is asked twice: the answer is kept under the caller's key, in the command's transaction.

Whoever got no answer cannot know whether the command was done. Asked again with the same key, it is done if
it was not, and what was answered is answered again if it was. Errors are not kept: they have changed nothing.

An answer may hold what is sealed, and no key of a case is known here. So it is sealed with a key that is
drawn from what was asked, with the caller's key, of which the database has only digests: who does not know
what was asked cannot read what was answered.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from engine import clock
from engine.commands.failed_steps import stepping
from engine.errors import IdempotencyKeyReused, QueryInvalid
from engine.secrecy import CaseKey
from engine.store import Database, reading, writing
from engine.store.tables import IdempotencyKey
from engine.types import Actor

KEPT = timedelta(hours=24)
"""An answer is kept at least this long."""

LONGEST_KEY = 255
_PURGED = 10
"""Each request with a key removes at most so many answers that are too old; there are never more for long."""


@dataclass(frozen=True)
class KeyedRequest:
    """``key``: the caller's own; ``operation``: its name (64 characters); ``content``: all that was asked."""

    key: str
    operation: str
    content: bytes


def _check_key(key: str) -> str:
    """The key. Raises ``QueryInvalid`` for one that is none."""
    if not key.strip() or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise QueryInvalid(reason=f"Idempotency-Key takes 1 to {LONGEST_KEY} printable ASCII characters")
    return key


def once(database: Engine, actor: Actor, request: KeyedRequest, act: Callable[[Connection], bytes]) -> bytes:
    """Do ``act`` in one transaction with keeping its answer, unless that key has an answer already.

    ``act`` gets the transaction, for commands and queries that take a ``Database``, and returns the answer.
    Of two requests with one key at the same time, the second waits for the first and gets its answer. Raises
    ``IdempotencyKeyReused`` where the key came with another request, ``QueryInvalid`` for a key that is none,
    and what ``act`` raises; then nothing is done and nothing is kept, but for an incident where the process
    cannot go on.
    """
    digest, at = _digest(request), clock.now()
    seal, own = _key_of(actor, request), _own(actor, digest)
    row = {
        "user_id": actor.user_id,
        "key": digest,
        "operation": request.operation,
        "fingerprint": _fingerprint(request),
        "answer": b"",
        "created_at": at,
    }
    with stepping(database) as tx:
        tx.execute(delete(IdempotencyKey).where(own, IdempotencyKey.created_at < at - KEPT))
        dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
        kept = dialect.insert(IdempotencyKey).values(row).on_conflict_do_nothing()
        if tx.execute(kept.returning(IdempotencyKey.key)).first() is None:
            kept_answer = _kept(tx, own, request)
            assert kept_answer is not None, "the row was there, and nobody removes one of this age"
            return seal.open("answer", kept_answer)
        answer = act(tx)
        tx.execute(update(IdempotencyKey).where(own).values(answer=seal.seal("answer", answer)))
        _purge(tx)
        return answer


def answered(database: Database, actor: Actor, request: KeyedRequest) -> bytes | None:
    """What ``once`` has answered to that request, None where it has not: for what is costly to prepare before
    its transaction. Raises ``IdempotencyKeyReused``, ``QueryInvalid`` as ``once``."""
    young = and_(_own(actor, _digest(request)), IdempotencyKey.created_at >= clock.now() - KEPT)
    with reading(database) as tx:
        kept = _kept(tx, young, request)
    return None if kept is None else _key_of(actor, request).open("answer", kept)


def _digest(request: KeyedRequest) -> str:
    return sha256(_check_key(request.key).encode()).hexdigest()


def _fingerprint(request: KeyedRequest) -> str:
    return hmac.digest(request.key.encode(), request.content, "sha256").hex()


def _own(actor: Actor, digest: str) -> ColumnElement[bool]:
    return and_(IdempotencyKey.user_id == actor.user_id, IdempotencyKey.key == digest)


def _key_of(actor: Actor, request: KeyedRequest) -> CaseKey:
    """The key that a request's answer is sealed with."""
    asked = b"\0".join((actor.user_id.encode(), request.key.encode(), request.content))
    return CaseKey("answer", HKDF(SHA256(), 32, None, b"titian answer").derive(asked))


def _kept(tx: Connection, own: ColumnElement[bool], request: KeyedRequest) -> bytes | None:
    """The sealed answer of a row, None where there is none. Raises ``IdempotencyKeyReused``."""
    columns = (IdempotencyKey.operation, IdempotencyKey.fingerprint, IdempotencyKey.answer)
    found = tx.execute(select(*columns).where(own)).one_or_none()
    if found is None:
        return None
    if (found.operation, found.fingerprint) != (request.operation, _fingerprint(request)):
        raise IdempotencyKeyReused(key=request.key)
    answer: bytes = found.answer
    return answer


def purge_answers(database: Engine) -> int:
    """Remove every answer that is too old, also where nobody asks any more; how many there were."""
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEPT)
    with writing(database) as tx:
        return int(tx.execute(old).rowcount)


def _purge(tx: Connection) -> None:
    """Remove some answers that are too old; those that another transaction is removing are skipped."""
    names = (IdempotencyKey.user_id, IdempotencyKey.key)
    old = select(*names).where(IdempotencyKey.created_at < clock.now() - KEPT)
    some = old.order_by(IdempotencyKey.created_at).limit(_PURGED).with_for_update(skip_locked=True)
    tx.execute(delete(IdempotencyKey).where(tuple_(*names).in_(some)))
