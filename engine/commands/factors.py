"""Second factors: authenticator app, passkeys, recovery codes; and who a user is at an OpenID provider.

What is right (a code, a signature) is told by the caller; here it is kept that nothing counts twice.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, exists, insert, or_, select, update

from engine import access, clock
from engine.access import Action
from engine.commands.logins import end_logins
from engine.commands.recording import note_user
from engine.commands.spent_keys import spend
from engine.errors import NameTaken, StateConflict, UserNotFound
from engine.queries.logins import UnsealEarlier, totp_purpose
from engine.secrecy import keys_of
from engine.store import writing
from engine.store.fingerprints import fingerprint
from engine.store.tables import (
    ApiToken,
    ExternalIdentity,
    KnownDevice,
    Passkey,
    RecoveryCode,
    Totp,
    User,
)
from engine.types import Actor, RecordAction

MOST_PASSKEYS = 20
"""Of one user."""


def offer_totp(database: Engine, actor: Actor, key: bytes) -> None:
    """Keep the key of an authenticator app that is being set up; it counts once ``confirm_totp`` is called.

    It lies sealed, by a key of its own of the key store. Raises ``NameTaken`` where one is set up already,
    ``KeysUnavailable``.
    """
    with writing(database) as tx:
        _drop_totp(tx, Totp.user_id == actor.user_id, Totp.confirmed_at.is_(None))
        if tx.execute(select(Totp.user_id).where(Totp.user_id == actor.user_id)).first():
            raise NameTaken(id="totp")
        sealed = _sealed_totp(tx, actor.user_id, key)
        tx.execute(insert(Totp).values(user_id=actor.user_id, created_at=clock.now(), last_step=0, **sealed))


def reseal_totp_keys(database: Engine, unseal_earlier: UnsealEarlier) -> int:
    """Seal with keys of the key store what an earlier release has sealed; returns how many keys of apps.

    What ``unseal_earlier`` cannot open stays as it is. Raises ``KeysUnavailable``.
    """
    earlier = select(Totp.user_id, Totp.sealed_key).where(Totp.key_id.is_(None)).with_for_update()
    count = 0
    with writing(database) as tx:
        for user_id, sealed in tx.execute(earlier).all():
            if (key := unseal_earlier(user_id, sealed)) is not None:
                anew = update(Totp).where(Totp.user_id == user_id)
                tx.execute(anew.values(_sealed_totp(tx, user_id, key)))
                count += 1
    return count


def _sealed_totp(tx: Connection, user_id: str, key: bytes) -> dict[str, Any]:
    seal = keys_of(tx).take()
    return {"key_id": seal.id, "sealed_key": seal.seal(totp_purpose(user_id), key)}


def confirm_totp(database: Engine, actor: Actor, step: int) -> bool:
    """The user has shown a right code, of ``step``: the app counts from now on. False without an offer."""
    offered = (Totp.user_id == actor.user_id, Totp.confirmed_at.is_(None))
    with writing(database) as tx:
        changed = update(Totp).where(*offered).values(confirmed_at=clock.now(), last_step=step)
        return tx.execute(changed).rowcount > 0


def use_totp(database: Engine, user_id: str, step: int) -> bool:
    """Use up the code of ``step``. False where it, or a later one, was used before (RFC 6238, 5.2)."""
    unused = (Totp.user_id == user_id, Totp.confirmed_at.is_not(None), Totp.last_step < step)
    with writing(database) as tx:
        return tx.execute(update(Totp).where(*unused).values(last_step=step)).rowcount > 0


def remove_totp(database: Engine, actor: Actor) -> bool:
    """Take the authenticator app away. Whether there was one."""
    with writing(database) as tx:
        found = _drop_totp(tx, Totp.user_id == actor.user_id)
        _drop_needless_codes(tx, actor.user_id)
    return found


def _drop_totp(tx: Connection, *which: ColumnElement[bool]) -> bool:
    """Take apps away; what sealed their keys is destroyed within the hour. Whether there were any."""
    gone = tx.scalars(delete(Totp).where(*which).returning(Totp.key_id)).all()
    spend(tx, filter(None, gone))
    return bool(gone)


def add_passkey(
    database: Engine,
    actor: Actor,
    label: str,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    transports: Sequence[str] = (),
) -> str:
    """Add a passkey that has been checked; returns its id. Raises ``NameTaken`` for one that somebody has,
    ``StateConflict`` for too many."""
    id = fingerprint(credential_id)
    with writing(database) as tx:
        if tx.execute(select(Passkey.id).where(Passkey.id == id)).first():
            raise NameTaken(id="passkey")
        own = select(Passkey.id).where(Passkey.user_id == actor.user_id)
        if len(tx.execute(own).all()) >= MOST_PASSKEYS:
            raise StateConflict
        tx.execute(
            insert(Passkey).values(
                id=id,
                user_id=actor.user_id,
                label=label,
                credential_id=credential_id,
                public_key=public_key,
                sign_count=sign_count,
                transports=list(transports),
                created_at=clock.now(),
            )
        )
    return id


def use_passkey(database: Engine, passkey_id: str, sign_count: int) -> bool:
    """Note that a passkey was used. False where its counter does not rise: then there is a copy of it.

    Passkeys that are kept in several devices have no counter: theirs stays 0 (WebAuthn, 6.1.1).
    """
    rises = Passkey.sign_count < sign_count if sign_count else Passkey.sign_count == 0
    used = update(Passkey).where(Passkey.id == passkey_id, rises)
    with writing(database) as tx:
        return tx.execute(used.values(sign_count=sign_count, used_at=clock.now())).rowcount > 0


def remove_passkey(database: Engine, actor: Actor, passkey_id: str) -> bool:
    """Take one of one's own passkeys away. Whether there was one."""
    own = (Passkey.id == passkey_id, Passkey.user_id == actor.user_id)
    with writing(database) as tx:
        found = tx.execute(delete(Passkey).where(*own)).rowcount > 0
        _drop_needless_codes(tx, actor.user_id)
    return found


def put_recovery_codes(database: Engine, actor: Actor, codes: Iterable[str]) -> None:
    """Replace the recovery codes; what they are is kept nowhere."""
    rows = [{"user_id": actor.user_id, "id": fingerprint(code)} for code in codes]
    with writing(database) as tx:
        tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == actor.user_id))
        tx.execute(insert(RecoveryCode), rows)


def use_recovery_code(database: Engine, user_id: str, code: str) -> bool:
    """Use up a recovery code. False where it is none of the user's, or was used before."""
    mine = (RecoveryCode.user_id == user_id, RecoveryCode.id == fingerprint(code))
    with writing(database) as tx:
        return tx.execute(delete(RecoveryCode).where(*mine)).rowcount > 0


def reset_factors(database: Engine, actor: Actor, user_id: str) -> None:
    """Take all second factors of a user away, who must sign in and set them up anew.

    Ends the user's logins, with what browsers tell, and tokens, and forgets the known browsers. Raises
    ``UserNotFound``, ``ActionForbidden``.
    """
    access.require(actor, Action.ADMINISTER)
    with writing(database) as tx:
        changed = update(User).where(User.id == user_id).values(changed_at=clock.now())
        if tx.execute(changed).rowcount == 0:
            raise UserNotFound(id=user_id)
        note_user(tx, actor, RecordAction.CHANGE_USER, user_id, "factors_reset")
        end_logins(tx, user_id)
        _drop_totp(tx, Totp.user_id == user_id)
        for table in (Passkey, RecoveryCode, KnownDevice, ApiToken):
            tx.execute(delete(table).where(table.user_id == user_id))


def link_identity(
    database: Engine, user_id: str, issuer: str, subject: str, *, managed: bool = False
) -> None:
    """Let ``subject`` of ``issuer`` sign in as ``user_id``. Raises ``NameTaken`` where it is linked."""
    known = (ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
    with writing(database) as tx:
        if tx.execute(select(ExternalIdentity.user_id).where(*known)).first():
            raise NameTaken(id=subject)
        tx.execute(
            insert(ExternalIdentity).values(
                issuer=issuer, subject=subject, user_id=user_id, managed=managed, created_at=clock.now()
            )
        )


def unlink_identity(database: Engine, actor: Actor, issuer: str) -> bool:
    """Cut the way in from ``issuer``. False where there is none, or the account was made from there."""
    own = (
        ExternalIdentity.user_id == actor.user_id,
        ExternalIdentity.issuer == issuer,
        ExternalIdentity.managed.is_(False),
    )
    with writing(database) as tx:
        return tx.execute(delete(ExternalIdentity).where(*own)).rowcount > 0


def _drop_needless_codes(tx: Connection, user_id: str) -> None:
    """Without a second factor, nothing can be lost that a recovery code would stand in for."""
    left = or_(
        exists().where(Totp.user_id == user_id, Totp.confirmed_at.is_not(None)),
        exists().where(Passkey.user_id == user_id),
    )
    tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id, ~left))
