"""A process that can go wrong: prepare, wait an hour, let another program do it, look at its answer."""

from datetime import timedelta
from itertools import pairwise

import engine
from engine import ExternalTaskFilter, JobFilter, TaskFilter, Topic
from engine.types import SYSTEM, Actor, InstanceView
from tests.support.service import Service

KEY = "uji_rujukan"
TOPIC = "rujukan"
FAULT = "Server UPTD PPA tidak menjawab."
_STEPS = (
    ("startEvent", "mulai", "Kasus masuk", "", ""),
    ("userTask", "siapkan", "Siapkan berkas", 'camunda:candidateGroups="petugas"', ""),
    (
        "intermediateCatchEvent",
        "jeda",
        "Tunggu satu jam",
        "",
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>",
    ),
    ("serviceTask", "kirim", "Kirim rujukan", f'camunda:type="external" camunda:topic="{TOPIC}"', ""),
    ("userTask", "periksa", "Periksa jawaban", 'camunda:candidateGroups="petugas"', ""),
    ("exclusiveGateway", "diterima", "Diterima?", "", ""),
    ("userTask", "tutup", "Tutup rujukan", 'camunda:candidateGroups="petugas"', ""),
    ("endEvent", "selesai", "Rujukan selesai", "", ""),
)
_SIZES = {"startEvent": 36, "endEvent": 36, "intermediateCatchEvent": 36, "exclusiveGateway": 50}


def diagram(closing: str = "Tutup rujukan") -> bytes:
    """The process as a drawn BPMN file; ``closing``: the name of its last step."""
    nodes, shapes = "", ""
    for number, (kind, element_id, name, attributes, inner) in enumerate(_STEPS):
        named = closing if element_id == "tutup" else name
        nodes += f'<bpmn:{kind} id="{element_id}" name="{named}" {attributes}>{inner}</bpmn:{kind}>'
        size = _SIZES.get(kind, 80)
        place = f'x="{160 * number + 100 - size // 2}" y="{120 - size // 2}" width="{size}" height="{size}"'
        shapes += f'<bpmndi:BPMNShape bpmnElement="{element_id}"><dc:Bounds {place}/></bpmndi:BPMNShape>'
    for number, (source, target) in enumerate(pairwise(_STEPS)):
        inner = _when(1) if source[1] == "diterima" else ""
        ends = f'sourceRef="{source[1]}" targetRef="{target[1]}"'
        nodes += f'<bpmn:sequenceFlow id="f{number}" {ends}>{inner}</bpmn:sequenceFlow>'
        points = "".join(f'<di:waypoint x="{160 * n + 100}" y="120"/>' for n in (number, number + 1))
        shapes += f'<bpmndi:BPMNEdge bpmnElement="f{number}">{points}</bpmndi:BPMNEdge>'
    nodes += f'<bpmn:sequenceFlow id="ulang" sourceRef="diterima" targetRef="siapkan">{_when(2)}'
    nodes += "</bpmn:sequenceFlow>"
    bend = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in ((900, 95), (900, 30), (260, 30), (260, 80)))
    shapes += f'<bpmndi:BPMNEdge bpmnElement="ulang">{bend}</bpmndi:BPMNEdge>'
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="definisi" '
        'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" targetNamespace="http://titian/uji" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
        f'<bpmn:process id="{KEY}" name="Uji rujukan" isExecutable="true" '
        f'camunda:candidateStarterGroups="petugas">{nodes}</bpmn:process><bpmndi:BPMNDiagram id="gambar">'
        f'<bpmndi:BPMNPlane bpmnElement="{KEY}">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        "</bpmn:definitions>"
    ).encode()


def _when(answer: int) -> str:
    return f"<bpmn:conditionExpression>=jawaban = {answer}</bpmn:conditionExpression>"


class Referrals:
    """Cases of an agency that go wrong on demand."""

    def __init__(self, service: Service, agency: str = "natuna") -> None:
        self.database, self.agency = service.database, agency
        self.deploy(diagram())

    def deploy(self, content: bytes) -> None:
        """Deploy a version of the process."""
        engine.deploy(self.database, SYSTEM, self.agency, "uji", {"uji.bpmn": content})

    def user(self, group: str) -> Actor:
        """A user of the agency's demo."""
        found = engine.get_actor(self.database, f"{group}@{self.agency}")
        assert found
        return found

    def begin(self) -> InstanceView:
        """A case at its first step."""
        return engine.start_instance(self.database, self.user("petugas"), self.agency, KEY, {})

    def do(self, case: InstanceView, **values: object) -> None:
        """Complete the open task of a case."""
        [task] = engine.list_tasks(self.database, SYSTEM, TaskFilter(instance_id=case.id))
        engine.complete_task(self.database, self.user("petugas"), task.id, values)

    def waiting(self) -> InstanceView:
        """A case that waits for its hour to pass."""
        case = self.begin()
        self.do(case)
        return case

    def given_up(self) -> InstanceView:
        """A case whose timer is not tried any more."""
        case = self.waiting()
        engine.set_job_retries(self.database, self.user("manajer"), [self.job(case)], 0)
        return case

    def sent(self) -> InstanceView:
        """A case that another program is to work on."""
        case = self.waiting()
        engine.execute_job(self.database, self.user("manajer"), self.job(case))
        return case

    def failed(self) -> InstanceView:
        """A case that the other program could not work on."""
        case = self.sent()
        self.report(case)
        return case

    def report(self, case: InstanceView, *, done: bool = False) -> None:
        """The other program fetches what it is to do, and says that it is done, or has failed for good."""
        topic = Topic(TOPIC, timedelta(minutes=1), business_key=case.business_key)
        [task] = engine.fetch_and_lock(self.database, SYSTEM, "program", 1, [topic])
        if done:
            engine.complete_external_task(self.database, SYSTEM, task.task.id, "program", {})
        else:
            engine.fail_external_task(self.database, SYSTEM, task.task.id, "program", FAULT)

    def job(self, case: InstanceView) -> str:
        """The id of the only job of a case."""
        [job] = engine.list_jobs(self.database, SYSTEM, JobFilter(instance_id=case.id))
        return job.id

    def retries(self, case: InstanceView) -> int | None:
        """How often the other program may still try."""
        wanted = ExternalTaskFilter(instance_id=case.id)
        [task] = engine.list_external_tasks(self.database, SYSTEM, wanted)
        return task.retries
