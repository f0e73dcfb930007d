"""Writing the access log for what is no command of its own: reads, logins, and changes of users."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine, select

from engine.record import record_each
from engine.store import writing
from engine.store.tables import Membership, ProcessInstance, User
from engine.types import Access, Actor, RecordAction


def record_now(database: Engine, actor: Actor, deeds: Sequence[Access]) -> None:
    """Record ``deeds`` in a transaction of their own: reads, before what was read is handed over.

    The agency of a case need not be named. Raises ``DatabaseUnavailable``, ``LogKeyInvalid``; then nothing
    may be handed over.
    """
    with writing(database) as tx:
        record_each(tx, actor, _with_agencies(tx, deeds))


def _with_agencies(tx: Connection, deeds: Sequence[Access]) -> Iterable[Access]:
    unknown = {deed.instance_id for deed in deeds if deed.instance_id and deed.agency_id is None}
    if not unknown:
        return deeds
    of_case = select(ProcessInstance.id, ProcessInstance.agency_id).where(ProcessInstance.id.in_(unknown))
    agencies = {row.id: row.agency_id for row in tx.execute(of_case)}
    return [replace(d, agency_id=d.agency_id or agencies.get(d.instance_id or "")) for d in deeds]


def note_user(
    tx: Connection, actor: Actor, action: RecordAction, user_id: str, what: str, agencies: Iterable[str] = ()
) -> None:
    """Record something about a user: an entry for each agency that the user belongs to (and ``agencies``), so
    that each agency's auditor finds it; one without an agency where there is none."""
    own = tx.scalars(select(Membership.agency_id).where(Membership.user_id == user_id))
    concerned = sorted({*own, *agencies}) or [None]
    subject = f"user:{user_id} {what}".strip()
    record_each(tx, actor, [Access(action, agency_id, subject=subject) for agency_id in concerned])


def note_account(database: Engine, by: str, action: RecordAction, user_id: str, what: str) -> None:
    """Record what ``by`` has done to the account of a user: a login, its end, a change of factors."""
    with writing(database) as tx:
        note_user(tx, Actor(by), action, user_id, what)


def note_failed_login(database: Engine, user_id: str) -> str:
    """Record that somebody could not come in. What was typed is kept only where it is a user's id: it may
    have been a password. Returns what is kept."""
    with writing(database) as tx:
        known = tx.scalar(select(User.id).where(User.id == user_id)) if "\0" not in user_id else None
        note_user(tx, Actor(known or ""), RecordAction.LOGIN_FAILED, known or "", "")
        return known or ""
