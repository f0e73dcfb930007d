"""Forms that wait until their sender has signed in again, or proved who it is.

Such a form may name a child. It is sealed with a key that is drawn from a secret which only the sender's
browser keeps: neither the database nor the key store opens it, so it can lie beside the cases for an hour.
"""

import secrets
from datetime import timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine, delete, insert, select

from engine import clock
from engine.errors import SealBroken
from engine.secrecy import CaseKey
from engine.store import reading, writing
from engine.store.tables import KeptForm

KEPT = timedelta(hours=1)
"""So long a form waits."""

MOST = 10
"""Forms of one user; the next one takes the place of the oldest."""


def keep_form(database: Engine, user_id: str, secret: str, content: bytes) -> str:
    """Keep what a user has filled in; returns an id. ``secret``: what the user's browser keeps."""
    id, now = secrets.token_urlsafe(16), clock.now()
    sealed = _key_of(user_id, secret).seal(id, content)
    newest = select(KeptForm.id).where(KeptForm.user_id == user_id).order_by(KeptForm.ends_at.desc())
    with writing(database) as tx:
        others = tx.scalars(newest.offset(MOST - 1)).all()
        tx.execute(delete(KeptForm).where(KeptForm.id.in_(others)))
        tx.execute(insert(KeptForm).values(id=id, user_id=user_id, sealed=sealed, ends_at=now + KEPT))
    return id


def kept_form(database: Engine, user_id: str, secret: str, form_id: str) -> bytes | None:
    """What was kept; None where its time is over, or it is another user's or another browser's."""
    own = KeptForm.id == form_id, KeptForm.user_id == user_id, KeptForm.ends_at > clock.now()
    with reading(database) as tx:
        sealed = tx.scalars(select(KeptForm.sealed).where(*own)).first()
    try:
        return None if sealed is None else _key_of(user_id, secret).open(form_id, sealed)
    except SealBroken:
        return None


def drop_form(database: Engine, user_id: str, form_id: str) -> None:
    """Forget a form, which has arrived."""
    with writing(database) as tx:
        tx.execute(delete(KeptForm).where(KeptForm.id == form_id, KeptForm.user_id == user_id))


def sweep_forms(database: Engine) -> None:
    """Forget every form whose time is over."""
    with writing(database) as tx:
        tx.execute(delete(KeptForm).where(KeptForm.ends_at <= clock.now()))


def _key_of(user_id: str, secret: str) -> CaseKey:
    drawn = HKDF(SHA256(), 32, None, b"titian kept form " + user_id.encode()).derive(secret.encode())
    return CaseKey("kept form", drawn)
