"""Who holds what in an agency, by membership alone."""

from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, select

from engine.store.tables import Membership, User
from engine.types import Actor


def holders_of(tx: Connection, agency_id: str) -> list[Actor]:
    """The active users of an agency with the groups and roles that they hold there, by name."""
    query = (
        select(User.name, User.id, Membership.group_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.agency_id == agency_id, User.active)
        .order_by(User.name, User.id)
    )
    return [
        Actor(user_id, frozenset((agency_id, row.group_id) for row in rows), name=name)
        for (name, user_id), rows in groupby(tx.execute(query), itemgetter(0, 1))
    ]
