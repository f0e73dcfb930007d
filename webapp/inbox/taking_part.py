"""Who takes part in a case: who did what, who has it now, and in which role somebody reported it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.types import Fact, HistoryKind, HistoryView, TaskView

REPORTER = "jenis_pelapor"
"""The field that says as a role who has reported (a neighbour, the police): the same in all services."""


@dataclass
class Part:
    """What one person has done in a case: names of the steps ``completed``, and of those it ``holds`` now."""

    user_id: str
    opened: bool = False
    completed: list[str] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)

    @property
    def steps(self) -> list[str]:
        """Names of the completed steps, each once."""
        return list(dict.fromkeys(self.completed))


def parts_in(events: Iterable[HistoryView], tasks: Iterable[TaskView]) -> list[Part]:
    """Who opened the case, completed its steps, or has an open one, in the order of their first deed."""
    found: dict[str, Part] = {}

    def of(user_id: str) -> Part:
        return found.setdefault(user_id, Part(user_id))

    for event in events:
        if event.kind == HistoryKind.INSTANCE_STARTED:
            of(event.user_id).opened = True
        elif event.kind == HistoryKind.TASK_COMPLETED:
            of(event.user_id).completed.append(event.element_name or event.element_id or "")
    for task in tasks:
        if task.assignee:
            of(task.assignee).holds.append(task.name)
    return list(found.values())


def reporter(facts: Sequence[Fact]) -> str:
    """Who has reported the case, as a role; empty where nobody says so, or the reader may not know."""
    told = [str(fact.display) for fact in facts if fact.key == REPORTER and fact.display]
    return told[-1] if told else ""
