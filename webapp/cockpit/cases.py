"""One case: its diagram, where it stands and who has it, its history, its data, and who worked on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from engine import describe_variables, history, instance_diagram, list_tasks, task_candidates
from engine.types import Actor, InstanceView, Person, TaskFilter, TaskView
from webapp.auth import current_actor
from webapp.clocks import read_case_clocks
from webapp.cockpit.incidents import stuck_elements, troubles_of_case
from webapp.cockpit.part import blueprint, managed_instance
from webapp.cockpit.values import values_of
from webapp.cockpit.waiting import waits_of
from webapp.db import database
from webapp.inbox.attachments import files_of_case
from webapp.inbox.story import story
from webapp.inbox.taking_part import parts_in
from webapp.recording import seen


@dataclass(frozen=True)
class OpenStep:
    """An open task, and whom it can be given to (without whoever has it)."""

    task: TaskView
    candidates: Sequence[Person]


@blueprint.get("/instances/<instance_id>")
def instance(instance_id: str) -> str:
    """A case of an agency that one manages."""
    actor = current_actor()
    return case_page(actor, managed_instance(actor, instance_id))


def case_page(actor: Actor, view: InstanceView, *, reason: str = "", problem: str = "") -> str:
    """The page of a case; ``reason`` and ``problem``: what was wrong when it was to be cancelled."""
    seen(view.id, view.agency_id, "cockpit")
    tasks = list_tasks(database(), actor, TaskFilter(instance_id=view.id))
    diagram = instance_diagram(database(), actor, view.id)
    events = history(database(), actor, view.id)
    found = troubles_of_case(actor, view.id)
    return render_template(
        "cockpit/instance.html",
        instance=view,
        agency_id=view.agency_id,
        steps=[_open_step(actor, task) for task in tasks],
        troubles=found,
        waits=[] if view.ended_at else waits_of(actor, view),
        clocks=read_case_clocks(actor, view.id, view.agency_id, suspended=view.suspended),
        story=story(events),
        files=files_of_case(actor, view.id),
        people=parts_in(events, tasks),
        data=values_of(describe_variables(database(), actor, view.id), view.agency_id),
        page_data={
            "xml": diagram.xml,
            "name": view.definition_name,
            "tokens": diagram.tokens,
            "visited": diagram.visited,
            "flows": diagram.flows,
            "incidents": stuck_elements(found, view.definition_key),
        },
        reason=reason,
        problem=problem,
    )


def _open_step(actor: Actor, task: TaskView) -> OpenStep:
    candidates = task_candidates(database(), actor, task.id)
    return OpenStep(task, [person for person in candidates if person.id != task.assignee])
