"""The list of cases, with the numbers on top of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import render_template, request

from engine import (
    IncidentFilter,
    count_incidents,
    count_instances,
    list_definitions,
    list_instances,
    list_tasks,
    open_steps,
    pending_erasures,
)
from engine.clock import now
from engine.types import Actor, ErasureView, InstanceView, Page, TaskFilter, TaskView
from webapp.agencies import agency_name
from webapp.auth import current_actor
from webapp.cockpit.part import blueprint, managed_agencies
from webapp.cockpit.selection import NUMBERS, SIZE, SORTS, STATES, Selection, in_state, read_selection
from webapp.counts import MOST
from webapp.db import database
from webapp.times import span

Option = tuple[str, str]
"""The value of a choice, and what people read."""


@dataclass(frozen=True)
class Row:
    """A case in the list. ``tasks``: its open ones, the most urgent first; ``age``: open for, or it took."""

    instance: InstanceView
    tasks: Sequence[TaskView]
    age: str


@dataclass(frozen=True)
class Overview:
    """Everything that the list's template draws. ``steps``: (process name, its steps).

    ``incidents``: how many are open. ``erasures``: those that wait for a second person.
    """

    selection: Selection
    numbers: Mapping[str, int]
    rows: Sequence[Row]
    total: int
    agencies: Sequence[Option]
    processes: Sequence[Option]
    steps: Sequence[tuple[str, Sequence[Option]]]
    incidents: int
    erasures: Sequence[ErasureView]

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(-(-self.total // SIZE), 1)


@blueprint.get("")
def index() -> str:
    """The cases of the agencies that one manages."""
    overview = read_overview(current_actor(), read_selection(request.args))
    agency_id = overview.agencies[0][0] if len(overview.agencies) == 1 else ""
    return render_template(
        "cockpit/index.html", overview=overview, states=STATES, sorts=SORTS, agency_id=agency_id
    )


def read_overview(actor: Actor, selection: Selection) -> Overview:
    """The list that ``selection`` asks for."""
    managed = managed_agencies(actor)
    narrowed = replace(selection, state="all").filter(managed)
    numbers = {
        state: count_instances(database(), actor, in_state(narrowed, state), MOST) for state in NUMBERS
    }
    wanted = selection.filter(managed)
    counted = numbers.get(selection.state)
    total = count_instances(database(), actor, wanted, MOST) if counted is None else counted
    selection = replace(selection, page=min(selection.page, max(-(-total // SIZE), 1)))
    page = Page((selection.page - 1) * SIZE, SIZE, SORTS[selection.order][1])
    instances = list_instances(database(), actor, wanted, page)
    agencies = sorted(((a, agency_name(a)) for a in managed), key=lambda option: option[1])
    processes = _processes(actor, selection, managed)
    return Overview(
        selection,
        numbers,
        _rows(actor, instances),
        total,
        agencies,
        processes,
        _steps(actor, selection, managed, dict(processes)),
        count_incidents(database(), actor, IncidentFilter(agency_ids=managed)),
        pending_erasures(database(), actor),
    )


def _rows(actor: Actor, instances: Sequence[InstanceView]) -> list[Row]:
    tasks: dict[str, list[TaskView]] = {instance.id: [] for instance in instances}
    if tasks:
        for task in list_tasks(database(), actor, TaskFilter(instance_ids=tuple(tasks))):
            tasks[task.instance_id].append(task)
    at = now()
    return [Row(each, tasks[each.id], span((each.ended_at or at) - each.started_at)) for each in instances]


def _processes(actor: Actor, selection: Selection, managed: tuple[str, ...]) -> list[Option]:
    """The processes of the chosen agencies, by name."""
    wanted = [a for a in managed if selection.agency in ("", a)]
    found = list_definitions(database(), actor, agency_ids=wanted) if wanted else []
    return sorted({view.key: view.name for view in found}.items(), key=lambda option: option[1])


def _steps(
    actor: Actor, selection: Selection, managed: tuple[str, ...], processes: Mapping[str, str]
) -> list[tuple[str, list[Option]]]:
    """The steps at which open tasks wait in the chosen agencies and process, each with how many."""
    agencies = tuple(a for a in managed if selection.agency in ("", a)) or ("-",)
    wanted = TaskFilter(agency_ids=agencies, definition_key=selection.process or None)
    groups: dict[str, list[Option]] = {}
    for step in open_steps(database(), actor, wanted):
        value = f"{step.definition_key}:{step.element_id}"
        of_process = groups.setdefault(processes.get(step.definition_key, step.definition_key), [])
        of_process.append((value, f"{step.name} ({step.waiting})"))
    return sorted(groups.items())
