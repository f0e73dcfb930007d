"""The users of a demonstration: one per candidate group and role of each agency, and an admin."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from engine import add_user, find_user, list_agencies, set_memberships
from engine.types import ANALYST, AUDITOR, DATA_OFFICER, MANAGER, SYSTEM, AgencyView

ADMIN = "admin@titian"
_SECOND_MANAGER = "manajer2"
"""Without a second one nobody could try an erasure, to which two have to agree."""

_ROLES = {
    MANAGER: "Manajer",
    ANALYST: "Analis proses",
    DATA_OFFICER: "Petugas data",
    AUDITOR: "Auditor",
}


@dataclass(frozen=True)
class DemoUser:
    """``memberships``: pairs (agency id, group)."""

    id: str
    name: str
    memberships: tuple[tuple[str, str], ...]
    admin: bool = False


def demo_users(agencies: Iterable[AgencyView]) -> list[DemoUser]:
    """One user per candidate group and agency, one for each role that people have (two for
    managers), and one administrator."""
    users = []
    for agency in agencies:
        groups = {**agency.profile.get("kelompok", {}), **_ROLES}
        users += [
            DemoUser(f"{group}@{agency.id}", str(name), ((agency.id, group),))
            for group, name in groups.items()
        ]
        users.append(DemoUser(f"{_SECOND_MANAGER}@{agency.id}", "Manajer kedua", ((agency.id, MANAGER),)))
    return [*users, DemoUser(ADMIN, "Administrator", (), admin=True)]


def make_demo_users(database: Engine, hash_password: Callable[[], str]) -> int:
    """Make the demo users that are not there yet; returns how many were made.

    ``hash_password`` is asked once, and only where somebody is new. Groups are put right; whoever has changed
    a password keeps it.
    """
    hashed, made = "", 0
    for user in demo_users(list_agencies(database, SYSTEM)):
        known = find_user(database, user.id)
        if known is None:
            hashed = hashed or hash_password()
            add_user(database, SYSTEM, user.id, user.name, hashed, user.memberships, admin=user.admin)
            made += 1
        elif known.memberships != user.memberships:
            set_memberships(database, SYSTEM, user.id, user.memberships)
    return made
