"""The clocks of the agency's profile against the diagram that they are measured on."""

from collections.abc import Collection, Iterator
from typing import Final

from engine.deadlines.declarations import ClockDeclaration
from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.lint.variables import provided_variables
from engine.definitions.model import Element, Process
from engine.errors import N_

BY_CLOCK: Final = "jam"
"""The ``camunda:property`` of a timer event that names the clock whose time is the timer's."""

CLOCK_ELEMENT = Rule(
    id="clock-element-unknown",
    severity="error",
    title=N_("A clock of the profile names an element that the process does not have."),
    why=N_("It would never start or never stop there, and nobody would be told."),
    hint=N_(
        "Keep the element's id, or change [[jam]] in the agency's profile together with the diagram. What a "
        "clock runs at (berjalan_pada) must be user tasks."
    ),
    template=N_("The clock '%(clock)s' names '%(ref)s'."),
)
CLOCK_VARIABLE = Rule(
    id="clock-variable-unknown",
    severity="error",
    title=N_("A clock of the profile is chosen by a variable that no form of the process sets."),
    why=N_("There would never be a deadline."),
    hint=N_("Use the key of a field, or the result of a decision (jumlah_menurut, sementara_menurut)."),
    template=N_("The clock '%(clock)s' is chosen by '%(ref)s'."),
)
CLOCK_UNKNOWN = Rule(
    id="clock-unknown",
    severity="error",
    title=N_("A timer has the time of a clock that the profile does not declare."),
    why=N_("It would fire at its own time, whatever the service standard says."),
    hint=N_("Name the id of a [[jam]] of this process, or leave the property 'jam' out."),
    template=N_("There is no clock '%(ref)s'."),
)
CLOCK_IGNORED = Rule(
    id="clock-ignored",
    severity="warning",
    title=N_("A timer names a clock whose time it cannot have: it repeats, or begins the process."),
    why=N_(
        "A deadline is one moment of a case that is there. The timer keeps its own times, "
        "whatever the clock says."
    ),
    hint=N_(
        "Leave the property 'jam' out; or let a timer that fires once (a date or a duration) "
        "have the clock's time."
    ),
    template=N_("The clock '%(ref)s' has no effect here."),
)
RULES = (CLOCK_ELEMENT, CLOCK_VARIABLE, CLOCK_UNKNOWN, CLOCK_IGNORED)


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Clocks of the processes of a diagram, and timers that are a clock's."""
    declared = deployment.known.clocks
    for process in diagram.processes:
        clocks = (declared or {}).get(process.key, ())
        for clock in clocks:
            yield from _check_clock(diagram, process, clock, deployment)
        ids = None if declared is None else {clock.id for clock in clocks}
        for element in process.elements.values():
            yield from _check_timer(diagram, process, element, ids)


def _check_timer(
    diagram: Diagram, process: Process, element: Element, clock_ids: Collection[str] | None
) -> Iterator[Finding]:
    """``clock_ids``: those that the profile declares for the process; None where it is not known."""
    ref = element.properties.get(BY_CLOCK)
    event = element.event_definition
    if ref is None or event is None or event.kind != "timer":
        return
    begins = element.type == "startEvent" and element.scope == process.key
    if begins or event.timer == "timeCycle":
        yield CLOCK_IGNORED.at(diagram.place(element), ref=ref)
    elif clock_ids is not None and ref not in clock_ids:
        yield CLOCK_UNKNOWN.at(diagram.place(element), ref=ref)


def _check_clock(
    diagram: Diagram, process: Process, clock: ClockDeclaration, deployment: Deployment
) -> Iterator[Finding]:
    people = {element.id for element in process.elements.values() if element.type == "userTask"}
    for ref in sorted((clock.elements - process.elements.keys()) | (clock.runs_at - people)):
        yield CLOCK_ELEMENT.at(diagram.place(process), clock=clock.id, ref=ref)
    known = provided_variables([process], deployment) if clock.chosen_by else None
    for ref in clock.chosen_by:
        if known is not None and ref not in known:
            yield CLOCK_VARIABLE.at(diagram.place(process), clock=clock.id, ref=ref)
