"""What people choose about being told outside the app: an address of theirs, and which kinds.

Nothing goes to an address before whoever has the account has typed what was mailed there: a slip of the pen,
an administrator's too, would send a stranger the traffic of cases.
"""

import hmac
import re
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from engine import access, clock
from engine.access import Action
from engine.commands.recording import note_user
from engine.errors import AddressInvalid, UserNotFound
from engine.queries.digest_days import digest_due
from engine.store import writing
from engine.store.fingerprints import fingerprint
from engine.store.tables import NotificationChoice, User, table_of
from engine.types import Actor, RecordAction
from engine.types.delivery import DEFAULT_HOUR, MailChoice, default_mail
from engine.types.notifications import NotificationKind

CODE_GOOD = timedelta(minutes=30)
CODE_TRIES = 5
_LONGEST = 254
"""Of an address, RFC 5321 section 4.5.3.1.3."""

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_LOCAL}@{_LABEL}(?:\.{_LABEL})+")
"""An address as offices have them (RFC 5321's dot-string): no quotes, no line break, no second address."""

_TABLE = table_of(NotificationChoice)


def checked_email(text: str) -> str:
    """``text`` as an address. Raises ``AddressInvalid``."""
    text = text.strip()
    if len(text) > _LONGEST or not _ADDRESS.fullmatch(text):
        raise AddressInvalid
    return text


def begin_email(database: Engine, actor: Actor, email: str) -> str:
    """Keep an address of the actor's own that gets nothing yet; returns the code to be mailed there.

    A code is good for ``CODE_GOOD`` and may be mistyped ``CODE_TRIES`` times. Raises ``AddressInvalid``.
    """
    email, code = checked_email(email), f"{secrets.randbelow(10**8):08}"
    fresh = {
        "email": email,
        "confirmed_at": None,
        "code": _print_of(actor.user_id, email, code),
        "code_until": clock.now() + CODE_GOOD,
        "code_tries": CODE_TRIES,
        "digest_at": None,
    }
    with writing(database) as tx:
        put_choice(tx, actor.user_id, fresh)
        note_user(tx, actor, RecordAction.CHANGE_USER, actor.user_id, "email")
    return code


def confirm_email(database: Engine, actor: Actor, code: str) -> bool:
    """Whether ``code`` is what was mailed to the actor's address last; from then on it gets mails. Each try
    counts."""
    now = clock.now()
    with writing(database) as tx:
        waiting = (
            _TABLE.c.user_id == actor.user_id,
            _TABLE.c.code.is_not(None),
            _TABLE.c.code_until > now,
            _TABLE.c.code_tries > 0,
        )
        row = tx.execute(select(_TABLE).where(*waiting)).one_or_none()
        if row is None:
            return False
        tried = {"code_tries": _TABLE.c.code_tries - 1}
        if tx.execute(update(_TABLE).where(*waiting).values(tried)).rowcount == 0:
            return False
        if not hmac.compare_digest(row.code, _print_of(actor.user_id, row.email, "".join(code.split()))):
            return False
        values = {"confirmed_at": now, "code": None, "code_until": None, "digested_at": now}
        tx.execute(update(_TABLE).where(_TABLE.c.user_id == actor.user_id).values(values))
        _plan(tx, actor.user_id)
    return True


def _print_of(user_id: str, email: str, code: str) -> str:
    """Bound to user and address. So short a code can be guessed from a copy of the database while it is good,
    which helps nobody who is not signed in as that user."""
    return fingerprint(f"{user_id}\n{email}\n{code}")


def put_email(database: Engine, actor: Actor, user_id: str, email: str) -> None:
    """Note or (``""``) take away the address of a user: one's own away, or as ``admin`` anybody's either way.

    Gets nothing before its user has confirmed it. Raises ``AddressInvalid``, ``ActionForbidden``,
    ``UserNotFound``.
    """
    if email or actor.user_id != user_id:
        access.require(actor, Action.ADMINISTER)
    email = checked_email(email) if email else ""
    with writing(database) as tx:
        if tx.execute(select(User.id).where(User.id == user_id)).first() is None:
            raise UserNotFound(id=user_id)
        gone = {"confirmed_at": None, "code": None, "code_until": None, "digest_at": None}
        put_choice(tx, user_id, {"email": email, **gone})
        note_user(tx, actor, RecordAction.CHANGE_USER, user_id, "email")


def choose_ways(
    database: Engine,
    actor: Actor,
    *,
    mail: Mapping[NotificationKind, MailChoice],
    push: Collection[NotificationKind],
    summary: bool,
    digest_hour: int,
) -> None:
    """Choose when the actor is mailed of each kind, of which a browser is told, whether the digest tells of
    tasks too, and the hour (0-23, on the agency's clocks) at which it comes."""
    values = {
        "mail": {kind.value: choice.value for kind, choice in mail.items()},
        "push": sorted(kind.value for kind in push),
        "summary": summary,
        "digest_hour": min(max(digest_hour, 0), 23),
    }
    with writing(database) as tx:
        put_choice(tx, actor.user_id, values)
        _plan(tx, actor.user_id)


def put_choice(tx: Connection, user_id: str, values: Mapping[str, Any]) -> None:
    """Change the row of a user; makes it, with the defaults for all else, where there is none."""
    known = update(_TABLE).where(_TABLE.c.user_id == user_id)
    if tx.execute(known.values(user_id=user_id, **values)).rowcount:
        return
    blank = {
        "email": "",
        "code_tries": 0,
        "mail": {kind.value: choice.value for kind, choice in default_mail().items()},
        "push": [kind.value for kind in NotificationKind],
        "summary": True,
        "digest_hour": DEFAULT_HOUR,
    }
    tx.execute(insert(_TABLE).values(user_id=user_id, **blank | dict(values)))


def _plan(tx: Connection, user_id: str) -> None:
    """Set when the next digest is due, or that there is none."""
    row = tx.execute(select(_TABLE).where(_TABLE.c.user_id == user_id)).one()
    wanted = row.confirmed_at is not None and (row.summary or MailChoice.DIGEST in row.mail.values())
    at = digest_due(tx, user_id, row.digest_hour, clock.now()) if wanted else None
    tx.execute(update(_TABLE).where(_TABLE.c.user_id == user_id).values(digest_at=at))
