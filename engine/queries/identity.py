"""Agencies, users, and who a user id is."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, bindparam, exists, or_, select

from engine import access
from engine.access import Action
from engine.errors import AgencyNotFound
from engine.store import reading, reading_once
from engine.store.tables import Agency, Membership, Passkey, Totp, User
from engine.types import SYSTEM, Actor, AgencyView, UserView

_USER, _MEMBERSHIP = User.__table__, Membership.__table__
USER_ROWS = select(_USER, _MEMBERSHIP.c.agency_id, _MEMBERSHIP.c.group_id).select_from(
    _USER.outerjoin(_MEMBERSHIP, _MEMBERSHIP.c.user_id == _USER.c.id)
)
"""Users with their memberships: one statement, since every request asks it."""

HAS_FACTOR = or_(
    exists().where(Totp.user_id == _USER.c.id, Totp.confirmed_at.is_not(None)),
    exists().where(Passkey.user_id == _USER.c.id),
)
"""Whether a user of ``USER_ROWS`` has something to prove with besides a password."""

_ONE_USER = USER_ROWS.where(_USER.c.id == bindparam("user_id"))
_CREDENTIALS = _ONE_USER.add_columns(HAS_FACTOR.label("has_factor"))


def list_agencies(database: Engine, actor: Actor) -> list[AgencyView]:
    """The agencies that the actor belongs to (all of them for ``admin``), by name."""
    query = select(Agency.id, Agency.name, Agency.profile)
    if not (actor.admin or actor is SYSTEM):
        query = query.where(Agency.id.in_(actor.by_agency))
    with reading(database) as tx:
        return [AgencyView(*row) for row in tx.execute(query.order_by(Agency.name, Agency.id))]


def get_agency(database: Engine, actor: Actor, agency_id: str) -> AgencyView:
    """One agency. Raises ``AgencyNotFound``."""
    for agency in list_agencies(database, actor):
        if agency.id == agency_id:
            return agency
    raise AgencyNotFound(id=agency_id)


def list_users(database: Engine, actor: Actor, agency_id: str | None = None) -> list[UserView]:
    """All users, or an agency's, by id. Raises ``ActionForbidden`` for anybody but ``admin``."""
    access.require(actor, Action.ADMINISTER)
    with reading(database) as tx:
        rows = tx.execute(USER_ROWS.order_by(_USER.c.id)).all()
    users = [user_of(list(of_one)) for _, of_one in groupby(rows, lambda row: row.id)]
    return [u for u in users if agency_id is None or any(a == agency_id for a, _ in u.memberships)]


class Credentials(NamedTuple):
    """What a password is checked against, and who its owner is. ``mark`` changes whenever the user does;
    ``has_factor``: a password alone is not enough for this user."""

    password_hash: str
    mark: str
    actor: Actor
    has_factor: bool = False


def find_user(database: Engine, user_id: str) -> UserView | None:
    """One user, for the program itself (login, command line)."""
    with reading_once(database) as tx:
        rows = tx.execute(_ONE_USER, {"user_id": user_id}).all()
    return user_of(rows) if rows else None


def get_actor(database: Engine, user_id: str) -> Actor | None:
    """Who a user id is, with what the user belongs to right now; None where absent or not active."""
    user = find_user(database, user_id)
    return actor_of(user) if user and user.active else None


def credentials(database: Engine, user_id: str) -> Credentials | None:
    """What an active user signs in with; None for everybody else."""
    with reading_once(database) as tx:
        rows = tx.execute(_CREDENTIALS, {"user_id": user_id}).all()
    if not rows or not rows[0].active:
        return None
    first = rows[0]
    mark = first.changed_at.isoformat()
    return Credentials(first.password_hash, mark, actor_of(user_of(rows)), bool(first.has_factor))


def actor_of(user: UserView) -> Actor:
    """The user as one who acts."""
    return Actor(user.id, frozenset(user.memberships), user.admin, user.name)


def user_of(rows: Sequence[Row[Any]]) -> UserView:
    """A user of the rows of ``USER_ROWS``: one for each membership, at least one."""
    first = rows[0]
    pairs = sorted((row.agency_id, row.group_id) for row in rows if row.agency_id is not None)
    return UserView(first.id, first.name, first.admin, first.active, first.language, memberships=tuple(pairs))
