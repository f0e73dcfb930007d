"""Draws a tree of blocks as BPMN: the document that the interpreter reads."""

from copy import deepcopy
from dataclasses import dataclass, field
from functools import singledispatch
from itertools import count
from typing import Any, Final
from xml.sax.saxutils import escape

from lxml import etree

from engine.definitions import parse_xml
from engine.definitions.xml import BPMN
from tests.property.interpreter.blocks.entering import PASSED
from tests.property.interpreter.blocks.tree import (
    Activity,
    Body,
    Call,
    Catch,
    Chain,
    Choice,
    Condition,
    Cycle,
    Event,
    EventSub,
    Finish,
    Inclusive,
    Parallel,
    Pass,
    Race,
    Raise,
    Repeat,
    Sub,
    Work,
    parts_of,
)
from tests.unit.interpreter import diagrams as bpmn

BODY_END: Final = "_e"
"""Behind the id of a body: the id of its end event."""

_CODES: Final = {"message": None, "signal": None, "error": "errorCode", "escalation": "escalationCode"}
"""Events that refer to an element of the document, and where that one has its code."""


@dataclass(frozen=True)
class End:
    """A loose end: a flow that will lead from ``source`` to whatever comes next."""

    source: str
    number: int
    condition: Condition | None = None
    default: bool = False


Ends = tuple[End, ...]


@dataclass
class Drawing:
    """The elements of one process or sub-process. Flows are in the order of their numbers: the first one that
    holds wins."""

    nodes: list[str] = field(default_factory=list)
    flows: dict[int, str] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    def loose(self, source: str, condition: Condition | None = None, *, default: bool = False) -> End:
        """A new loose end."""
        return End(source, next(self.numbers), condition, default)

    def add(self, element: str, element_id: str, ends: Ends) -> Ends:
        """Draw an element, and the flows to it; returns its own loose end."""
        self.nodes.append(element)
        for end in ends:
            names = {"sourceRef": end.source, "targetRef": element_id}
            inner = _text("conditionExpression", end.condition.text) if end.condition else ""
            flow_id = _default_of(end.source) if end.default else f"f{end.number}_{end.source}"
            self.flows[end.number] = bpmn.node("sequenceFlow", flow_id, inner, **names)
        return (self.loose(element_id),)

    def merged(self, ends: Ends, element_id: str) -> Ends:
        """One loose end for several: what follows counts flows, and one token comes by any of them."""
        return self.add(bpmn.exclusive(element_id), element_id, ends) if len(ends) > 1 else ends

    @property
    def text(self) -> str:
        return "".join(self.nodes) + "".join(text for _, text in sorted(self.flows.items()))


def document(body: Body) -> etree._Element:
    """The BPMN document of a process and of those that it calls."""
    parts = list(parts_of(body))
    events = {part for part in parts if isinstance(part, Event)}
    events |= {Event(part.waits, part.name) for part in parts if isinstance(part, Work)}
    named = sorted({_named(event) for event in events if event.kind in _CODES and event.name})
    bodies = {part.called.key: part.called for part in parts if isinstance(part, Call)} | {body.key: body}
    processes = [bpmn.node("process", key, _inside(b), isExecutable="true") for key, b in bodies.items()]
    inner = "".join([*named, *processes])
    text = f'<bpmn:definitions {bpmn.NAMESPACES} targetNamespace="x" id="d">{inner}</bpmn:definitions>'
    return parse_xml(text.encode(), "acak.bpmn")


def later(root: etree._Element) -> etree._Element:
    """Another version of a document that does the same: a task to pass before each end, and other names."""
    root = deepcopy(root)
    for element in list(root.iter(f"{{{BPMN}}}endEvent", f"{{{BPMN}}}userTask")):
        element.set("name", "Nama baru")
        if element.get("id").endswith(BODY_END):
            added, incoming = f"{element.get('id')}_n", element.get("id")
            for flow in element.getparent().iterfind(f"{{{BPMN}}}sequenceFlow[@targetRef='{incoming}']"):
                flow.set("targetRef", added)
            names = {"id": f"{added}_f", "sourceRef": added, "targetRef": incoming}
            etree.SubElement(element.getparent(), f"{{{BPMN}}}task", id=added)
            etree.SubElement(element.getparent(), f"{{{BPMN}}}sequenceFlow", names)
    return root


def _inside(body: Body, start: str = "") -> str:
    """The elements of a process or sub-process; ``start``: its start event, if it is no plain one."""
    drawing = Drawing()
    start_id = f"{start}_s" if start else f"{body.id}_s"
    ends = (drawing.loose(start_id),)
    for listener in body.listeners:
        begin = _event_start(listener)
        inner = _inside(listener.body, listener.id)
        drawing.nodes.append(bpmn.node("subProcess", listener.id, begin + inner, triggeredByEvent="true"))
    if not start:
        drawing.nodes.append(bpmn.start(start_id))
    if ends := _draw(body.block, drawing, ends):
        drawing.add(bpmn.end(f"{body.id}{BODY_END}"), f"{body.id}{BODY_END}", ends)
    return drawing.text


def _event_start(listener: EventSub) -> str:
    return bpmn.start(f"{listener.id}_s", _definition(listener.event), interrupting=listener.interrupting)


@singledispatch
def _draw(block: Any, drawing: Drawing, ends: Ends) -> Ends:
    """Draw a block where the loose ends lead; returns the loose ends behind it, none if nothing comes out."""
    raise NotImplementedError(block)


@_draw.register(Work)
@_draw.register(Sub)
@_draw.register(Call)
def _activity(block: Activity, drawing: Drawing, ends: Ends) -> Ends:
    jobs = ' camunda:asyncBefore="true"' * block.before + ' camunda:asyncAfter="true"' * block.after
    element = _element(block, _loop(block)).replace(" id=", f"{jobs} id=", 1)
    out = drawing.add(element, block.id, ends)
    for boundary in block.boundaries:
        definition = _definition(boundary.event)
        element = bpmn.boundary(boundary.id, block.id, definition, cancel=boundary.interrupting)
        out += _draw(boundary.handler, drawing, drawing.add(element, boundary.id, ()))
    return out


@_draw.register
def _catch(block: Catch, drawing: Drawing, ends: Ends) -> Ends:
    return drawing.add(bpmn.catch(block.id, _definition(block.event)), block.id, ends)


@_draw.register
def _raise(block: Raise, drawing: Drawing, ends: Ends) -> Ends:
    behind = drawing.add(bpmn.user(block.id), block.id, ends)
    event_id, definition = f"{block.id}_t", _definition(block.event)
    element = bpmn.end(event_id, definition) if block.ends else bpmn.throw(event_id, definition)
    out = drawing.add(element, event_id, behind)
    return () if block.ends else out


@_draw.register
def _pass(block: Pass, drawing: Drawing, ends: Ends) -> Ends:
    if block.element != "link":
        return drawing.add(bpmn.node(block.element, block.id), block.id, ends)
    drawing.add(bpmn.throw(block.id, bpmn.link(block.id)), block.id, ends)
    return drawing.add(bpmn.catch(f"{block.id}_c", bpmn.link(block.id)), f"{block.id}_c", ())


@_draw.register
def _finish(block: Finish, drawing: Drawing, ends: Ends) -> Ends:
    drawing.add(bpmn.end(block.id), block.id, ends)
    return ()


@_draw.register
def _chain(block: Chain, drawing: Drawing, ends: Ends) -> Ends:
    for part in block.parts:
        ends = _draw(part, drawing, ends)
    return ends


@_draw.register
def _choice(block: Choice, drawing: Drawing, ends: Ends) -> Ends:
    if block.decided:
        ends = drawing.add(bpmn.decision(f"{block.id}_d", f"r_{block.id}"), f"{block.id}_d", ends)
    splits = _split("exclusiveGateway", block, drawing, ends)
    return tuple(end for branch in splits for end in branch)


@_draw.register
def _inclusive(block: Inclusive, drawing: Drawing, ends: Ends) -> Ends:
    return _joined("inclusiveGateway", block.id, drawing, _split("inclusiveGateway", block, drawing, ends))


@_draw.register
def _parallel(block: Parallel, drawing: Drawing, ends: Ends) -> Ends:
    drawing.add(bpmn.parallel(block.id), block.id, drawing.merged(ends, f"{block.id}_m"))
    starts = [drawing.loose(block.id) for _ in block.branches]
    branches = [_draw(b, drawing, (start,)) for b, start in zip(block.branches, starts, strict=True)]
    return _joined("parallelGateway", block.id, drawing, branches)


@_draw.register
def _race(block: Race, drawing: Drawing, ends: Ends) -> Ends:
    drawing.add(bpmn.node("eventBasedGateway", block.id), block.id, ends)
    out: Ends = ()
    for catch, branch in block.branches:
        out += _draw(branch, drawing, _draw(catch, drawing, (drawing.loose(block.id),)))
    return out


@_draw.register
def _cycle(block: Cycle, drawing: Drawing, ends: Ends) -> Ends:
    body = drawing.add(bpmn.exclusive(f"{block.id}_m"), f"{block.id}_m", ends)
    drawing.add(bpmn.exclusive(block.id, _default_of(block.id)), block.id, _draw(block.body, drawing, body))
    again, out = drawing.loose(block.id, block.again), drawing.loose(block.id, default=True)
    for end in _draw(block.back, drawing, (again,)):
        names = {"sourceRef": end.source, "targetRef": f"{block.id}_m"}
        drawing.flows[end.number] = bpmn.node("sequenceFlow", f"f{end.number}_{end.source}", **names)
    return (out,)


def _split(tag: str, block: Choice | Inclusive, drawing: Drawing, ends: Ends) -> list[Ends]:
    default = {"default": _default_of(block.id)} if any(c is None for c, _ in block.branches) else {}
    drawing.add(bpmn.node(tag, block.id, **default), block.id, drawing.merged(ends, f"{block.id}_m"))
    starts = [drawing.loose(block.id, c, default=c is None) for c, _ in block.branches]
    return [_draw(b, drawing, (start,)) for (_, b), start in zip(block.branches, starts, strict=True)]


def _joined(tag: str, split: str, drawing: Drawing, branches: list[Ends]) -> Ends:
    """One flow from each branch that comes to its end into a join."""
    single = [drawing.merged(ends, f"{split}_m{i}") for i, ends in enumerate(branches)]
    ends = tuple(end for branch in single for end in branch)
    return drawing.add(bpmn.node(tag, f"{split}_j"), f"{split}_j", ends) if ends else ()


def _element(block: Activity, loop: str) -> str:
    match block:
        case Work(waits="external_task", name=topic):
            own = {"camunda_type": "external", "camunda_topic": topic or ""}
            return bpmn.node("serviceTask", block.id, loop, **own)
        case Work(waits="message"):
            return bpmn.node("receiveTask", block.id, loop, messageRef=f"message_{block.name}")
        case Work():
            return bpmn.node("userTask", block.id, loop)
        case Sub(body=body):
            return bpmn.node("subProcess", block.id, loop + _inside(body))
    into = ['in variables="all"'] if block.every else [f'in source="{v}" target="{v}"' for v in PASSED]
    out = [f'out source="x" target="o_{block.id}"'] if block.out else []
    return bpmn.call(block.id, block.called.key, *into, *out, loop=loop)


def _loop(block: Activity) -> str:
    repeat: Repeat | None = block.repeat
    if repeat is None:
        return ""
    if repeat.kind == "standard":
        text = repeat.again.text if repeat.again else ""
        return bpmn.again_while(text, before=repeat.before, maximum=repeat.most)
    return bpmn.many(
        repeat.over,
        "i" if repeat.over else "",
        sequential=repeat.kind == "sequential",
        until=f"nrOfCompletedInstances >= {repeat.enough}" if repeat.enough else "",
        cardinality=repeat.times,
        output=f"hasil_{block.id}" if repeat.collects else "",
        item="p",
    )


def _definition(event: Event) -> str:
    match event.kind:
        case "none":
            return ""
        case "terminate":
            return bpmn.TERMINATE
        case "timer":
            text = event.name or ""
            return bpmn.timer(text, "timeCycle" if text.startswith("R") else "timeDuration")
        case "conditional":
            return bpmn.condition(event.condition.text)
    reference = f' {event.kind}Ref="{event.kind}_{event.name}"' if event.name else ""
    return f"<bpmn:{event.kind}EventDefinition{reference}/>"


def _named(event: Event) -> str:
    """The message (signal, error, escalation) that events refer to."""
    code = {_CODES[event.kind]: event.name} if _CODES[event.kind] else {}
    return bpmn.node(event.kind, f"{event.kind}_{event.name}", name=event.name or "", **code)


def _text(tag: str, text: str) -> str:
    return f"<bpmn:{tag}>{escape(text)}</bpmn:{tag}>"


def _default_of(gateway: str) -> str:
    return f"default_{gateway}"
