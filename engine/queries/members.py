"""Who belongs to a group: the options that the server supplies to forms, and whom a task can be given to."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, or_, select

from engine.catalog import remembered
from engine.definitions.forms import Form
from engine.queries.absences import absences_now, acting_groups
from engine.store.tables import Membership, User
from engine.types import Person


def members(tx: Connection, agency_id: str, group: str) -> list[dict[str, str]]:
    """The active members of a group as options ``{"label": name, "value": user id}``, by name."""

    def find() -> list[Person]:
        query = (
            select(User.id, User.name)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.agency_id == agency_id, Membership.group_id == group, User.active)
            .order_by(User.name, User.id)
        )
        return [Person(*row) for row in tx.execute(query)]

    found = remembered(tx, ("members", agency_id, group), find)
    return [{"label": person.name, "value": person.id} for person in found]


def form_options(tx: Connection, agency_id: str, form: Form) -> dict[str, Any]:
    """``anggota_<group>`` for each group that a field of the form chooses from."""
    groups = sorted(set(form.members.values()))
    return {f"anggota_{group}": members(tx, agency_id, group) for group in groups}


def people(tx: Connection, agency_id: str, groups: Iterable[str], users: Iterable[str]) -> list[Person]:
    """The active users among ``users``, the active members of some groups of an agency, and who acts in one
    for somebody who is away, by name."""
    groups = list(groups)
    away = [absence.substitute_id for absence in absences_now(tx, agency_id) if absence.appointed]
    users = [*users, *(each for each in away if acting_groups(tx, agency_id, each).keys() & set(groups))]
    of_groups = select(Membership.user_id).where(
        Membership.agency_id == agency_id, Membership.group_id.in_(groups)
    )
    query = select(User.id, User.name).where(User.active, or_(User.id.in_(users), User.id.in_(of_groups)))
    return [Person(*row) for row in tx.execute(query.order_by(User.name, User.id))]
