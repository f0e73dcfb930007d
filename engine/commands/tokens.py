"""API tokens: a program signs in with one in its owner's name, for some things and for some time."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select, update
from uuid_utils import uuid7

from engine import clock
from engine.errors import StateConflict
from engine.store import writing
from engine.store.fingerprints import fingerprint
from engine.store.tables import ApiToken
from engine.types import Actor

MARK = "titian_"
"""Tokens begin so: those who look for leaked secrets find them."""

MOST_TOKENS = 50
"""Of one user."""


def make_token(
    database: Engine, actor: Actor, label: str, scopes: Sequence[str], expires_at: datetime
) -> str:
    """Make a token of one's own; returns it, for the only time. Raises ``StateConflict`` for too many."""
    token, own = MARK + secrets.token_urlsafe(32), ApiToken.user_id == actor.user_id
    with writing(database) as tx:
        tx.execute(delete(ApiToken).where(own, ApiToken.expires_at < clock.now()))
        if len(tx.execute(select(ApiToken.id).where(own)).all()) >= MOST_TOKENS:
            raise StateConflict
        tx.execute(
            insert(ApiToken).values(
                id=str(uuid7()),
                user_id=actor.user_id,
                secret=fingerprint(token),
                label=label,
                scopes=list(scopes),
                created_at=clock.now(),
                expires_at=expires_at,
            )
        )
    return token


def revoke_token(database: Engine, actor: Actor, token_id: str) -> bool:
    """End one of one's own tokens. Whether there was one."""
    own = (ApiToken.id == token_id, ApiToken.user_id == actor.user_id)
    with writing(database) as tx:
        return tx.execute(delete(ApiToken).where(*own)).rowcount > 0


def see_token(database: Engine, token_id: str) -> None:
    """Note that a token was used now."""
    with writing(database) as tx:
        tx.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=clock.now()))
