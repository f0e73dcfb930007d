"""What a new diagram, table or form begins with: the least that the linter lets through."""

import re
from xml.sax.saxutils import quoteattr

import orjson

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")

_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
id="definitions_%(id)s" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id=%(quoted)s name=%(quoted)s isExecutable="true" camunda:historyTimeToLive="P3650D">
    <bpmn:startEvent id="mulai" name="Kasus diterima"><bpmn:outgoing>alur_1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="alur_1" sourceRef="mulai" targetRef="selesai" />
    <bpmn:endEvent id="selesai" name="Kasus selesai"><bpmn:incoming>alur_1</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_%(id)s">
    <bpmndi:BPMNPlane id="bidang_%(id)s" bpmnElement=%(quoted)s>
      <bpmndi:BPMNShape id="mulai_di" bpmnElement="mulai">
        <dc:Bounds x="160" y="100" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="138" y="143" width="80" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="selesai_di" bpmnElement="selesai">
        <dc:Bounds x="360" y="100" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="338" y="143" width="80" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="alur_1_di" bpmnElement="alur_1"><di:waypoint x="196" y="118" />
        <di:waypoint x="360" y="118" /></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

_DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="model_%(id)s" name=%(quoted)s namespace="http://camunda.org/schema/1.0/dmn">
  <decision id=%(quoted)s name=%(quoted)s>
    <decisionTable id="tabel_%(id)s" hitPolicy="UNIQUE">
      <input id="masukan_1" label="Masukan">
        <inputExpression id="ungkapan_1" typeRef="string"><text>masukan</text></inputExpression>
      </input>
      <output id="keluaran_1" label="Usulan" name="usulan" typeRef="string" />
      <rule id="aturan_1">
        <inputEntry id="sel_1"><text>-</text></inputEntry>
        <outputEntry id="hasil_1"><text>"isi"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef=%(quoted)s>
    <dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
"""


def is_id(text: str) -> bool:
    """Whether a text can be the id of a process, decision or form."""
    return _ID.fullmatch(text) is not None


def beginning(kind: str, id: str) -> str:
    """The content of a new file of this kind with this id (``is_id``)."""
    values = {"id": id, "quoted": quoteattr(id)}
    if kind == "process":
        return _PROCESS % values
    if kind == "decision":
        return _DECISION % values
    schema = {"type": "default", "id": id, "schemaVersion": 18, "components": []}
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode()
