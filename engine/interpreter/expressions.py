"""FEEL in a diagram, evaluated where a token stands. Nothing else in a diagram is ever evaluated."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engine.errors import ExecutionFailed, TitianError
from engine.feel import parse_expression, to_json
from engine.interpreter.scopes import variables
from engine.interpreter.spiff import Task


def evaluate(task: Task, text: str) -> Any:
    """The JSON value of a FEEL expression over the variables that a token sees.

    Raises ExecutionFailed, naming the token's element, if it does not parse or does not end.
    """
    return evaluate_in(variables(task), text, task.task_spec.element.id)


def evaluate_in(scope: Mapping[str, Any], text: str, element_id: str) -> Any:
    """The same over given variables, on behalf of an element."""
    with blaming(element_id):
        return to_json(parse_expression(text).evaluate(scope))


def holds(task: Task, condition: str) -> bool:
    """Whether a condition is true; null and everything else is not (DMN 1.5, 10.3.2.6)."""
    return evaluate(task, condition) is True


@contextmanager
def blaming(element_id: str) -> Iterator[None]:
    """Turn what a host or an expression refuses into an ExecutionFailed that names the element."""
    try:
        yield
    except ExecutionFailed as error:
        if error.parameters.get("element"):
            raise
        raise failure(element_id, str(error.parameters.get("reason", error))) from error
    except TitianError as error:
        raise failure(element_id, str(error)) from error


def failure(element_id: str, reason: str) -> ExecutionFailed:
    """The error for an element that cannot be passed."""
    return ExecutionFailed(element=element_id, reason=reason)
