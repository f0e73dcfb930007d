"""What has gone wrong, and trying it again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import (
    IncidentFilter,
    IncidentView,
    Page,
    count_incidents,
    get_incident,
    list_incidents,
    retry_job,
    set_external_task_retries,
)
from engine.errors import N_, ExternalTaskNotFound, JobNotFound
from engine.types import Actor
from webapp.auth import current_actor
from webapp.cockpit.part import blueprint, managed_agencies
from webapp.cockpit.steps import step_names
from webapp.db import database
from webapp.i18n import gettext
from webapp.recording import seen
from webapp.retold import retold

SIZE = 25
"""Incidents on a page of the list."""

WHAT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "failedJob": (
            N_("The system has tried this step several times and could not do it."),
            N_("Try again once the cause is repaired."),
        ),
        "failedExternalTask": (
            N_("The program that does this step could not do it."),
            N_("Try again once the cause is repaired."),
        ),
        "failedStep": (
            N_("Somebody tried to finish this step, and the case could not go on. Nothing was saved."),
            N_("Once the cause is repaired, the step is finished in the usual way; this notice then goes."),
        ),
        "stuck": (
            N_("Nothing in this case waits for anything any more: by itself it will not go on."),
            N_("Put the case at another step, or cancel it."),
        ),
    }
)
"""By the kind of an incident: what has happened, and what a manager can do."""

_RETRIED = frozenset({"failedJob", "failedExternalTask"})


@dataclass(frozen=True)
class Trouble:
    """An incident in words. ``cause``: what the engine or the other program has said of it."""

    incident: IncidentView
    step: str
    what: str
    cause: str
    advice: str
    retryable: bool


@blueprint.get("/incidents")
def incidents() -> str:
    """The open incidents of the agencies that one manages, the newest first."""
    actor = current_actor()
    managed = managed_agencies(actor)
    wanted = IncidentFilter(agency_ids=managed)
    total = count_incidents(database(), actor, wanted)
    pages = max(-(-total // SIZE), 1)
    asked = request.args.get("page", "")
    number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    found = list_incidents(database(), actor, wanted, Page((number - 1) * SIZE, SIZE))
    for incident in found:
        if incident.tells_workers_words:
            seen(incident.instance_id, incident.agency_id, f"external_task:{incident.subject_id}")
    return render_template(
        "cockpit/incidents.html",
        troubles=troubles(actor, found),
        total=total,
        page=number,
        pages=pages,
        several=len(managed) > 1,
        agency_id=managed[0] if len(managed) == 1 else "",
    )


@blueprint.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> Response:
    """Let the system, or the other program, try once more; then back to where the button was."""
    actor = current_actor()
    incident = get_incident(database(), actor, incident_id)
    try:
        done = incident.resolved_at is None and _retry(actor, incident)
    except (JobNotFound, ExternalTaskNotFound):  # done or gone since the page was drawn
        done = False
    if done:
        flash(gettext("It is tried again now. If it fails once more, it appears here again."), "success")
    else:
        flash(gettext("There is nothing to try again any more. See below how it stands."), "info")
    if incident.instance_id and "case" in request.form:
        return redirect(url_for("cockpit.instance", instance_id=incident.instance_id), 303)
    return redirect(url_for("cockpit.incidents"), 303)


def troubles_of_case(actor: Actor, instance_id: str) -> list[Trouble]:
    """The open incidents of a case."""
    return troubles(actor, list_incidents(database(), actor, IncidentFilter(instance_id=instance_id)))


def troubles(actor: Actor, found: Iterable[IncidentView]) -> list[Trouble]:
    """Incidents in words."""
    return [_trouble(actor, incident) for incident in found]


def stuck_elements(found: Sequence[Trouble], process_key: str) -> list[str]:
    """Ids of the elements of the process ``process_key`` at which something is wrong."""
    own = [trouble.incident for trouble in found if trouble.incident.process_key == process_key]
    return list(dict.fromkeys(incident.element_id for incident in own if incident.element_id))


def _trouble(actor: Actor, incident: IncidentView) -> Trouble:
    place = incident.agency_id, incident.definition_id, incident.process_key
    names = step_names(actor, *place)
    element_id = incident.element_id or ""
    what, advice = WHAT[incident.kind]
    cause = "" if incident.kind == "stuck" else retold(incident.message, names) if incident.message else ""
    return Trouble(
        incident,
        names.get(element_id, element_id),
        gettext(what),
        cause,
        gettext(advice),
        incident.kind in _RETRIED,
    )


def _retry(actor: Actor, incident: IncidentView) -> bool:
    """Whether there was something to try again."""
    if incident.kind == "failedJob":
        retry_job(database(), actor, incident.subject_id)
    elif incident.kind == "failedExternalTask":
        set_external_task_retries(database(), actor, [incident.subject_id], 1)
    return incident.kind in _RETRIED
