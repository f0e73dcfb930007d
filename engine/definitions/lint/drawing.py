"""The picture: whatever runs can be seen."""

import math
from collections.abc import Iterator

from lxml import etree

from engine.definitions.lint.deployment import Deployment, Diagram, Part
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.reading import local_ref
from engine.definitions.xml import BPMN_DI, DC, DD
from engine.errors import N_

DI_MISSING = Rule(
    id="di-missing",
    severity="error",
    title=N_("An element, a flow or a lane that is not drawn."),
    why=N_("Whoever looks at the diagram would not see what the case does."),
    hint=N_("Draw it in the modeler, or lay the diagram out anew."),
    template=N_("This part is not drawn in the diagram."),
)
RULES = (DI_MISSING,)


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Shapes of elements and lanes, edges of flows (BPMN 12)."""
    shapes = {_shown(s) for s in diagram.root.iter(f"{{{BPMN_DI}}}BPMNShape") if _has_bounds(s)}
    edges = {_shown(e) for e in diagram.root.iter(f"{{{BPMN_DI}}}BPMNEdge") if _has_way(e)}
    for process in diagram.processes:
        parts: list[tuple[str, Part]] = [(e.id, e) for e in process.elements.values()]
        parts += [(lane.id, lane) for lane in process.lanes]
        for part_id, part in parts:
            if part_id not in shapes:
                yield DI_MISSING.at(diagram.place(part))
        for flow in process.flows.values():
            if flow.id not in edges:
                yield DI_MISSING.at(diagram.place(flow))


def _shown(node: etree._Element) -> str:
    return local_ref(node.get("bpmnElement"))


def _has_bounds(shape: etree._Element) -> bool:
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return False
    corner = [_number(bounds.get(name)) for name in ("x", "y")]
    size = [_number(bounds.get(name)) for name in ("width", "height")]
    return all(math.isfinite(n) for n in corner + size) and all(n > 0 for n in size)


def _has_way(edge: etree._Element) -> bool:
    points = edge.findall(f"{{{DD}}}waypoint")
    return len(points) > 1 and all(math.isfinite(_number(p.get(name))) for p in points for name in ("x", "y"))


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan
