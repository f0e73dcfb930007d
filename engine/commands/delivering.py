"""What is on its way out of the app: who takes it to send, how it ends, and when a digest is due.

Taking puts ``due_at`` on, so that one sender tries at a time and a sender that dies is followed by another;
the other side may then get it twice, with the same id (a mail's ``Message-ID``, a push message's tag).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.queries.case_people import Circle, circles_of
from engine.queries.digest_days import digest_due, is_day_off
from engine.queries.identity import ACTS, USER_ROWS, actor_of, user_of
from engine.queries.notifications import TOLD_ROWS, told_of
from engine.store import reading, writing
from engine.store.tables import (
    Delivery,
    Notification,
    NotificationChoice,
    PushSubscription,
    User,
    table_of,
)
from engine.types import Actor, UserView
from engine.types.delivery import Channel, DeliveryOutcome, Parcel, PushTarget
from engine.types.notifications import NotificationView

LEASE = timedelta(minutes=10)
"""Who has taken something has so long to send it: longer than any timeout on the way."""

GIVEN_UP = timedelta(hours=24)
"""What nobody has taken for so long is old news: it stands in the app."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_ROWS = table_of(Delivery)


def take_deliveries(database: Engine, channels: Sequence[Channel], most: int = 20) -> list[Parcel]:
    """Take what is due on these channels, the oldest first, to be ended or put off by whoever calls.

    Ends what is not needed any more: it was read in the app meanwhile, or its user has no such address or
    browser now; and what its user may not see any more: one who has left, or whose right to the case has
    ended since it was written, by the rule of the page of the case. On a day off, a digest waits for the next
    one, which takes its place.
    """
    due = (
        _ROWS.c.ended_at.is_(None),
        _ROWS.c.due_at <= clock.now(),
        _ROWS.c.channel.in_([channel.value for channel in channels]),
    )
    with reading(database) as tx:  # nearly always nothing, and then nobody is kept from writing
        if tx.execute(select(_ROWS.c.id).where(*due).limit(1)).first() is None:
            return []
    with writing(database) as tx:
        oldest = select(_ROWS).where(*due).order_by(_ROWS.c.due_at).limit(most)
        rows = tx.execute(oldest.with_for_update(skip_locked=True)).all()
        held = _held_back(tx, rows)
        rows = [row for row in rows if row.id not in held]
        parcels = _parcels(tx, rows)
        taken = [parcel.id for parcel in parcels]
        lease = {"due_at": clock.now() + LEASE, "tries": _ROWS.c.tries + 1}
        tx.execute(update(_ROWS).where(_ROWS.c.id.in_(taken)).values(lease))
        _end(tx, _ROWS.c.id.in_([row.id for row in rows if row.id not in taken]), DeliveryOutcome.DROPPED)
    return parcels


def _held_back(tx: Connection, rows: Sequence[Row[Any]]) -> set[str]:
    """Ids of the digests whose users are off today: they are put off until the next one is due."""
    choices, now, held = table_of(NotificationChoice), clock.now(), set[str]()
    for row in rows:
        if row.channel == Channel.DIGEST and is_day_off(tx, row.user_id, now):
            following = select(choices.c.digest_at).where(choices.c.user_id == row.user_id)
            if (digest_at := tx.scalar(following)) is not None:
                tx.execute(update(_ROWS).where(_ROWS.c.id == row.id).values(due_at=digest_at))
                held.add(row.id)
    return held


def _parcels(tx: Connection, rows: Sequence[Row[Any]]) -> list[Parcel]:
    users = _users(tx, {row.user_id for row in rows})
    told = _told(tx, {row.notification_id for row in rows if row.notification_id})
    cases = circles_of(tx, {each.instance_id for each in told.values() if each.instance_id})
    emails = _emails(tx, {row.user_id for row in rows})
    browsers = _browsers(tx, {row.subscription_id for row in rows if row.subscription_id})
    found = []
    for row in rows:
        if row.user_id not in users:
            continue
        user, actor = users[row.user_id]
        notification = told.get(row.notification_id)
        target, email = browsers.get(row.subscription_id), emails.get(row.user_id, "")
        if row.notification_id and not _still_news(actor, notification, cases):
            continue
        if not (target if row.channel == Channel.PUSH else email):
            continue
        since = row.since or row.created_at
        found.append(
            Parcel(row.id, Channel(row.channel), user, email, notification, target, since, row.created_at)
        )
    return found


def _still_news(actor: Actor, told: NotificationView | None, cases: Mapping[str, Circle]) -> bool:
    if told is None or told.read_at is not None:
        return False
    case = cases[told.instance_id] if told.instance_id else None
    return access.may_be_told(actor, told.agency_id, case, told.told_group)


def _users(tx: Connection, ids: set[str]) -> dict[str, tuple[UserView, Actor]]:
    """The active ones, as they are and with what they belong to right now."""
    query = USER_ROWS.add_columns(ACTS).where(User.id.in_(ids), User.active).order_by(User.id)
    each = [list(of_one) for _, of_one in groupby(tx.execute(query).all(), lambda row: row.id)]
    return {rows[0].id: (user_of(rows), actor_of(tx, rows)) for rows in each}


def _told(tx: Connection, ids: set[str]) -> dict[str, NotificationView]:
    return {row.id: told_of(row) for row in tx.execute(TOLD_ROWS.where(Notification.id.in_(ids)))}


def _emails(tx: Connection, user_ids: set[str]) -> dict[str, str]:
    query = select(NotificationChoice.user_id, NotificationChoice.email).where(
        NotificationChoice.user_id.in_(user_ids), NotificationChoice.confirmed_at.is_not(None)
    )
    return {row.user_id: row.email for row in tx.execute(query)}


def _browsers(tx: Connection, ids: set[str]) -> dict[str, PushTarget]:
    query = select(
        PushSubscription.id, PushSubscription.endpoint, PushSubscription.p256dh, PushSubscription.auth
    )
    return {row.id: PushTarget(*row) for row in tx.execute(query.where(PushSubscription.id.in_(ids)))}


def end_delivery(database: Engine, delivery_id: str, outcome: DeliveryOutcome) -> None:
    """Note how a delivery ended; nobody tries again."""
    with writing(database) as tx:
        _end(tx, _ROWS.c.id == delivery_id, outcome)


def _end(tx: Connection, which: ColumnElement[bool], outcome: DeliveryOutcome) -> None:
    ended = {"ended_at": clock.now(), "outcome": outcome.value}
    tx.execute(update(_ROWS).where(which, _ROWS.c.ended_at.is_(None)).values(ended))


def put_off_delivery(database: Engine, delivery_id: str) -> bool:
    """Try again later, after growing pauses; gives up a day after it was written. Whether it goes on."""
    now = clock.now()
    with writing(database) as tx:
        row = tx.execute(select(_ROWS).where(_ROWS.c.id == delivery_id, _ROWS.c.ended_at.is_(None))).first()
        if row is None:
            return False
        if now - row.created_at >= GIVEN_UP:
            _end(tx, _ROWS.c.id == delivery_id, DeliveryOutcome.FAILED)
            return False
        pause = min(_FIRST_PAUSE * 2 ** min(max(row.tries - 1, 0), 10), _LONGEST_PAUSE)
        due_at: datetime = now + pause
        tx.execute(update(_ROWS).where(_ROWS.c.id == delivery_id).values(due_at=due_at))
    return True


def plan_digests(database: Engine) -> int:
    """Write a delivery for each digest that is due, and when the next one is. Returns how many.

    None on a day off, which may have become one since: the next one tells of those days too. It takes the
    place of one that was not taken so far, and tells what that would have told.
    """
    now = clock.now()
    choices = table_of(NotificationChoice)
    due = choices.c.digest_at <= now
    with reading(database) as tx:
        if tx.execute(select(choices.c.user_id).where(due).limit(1)).first() is None:
            return 0
    with writing(database) as tx:
        rows = tx.execute(select(choices).where(due).with_for_update(skip_locked=True)).all()
        off = {row.user_id for row in rows if is_day_off(tx, row.user_id, now)}
        left = _replaced(tx, [row.user_id for row in rows if row.user_id not in off])
        digests = [
            {
                "id": uuid7().hex,
                "channel": Channel.DIGEST.value,
                "user_id": row.user_id,
                "since": left.get(row.user_id) or row.digested_at or now - timedelta(days=1),
                "created_at": now,
                "due_at": now,
                "tries": 0,
            }
            for row in rows
            if row.user_id not in off
        ]
        if digests:
            tx.execute(insert(_ROWS), digests)
        for row in rows:
            following = {"digest_at": digest_due(tx, row.user_id, row.digest_hour, now)}
            if row.user_id not in off:
                following["digested_at"] = now
            tx.execute(update(choices).where(choices.c.user_id == row.user_id).values(following))
    return len(digests)


def _replaced(tx: Connection, user_ids: Sequence[str]) -> dict[str, datetime]:
    """End the digests of some users that are still on their way; returns since when these tell, by user."""
    waiting = (
        _ROWS.c.channel == Channel.DIGEST.value,
        _ROWS.c.ended_at.is_(None),
        _ROWS.c.user_id.in_(user_ids),
    )
    rows = tx.execute(select(_ROWS.c.id, _ROWS.c.user_id, _ROWS.c.since).where(*waiting)).all()
    _end(tx, _ROWS.c.id.in_([row.id for row in rows]), DeliveryOutcome.DROPPED)
    found: dict[str, datetime] = {}
    for row in rows:
        found[row.user_id] = min(row.since, found.get(row.user_id, row.since))
    return found
