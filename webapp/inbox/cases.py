"""One case: where it stands and who has it, what is known, who takes part, what was said and what happened.

The same page for who works on it and for the manager, each with what they may see.
"""

from flask import render_template, request

from engine import get_instance, instance_diagram, reads_sealed
from engine.desk import LONGEST_COMMENT, case_people, case_tasks, list_comments
from engine.types import MANAGER, Actor, InstanceView
from webapp.auth import current_actor
from webapp.clocks import read_case_clocks
from webapp.db import database
from webapp.inbox.attachments import files_of_case
from webapp.inbox.notes import kept_note
from webapp.inbox.part import blueprint
from webapp.inbox.record import read_record
from webapp.inbox.saying import said
from webapp.inbox.taking_part import parts_in, reporter
from webapp.inbox.timeline import timeline
from webapp.notifications import note_read
from webapp.recording import seen


@blueprint.get("/cases/<instance_id>")
def case(instance_id: str) -> str:
    """A case with its open tasks, its people, its comments, its facts and its history."""
    actor = current_actor()
    note_read(actor, instance_id=instance_id)
    return case_page(actor, get_instance(database(), actor, instance_id))


def case_page(
    actor: Actor, instance: InstanceView, *, message: str = "", task_id: str = "", problem: str = ""
) -> str:
    """The page of a case; ``message``, ``task_id`` and ``problem``: a comment that was refused, and why."""
    seen(instance.id, instance.agency_id)
    record = read_record(actor, instance.id, files_of_case(actor, instance.id))
    open_tasks = [] if instance.ended_at else case_tasks(database(), actor, instance.id)
    tasks = [each.task for each in open_tasks]
    people = case_people(database(), actor, instance.id)
    note = None if problem else kept_note(actor, instance.id)
    return render_template(
        "inbox/case.html",
        instance=instance,
        agency_id=instance.agency_id,
        manages=actor.holds(instance.agency_id, MANAGER),
        works=reads_sealed(database(), actor, instance.id),
        open_tasks=open_tasks,
        urgent=next((task for task in tasks if task.due_at), None),
        record=record,
        timeline=timeline(record.story, instance.agency_id, request.args.get("events", "")),
        parts=parts_in(record.events, tasks),
        waited_for=list(dict.fromkeys((t.name, t.groups) for t in tasks if not t.assignee and t.groups)),
        reporter=reporter(record.facts),
        comments=said(reversed(list_comments(database(), actor, instance.id))),
        people=people,
        people_data=[[person.id, person.name] for person in people],
        message=message or (note.message if note else ""),
        note=note,
        at_task=task_id or request.args.get("task", ""),
        problem=problem,
        most=LONGEST_COMMENT,
        clocks=read_case_clocks(actor, instance.id, instance.agency_id, suspended=instance.suspended),
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
