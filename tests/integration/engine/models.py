"""Deployable diagrams, drawn: the interpreter's small diagrams with candidates and a drawing."""

import json
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from tests.unit.interpreter.diagrams import NAMESPACES, REFERENCES, node

_DI = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def task(element_id: str, inner: str = "", group: str = "petugas", **camunda: str) -> str:
    """A user task for a group, with further Camunda attributes; an empty ``group`` names none."""
    attributes = {"candidateGroups": group} if group else {}
    pairs = {f"camunda_{name}": value for name, value in (attributes | camunda).items()}
    return node("userTask", element_id, inner, name=f"Kerjakan {element_id}", **pairs)


def tasks(*ids: str, group: str = "petugas") -> str:
    return "".join(task(element_id, group=group) for element_id in ids)


def drawn(*processes: str) -> bytes:
    """A BPMN file with these processes, everything in it drawn; ids of the second are ``s2``, ``e2``..."""
    text = f'<bpmn:definitions {NAMESPACES} {_DI} targetNamespace="x" id="d">{REFERENCES}{"".join(processes)}'
    root = etree.fromstring(f"{text}</bpmn:definitions>".encode())
    for number, process in enumerate(root.iterfind(f"{{{_BPMN}}}process"), 1):
        _rename(process, str(number) if number > 1 else "")
    shapes, edges = "", ""
    for element in root.iter(f"{{{_BPMN}}}*"):
        element_id = element.get("id")
        if etree.QName(element).localname == "sequenceFlow":
            points = '<di:waypoint x="0" y="0"/><di:waypoint x="9" y="0"/>'
            edges += f'<bpmndi:BPMNEdge bpmnElement="{element_id}">{points}</bpmndi:BPMNEdge>'
        elif element_id is not None:
            bounds = '<dc:Bounds x="0" y="0" width="9" height="9"/>'
            shapes += f'<bpmndi:BPMNShape bpmnElement="{element_id}">{bounds}</bpmndi:BPMNShape>'
    plane = f'<bpmndi:BPMNPlane bpmnElement="p">{shapes}{edges}</bpmndi:BPMNPlane>'
    root.append(etree.fromstring(f"<bpmndi:BPMNDiagram {_DI}>{plane}</bpmndi:BPMNDiagram>"))
    return etree.tostring(root)


def _rename(process: etree._Element, suffix: str) -> None:
    """Ids of the start, the end and the flows, which every process of a file has, become its own."""
    for part in process.iter(f"{{{_BPMN}}}*"):
        for name in ("id", "sourceRef", "targetRef", "default"):
            if (value := part.get(name, "")) in ("s", "e") or "__" in value:
                part.set(name, value + suffix)


def form(form_id: str, *fields: dict[str, Any]) -> bytes:
    """A form-js form; fields without a type are text fields."""
    components = [{"type": "textfield", "id": f"f_{f['key']}", "label": f["key"]} | f for f in fields]
    schema = {"type": "default", "id": form_id, "schemaVersion": 18, "components": components}
    return json.dumps(schema).encode()


def table(decision_id: str, result: str, **rules: str) -> bytes:
    """A decision table over ``skor``: ``tinggi="> 5"`` answers the text ``tinggi``; ``result`` names it.

    The answer ``nama`` is no text, but the variable of that name.
    """
    rows = ""
    for name, when in rules.items():
        answer = name if name == "nama" else f'"{name}"'
        rows += f'<rule id="{decision_id}_{name}"><inputEntry id="i_{name}"><text>{escape(when)}</text>'
        rows += f'</inputEntry><outputEntry id="o_{name}"><text>{answer}</text></outputEntry></rule>'
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="x" name="x" namespace="x">'
        f'<decision id="{decision_id}" name="{decision_id}"><decisionTable id="t" hitPolicy="FIRST">'
        '<input id="c"><inputExpression id="ce" typeRef="number"><text>skor</text></inputExpression></input>'
        f'<output id="r" name="{result}" typeRef="string"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def rule(element_id: str, decision_id: str, result: str, **camunda: str) -> str:
    """A business rule task with one value as its result."""
    attributes = {"decisionRef": decision_id, "resultVariable": result, "mapDecisionResult": "singleEntry"}
    pairs = {f"camunda_{name}": value for name, value in (attributes | camunda).items()}
    return node("businessRuleTask", element_id, name=f"Putuskan {element_id}", **pairs)
