"""Agencies, users, and who a user id is."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, bindparam, exists, or_, select

from engine import access, clock
from engine.access import Action
from engine.errors import AgencyNotFound
from engine.queries.absences import acting_groups
from engine.store import reading, reading_once
from engine.store.columns import Moment
from engine.store.tables import Absence, Agency, Membership, Passkey, Totp, User
from engine.types import ROLES, SYSTEM, Actor, AgencyView, UserView

_NOW: Any = bindparam("moment", callable_=lambda: clock.now(), type_=Moment)  # noqa: PLW0108
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

ACTS: Any = (
    exists()
    .where(
        *(Absence.substitute_id == _USER.c.id, Absence.appointed, Absence.ended_at.is_(None)),
        *(Absence.starts_at <= _NOW, Absence.ends_at > _NOW),
    )
    .label("acts")
)
"""Whether a user of ``USER_ROWS`` acts for somebody who is away at this moment."""

_ONE_USER = USER_ROWS.where(_USER.c.id == bindparam("user_id"))
_ACTOR = _ONE_USER.add_columns(ACTS)
_CREDENTIALS = _ACTOR.add_columns(HAS_FACTOR.label("has_factor"))


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
    with reading_once(database) as tx:
        rows = tx.execute(_ACTOR, {"user_id": user_id}).all()
        return actor_of(tx, rows) if rows and rows[0].active else None


def credentials(database: Engine, user_id: str) -> Credentials | None:
    """What an active user signs in with; None for everybody else."""
    with reading_once(database) as tx:
        rows = tx.execute(_CREDENTIALS, {"user_id": user_id}).all()
        if not rows or not rows[0].active:
            return None
        actor = actor_of(tx, rows)
    first = rows[0]
    mark = first.changed_at.isoformat()
    return Credentials(first.password_hash, mark, actor, bool(first.has_factor))


def actor_of(tx: Connection, rows: Sequence[Row[Any]]) -> Actor:
    """The user of rows of ``USER_ROWS`` with ``ACTS`` as one who acts: also in the groups of those for whom
    the user stands in by appointment at this moment, where the user belongs to their agency."""
    user = user_of(rows)
    held = frozenset(user.memberships)
    if not rows[0].acts:
        return Actor(user.id, held, user.admin, user.name)
    acting = frozenset(
        (agency_id, group, absent)
        for agency_id in {agency_id for agency_id, group in held if group not in ROLES}
        for group, absent in acting_groups(tx, agency_id, user.id).items()
        if (agency_id, group) not in held
    )
    return Actor(user.id, held | {pair[:2] for pair in acting}, user.admin, user.name, acting)


def user_of(rows: Sequence[Row[Any]]) -> UserView:
    """A user of the rows of ``USER_ROWS``: one for each membership, at least one."""
    first = rows[0]
    pairs = sorted((row.agency_id, row.group_id) for row in rows if row.agency_id is not None)
    return UserView(first.id, first.name, first.admin, first.active, first.language, memberships=tuple(pairs))
