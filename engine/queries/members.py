"""Who belongs to a group: the options that the server supplies to forms."""

from typing import Any

from sqlalchemy import Connection, select

from engine.definitions.forms import Form
from engine.store.tables import Membership, User


def members(tx: Connection, agency_id: str, group: str) -> list[dict[str, str]]:
    """The active members of a group as options ``{"label": name, "value": user id}``, by name."""
    query = (
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.agency_id == agency_id, Membership.group_id == group, User.active)
        .order_by(User.name, User.id)
    )
    return [{"label": name, "value": user_id} for user_id, name in tx.execute(query)]


def form_options(tx: Connection, agency_id: str, form: Form) -> dict[str, Any]:
    """``anggota_<group>`` for each group that a field of the form chooses from."""
    groups = sorted(set(form.members.values()))
    return {f"anggota_{group}": members(tx, agency_id, group) for group in groups}
