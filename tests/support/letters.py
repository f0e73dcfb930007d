"""A process whose letter is sent by a worker, its agency's service account, and a case of it."""

from sqlalchemy import Engine

import engine
from engine.types import SYSTEM, Actor, InstanceView
from tests.integration.engine.models import drawn, tasks
from tests.unit.interpreter.diagrams import ERROR, boundary, node, process
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD

AGENCY, TOPIC, KEY = "natuna", "kirim-surat", "surat"
SERVICE = f"layanan@{AGENCY}"
PROPERTIES = (
    "<bpmn:extensionElements><camunda:properties>"
    '<camunda:property name="kop" value="resmi"/></camunda:properties></bpmn:extensionElements>'
)


def deploy_letters(database: Engine) -> None:
    """Deploy the process to Natuna and make its service account."""
    letter = node(
        "serviceTask",
        "kirim",
        PROPERTIES,
        name="Kirim surat",
        camunda_type="external",
        camunda_topic="=topik",
        camunda_taskPriority="=tingkat * 10",
    )
    parts = letter + boundary("ditolak", "kirim", ERROR) + tasks("arsip", "alamat", group="petugas")
    diagram = drawn(process(parts, "s > kirim > arsip > e; ditolak > alamat > e", KEY))
    diagram = diagram.replace(b'bpmnElement="p"', f'bpmnElement="{KEY}"'.encode())
    analyst = Actor.of(f"analis@{AGENCY}", AGENCY, ["analis"])
    engine.deploy(database, analyst, AGENCY, "surat", {"surat.bpmn": diagram})
    hashed = hash_password(DEMO_PASSWORD)
    engine.add_user(database, SYSTEM, SERVICE, "Pengirim surat", hashed, [(AGENCY, "layanan")])


def start_letter(database: Engine, tingkat: int = 1, topic: str = TOPIC) -> InstanceView:
    """A new letter, waiting for a worker of the topic."""
    clerk = Actor.of(f"petugas@{AGENCY}", AGENCY, ["petugas"])
    variables = {"topik": topic, "tingkat": tingkat, "alamat": "Jalan Merdeka 1", "daftar": ["a", "b"]}
    return engine.start_instance(database, clerk, AGENCY, KEY, variables)


def steps(database: Engine, case: InstanceView) -> tuple[str, ...]:
    """Names of the steps at which people are waited for now."""
    return engine.get_instance(database, SYSTEM, case.id).steps
