"""What is confidential and what everybody reads: a case's number, topics, candidates, times."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from engine.definitions.copies import Copy, copies_at, spread
from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import Element, Process, expression_in
from engine.errors import N_, ExpressionInvalid
from engine.feel import parse_expression

SEALED_SHOWN = Rule(
    id="sealed-shown",
    severity="error",
    title=N_("A confidential field in what everybody reads."),
    why=N_(
        "Numbers of cases, topics and candidates stand open in the database, in lists and in mails. The step "
        "would be refused."
    ),
    hint=N_("Use a field that is not marked 'rahasia', or let a rule choose by it: if umur < 12 then ..."),
    template=N_("%(what)s: '%(name)s' is confidential."),
)
SEALED_DERIVED = Rule(
    id="sealed-derived",
    severity="warning",
    title=N_("A time or a priority that is worked out from a confidential field."),
    why=N_("It stands open in the database and in lists; from a due date one may work out a date of birth."),
    hint=N_("Leave it if the time says nothing of a person; else use a field that is not marked 'rahasia'."),
    template=N_("%(what)s: '%(name)s' is confidential."),
)
RULES = (SEALED_SHOWN, SEALED_DERIVED)

_SHOWN: Final = ("topic", "candidateGroups", "candidateUsers")
"""An assignee is not among them: only the id of a worker of the agency is ever kept."""
_DERIVED: Final = ("dueDate", "followUpDate", "priority", "jobPriority", "taskPriority")

Said = tuple[Rule, str, str, int]
"""(rule, what an expression is the value of, its text, its line or 0)."""


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Expressions whose value lies open, against the fields that the forms of the process seal."""
    for process in diagram.processes:
        sealed = _sealed_in(process, deployment)
        for element in process.elements.values() if sealed else ():
            for rule, what, text, line in _said_by(element):
                for name in sorted(_copied(text) & sealed):
                    yield rule.at(diagram.place(element, line), what=what, name=name)


def _sealed_in(process: Process, deployment: Deployment) -> set[str]:
    """Names of the variables that forms of a process, or of those that it calls, seal, and of copies."""
    processes = {process.key: process}
    todo = [process]
    while todo:
        called = [deployment.drawn[key] for key in todo.pop().calls if key in deployment.drawn]
        new = [each for each in called if each.key not in processes]
        processes |= {each.key: each for each in new}
        todo += new
    elements = [element for each in processes.values() for element in each.elements.values()]
    marked = {event.message_variable for element in elements for event in element.events} - {""}
    for each in processes.values():
        marked.update(*(deployment.sealed.get(form, ()) for form in each.forms))
    return spread(marked, _copies(elements))


def _copies(elements: Iterable[Element]) -> Iterator[Copy]:
    for element in elements:
        with suppress(ExpressionInvalid):  # another rule says so
            yield from copies_at(element)


def _copied(text: str) -> frozenset[str]:
    try:
        return parse_expression(text).copied
    except ExpressionInvalid:  # as above, or a time in ISO 8601
        return frozenset()


def _said_by(element: Element) -> Iterator[Said]:
    for definition in element.events:
        if definition.kind == "timer" and definition.text:
            yield SEALED_DERIVED, definition.timer or "timer", definition.text, definition.line
        for mapping in definition.mappings:
            if text := expression_in(mapping.business_key):
                yield SEALED_SHOWN, "businessKey", text, mapping.line
    for attributes in (element.attributes, *(event.attributes for event in element.events)):
        for rule, names in ((SEALED_SHOWN, _SHOWN), (SEALED_DERIVED, _DERIVED)):
            for name in names:
                if text := expression_in(attributes.get(name)):
                    yield rule, name, text, 0
