"""Agencies, users, what they belong to, and logins. Only ``admin`` (and the system itself) changes them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from engine import access, clock
from engine.access import Action
from engine.catalog import change_catalog
from engine.commands.calendar_rules import check_profile
from engine.commands.clock_filling import renew_clocks
from engine.commands.logins import end_logins
from engine.commands.recording import note_user
from engine.commands.releasing import release_tasks, with_substitutes
from engine.deadlines.declarations import read_clocks
from engine.errors import N_, AgencyNotFound, MembershipRefused, NameTaken, UserNotFound
from engine.record import record
from engine.store import Database, writing
from engine.store.tables import Agency, ApiToken, Membership, User
from engine.types import Actor, RecordAction


def put_agency(
    database: Database, actor: Actor, agency_id: str, name: str, profile: Mapping[str, Any]
) -> None:
    """Add an agency, or replace its name and profile (``agency.toml`` as a dict).

    Deadlines of open cases that another profile moves are moved with it. Raises ``ProfileInvalid`` for a
    clock that cannot be, and ``VariableInvalid`` for office hours or a time zone that are none.
    """
    access.require(actor, Action.ADMINISTER)
    read_clocks(profile)
    check_profile(profile)
    with writing(database) as tx:
        change_catalog(tx)
        values = {"name": name, "profile": dict(profile)}
        if tx.execute(update(Agency).where(Agency.id == agency_id).values(**values)).rowcount == 0:
            tx.execute(insert(Agency).values(id=agency_id, **values))
        else:
            renew_clocks(tx, actor, agency_id)
        record(tx, actor, RecordAction.CHANGE_AGENCY, agency_id=agency_id, subject=f"agency:{agency_id}")


def add_user(
    database: Engine,
    actor: Actor,
    user_id: str,
    name: str,
    password_hash: str,
    memberships: Iterable[tuple[str, str]] = (),
    *,
    admin: bool = False,
) -> None:
    """Add an active user. ``memberships``: (agency id, group). Raises ``NameTaken``, ``AgencyNotFound``."""
    access.require(actor, Action.ADMINISTER)
    with writing(database) as tx:
        if tx.execute(select(User.id).where(User.id == user_id)).first():
            raise NameTaken(id=user_id)
        change_catalog(tx)
        tx.execute(
            insert(User).values(
                id=user_id,
                name=name,
                password_hash=password_hash,
                admin=admin,
                active=True,
                language="id",
                changed_at=clock.now(),
            )
        )
        _put_memberships(tx, user_id, memberships)
        note_user(tx, actor, RecordAction.CHANGE_USER, user_id, "added")


def set_memberships(
    database: Engine, actor: Actor, user_id: str, memberships: Iterable[tuple[str, str]]
) -> None:
    """Replace what a user belongs to. The record says which groups came and went; open tasks that the user,
    or a substitute in the user's place, may not have now go back to their groups.

    Raises ``UserNotFound``, ``AgencyNotFound``; ``MembershipRefused`` for one's own: an administrator, who
    sees no case, would see them all as ``manajer`` (issue 5, section 2).
    """
    access.require(actor, Action.ADMINISTER)
    if actor.user_id == user_id:
        raise MembershipRefused(reason=N_("nobody gives groups to oneself: ask another administrator"))
    wanted = set(memberships)
    with writing(database) as tx:
        change_catalog(tx)
        _change(tx, user_id)
        concerned = with_substitutes(tx, user_id)
        of_user = select(Membership.agency_id, Membership.group_id).where(Membership.user_id == user_id)
        held = {(row.agency_id, row.group_id) for row in tx.execute(of_user)}
        tx.execute(delete(Membership).where(Membership.user_id == user_id))
        _put_memberships(tx, user_id, wanted)
        came = [f"+{agency_id}:{group}" for agency_id, group in sorted(wanted - held)]
        went = [f"-{agency_id}:{group}" for agency_id, group in sorted(held - wanted)]
        what = " ".join(["groups", *came, *went])
        note_user(tx, actor, RecordAction.CHANGE_USER, user_id, what, {agency_id for agency_id, _ in held})
        release_tasks(tx, actor, concerned)


def set_password(
    database: Engine, actor: Actor, user_id: str, password_hash: str, *, same: bool = False
) -> None:
    """Replace a password (one's own, or as admin); ends the user's logins with what browsers tell, and as
    admin the tokens too. ``same``: it is the old one, hashed anew, and ends nothing.

    Raises ``UserNotFound``.
    """
    if actor.user_id != user_id:
        access.require(actor, Action.ADMINISTER)
    with writing(database) as tx:
        _change(tx, user_id, password_hash=password_hash)
        note_user(tx, actor, RecordAction.CHANGE_USER, user_id, "password")
        if same:
            return
        end_logins(tx, user_id)
        if actor.user_id != user_id:
            tx.execute(delete(ApiToken).where(ApiToken.user_id == user_id))


def set_active(database: Engine, actor: Actor, user_id: str, active: bool) -> None:
    """Let a user in, or lock the user out from the next request on, with all tokens and what browsers tell;
    the user's open tasks go back to their groups.

    Raises ``UserNotFound``.
    """
    access.require(actor, Action.ADMINISTER)
    with writing(database) as tx:
        change_catalog(tx)
        _change(tx, user_id, active=active)
        note_user(tx, actor, RecordAction.CHANGE_USER, user_id, "let_in" if active else "locked_out")
        if not active:
            end_logins(tx, user_id)
            tx.execute(delete(ApiToken).where(ApiToken.user_id == user_id))
            release_tasks(tx, actor, [user_id])


def set_language(database: Engine, actor: Actor, language: str) -> None:
    """Keep the language (``id``, ``en``) that a user chose."""
    with writing(database) as tx:
        tx.execute(update(User).where(User.id == actor.user_id).values(language=language))


def _change(tx: Connection, user_id: str, **values: Any) -> None:
    changed = update(User).where(User.id == user_id).values(changed_at=clock.now(), **values)
    if tx.execute(changed).rowcount == 0:
        raise UserNotFound(id=user_id)


def _put_memberships(tx: Connection, user_id: str, memberships: Iterable[tuple[str, str]]) -> None:
    rows = [{"user_id": user_id, "agency_id": a, "group_id": g} for a, g in sorted(set(memberships))]
    known = set(tx.scalars(select(Agency.id)))
    for row in rows:
        if row["agency_id"] not in known:
            raise AgencyNotFound(id=row["agency_id"])
    if rows:
        tx.execute(insert(Membership), rows)
