"""The variables that a case of a process may have, as far as its diagram and its forms say."""

from collections.abc import Iterable, Iterator
from typing import Final

from engine.definitions.forms import parse_form
from engine.definitions.lint.deployment import Deployment
from engine.definitions.model import Element, Process
from engine.errors import FormRefused

_OF_EVERY_CASE: Final = frozenset({"nomor_registrasi", "waktu_diterima"})
"""What the system sets when a case starts."""
_CARRYING: Final = ("message", "signal")
"""Events that bring variables from elsewhere, whatever their sender likes."""
_TOLD: Final = ("errorCodeVariable", "errorMessageVariable", "escalationCodeVariable")


class _Unknown(Exception):
    """Something may set any variable."""


def provided_variables(processes: Iterable[Process], deployment: Deployment) -> frozenset[str] | None:
    """Names of all variables that cases of some processes may have.

    None if that cannot be told: a start or a task without a form takes whatever it is given, and so do
    messages, signals and external tasks; a called process may have what its caller has.
    """
    found = set(_OF_EVERY_CASE)
    called = {key for d in deployment.diagrams for p in d.processes for key in p.calls}
    try:
        for process in processes:
            if process.key in called:
                return None
            for element in process.elements.values():
                found.update(_set_by(element, process, deployment))
    except _Unknown:
        return None
    return frozenset(found)


def _set_by(element: Element, process: Process, deployment: Deployment) -> Iterator[str]:
    throws = element.type in ("intermediateThrowEvent", "endEvent", "sendTask")
    if element.is_external or (element.event in _CARRYING and not throws):
        raise _Unknown
    if element.form:
        yield from _answers(element, deployment)
    elif element.type == "userTask" or (element.type == "startEvent" and _is_entry(element, process)):
        raise _Unknown
    if result := element.attributes.get("resultVariable"):
        yield result
    for mapping in element.mappings:
        if mapping.direction == "out":
            if mapping.variables or not mapping.target:
                raise _Unknown
            yield mapping.target
    if loop := element.loop:
        yield from filter(None, ("loopCounter", loop.element_variable, loop.output, loop.output_item))
    for definition in element.events:
        yield from filter(None, (definition.attributes.get(name, "").strip() for name in _TOLD))


def _is_entry(element: Element, process: Process) -> bool:
    """Whether somebody may start a case there: no timer, and no sub-process."""
    return element.scope == process.key and not element.events


def _answers(element: Element, deployment: Deployment) -> Iterator[str]:
    """Variables that the form of an element sets."""
    form = next((form for form in deployment.forms if form.id == element.form), None)
    if form is None or element.attributes.get("formRefBinding") == "version":
        raise _Unknown
    try:
        yield from (field.path[0] for field in parse_form(form.content, form.resource).fields)
    except FormRefused:
        raise _Unknown from None
