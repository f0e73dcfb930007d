"""Times: timers, due dates and follow-up dates, as ISO 8601 or FEEL."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from engine.definitions.lint.deployment import Deployment, Diagram, Part
from engine.definitions.lint.expressions import check_text, is_juel
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import expression_in
from engine.errors import N_

TIMER_INVALID = Rule(
    id="timer-invalid",
    severity="error",
    title=N_("A time that is not ISO 8601."),
    why=N_("The engine could not say when it is due."),
    hint=N_(
        "Write a duration as P5D or PT48H, a repetition as R3/PT1H, a moment as 2026-03-30T09:00:00+07:00."
    ),
    template=N_("%(what)s: '%(text)s' cannot be read."),
)
TIMER_NAIVE = Rule(
    id="timer-naive",
    severity="error",
    title=N_("A moment without a time zone."),
    why=N_("It would mean another moment on another server."),
    hint=N_("Add the offset, as in 2026-03-30T09:00:00+07:00."),
    template=N_("%(what)s: '%(text)s' names no time zone."),
)
TIMER_KIND = Rule(
    id="timer-kind",
    severity="error",
    title=N_("A timer without a date, duration or cycle, or a cycle where nothing can repeat."),
    why=N_("It would never fire, or only once."),
    hint=N_(
        "Use a duration or a date; a cycle only fits the start of a process, or a boundary event or event "
        "sub-process that does not interrupt."
    ),
    template=N_("The timer cannot be of the kind '%(kind)s' here."),
)
RULES = (TIMER_INVALID, TIMER_NAIVE, TIMER_KIND)

_ISO_START: Final = re.compile(r"-?P(\d|T\d|T?$)|R\d*/|\d{4}-\d")
"""Text that is meant as ISO 8601; anything else is FEEL (a name may well begin with P)."""
_DURATION: Final = re.compile(
    r"P(?=[0-9])([0-9]{1,9}Y)?([0-9]{1,9}M)?"
    r"|P(?=[0-9T])([0-9]{1,9}D)?(T(?=[0-9])([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}(\.[0-9]{1,9})?S)?)?"
)
"""FEEL's two kinds of durations: years and months, or days and time; weeks and mixtures are neither."""
_CYCLE: Final = re.compile(r"R(0*[1-9][0-9]{0,5})?/(?P<interval>.+)")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?")
_OFFSET: Final = re.compile(r"(Z|[+-][0-9]{2}:[0-9]{2})$")
_NONE: Final = "none"


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Timers of events; due and follow-up dates of user tasks."""
    for process, element in diagram.elements():
        for definition in element.events:
            if definition.kind != "timer":
                continue
            scope = process.elements.get(element.scope)
            listens = element.type == "boundaryEvent" or (
                element.type == "startEvent" and scope is not None and scope.triggered_by_event
            )
            starts = element.type == "startEvent" and scope is None
            repeats = starts or (listens and not element.interrupting)
            if definition.timer is None or (definition.timer == "timeCycle" and not repeats):
                yield TIMER_KIND.at(diagram.place(element, definition.line), kind=definition.timer or _NONE)
            else:
                yield from _check_time(diagram, element, definition.timer, definition.text, definition.line)
        if element.type == "userTask":
            for name in ("dueDate", "followUpDate"):
                text = element.attributes.get(name)
                if text and expression_in(text) is None and not is_juel(text):
                    yield from _check_literal(diagram, element, name, text.strip(), 0)


def _check_time(diagram: Diagram, part: Part, kind: str, text: str | None, line: int) -> Iterator[Finding]:
    if text and _ISO_START.match(text):
        yield from _check_literal(diagram, part, kind, text, line)
    else:
        yield from check_text(diagram, part, kind, text, line)


def _check_literal(diagram: Diagram, part: Part, what: str, text: str, line: int) -> Iterator[Finding]:
    rule = _problem(what, text)
    if rule is not None:
        yield rule.at(diagram.place(part, line), what=what, text=text)


def _problem(what: str, text: str) -> Rule | None:
    """What is wrong with ISO 8601 text: ``what`` is a kind of timer, or ``dueDate`` and ``followUpDate``."""
    if what == "timeCycle":
        cycle = _CYCLE.fullmatch(text)
        interval = cycle["interval"] if cycle else ""
        passes = is_duration(interval) and re.search(r"[1-9]", _FRACTION.sub("", interval))
        return None if passes else TIMER_INVALID
    if what != "timeDate" and is_duration(text):
        return None
    local = _OFFSET.sub("", text)
    if what == "timeDuration" or not _MOMENT.fullmatch(local):
        return TIMER_INVALID
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return TIMER_INVALID
    return TIMER_NAIVE if moment.tzinfo is None else None


_FRACTION = re.compile(r"[.,][0-9]+")
"""Of a second: what comes back sooner than after one keeps the server at nothing else."""


def is_duration(text: str) -> bool:
    """Whether a text is a duration of ISO 8601 that does not go back in time."""
    return _DURATION.fullmatch(text) is not None
