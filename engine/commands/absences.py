"""Being away, with a substitute.

Nobody gains rights by a colleague's word: whom people name themselves holds every candidate group that they
hold. The ``manajer`` may name another worker of the agency, who then acts in those groups for that time, in
no role (Plh., Plt.: the officer's powers are given by whoever heads the office, UU 30/2014 Ps 14). Who has
drafted a letter does not sign it in another's place either: the hands count, not the name.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.access import Action
from engine.catalog import change_catalog
from engine.commands.notifying import notify
from engine.commands.recording import note_user
from engine.commands.releasing import release_tasks
from engine.errors import N_, AbsenceRefused, ActionForbidden, ResourceNotFound, UserNotFound
from engine.queries.absences import groups_of, read_absences
from engine.queries.holders import holders_of
from engine.store import Database, writing
from engine.store.tables import Absence, Membership
from engine.types import Actor, RecordAction
from engine.types.absences import AbsenceView
from engine.types.notifications import NotificationKind

LONGEST = timedelta(days=366)


def set_absence(
    database: Database,
    actor: Actor,
    agency_id: str,
    user_id: str,
    substitute_id: str,
    starts_at: datetime,
    ends_at: datetime,
) -> AbsenceView:
    """Note that a person (oneself; anybody for the ``manajer``) is away, and who stands in; both are told.

    ``ends_at`` is not included. Raises ``UserNotFound`` for who is not in the agency, ``ActionForbidden``,
    ``AbsenceRefused``.
    """
    with writing(database) as tx:
        change_catalog(tx)  # also: one at a time
        absence = _checked(tx, actor, agency_id, user_id, substitute_id, (starts_at, ends_at))
        tx.execute(insert(Absence).values(**vars(absence)))
        what = f"away, substitute:{substitute_id}{' appointed' if absence.appointed else ''}"
        note_user(tx, actor, RecordAction.CHANGE_USER, user_id, what)
        about = {"by": actor.user_id, "absent": user_id, "substitute": substitute_id}
        about["until"] = (ends_at - timedelta(seconds=1)).isoformat()  # the last day
        concerned = {user_id, substitute_id} - {actor.user_id}
        notify(tx, NotificationKind.SUBSTITUTING, agency_id, concerned, about=about)
        return absence


def end_absence(database: Database, actor: Actor, absence_id: str) -> None:
    """End an absence, or take back one to come: by whose it is, or the ``manajer``; the substitute's rights
    end with it, and what the substitute holds by them goes back to its groups. Twice is fine.

    Raises ``ResourceNotFound`` for what the actor has nothing to do with, ``ActionForbidden`` for the
    substitute.
    """
    with writing(database) as tx:
        row = tx.execute(select(Absence.__table__).where(Absence.id == absence_id)).one_or_none()
        manages = row is not None and access.may(actor, Action.APPOINT, row.agency_id)
        if row is None or not (manages or actor.user_id in (row.user_id, row.substitute_id)):
            raise ResourceNotFound
        if not manages and actor.user_id != row.user_id:
            raise ActionForbidden(action=Action.APPOINT.value)
        if row.ended_at is not None:
            return
        change_catalog(tx)
        ended: dict[str, Any] = {"ended_at": clock.now(), "ended_by": actor.user_id}
        tx.execute(update(Absence).where(Absence.id == absence_id).values(**ended))
        note_user(tx, actor, RecordAction.CHANGE_USER, row.user_id, f"back, substitute:{row.substitute_id}")
        release_tasks(tx, actor, [row.substitute_id])


def _checked(
    tx: Connection,
    actor: Actor,
    agency_id: str,
    user_id: str,
    substitute_id: str,
    time: tuple[datetime, datetime],
) -> AbsenceView:
    """The absence that may be noted. Raises as ``set_absence``."""
    appointed = _appoints(tx, actor, agency_id, user_id, substitute_id)
    at = clock.now()
    starts_at, ends_at = max(time[0], at), time[1]
    _check_time(tx, agency_id, user_id, substitute_id, (starts_at, ends_at))
    return AbsenceView(
        id=uuid7().hex,
        agency_id=agency_id,
        user_id=user_id,
        substitute_id=substitute_id,
        appointed=appointed,
        starts_at=starts_at,
        ends_at=ends_at,
        set_at=at,
        set_by=actor.user_id,
        ended_at=None,
        ended_by=None,
    )


def _appoints(tx: Connection, actor: Actor, agency_id: str, user_id: str, substitute_id: str) -> bool:
    """Whether the substitute gains groups by it, as only the ``manajer`` can. Raises as ``set_absence``."""
    manages = access.may(actor, Action.APPOINT, agency_id)
    if not manages and user_id != actor.user_id:
        raise ActionForbidden(action=Action.APPOINT.value)
    there = select(Membership.user_id).where(Membership.agency_id == agency_id)
    if user_id not in set(tx.scalars(there)):
        raise UserNotFound(id=user_id)
    needed = groups_of(tx, agency_id, user_id)
    if not needed:
        raise AbsenceRefused(reason=N_("this person has no tasks to stand in for"))
    workers = {each.user_id: each.groups(agency_id) for each in holders_of(tx, agency_id)}
    held = workers.get(substitute_id, frozenset())
    appointed = not needed <= held
    if substitute_id == user_id or not held:
        raise AbsenceRefused(reason=N_("the substitute has to be another worker of the agency"))
    if appointed and not manages:
        raise AbsenceRefused(reason=N_("your colleague does not hold all your groups: ask your manager"))
    if appointed and substitute_id == actor.user_id:
        raise AbsenceRefused(reason=N_("nobody gives groups to oneself: another manager has to name you"))
    return appointed


def _check_time(
    tx: Connection, agency_id: str, user_id: str, substitute_id: str, time: tuple[datetime, datetime]
) -> None:
    """Raise ``AbsenceRefused`` for a time that is none, or in which one of the two is away already."""
    starts_at, ends_at = time
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise AbsenceRefused(reason=N_("it has to end later than now and than it begins, within a year"))
    others = [a for a in read_absences(tx, agency_id) if a.starts_at < ends_at and a.ends_at > starts_at]
    if any(other.user_id == user_id for other in others):
        raise AbsenceRefused(reason=N_("there is a substitute for this time already: end that first"))
    if any(other.user_id == substitute_id for other in others):
        raise AbsenceRefused(reason=N_("the substitute is away at that time as well"))
