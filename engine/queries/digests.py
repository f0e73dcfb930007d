"""What a daily digest tells: made when it is sent, so that it says nothing that is settled already."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from engine import access, clock
from engine.queries.identity import get_actor
from engine.queries.notifications import TOLD_ROWS, told_of
from engine.queries.tasks import count_tasks, list_tasks
from engine.store import reading
from engine.store.tables import Notification, NotificationChoice, table_of
from engine.types import Actor, Page, TaskFilter
from engine.types.delivery import DigestView, MailChoice, Parcel
from engine.types.notifications import NotificationView

SOON = timedelta(hours=24)
"""Less than this left: a task is named as soon due, and until the next digest, which skips days off."""

MOST = 30
"""Lines of each part at most: who has more opens the inbox."""

COUNTED = 1000

NOTHING = DigestView((), (), 0, ())
_CHOICE = table_of(NotificationChoice)


def read_digest(database: Engine, parcel: Parcel) -> DigestView:
    """What the user of a digest is told now, of what that user may see right now."""
    actor = get_actor(database, parcel.user.id)
    of_user = _CHOICE.c.user_id == parcel.user.id
    with reading(database) as tx:
        choice = tx.execute(
            select(_CHOICE.c.mail, _CHOICE.c.summary, _CHOICE.c.digest_at).where(of_user)
        ).one_or_none()
    if actor is None or choice is None:
        return NOTHING
    kinds = [kind for kind, when in choice.mail.items() if when == MailChoice.DIGEST]
    told = _told(database, actor, kinds, parcel.since)
    if not choice.summary:
        return DigestView((), (), 0, told)
    now, part = clock.now(), Page(size=MOST)
    own = TaskFilter(assignee=actor.user_id, suspended=False)
    until = max(now + SOON, choice.digest_at or now)
    late = list_tasks(database, actor, replace(own, due_before=now), part)
    soon = list_tasks(database, actor, replace(own, due_after=now, due_before=until), part)
    return DigestView(late, soon, _queued(database, actor, parcel.since), told)


def _queued(database: Engine, actor: Actor, since: datetime) -> int:
    """How many free tasks have come into the actor's queues."""
    groups = {group for agency_id in actor.by_agency for group in actor.groups(agency_id)}
    if not groups:
        return 0
    fresh = TaskFilter(assigned=False, created_after=since, suspended=False)
    return count_tasks(database, actor, replace(fresh, candidate_groups=tuple(sorted(groups))), COUNTED)


def _told(database: Engine, actor: Actor, kinds: list[str], since: datetime) -> list[NotificationView]:
    query = TOLD_ROWS.where(
        access.own_notifications(actor),
        Notification.read_at.is_(None),
        Notification.kind.in_(kinds),
        Notification.created_at > since,
    )
    with reading(database) as tx:
        rows = tx.execute(query.order_by(Notification.created_at.desc()).limit(MOST))
        return [told_of(row) for row in rows]
