"""Gateways: every way out is either a condition or the default."""

import re
from collections.abc import Iterator

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import Element, Flow, Process
from engine.errors import N_

GATEWAY_CONDITION_MISSING = Rule(
    id="gateway-condition-missing",
    severity="error",
    title=N_("A flow out of a deciding gateway without a condition that is not the default."),
    why=N_("The gateway could not tell when to take it."),
    hint=N_("Give the flow a condition, or make it the gateway's default flow."),
    template=N_("The flow out of '%(gateway)s' has no condition."),
)
GATEWAY_DEFAULT_MISSING = Rule(
    id="gateway-default-missing",
    severity="warning",
    title=N_("A deciding gateway without a default flow."),
    why=N_("Where no condition holds, the task before cannot be completed."),
    hint=N_("Make one flow the default, unless the conditions cover every case."),
)
GATEWAY_DEFAULT_WRONG = Rule(
    id="gateway-default-wrong",
    severity="error",
    title=N_("A default flow that does not begin here, or that has a condition."),
    why=N_("The default is taken where no other condition holds; it cannot have one of its own."),
    hint=N_("Remove the condition, or choose another default flow."),
    template=N_("The default flow '%(flow)s' does not begin here, or has a condition."),
)
GATEWAY_CONDITION_IGNORED = Rule(
    id="gateway-condition-ignored",
    severity="error",
    title=N_("A condition where no condition is asked."),
    why=N_("A parallel or event-based gateway, or one with a single way out, never looks at it."),
    hint=N_("Remove the condition, or use an exclusive or inclusive gateway with a second way out."),
    template=N_("The condition of this flow is never looked at."),
)
GATEWAY_UNNAMED = Rule(
    id="gateway-unnamed",
    severity="warning",
    title=N_("A deciding gateway without a name."),
    why=N_("Whoever reads the diagram cannot tell what is decided."),
    hint=N_("Name it as a question, and its flows as the answers."),
)
EVENT_GATEWAY_TARGET = Rule(
    id="event-gateway-target",
    severity="error",
    title=N_(
        "An event-based gateway with less than two events to wait for, or with something else behind it."
    ),
    why=N_("It goes on with the first event that happens; everything else would start at once."),
    hint=N_("Lead each flow to its own catching event: a timer, a message, a signal or a condition."),
    template=N_("The gateway does not lead to at least two catching events of its own."),
)
RULES = (
    GATEWAY_CONDITION_MISSING,
    GATEWAY_DEFAULT_MISSING,
    GATEWAY_DEFAULT_WRONG,
    GATEWAY_CONDITION_IGNORED,
    GATEWAY_UNNAMED,
    EVENT_GATEWAY_TARGET,
)

_DECIDING = ("exclusiveGateway", "inclusiveGateway")
_COMPARED = re.compile(r'\s*=?\s*(?P<name>[^\W\d]\w*)\s*(?P<sign>!?=)\s*(?P<value>"[^"\\]*"|true|false)\s*')


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """All gateways; activities too may name a default flow, which is wrong there as nothing decides."""
    for process, element in diagram.elements():
        flows = [process.flows[flow_id] for flow_id in element.outgoing]
        if element.type in _DECIDING and len(flows) > 1:
            yield from _check_split(diagram, deployment, element, flows)
        elif element.type.endswith("Gateway"):
            for flow in flows:
                if flow.condition is not None:
                    yield GATEWAY_CONDITION_IGNORED.at(diagram.place(flow))
        if element.type == "eventBasedGateway" and not _waits_for_events(process, flows):
            yield EVENT_GATEWAY_TARGET.at(diagram.place(element))
        default = next((flow for flow in flows if flow.id == element.default_flow), None)
        if element.default_flow and (default is None or default.condition is not None):
            yield GATEWAY_DEFAULT_WRONG.at(diagram.place(element), flow=element.default_flow)


def _check_split(
    diagram: Diagram, deployment: Deployment, gateway: Element, flows: list[Flow]
) -> Iterator[Finding]:
    others = [flow for flow in flows if flow.id != gateway.default_flow]
    without = [flow for flow in others if flow.condition is None]
    for flow in without:
        yield GATEWAY_CONDITION_MISSING.at(diagram.place(flow), gateway=gateway.name or gateway.id)
    if not without and gateway.default_flow is None and not _covers_all(flows, deployment):
        yield GATEWAY_DEFAULT_MISSING.at(diagram.place(gateway))
    if not gateway.name:
        yield GATEWAY_UNNAMED.at(diagram.place(gateway))


def _covers_all(flows: list[Flow], deployment: Deployment) -> bool:
    """Whether the conditions ask one variable for a value and its contrary, or every answer of its forms."""
    matches = [_COMPARED.fullmatch(flow.condition or "") for flow in flows]
    names = {match["name"] if match else "" for match in matches}
    if len(names) > 1 or "" in names:
        return False
    equal = {match["value"] for match in matches if match and match["sign"] == "="}
    unequal = {match["value"] for match in matches if match and match["sign"] == "!="}
    offered = deployment.answers.get(names.pop(), frozenset({"?"}))
    answered = equal >= {f'"{answer}"' for answer in offered}
    return answered or equal >= {"true", "false"} or not equal.isdisjoint(unequal)


def _waits_for_events(process: Process, flows: list[Flow]) -> bool:
    """BPMN 10.6.6: at least two catching events, each reached by this gateway alone and without a border."""
    hosts = {element.attached_to for element in process.elements.values()}
    targets = [process.elements.get(flow.target) for flow in flows]
    return len(targets) > 1 and all(
        target is not None
        and target.type in ("intermediateCatchEvent", "receiveTask")
        and target.event != "link"
        and len(target.incoming) == 1
        and target.loop is None
        and target.id not in hosts
        for target in targets
    )
