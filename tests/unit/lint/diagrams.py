"""Small deployable diagrams with their drawing, to break one thing at a time."""

from itertools import pairwise

from lxml import etree

from engine.definitions.lint import Finding, Known, lint

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
NAMESPACES = (
    f'xmlns:bpmn="{BPMN}" xmlns:camunda="{CAMUNDA}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
KNOWN = Known(
    forms=frozenset({"isian"}),
    decisions=frozenset({"risiko"}),
    groups=frozenset({"petugas", "peksos"}),
    processes=frozenset({"lain"}),
)
EXECUTABLE = 'id="p" name="Layanan" isExecutable="true"'
START = '<bpmn:startEvent id="s" name="Laporan masuk"/>'
TASK = '<bpmn:userTask id="t" name="Periksa" camunda:candidateGroups="petugas"/>'
END = '<bpmn:endEvent id="e" name="Selesai"/>'
MESSAGE = '<bpmn:message id="m" name="putusan"/>'
ERROR = '<bpmn:error id="er" name="ditolak" errorCode="TOLAK"/>'
ESCALATION = '<bpmn:escalation id="es" name="terlambat" escalationCode="LAMBAT"/>'
ROOT = MESSAGE + ERROR + ESCALATION


def flow(source: str, target: str, condition: str | None = None, **attributes: str) -> str:
    """A sequence flow ``source_target``."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    head = f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"{more}>'
    body = (
        f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition is not None else ""
    )
    return f"{head}{body}</bpmn:sequenceFlow>"


def path(*ids: str) -> str:
    """Sequence flows from each to the next."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def user_task(inside: str = "", element_id: str = "t", **camunda: str) -> str:
    """A user task for ``petugas`` with Camunda attributes and what else stands in it."""
    attributes = {"candidateGroups": "petugas"} | camunda
    text = "".join(f' camunda:{name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:userTask id="{element_id}" name="Periksa"{text}>{inside}</bpmn:userTask>'


def around(element: str, element_id: str = "t") -> str:
    """A process from a start by way of one element to an end."""
    return START + element + END + path("s", element_id, "e")


def document(process: str, attributes: str = EXECUTABLE, root: str = ROOT, *, draw: bool = True) -> bytes:
    """A BPMN file with one process, everything in it drawn."""
    text = (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="x">{root}'
        f"<bpmn:process {attributes}>{process}</bpmn:process></bpmn:definitions>"
    )
    tree = etree.fromstring(text.encode())
    if draw:
        tree.append(_drawing(tree))
    return etree.tostring(tree)


def _drawing(tree: etree._Element) -> etree._Element:
    parts = []
    for node in tree.iter(f"{{{BPMN}}}*"):
        name, node_id = etree.QName(node).localname, node.get("id")
        if name == "sequenceFlow":
            parts.append(
                f'<bpmndi:BPMNEdge bpmnElement="{node_id}"><di:waypoint x="0" y="0"/>'
                '<di:waypoint x="9" y="0"/></bpmndi:BPMNEdge>'
            )
        elif node_id is not None:
            parts.append(
                f'<bpmndi:BPMNShape bpmnElement="{node_id}"><dc:Bounds x="0" y="0" width="9" height="9"/>'
                "</bpmndi:BPMNShape>"
            )
    plane = f'<bpmndi:BPMNPlane bpmnElement="p">{"".join(parts)}</bpmndi:BPMNPlane>'
    return etree.fromstring(f"<bpmndi:BPMNDiagram {NAMESPACES}>{plane}</bpmndi:BPMNDiagram>")


def findings(process: str, attributes: str = EXECUTABLE, root: str = ROOT, **files: bytes) -> list[Finding]:
    """What the linter says to a diagram (and other files, ``x_form`` meaning ``x.form``)."""
    resources = {"a.bpmn": document(process, attributes, root)}
    resources |= {name.replace("_", "."): content for name, content in files.items()}
    found = lint(resources, KNOWN)
    assert all(str(finding) and finding.resource in resources for finding in found)
    return found


def fired(process: str, attributes: str = EXECUTABLE, root: str = ROOT, **files: bytes) -> list[str]:
    """Ids of the rules that a diagram breaks."""
    return [finding.rule for finding in findings(process, attributes, root, **files)]
