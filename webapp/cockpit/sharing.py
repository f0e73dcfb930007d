"""Sharing a case: which fields, with which group of another agency, until when, on what consent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import describe_variables, list_shares, revoke_share, share_case
from engine.clock import now
from engine.errors import AgencyNotFound, ShareNotFound, ShareRefused
from engine.types import ROLES, Actor, InstanceView, ShareView
from webapp.agencies import agencies, agency_name, group_name, zone_of
from webapp.auth import current_actor
from webapp.auth.proof import needs_proof
from webapp.cockpit.part import blueprint, managed_instance
from webapp.cockpit.values import Value, values_of
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.recording import seen
from webapp.times import local


@dataclass(frozen=True)
class Sent:
    """What the form said."""

    receiver: str = ""
    fields: tuple[str, ...] = ()
    until: str = ""
    consent: str = ""


@dataclass(frozen=True)
class Listed:
    """A share in the list; ``fields``: what people call them."""

    share: ShareView
    valid: bool
    fields: Sequence[str]


@blueprint.get("/instances/<instance_id>/shares")
def shares(instance_id: str) -> str:
    """With whom a case is shared, and the form of a new share."""
    actor = current_actor()
    return _page(actor, managed_instance(actor, instance_id), Sent())


@blueprint.post("/instances/<instance_id>/shares")
@needs_proof("cockpit.shares", "instance_id")
def share(instance_id: str) -> Response | tuple[str, int]:
    """Share chosen ``field`` values with the ``receiver`` (``<agency id>:<group>``) until that day ends."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    form = request.form
    fields = tuple(form.getlist("field"))
    sent = Sent(form.get("receiver", ""), fields, form.get("until", ""), form.get("consent", "").strip())
    problem = _share(actor, view, sent)
    if problem:
        return _page(actor, view, sent, problem=problem), 400
    agency_id, _, group = sent.receiver.partition(":")
    whom = f"{group_name(agency_id, group)}, {agency_name(agency_id)}"
    flash(gettext("Shared with %(whom)s.", whom=whom), "success")
    return redirect(url_for("cockpit.shares", instance_id=instance_id), 303)


@blueprint.post("/instances/<instance_id>/shares/<share_id>/revoke")
def revoke(instance_id: str, share_id: str) -> Response | tuple[str, int]:
    """End a share for the ``reason`` given, at once: no proof stands in the way of closing a door."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    if share_id not in {each.id for each in list_shares(database(), actor, instance_id)}:
        raise ShareNotFound(id=share_id)
    try:
        revoke_share(database(), actor, share_id, request.form.get("reason", "").replace("\r\n", "\n"))
    except ShareRefused:
        return _page(actor, view, Sent(), problem=gettext("Write why the sharing ends.")), 400
    flash(gettext("The sharing has ended. It cannot be read any more."), "success")
    return redirect(url_for("cockpit.shares", instance_id=instance_id), 303)


def _share(actor: Actor, view: InstanceView, sent: Sent) -> str:
    """Why the case is not shared; empty where it is."""
    agency_id, _, group = sent.receiver.partition(":")
    if not group:
        return gettext("Choose with whom.")
    if not sent.fields:
        return gettext("Choose at least one field.")
    try:
        day = date.fromisoformat(sent.until)
    except ValueError:
        return gettext("Choose the last day.")
    until = datetime.combine(day, time(23, 59, 59), ZoneInfo(zone_of(view.agency_id)))
    try:
        share_case(
            database(),
            actor,
            view.id,
            to_agency_id=agency_id,
            to_group=group,
            fields=sent.fields,
            until=until,
            consent=sent.consent.replace("\r\n", "\n"),
        )
    except (AgencyNotFound, ShareRefused) as error:
        return localized(error)
    return ""


def _page(actor: Actor, view: InstanceView, sent: Sent, problem: str = "") -> str:
    seen(view.id, view.agency_id)
    values = _values(actor, view)
    labels = {value.name: value.label for value in values}
    listed = [
        Listed(
            each,
            each.revoked_at is None and each.expires_at > now(),
            [labels.get(name, name) for name in each.fields],
        )
        for each in list_shares(database(), actor, view.id)
    ]
    return render_template(
        "cockpit/shares.html",
        instance=view,
        agency_id=view.agency_id,
        shares=listed,
        values=values,
        receivers=_receivers(view.agency_id),
        today=local(now(), zone_of(view.agency_id)).date().isoformat(),
        sent=sent,
        problem=problem,
    )


def _values(actor: Actor, view: InstanceView) -> list[Value]:
    """What can be shared, each name once: a form may ask for the parts of one value in several fields."""
    by_name: dict[str, list[Value]] = {}
    for value in values_of(describe_variables(database(), actor, view.id), view.agency_id):
        by_name.setdefault(value.name.partition(".")[0], []).append(value)
    return [
        Value(name, ", ".join(part.label for part in parts), "", any(part.sealed for part in parts))
        for name, parts in by_name.items()
    ]


def _receivers(own: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups of the other agencies, by agency: pairs (what the form sends, what people read)."""
    others = sorted((each for each in agencies() if each != own), key=agency_name)
    return [
        (
            agency_name(each),
            [
                (f"{each}:{group}", str(name))
                for group, name in agencies()[each].profile.get("kelompok", {}).items()
                if group not in ROLES
            ],
        )
        for each in others
    ]
