"""Timers that start a process (BPMN 10.5.2): nothing runs yet, so the host keeps them."""

from dataclasses import dataclass
from typing import Any

from engine.definitions import Process
from engine.interpreter.events import is_literal_time
from engine.interpreter.expressions import evaluate_in, failure


@dataclass(frozen=True)
class StartTimer:
    """A start event that a timer fires: ``start(executable, host, element_id)``.

    ``kind``: ``timeDate``, ``timeDuration`` or ``timeCycle``; ``value``: JSON, for ``Host.resolve_due``.
    """

    element_id: str
    kind: str
    value: Any


def start_timers(process: Process) -> tuple[StartTimer, ...]:
    """The timers that start a process, in the order of the diagram; FEEL is evaluated now, without variables.

    Raises ExecutionFailed, naming the start event, for an expression that gives no time.
    """
    return tuple(
        StartTimer(element.id, event.timer or "", _value(element.id, event.timer, event.text or ""))
        for element in process.start_events
        if (event := element.event_definition) is not None and event.kind == "timer"
    )


def _value(element_id: str, kind: str | None, text: str) -> Any:
    value = text if is_literal_time(text) else evaluate_in({}, text, element_id)
    if value is None or (kind == "timeCycle" and not isinstance(value, str)):
        raise failure(element_id, f"the timer '{text}' gives no time")
    return value
