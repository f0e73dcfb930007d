"""No page is open that is not meant to be, and no seal is broken on the way of a case."""

import logging
import re
from typing import Any

import pytest

from tests.integration.web.conftest import Visitors
from tests.support.case import Case, begin, fill
from tests.support.service import Service, typed

KEY = "pasuruan_penanganan_abh"
OPEN = {"/healthz", "/agencies.css", "/sw.js", "/login", "/login/oidc", "/login/oidc/back"}
CANARY = "Kenari"


def pages(service: Service) -> list[str]:
    return [
        re.sub(r"<[^>]+>", "1", rule.rule)
        for rule in service.app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.rule.startswith(("/engine-rest", "/static"))
    ]


def test_every_page_but_a_few_sends_a_stranger_to_sign_in(visitors: Visitors, service: Service) -> None:
    stranger, found = visitors(), pages(service)
    assert len(found) > 15
    for path in set(found) - OPEN:
        answer = stranger.client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/login?next={path}"), path


def test_every_endpoint_of_the_machine_asks_for_a_password(service: Service) -> None:
    client = service.app.test_client()
    for rule in service.app.url_map.iter_rules():
        if rule.rule.startswith("/engine-rest"):
            for method in (rule.methods or set()) - {"OPTIONS"}:
                path = re.sub(r"<[^>]+>", "1", rule.rule)
                assert client.open(path, method=method).status_code == 401, (method, path)


def sealed_answers(components: list[dict[str, Any]]) -> dict[str, str]:
    """A canary for every confidential text field."""
    found: dict[str, str] = {}
    for component in components:
        free = component["type"] in ("textfield", "textarea") and "pattern" not in component.get(
            "validate", {}
        )
        if component["type"] == "group":
            found |= sealed_answers(component["components"])
        elif free and component.get("properties", {}).get("rahasia"):
            found[component["key"]] = f"{CANARY} {component['key']}"
    return found


def complete_with_canaries(case: Case, group: str, step: str, **answers: object) -> int:
    """Complete a step, after a refused attempt; how many canaries were sent."""
    caller = case.service.caller(f"{group}@pasuruan")
    [task] = caller.get("/task", processInstanceId=case.id, taskDefinitionKey=step).json
    schema = caller.get(f"/task/{task['id']}/deployed-form").json["components"]
    known = caller.get(f"/task/{task['id']}/form-variables").json
    canaries = sealed_answers(schema)
    values = fill(schema, answers | canaries, {name: v["value"] for name, v in known.items()})
    path, wrong = f"/task/{task['id']}/complete", typed(values | {"tidak_ada": CANARY})
    refused = caller.post(path, {"variables": wrong})
    assert refused.status_code == 400
    assert CANARY not in refused.text
    assert caller.post(path, {"variables": typed(values)}).status_code == 204
    return len(canaries)


def test_what_is_sealed_shows_in_no_list_log_or_error(
    visitors: Visitors, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    case = begin(service, "pasuruan", KEY, "petugas")
    complete_with_canaries(case, "petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    assert complete_with_canaries(case, "peksos", "langkah_3_asesmen") > 2
    [task] = service.caller("peksos@pasuruan").get("/task", processInstanceId=case.id).json
    manager = service.caller("manajer@pasuruan")
    own, at = f"/process-instance/{case.id}", f"/task/{task['id']}"
    lists = ("/task", "/process-instance", own, "/history/process-instance", "/history/task")
    for path in (
        *lists,
        "/history/activity-instance",
        f"{own}/variables",
        f"{at}/variables",
        f"{at}/form-variables",
    ):
        answer = manager.get(path)
        assert answer.status_code == 200, path
        assert CANARY not in answer.text, path
    values = manager.get("/history/variable-instance", processInstanceId=case.id)
    assert CANARY not in values.text
    assert [value["value"] for value in values.json if value["valueInfo"].get("sealed")].count(None) > 2
    assert CANARY in service.caller("peksos@pasuruan").get(f"{at}/variables").text

    for user, paths in {
        "manajer@pasuruan": ("/", "/cockpit", f"/cockpit/instances/{case.id}"),
        "peksos@pasuruan": ("/",),
        "analis@pasuruan": ("/modeler/",),
        "admin@titian": ("/admin",),
    }.items():
        visitor = visitors(user)
        for path in paths:
            answer = visitor.get(path)
            assert answer.status_code == 200
            assert CANARY not in answer.text, (user, path)
    page = visitors("peksos@pasuruan").get(f"/tasks/{task['id']}").text
    assert CANARY in page
    assert CANARY not in page.partition("<title>")[2].partition("</title>")[0]
    assert CANARY not in caplog.text


@pytest.mark.parametrize("path", ["/task", "/process-instance/1"])
def test_a_right_password_does_not_let_a_wrong_one_in(service: Service, path: str) -> None:
    right, wrong = service.caller("petugas@natuna"), service.caller("petugas@natuna")
    wrong.password = "titian-demo2"
    assert right.get(path).status_code in (200, 404)
    assert wrong.get(path).status_code == 401
    assert right.get(path).status_code in (200, 404)


def test_wrong_passwords_are_counted_over_all_endpoints_together(service: Service) -> None:
    wrong = service.caller("petugas@natuna")
    wrong.password = "titian-demo2"
    statuses = [wrong.get(path).status_code for path in ("/task", "/tenant", "/version") for _ in range(4)]
    assert statuses == [401] * 10 + [429] * 2
    assert set(wrong.get("/engine").json) == {"type", "message"}
    assert service.caller("peksos@natuna").get("/task").status_code == 200
