"""Telling people: a line each in the app, in the transaction of what it tells of; and what they have read.

Who chose a mail at once, or push, gets a row of ``delivery`` in the same transaction; sending is others' work
(``engine.commands.delivering``) and holds up nothing here.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.queries.absences import substitutes
from engine.queries.case_people import circles_of
from engine.queries.identity import ACTS, USER_ROWS, actor_of
from engine.store import Database, writing
from engine.store.tables import Delivery, Notification, NotificationChoice, PushSubscription, User, table_of
from engine.types import Actor
from engine.types.delivery import Channel, MailChoice
from engine.types.notifications import NotificationKind

NOTIFICATIONS_KEPT = timedelta(days=90)
"""So long is a notification kept: a quarter, by when its reader has dealt with it. What has happened stands
in the history of the case for as long as there is one."""

SENT_KEPT = timedelta(days=7)
"""So long is it kept how a delivery ended: to find out, in a week, why a mail did not come."""

_READERS = (
    USER_ROWS.add_columns(
        ACTS, NotificationChoice.confirmed_at, NotificationChoice.mail, NotificationChoice.push
    )
    .outerjoin(NotificationChoice, NotificationChoice.user_id == User.id)
    .where(User.active)
    .order_by(User.id)
)
"""Active users with what they belong to and how they want to be told."""


def notify(
    tx: Connection,
    kind: NotificationKind,
    agency_id: str,
    user_ids: Collection[str],
    *,
    instance_id: str | None = None,
    task_id: str | None = None,
    about: Mapping[str, str | int] | None = None,
    group: str | None = None,
) -> None:
    """Tell each of ``user_ids`` once, and who stands in for those who are away.

    Nothing is told to who is no active user of the agency, or may not see the case now, whatever a task or a
    diagram says: the rule is that of the page of the case (``access.may_be_told``). ``group``: whose members,
    as the profile says, are told whether they see the case or not.

    ``about``: what the kind's sentence needs (``NotificationKind``), never the value of a variable: what is
    told may leave the house by e-mail.
    """
    known = _readers(tx, agency_id, user_ids, instance_id, group)
    told = {row.id: uuid7().hex for row in known}
    rows = [
        {
            "id": told[row.id],
            "agency_id": agency_id,
            "user_id": row.id,
            "kind": kind.value,
            "instance_id": instance_id,
            "task_id": task_id,
            "told_group": group,
            "about": dict(about or {}),
            "created_at": clock.now(),
            "read_at": None,
        }
        for row in known
    ]
    if not rows:
        return
    tx.execute(insert(table_of(Notification)), rows)
    mailed = [r.id for r in known if r.confirmed_at and r.mail.get(kind.value) == MailChoice.NOW]
    out = [_delivery(Channel.MAIL, user_id, told[user_id]) for user_id in mailed]
    if pushed := [row.id for row in known if kind.value in (row.push or ())]:
        browsers = select(PushSubscription.id, PushSubscription.user_id)
        out += [
            _delivery(Channel.PUSH, browser.user_id, told[browser.user_id], browser.id)
            for browser in tx.execute(browsers.where(PushSubscription.user_id.in_(pushed)))
        ]
    if out:
        tx.execute(insert(table_of(Delivery)), out)


def _delivery(
    channel: Channel, user_id: str, notification_id: str, subscription_id: str | None = None
) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": uuid7().hex,
        "channel": channel.value,
        "user_id": user_id,
        "notification_id": notification_id,
        "subscription_id": subscription_id,
        "created_at": now,
        "due_at": now,
        "tries": 0,
    }


def _readers(
    tx: Connection, agency_id: str, user_ids: Collection[str], instance_id: str | None, group: str | None
) -> list[Row[Any]]:
    """A row of ``_READERS`` for each of the users, and for who stands in for them, who may be told."""
    wanted = {*user_ids, *substitutes(tx, agency_id, user_ids).values()}
    if not wanted:
        return []
    case = circles_of(tx, [instance_id])[instance_id] if instance_id else None
    found = []
    for _, each in groupby(tx.execute(_READERS.where(User.id.in_(sorted(wanted)))).all(), lambda row: row.id):
        rows = list(each)
        if access.may_be_told(actor_of(tx, rows), agency_id, case, group):
            found.append(rows[0])
    return found


def mark_read(database: Database, actor: Actor, notification_ids: Collection[str] | None = None) -> int:
    """Note that the actor has read these, or all (None). Returns how many were unread; what is not the
    actor's own is passed over."""
    change = update(Notification).where(access.own_notifications(actor), Notification.read_at.is_(None))
    if notification_ids is not None:
        change = change.where(Notification.id.in_(list(notification_ids)))
    with writing(database) as tx:
        return tx.execute(change.values(read_at=clock.now())).rowcount


def forget_notifications(database: Engine) -> int:
    """Take away what was told longer than ``NOTIFICATIONS_KEPT`` ago, read or not, and what was sent longer
    than ``SENT_KEPT`` ago. Returns how many notifications went."""
    now = clock.now()
    old = Notification.created_at < now - NOTIFICATIONS_KEPT
    with writing(database) as tx:
        tx.execute(delete(Delivery).where(Delivery.ended_at < now - SENT_KEPT))
        of_old = Delivery.notification_id.in_(select(Notification.id).where(old))
        tx.execute(delete(Delivery).where(of_old))
        return tx.execute(delete(Notification).where(old)).rowcount
