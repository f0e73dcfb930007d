"""Multi-instance activities and standard loops."""

import re
from collections.abc import Iterator

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import Element
from engine.definitions.reading import ACTIVITIES, tag_of
from engine.errors import N_

LOOP_MISPLACED = Rule(
    id="loop-misplaced",
    severity="error",
    title=N_("A loop on something that cannot repeat, or two loops on one activity."),
    why=N_("Only a task, a sub-process or a call activity can run several times."),
    hint=N_("Remove the loop marker, or put it on an activity."),
    template=N_("This element cannot have this loop marker."),
)
LOOP_INCOMPLETE = Rule(
    id="loop-incomplete",
    severity="error",
    title=N_("A loop that does not say how often."),
    why=N_("The engine would not know how many times, or would never stop."),
    hint=N_(
        "Give a multi-instance a collection or a number of instances, and a standard loop a condition or "
        "a maximum."
    ),
    template=N_("The loop does not say how often."),
)
LOOP_BEHAVIOR = Rule(
    id="loop-behavior",
    severity="error",
    title=N_("A multi-instance with a behaviour, a data input, or half an output."),
    why=N_("The engine throws no events for single instances, and takes its items from the collection."),
    hint=N_("Use 'collection' and 'element variable'; an output needs loopDataOutputRef and outputDataItem."),
    template=N_("'%(part)s' is not supported."),
)
LOOP_MAXIMUM = Rule(
    id="loop-maximum",
    severity="error",
    title=N_("A loop maximum that is no positive whole number."),
    why=N_("The engine could not stop at it."),
    hint=N_("Write a number from 1 on, or remove it."),
    template=N_("'%(text)s' is not a positive whole number."),
)
RULES = (LOOP_MISPLACED, LOOP_INCOMPLETE, LOOP_BEHAVIOR, LOOP_MAXIMUM)

_LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
_PARTS = frozenset({"loopDataInputRef", "inputDataItem", "complexBehaviorDefinition"})
_POSITIVE = re.compile(r"0*[1-9][0-9]{0,8}")


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Loop markers: where they stand and what they say."""
    for node in diagram.inside():
        if tag_of(node) not in _LOOPS:
            continue
        owner = node.getparent()
        tag = "" if owner is None else tag_of(owner)
        event_sub_process = owner is not None and owner.get("triggeredByEvent", "") in ("true", "1")
        second = any(tag_of(sibling) in _LOOPS for sibling in node.itersiblings(preceding=True))
        if tag not in ACTIVITIES or event_sub_process or second:
            yield LOOP_MISPLACED.at(diagram.place(node))
        for child in node:
            if tag_of(child) in _PARTS:
                yield LOOP_BEHAVIOR.at(diagram.place(child), part=tag_of(child))
    for _, element in diagram.elements():
        if element.loop is not None:
            yield from _check_loop(diagram, element)


def _check_loop(diagram: Diagram, element: Element) -> Iterator[Finding]:
    loop = element.loop
    if loop is None:
        return
    place = diagram.place(element, loop.line)
    if loop.behavior not in (None, "All"):
        yield LOOP_BEHAVIOR.at(place, part=f"behavior {loop.behavior}")
    if bool(loop.output) != bool(loop.output_item):
        yield LOOP_BEHAVIOR.at(place, part="outputDataItem" if loop.output_item else "loopDataOutputRef")
    if loop.kind != "standard" and loop.collection is None and loop.cardinality is None:
        yield LOOP_INCOMPLETE.at(place)
    if loop.kind == "standard" and loop.condition is None and loop.maximum is None:
        yield LOOP_INCOMPLETE.at(place)
    if loop.maximum is not None and not _POSITIVE.fullmatch(loop.maximum.strip()):
        yield LOOP_MAXIMUM.at(place, text=loop.maximum)
