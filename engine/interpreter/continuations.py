"""Asynchronous continuations (Camunda 7): a token stops for a job, before or after an element.

It stands in state FUTURE, which nothing else keeps at rest, where it goes on: at the element that it has not
entered yet (``before``), at the target of the flow that it has left by (``after``), or at the item of a
multi-instance that is done but not counted (``item``). Whoever looks at the diagram sees it in neither.
"""

from engine.interpreter.spiff import Task, TaskSpec, TaskState

BEFORE, AFTER, ITEM = "before", "after", "item"


def pause(task: Task, side: str) -> None:
    """Stop a token here until it is resumed."""
    task.internal_data["async"] = side
    task._set_state(TaskState.FUTURE)


def is_paused(task: Task) -> bool:
    """Whether a token waits for a job to go on."""
    return "async" in task.internal_data


def element_of(task: Task) -> str:
    """Id of the element that has made a paused token stop."""
    name: str = task.internal_data["via"] if task.internal_data["async"] == AFTER else task.task_spec.name
    spec: TaskSpec = task.workflow.spec.task_specs[name]
    element_id: str = spec.element.id
    return element_id


def stands_at(task: Task) -> str:
    """The element that a token stands at; one that has left it and stops for a job stands there still."""
    element_id: str = element_of(task) if is_paused(task) else task.task_spec.element.id
    return element_id
