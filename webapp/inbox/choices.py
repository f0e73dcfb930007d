"""What the list can be narrowed to."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.types import MANAGER, Actor, TaskView
from webapp.agencies import agency_name
from webapp.i18n import gettext, ngettext
from webapp.inbox.selection import FREE, Selection
from webapp.people import person

Option = tuple[str, str]
"""The value of a choice, and what people read."""


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, each by name; ``taken`` only for who manages."""

    agencies: Sequence[Option]
    processes: Sequence[Option]
    steps: Sequence[Option]
    taken: Sequence[Option]


def choices_among(actor: Actor, tasks: Sequence[TaskView], selection: Selection) -> Choices:
    """The choices that narrow ``tasks``, with those of ``selection`` whatever it is."""
    agencies = {task.agency_id: agency_name(task.agency_id) for task in tasks}
    processes = {task.definition_key: task.definition_name for task in tasks}
    of_process = [task for task in tasks if selection.process in ("", task.definition_key)]
    steps = {task.element_id: task.name for task in of_process}
    chosen = selection.step.split(",")
    if len(chosen) > 1:
        steps[selection.step] = ngettext("%(num)d step", "%(num)d steps", len(chosen))
    return Choices(_by_name(agencies), _by_name(processes), _by_name(steps), _taken(actor, tasks))


def _taken(actor: Actor, tasks: Sequence[TaskView]) -> list[Option]:
    """By whom tasks are taken; only a manager chooses by that."""
    if not actor.agencies_with(MANAGER):
        return []
    people = {task.assignee: person(task.assignee) for task in tasks if task.assignee}
    return [(FREE, gettext("Nobody yet")), *_by_name(people)]


def _by_name(names: dict[str, str]) -> list[Option]:
    return sorted(names.items(), key=lambda option: option[1])
