"""A process of one step whose deadline is a variable, for what the real processes do not have yet."""

KEY = "uji_tenggat"

DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  id="definisi" targetNamespace="http://titian/uji">
  <bpmn:process id="uji_tenggat" name="Uji tenggat" isExecutable="true"
    camunda:candidateStarterGroups="petugas">
    <bpmn:startEvent id="mulai" name="Kasus masuk"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="mulai" targetRef="kerjakan"/>
    <bpmn:userTask id="kerjakan" name="Kerjakan" camunda:candidateGroups="petugas" camunda:dueDate="=tenggat">
      <bpmn:documentation>Kerjakan sebelum waktunya lewat.</bpmn:documentation>
      <bpmn:extensionElements><camunda:properties>
        <camunda:property name="dasar" value="UU 11/2012 Ps 21"/></camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="kerjakan" targetRef="selesai"/>
    <bpmn:endEvent id="selesai" name="Kasus tuntas"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="bidang" bpmnElement="uji_tenggat">
    <bpmndi:BPMNShape id="mulai_di" bpmnElement="mulai"><dc:Bounds x="100" y="100" width="36" height="36"/>
    </bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="kerjakan_di" bpmnElement="kerjakan">
      <dc:Bounds x="200" y="78" width="100" height="80"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="selesai_di" bpmnElement="selesai">
      <dc:Bounds x="360" y="100" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="f1_di" bpmnElement="f1"><di:waypoint x="136" y="118"/><di:waypoint x="200" y="118"/>
    </bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="f2_di" bpmnElement="f2"><di:waypoint x="300" y="118"/><di:waypoint x="360" y="118"/>
    </bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
