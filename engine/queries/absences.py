"""Who is away and who stands in: read once and remembered, since rights and many pages ask for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from engine import access, clock
from engine.catalog import remembered
from engine.queries.holders import holders_of
from engine.store import Database, reading
from engine.store.tables import Absence, Membership, table_of
from engine.types import ROLES, Actor, Person
from engine.types.absences import AbsenceView

_ABSENCE = table_of(Absence)


def read_absences(tx: Connection, agency_id: str) -> Sequence[AbsenceView]:
    """The absences of an agency that were not ended, those to come and those that have passed among them."""

    def find() -> list[AbsenceView]:
        query: Any = select(_ABSENCE).where(_ABSENCE.c.agency_id == agency_id, _ABSENCE.c.ended_at.is_(None))
        return [AbsenceView(**row._asdict()) for row in tx.execute(query.order_by(_ABSENCE.c.starts_at))]

    return remembered(tx, ("absences", agency_id), find)


def absences_now(tx: Connection, agency_id: str) -> list[AbsenceView]:
    """Who of an agency is away at this moment."""
    at = clock.now()
    return [absence for absence in read_absences(tx, agency_id) if absence.holds_at(at)]


def substitutes(tx: Connection, agency_id: str, user_ids: Iterable[str]) -> dict[str, str]:
    """Who stands in for those of the users who are away now: user id -> substitute."""
    wanted = set(user_ids)
    return {a.user_id: a.substitute_id for a in absences_now(tx, agency_id) if a.user_id in wanted}


def acting_groups(tx: Connection, agency_id: str, user_id: str) -> dict[str, str]:
    """Candidate groups in which a user acts now by appointment: group -> for whom."""
    found: dict[str, str] = {}
    for absence in absences_now(tx, agency_id):
        if absence.appointed and absence.substitute_id == user_id:
            groups = groups_of(tx, agency_id, absence.user_id)
            found |= {group: absence.user_id for group in groups if group not in found}
    return found


def groups_of(tx: Connection, agency_id: str, user_id: str) -> frozenset[str]:
    """The candidate groups that a user holds in an agency, active or not: a post stays, whoever left it."""
    held = select(Membership.group_id).where(Membership.agency_id == agency_id, Membership.user_id == user_id)
    return frozenset(tx.scalars(held)) - ROLES


def list_absences(database: Database, actor: Actor, agency_id: str | None = None) -> list[AbsenceView]:
    """Absences now and to come, the first to begin first: one's own and those in which one stands in; with
    an ``agency_id``, all of that agency. Raises ``ActionForbidden`` for anybody but its ``manajer`` then."""
    at = clock.now()
    if agency_id is not None:
        access.require(actor, access.Action.APPOINT, agency_id)
    with reading(database) as tx:
        of = sorted(actor.by_agency) if agency_id is None else [agency_id]
        found = [absence for each in of for absence in read_absences(tx, each)]
    concerned = [a for a in found if agency_id is not None or actor.user_id in (a.user_id, a.substitute_id)]
    return [absence for absence in concerned if absence.ends_at > at]


def away(database: Database, agency_id: str) -> dict[str, AbsenceView]:
    """Who of an agency is away now, by user id: for pages on which people are chosen."""
    with reading(database) as tx:
        return {absence.user_id: absence for absence in absences_now(tx, agency_id)}


def substituting(database: Database, actor: Actor) -> list[AbsenceView]:
    """For whom the actor stands in now."""
    with reading(database) as tx:
        found = [a for agency_id in sorted(actor.by_agency) for a in absences_now(tx, agency_id)]
    return [absence for absence in found if absence.substitute_id == actor.user_id]


def possible_substitutes(database: Database, actor: Actor, agency_id: str) -> list[Person]:
    """The colleagues whom the actor may name, by name: those who hold every candidate group that the actor
    holds there."""
    with reading(database) as tx:
        own = groups_of(tx, agency_id, actor.user_id)
        return [
            Person(worker.user_id, worker.name)
            for worker in holders_of(tx, agency_id)
            if own and worker.user_id != actor.user_id and own <= worker.groups(agency_id)
        ]


def agency_workers(database: Database, actor: Actor, agency_id: str) -> list[Person]:
    """The workers of an agency by name, of whom its ``manajer`` names one for another. Raises
    ``ActionForbidden``."""
    access.require(actor, access.Action.APPOINT, agency_id)
    with reading(database) as tx:
        found = holders_of(tx, agency_id)
    return [Person(each.user_id, each.name) for each in found if each.groups(agency_id)]
