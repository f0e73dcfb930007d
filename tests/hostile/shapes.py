"""The frames of hostile files: a diagram without a drawing, a DMN file, a form."""

import json
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from tests.unit.interpreter.diagrams import NAMESPACES

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def diagram(*processes: str, extra: str = "") -> bytes:
    text = f'<bpmn:definitions {NAMESPACES} targetNamespace="x" id="berkas">{extra}{"".join(processes)}'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}</bpmn:definitions>'.encode()


def with_drawing(content: bytes) -> bytes:
    """The diagram with everything drawn in one place: a drawing is required, and would hide what matters."""
    root = etree.fromstring(content)
    di, dc, dd = (
        f"http://www.omg.org/spec/{name}" for name in ("BPMN/20100524/DI", "DD/20100524/DC", "DD/20100524/DI")
    )
    plane = etree.SubElement(etree.SubElement(root, f"{{{di}}}BPMNDiagram"), f"{{{di}}}BPMNPlane")
    for element in [found for found in root.iter(f"{{{BPMN}}}*") if found.get("id") is not None]:
        if element.tag == f"{{{BPMN}}}sequenceFlow":
            drawn = etree.SubElement(plane, f"{{{di}}}BPMNEdge", bpmnElement=element.get("id"))
            for x in "09":
                etree.SubElement(drawn, f"{{{dd}}}waypoint", x=x, y="0")
        else:
            drawn = etree.SubElement(plane, f"{{{di}}}BPMNShape", bpmnElement=element.get("id"))
            etree.SubElement(drawn, f"{{{dc}}}Bounds", x="0", y="0", width="9", height="9")
    return etree.tostring(root)


def dmn(*decisions: str) -> bytes:
    text = f'<definitions xmlns="{DMN}" id="d" name="d" namespace="n">{"".join(decisions)}'
    return f"{text}</definitions>".encode()


def literal(decision_id: str, text: str, required: Iterable[str] = ()) -> str:
    """A decision that is an expression."""
    needs = "".join(
        f'<informationRequirement><requiredDecision href="#{other}"/></informationRequirement>'
        for other in required
    )
    variable = f'<variable name="{decision_id}"/>'
    logic = f"<literalExpression><text>{escape(text)}</text></literalExpression>"
    return f'<decision id="{decision_id}" name="{decision_id}">{variable}{needs}{logic}</decision>'


def table(rules: str, policy: str) -> str:
    """The decision ``t`` with one input, ``1``."""
    columns = '<input id="i"><inputExpression id="ie"><text>1</text></inputExpression></input>'
    inner = f'<decisionTable id="tt" hitPolicy="{policy}">{columns}<output id="o" name="hasil"/>{rules}'
    return f'<decision id="t" name="t">{inner}</decisionTable></decision>'


def rule(number: int, cell: str, value: str) -> str:
    """``cell`` is escaped already."""
    return (
        f'<rule id="r{number}"><inputEntry id="c{number}"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="o{number}"><text>{value}</text></outputEntry></rule>'
    )


def textfield(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "id": f"x_{key}", "key": key, "label": key, **more}


def form(*components: dict[str, Any]) -> bytes:
    """The form ``f``."""
    return json.dumps({"type": "default", "id": "f", "schemaVersion": 18, "components": components}).encode()
