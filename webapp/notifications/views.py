"""The list of what one was told, and reading it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import InstanceFilter, TaskFilter, clock, list_instances, list_tasks
from engine.desk import (
    NOTIFICATIONS_KEPT,
    NotificationKind,
    NotificationView,
    find_notification,
    list_notifications,
    list_unread,
    mark_read,
)
from engine.types import Page
from webapp.agencies import zone_of
from webapp.auth import current_actor
from webapp.auth.sessions import unattended
from webapp.db import database
from webapp.i18n import gettext
from webapp.notifications.bell import MOST, unread_count
from webapp.notifications.part import blueprint
from webapp.notifications.words import ICONS, sentence
from webapp.times import local, long_day

SIZE = 50
"""Notifications on a page."""


@dataclass(frozen=True)
class Line:
    """``icon``: of the kind; ``leads``: there is something to go to."""

    told: NotificationView
    icon: str
    sentence: str
    leads: bool


@dataclass(frozen=True)
class Day:
    """What was told on one day of the agency's calendar."""

    name: str
    lines: Sequence[Line]


@blueprint.get("")
def index() -> str:
    """What the reader was told, the newest first, by day; ``page`` counts from 1."""
    actor, sent = current_actor(), request.args.get("page", "1")
    page = int(sent) if sent.isascii() and sent.isdigit() and 0 < len(sent) < 5 else 1
    page = max(page, 1)
    found = list_notifications(database(), actor, Page((page - 1) * SIZE, SIZE + 1))
    return render_template(
        "notifications/index.html",
        days=[Day(name, list(lines)) for name, lines in groupby(map(_line, found[:SIZE]), _day)],
        page=page,
        more=len(found) > SIZE,
        unread=len(list_unread(database(), actor, MOST)),
        kept=NOTIFICATIONS_KEPT.days,
    )


@blueprint.get("/bell")
@unattended
def bell() -> Response | str:
    """The bell as it is now; 204 where the page that asks shows the same number (``seen``)."""
    current_actor()
    count = unread_count()
    if count is None or request.args.get("seen") == str(count):
        return Response(status=204)
    return render_template("notifications/bell.html")


@blueprint.get("/<notification_id>")
def open_one(notification_id: str) -> AnyResponse:
    """Go to what a notification is about: the address in mails and push messages. It is read then."""
    actor = current_actor()
    told = find_notification(database(), actor, notification_id)
    if told is None:
        abort(404)
    mark_read(database(), actor, [told.id])
    if told.instance_id and not list_instances(
        database(), actor, InstanceFilter(instance_id=told.instance_id)
    ):
        flash(gettext("Others work on this case: it is not open to you. You are told of its deadline only."))
        return redirect(url_for("notifications.index"), 303)
    if told.task_id and not list_tasks(database(), actor, TaskFilter(task_id=told.task_id)):
        return redirect(_target(replace(told, task_id=None)), 303)
    return redirect(_target(told), 303)


@blueprint.post("/read")
def read_all() -> AnyResponse:
    """Everything is read."""
    mark_read(database(), current_actor())
    return redirect(url_for("notifications.index"), 303)


@blueprint.post("/<notification_id>/read")
def read_one(notification_id: str) -> AnyResponse:
    """One thing is read; what is not one's own, or not there, changes nothing."""
    mark_read(database(), current_actor(), [notification_id])
    return redirect(url_for("notifications.index"), 303)


def _target(told: NotificationView) -> str:
    if told.kind is NotificationKind.MENTIONED and told.instance_id:  # whoever is named sees the case
        return url_for("inbox.case", instance_id=told.instance_id, _anchor="comments")
    if told.task_id and told.task_name:
        return url_for("inbox.task", task_id=told.task_id)
    if told.instance_id:
        return url_for("inbox.case", instance_id=told.instance_id)
    if told.kind is NotificationKind.SUBSTITUTING:
        return url_for("account.absence")
    return url_for("notifications.index")


def _line(told: NotificationView) -> Line:
    return Line(
        told, ICONS.get(told.kind, "clock"), sentence(told), _target(told) != url_for("notifications.index")
    )


def _day(line: Line) -> str:
    zone = zone_of(line.told.agency_id)
    day: date = local(line.told.created_at, zone).date()
    ago = (local(clock.now(), zone).date() - day).days
    if ago in (0, 1):
        return gettext("Yesterday") if ago else gettext("Today")
    return long_day(day)
