"""One case as those who work on it see it: where it stands, what is known, what happened."""

from flask import render_template

from engine import get_instance, instance_diagram, list_tasks
from engine.types import MANAGER, TaskFilter
from webapp.auth import current_actor
from webapp.db import database
from webapp.inbox.part import blueprint
from webapp.inbox.record import read_record
from webapp.recording import seen


@blueprint.get("/cases/<instance_id>")
def case(instance_id: str) -> str:
    """A case with its open tasks, its facts and its history."""
    actor = current_actor()
    instance = get_instance(database(), actor, instance_id)
    seen(instance_id, instance.agency_id)
    tasks = list_tasks(database(), actor, TaskFilter(instance_id=instance_id))
    return render_template(
        "inbox/case.html",
        instance=instance,
        tasks=tasks,
        agency_id=instance.agency_id,
        manages=actor.holds(instance.agency_id, MANAGER),
        record=read_record(actor, instance_id),
    )


@blueprint.get("/cases/<instance_id>/diagram")
def diagram(instance_id: str) -> str:
    """Where a case stands on the diagram of its procedure; a page of its own, since the bundle is heavy."""
    actor = current_actor()
    instance = get_instance(database(), actor, instance_id)
    seen(instance_id, instance.agency_id)
    found = instance_diagram(database(), actor, instance_id)
    return render_template(
        "inbox/diagram.html",
        instance=instance,
        agency_id=instance.agency_id,
        page_data={
            "xml": found.xml,
            "name": instance.definition_name,
            "tokens": found.tokens,
            "visited": found.visited,
            "flows": found.flows,
            "incidents": [],
        },
    )
