"""Schemathesis against `/engine-rest`: what the OpenAPI document allows, and what it forbids, is sent; no
answer is a 500, and each has a status, a media type and a schema that the document declares (issue 5).

TITIAN_CALLS sets how many calls are made on each kind of database (1000; `make fuzz N=...`).
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from engine import clock
from tests.property.requests import KEY, USERS, World, make_world
from tests.support.files import pdf
from tests.support.letters import SERVICE, TOPIC
from tests.support.service import Service, typed
from tests.support.trouble import KEY as REFERRALS
from tests.support.trouble import Referrals, diagram
from webapp.config import DEMO_PASSWORD
from webapp.rest.openapi import document

CALLS = int(os.environ.get("TITIAN_CALLS", "1000"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = sorted((found.ok() for found in SCHEMA.get_all_operations()), key=lambda found: found.label)
REPORT = {"kanal": "telepon", "jenis_pelapor": "masyarakat", "uraian": "Dugaan pencurian"}
MODES = (GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture
def world(service: Service) -> World:
    return make_world(service)


def aim(draw: Any, case: Case, world: World) -> None:
    """Put what is there into the path and the query, two times in three: else all ends at the first 404."""
    path = case.path_parameters or {}
    kind = case.path.split("/")[1].replace("history", "process-instance")
    for name in path:
        known = world.ids.get({"id": kind, "tenant-id": "tenant"}.get(name, name))
        if known and draw(st.integers(0, 2)):
            path[name] = draw(st.sampled_from(known))
    for name, value in (case.query or {}).items():
        known = world.ids.get({"processInstanceId": "process-instance", "tenantIdIn": "tenant"}.get(name, ""))
        if known and isinstance(value, str) and draw(st.booleans()):
            case.query[name] = draw(st.sampled_from(known))


def call(world: World, case: Case, user: str) -> int:
    """The status of a call, whose answer is held to the document."""
    response = case.call(app=world.service.app, auth=(user, DEMO_PASSWORD))
    case.validate_response(response, checks=CHECKS)
    return response.status_code


def test_every_answer_is_one_that_the_document_declares(world: World, record_property: Any) -> None:
    seen: Counter[int] = Counter()

    @settings(
        max_examples=CALLS,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # calls change the database: a failure does not come back while shrinking
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def fuzz(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(OPERATIONS))
        case = data.draw(operation.as_strategy(generation_mode=data.draw(st.sampled_from(MODES))))
        aim(data.draw, case, world)
        seen[call(world, case, data.draw(st.sampled_from(USERS)))] += 1

    fuzz()
    record_property("statuses", dict(sorted(seen.items())))
    assert sum(seen.values()) >= CALLS
    assert {200, 400, 403, 404} <= set(seen)


def known_paths(world: World, path: str) -> Iterator[dict[str, str]]:
    """Parameters of a path that lead somewhere for somebody."""
    kind = path.removeprefix("/history").split("/")[1]
    names = re.findall(r"{([^}]+)}", path)
    given = [world.ids.get(kind if name == "id" else name, ()) for name in names]
    for values in product(*given):
        yield dict(zip(names, values, strict=True))


def commented(world: World, task_id: str) -> str:
    """The id of a comment at a task, by whoever of the callers may write one."""
    body = {"message": "Sudah ditelepon"}
    answers = [world.service.caller(user).post(f"/task/{task_id}/comment/create", body) for user in USERS]
    return str(next((answer.json["id"] for answer in answers if answer.status_code == 200), "x"))


def attached(world: World, task_id: str) -> str:
    """The id of a file at a task, by whoever of the callers may attach one."""
    path = f"/task/{task_id}/attachment/create"
    answers = [
        world.service.caller(user).post(
            path, json=None, data={"content": (BytesIO(pdf()), "a.pdf")}, content_type="multipart/form-data"
        )
        for user in USERS
    ]
    made = [answer for answer in answers if answer.status_code == 200]
    for answer in made:
        SCHEMA["/task/{id}/attachment/create"]["POST"].validate_response(answer)
    return str(made[0].json["id"]) if made else "x"


def test_what_is_read_of_real_cases_is_as_the_document_says(world: World) -> None:
    """Each operation that reads, by each role, of each thing that there is: what is random misses most."""
    referrals = Referrals(world.service, "natuna")
    referrals.failed()
    referrals.waiting()
    worker = world.service.caller(SERVICE)
    topic = {"topicName": TOPIC, "lockDuration": 60_000}
    [held] = worker.post(
        "/external-task/fetchAndLock", {"workerId": "w", "maxTasks": 1, "topics": [topic]}
    ).json
    failure = {"workerId": "w", "errorMessage": "Tidak terkirim", "errorDetails": "Baris 1", "retries": 3}
    assert worker.post(f"/external-task/{held['id']}/failure", failure).status_code == 204
    ids = dict(world.ids)
    for kind in ("job", "incident"):
        listed = world.service.caller("manajer@natuna").get(f"/{kind}").json
        ids[kind] = tuple(found["id"] for found in listed)
    ids["comment_id"] = tuple(commented(world, task_id) for task_id in ids["task"])
    ids["attachment_id"] = tuple(attached(world, task_id) for task_id in ids["task"])
    assert set(ids["attachment_id"]) != {"x"}
    world = replace(world, ids=ids)
    right: Counter[str] = Counter()
    reading = [found for found in OPERATIONS if found.method.upper() == "GET"]
    for operation in reading:
        for path in known_paths(world, operation.path):
            query = {"processInstanceIdIn": ",".join(world.ids["process-instance"])}
            wants = "variable-instance" in operation.path
            for user in USERS:
                case = operation.Case(path_parameters=path, query=query if wants else {})
                right[operation.label] += call(world, case, user) == 200
    assert [found.label for found in reading if not right[found.label]] == []


def test_what_is_done_answers_as_the_document_says(world: World) -> None:
    """Each operation that answers with more than 204, done once as it should be."""
    done = set()

    def do(user: str, path: str, body: Any, media: str = "application/json", **parts: str) -> None:
        operation = SCHEMA[path]["POST"]
        case = operation.Case(path_parameters=parts, body=body, media_type=media, query={})
        assert call(world, case, user) == 200, path
        done.add(path)

    manager, clerk, service = "manajer@natuna", "petugas@natuna", SERVICE
    api = world.service.caller(manager)
    start = {"variables": typed(REPORT), "withVariablesInReturn": True}
    [version] = api.get("/process-definition", key=KEY).json
    for ending in ("start", "submit-form"):
        do(clerk, f"/process-definition/{{id}}/{ending}", start, id=version["id"])
        do(clerk, f"/process-definition/key/{{key}}/{ending}", start, key=KEY)
        tenant = {"key": KEY, "tenant": "natuna"}
        do(clerk, f"/process-definition/key/{{key}}/tenant-id/{{tenant}}/{ending}", start, **tenant)
    [decision] = (
        world.service.caller("manajer@pasuruan").get("/decision-definition", key="pasuruan_jalur").json
    )
    facts = {"variables": typed({"umur_saat_kejadian": 11, "tingkat_tindak_pidana": "ringan"})}
    do("manajer@pasuruan", "/decision-definition/{id}/evaluate", facts, id=decision["id"])
    for path in ("/task", "/process-instance", "/external-task", "/job"):
        do(manager, path, {})
        do(manager, f"{path}/count", {})
    topic = {"topicName": TOPIC, "lockDuration": 1000, "includeExtensionProperties": True}
    do(service, "/external-task/fetchAndLock", {"workerId": "w", "maxTasks": 2, "topics": [topic]})
    referrals = Referrals(world.service, "natuna")
    referrals.given_up()
    [job] = api.get("/job", noRetriesLeft=True).json  # others are for the clocks of the cases
    do(manager, "/job/retries", {"jobIds": [job["id"]], "retries": 2})
    [old] = api.get("/process-definition", key=REFERRALS).json
    referrals.deploy(diagram("Tutup dan arsipkan"))
    [new] = api.get("/process-definition", key=REFERRALS, latestVersion=True).json
    ends = {"sourceProcessDefinitionId": old["id"], "targetProcessDefinitionId": new["id"]}
    do(manager, "/migration/generate", ends)
    plan = api.post("/migration/generate", ends).json
    plan.pop("variables")
    do(manager, "/migration/validate", plan)
    moved = {"migrationPlan": plan, "processInstanceIds": [job["processInstanceId"]]}
    do(manager, "/migration/executeAsync", moved)
    sent = world.service.caller("analis@natuna").post(
        "/deployment/create",
        json=None,
        data={"tenant-id": "natuna", "f": (BytesIO(diagram("Tutup lagi")), "uji.bpmn")},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 200
    SCHEMA["/deployment/create"]["POST"].validate_response(sent)
    terms = {"toTenantId": "pasuruan", "toGroup": "peksos", "fields": ["uraian"], "consent": "Wali"}
    terms["until"] = (clock.now() + timedelta(days=7)).isoformat()
    case_id = world.ids["process-instance"][0]
    do(manager, "/process-instance/{id}/share/create", terms, id=case_id)
    letters = [found["id"] for found in api.get("/process-instance", processDefinitionKey="surat").json]
    do(manager, "/process-instance/delete", {"processInstanceIds": letters})
    assert len(done) > 20
