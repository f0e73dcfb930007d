"""Who has opened one case: for those who may see it, and the agency's auditor."""

from flask import render_template

from engine import case_accesses, get_instance
from engine.errors import InstanceNotFound
from engine.types import MANAGER, Page
from webapp.audit.part import SIZE, blueprint, page_number
from webapp.audit.words import ACTIONS, CHANNELS
from webapp.auth import current_actor
from webapp.db import database
from webapp.recording import seen


@blueprint.get("/cases/<instance_id>")
def case(instance_id: str) -> str:
    """The access log of one case, the newest first. Raises ``InstanceNotFound``."""
    actor, number = current_actor(), page_number()
    found = case_accesses(database(), actor, instance_id, Page((number - 1) * SIZE, SIZE + 1))
    if not found and number > 1:
        raise InstanceNotFound(id=instance_id)
    try:
        instance = get_instance(database(), actor, instance_id)
    except InstanceNotFound:  # the auditor sees the log of a case, not the case
        instance = None
    agency_id = instance.agency_id if instance else (found[0].agency_id or "" if found else "")
    seen(instance_id, agency_id or None)
    return render_template(
        "audit/case.html",
        instance=instance,
        instance_id=instance_id,
        business_key=instance.business_key if instance else (found[0].business_key if found else ""),
        agency_id=agency_id,
        manages=actor.holds(agency_id, MANAGER),
        entries=found[:SIZE],
        more=len(found) > SIZE,
        page=number,
        actions=ACTIONS,
        channels=CHANNELS,
    )
