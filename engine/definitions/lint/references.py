"""What a diagram names outside itself: forms, decisions, groups, processes."""

from collections.abc import Iterable, Iterator
from typing import Final

from engine.definitions.lint.deployment import Deployment, Diagram, Part
from engine.definitions.lint.expressions import is_juel
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import Element, Process
from engine.errors import N_

FORM_UNKNOWN = Rule(
    id="form-unknown",
    severity="error",
    title=N_("A form that does not exist."),
    why=N_("Nobody could open the task."),
    hint=N_("Correct the form reference, or deploy the form together with the diagram."),
    template=N_("There is no form '%(ref)s'."),
)
DECISION_UNKNOWN = Rule(
    id="decision-unknown",
    severity="error",
    title=N_("A decision that does not exist, or none at all."),
    why=N_("The case would stop at the business rule task."),
    hint=N_("Correct the decision reference, or deploy the decision table together with the diagram."),
    template=N_("There is no decision '%(ref)s'."),
)
PROCESS_UNKNOWN = Rule(
    id="process-unknown",
    severity="error",
    title=N_("A called process that does not exist, or none at all."),
    why=N_("The case would stop at the call activity."),
    hint=N_(
        "Write the key of a process as the called element, or deploy that process together with the diagram."
    ),
    template=N_("There is no process '%(ref)s'."),
)
GROUP_UNKNOWN = Rule(
    id="group-unknown",
    severity="error",
    title=N_("A candidate group that the agency does not have."),
    why=N_("Nobody would see the task, or nobody could start the process."),
    hint=N_(
        "Correct the group, or add it to the agency's profile. A lane names it in its property 'kelompok'."
    ),
    template=N_("The agency has no group '%(ref)s'."),
)
BINDING = Rule(
    id="binding",
    severity="error",
    title=N_("A version binding that the engine does not know."),
    why=N_("The case would take another version than the diagram says."),
    hint=N_("Use 'latest' or 'deployment'; forms and decisions also know 'version' with a number."),
    template=N_("The binding '%(binding)s' is not supported here."),
)
TASK_WITHOUT_CANDIDATE = Rule(
    id="task-without-candidate",
    severity="error",
    title=N_("A user task that nobody may take."),
    why=N_("It would stand in nobody's inbox, and the case would wait for ever."),
    hint=N_("Name candidate groups or an assignee, or place the task in a lane that names its group."),
)
RULES = (FORM_UNKNOWN, DECISION_UNKNOWN, PROCESS_UNKNOWN, GROUP_UNKNOWN, BINDING, TASK_WITHOUT_CANDIDATE)

_NOT_CALLABLE: Final = N_("The process '%(ref)s' cannot be called: it has no start event without an event.")
_WHO: Final = ("candidateGroups", "candidateUsers", "assignee")


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """References of every executable process."""
    for process in diagram.processes:
        groups = deployment.known.groups
        yield from _unknown(diagram, process, GROUP_UNKNOWN, process.starter_groups, groups)
        yield from _check_lanes(diagram, process, groups)
        for element in process.elements.values():
            yield from _check_element(diagram, deployment, element)
            yield from _check_binding(diagram, element)


def _check_element(diagram: Diagram, deployment: Deployment, element: Element) -> Iterator[Finding]:
    if element.form:
        yield from _unknown(diagram, element, FORM_UNKNOWN, [element.form], deployment.form_ids)
    if element.type == "businessRuleTask" and not element.is_external:
        ref = element.attributes.get("decisionRef", "")
        yield from _unknown(diagram, element, DECISION_UNKNOWN, [ref], deployment.decisions)
    if element.type == "callActivity":
        yield from _unknown(diagram, element, PROCESS_UNKNOWN, [element.called or ""], deployment.processes)
        called = [p for d in deployment.diagrams for p in d.processes if p.key == element.called]
        if called and called[0].none_start is None:
            yield PROCESS_UNKNOWN.at(diagram.place(element), _NOT_CALLABLE, ref=element.called)
    if element.type == "userTask":
        if element.attributes.get("candidateGroups", "").strip():
            named = element.candidate_groups
            yield from _unknown(diagram, element, GROUP_UNKNOWN, named, deployment.known.groups)
        elif not any(element.attributes.get(name, "").strip() for name in _WHO) and not element.lane_group:
            yield TASK_WITHOUT_CANDIDATE.at(diagram.place(element))


def _check_lanes(diagram: Diagram, process: Process, groups: frozenset[str]) -> Iterator[Finding]:
    """A lane's group matters where a task relies on it."""
    relied = {
        e.lane_group
        for e in process.elements.values()
        if e.type == "userTask" and not e.attributes.get("candidateGroups", "").strip()
    }
    for lane in process.lanes:
        if lane.group in relied:
            yield from _unknown(diagram, lane, GROUP_UNKNOWN, [lane.group], groups)


def _unknown(
    diagram: Diagram, part: Part, rule: Rule, refs: Iterable[str], known: frozenset[str]
) -> Iterator[Finding]:
    for ref in refs:
        if ref not in known and not is_juel(ref):
            yield rule.at(diagram.place(part), ref=ref)


def _check_binding(diagram: Diagram, element: Element) -> Iterator[Finding]:
    for ref in ("formRef", "decisionRef", "calledElement"):
        binding = element.attributes.get(f"{ref}Binding", "latest")
        numbered = ref != "calledElement" and element.attributes.get(f"{ref}Version", "").isdecimal()
        if binding not in ("latest", "deployment") and not (binding == "version" and numbered):
            yield BINDING.at(diagram.place(element), binding=binding)
