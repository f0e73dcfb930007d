"""Agencies, users, and who a login or a user id is."""

from sqlalchemy import ColumnElement, Connection, Engine, select

from engine import access, clock
from engine.access import Action
from engine.errors import AgencyNotFound
from engine.store import reading
from engine.store.tables import Agency, LoginSession, Membership, User
from engine.types import SYSTEM, Actor, AgencyView, UserView


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
        users = _users(tx, User.id.is_not(None))
    return [u for u in users if agency_id is None or any(a == agency_id for a, _ in u.memberships)]


def find_user(database: Engine, user_id: str) -> UserView | None:
    """One user, for the program itself (login, command line)."""
    with reading(database) as tx:
        return next(iter(_users(tx, User.id == user_id)), None)


def get_actor(database: Engine, user_id: str) -> Actor | None:
    """Who a user id is, with what the user belongs to right now; None where absent or not active."""
    user = find_user(database, user_id)
    return _actor(user) if user and user.active else None


def login_actor(database: Engine, session_id: str) -> tuple[Actor, UserView] | None:
    """Who a login is; None where it has ended or run out, or the user may not enter any more."""
    with reading(database) as tx:
        query = select(LoginSession.user_id).where(
            LoginSession.id == session_id, LoginSession.expires_at > clock.now()
        )
        user_id = tx.scalars(query).one_or_none()
        user = next(iter(_users(tx, User.id == user_id)), None) if user_id else None
    return (_actor(user), user) if user and user.active else None


def credentials(database: Engine, user_id: str) -> tuple[str, str] | None:
    """(password hash, a mark that changes whenever the user does) of an active user, else None."""
    query = select(User.password_hash, User.changed_at).where(User.id == user_id, User.active)
    with reading(database) as tx:
        row = tx.execute(query).one_or_none()
    return (row.password_hash, row.changed_at.isoformat()) if row else None


def _actor(user: UserView) -> Actor:
    return Actor(user.id, frozenset(user.memberships), user.admin, user.name)


def _users(tx: Connection, condition: ColumnElement[bool]) -> list[UserView]:
    members: dict[str, list[tuple[str, str]]] = {}
    pairs = select(Membership.user_id, Membership.agency_id, Membership.group_id).join(
        User, User.id == Membership.user_id
    )
    for user_id, agency_id, group in tx.execute(pairs.where(condition)):
        members.setdefault(user_id, []).append((agency_id, group))
    query = select(User.id, User.name, User.admin, User.active, User.language).where(condition)
    return [
        UserView(*row, memberships=tuple(sorted(members.get(row.id, []))))
        for row in tx.execute(query.order_by(User.id))
    ]
