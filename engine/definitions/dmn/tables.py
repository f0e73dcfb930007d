"""A decision table of a file -> ``Table``; what is wrong with it is noted."""

from lxml import etree

from engine.definitions.dmn.cells import text_of
from engine.definitions.dmn.elements import child, children, name_in
from engine.definitions.dmn.model import Aggregation, HitPolicy, Input, Output, Rule, Table
from engine.definitions.dmn.place import Place
from engine.definitions.dmn.types import listed_values, type_name
from engine.errors import N_
from engine.feel import parse_expression

_NULL = parse_expression("null")
"""Stands where an expression is missing; the file is refused for it."""


def read_table(element: etree._Element, place: Place) -> Table:
    """The table in a ``decisionTable`` element."""
    policy = element.get("hitPolicy", "UNIQUE")
    aggregation = element.get("aggregation")
    if policy not in list(HitPolicy) or (aggregation and aggregation not in list(Aggregation)):
        template = N_("%(element)s has an unknown hit policy: %(policy)s")
        place.reader.problem(element, template, policy=f"{policy} {aggregation or ''}".strip())
        policy, aggregation = HitPolicy.UNIQUE, None
    outputs = list(children(element, "output"))
    table = Table(
        id=element.get("id", place.decision),
        hit_policy=HitPolicy(policy),
        aggregation=Aggregation(aggregation) if aggregation and policy == HitPolicy.COLLECT else None,
        inputs=tuple(_input(found, place) for found in children(element, "input")),
        outputs=tuple(_output(found, place, len(outputs) == 1) for found in outputs),
        rules=tuple(_rule(found, n, place) for n, found in enumerate(children(element, "rule"), 1)),
    )
    _check_table(element, table, place)
    return table


def _input(element: etree._Element, place: Place) -> Input:
    holder = child(element, "inputExpression")
    expression = None if holder is None else place.expression(holder)
    id_ = element.get("id", "")
    if expression is None and text_of(holder) in ("", "-"):
        place.reader.problem(element, N_("%(element)s asks for nothing: the input has no expression."))
    reference = None if holder is None else holder.get("typeRef")
    return Input(
        id=id_,
        label=element.get("label") or (expression.text if expression else ""),
        expression=expression or _NULL,
        type_ref=type_name(reference),
        allowed=place.tests(child(element, "inputValues")),
        type=place.types.find(reference),
        order=place.reader.listing(child(element, "inputValues"), place.known),
    )


def _output(element: etree._Element, place: Place, only: bool) -> Output:
    """A column; the only one may leave its name and its type to the decision's variable."""
    values, type_ = child(element, "outputValues"), place.type_of(element)
    return Output(
        id=element.get("id", ""),
        name=name_in(element) or place.variable,
        allowed=place.tests(values),
        order=place.reader.listing(values, place.known)
        or listed_values(type_ or (place.result if only else None)),
        default=place.expression(child(element, "defaultOutputEntry")),
        type=type_,
    )


def _rule(element: etree._Element, number: int, place: Place) -> Rule:
    return Rule(
        id=element.get("id") or f"rule_{number}",
        conditions=tuple(place.tests(cell) for cell in children(element, "inputEntry")),
        outputs=tuple(place.expression(cell) for cell in children(element, "outputEntry")),
    )


def _check_table(element: etree._Element, table: Table, place: Place) -> None:
    problem = place.reader.problem
    if not table.outputs:
        problem(element, N_("%(element)s has no output."))
    if len({column.name for column in table.outputs}) < len(table.outputs):
        problem(element, N_("%(element)s has two outputs of the same name, or without one."))
    if table.aggregation and len(table.outputs) > 1:
        problem(element, N_("%(element)s aggregates, which takes exactly one output."))
    if table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(
        column.order for column in table.outputs
    ):
        problem(element, N_("%(element)s goes by priority, but no output lists its values in order."))
    for rule, found in zip(table.rules, children(element, "rule"), strict=True):
        if len(rule.conditions) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
            problem(found, N_("%(element)s does not have a cell for every input and output."))
