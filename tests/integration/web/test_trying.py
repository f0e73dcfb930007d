"""A decision is tried out before it is deployed: what the editor asks, and what a stranger may send."""

import json
from typing import Any

import pytest

from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import ROOT, Service
from tests.unit.dmn.models import decision, file, literal, table
from webapp.bodies import TRIAL

URL = "/modeler/decision/try"
PASURUAN = (ROOT / "processes" / "pasuruan" / "pasuruan_jalur.dmn").read_text(encoding="utf-8")
CASE = {"umur_saat_kejadian": 11, "tingkat_tindak_pidana": "ringan"}


@pytest.fixture
def analyst(visitors: Visitors) -> Visitor:
    visitor = visitors("analis@natuna")
    visitor.get("/modeler/")
    return visitor


def post(visitor: Visitor, body: object, **headers: str) -> tuple[int, dict[str, Any]]:
    data = body if isinstance(body, bytes) else json.dumps(body)
    given = {"X-CSRFToken": visitor.token, "Accept": "application/json", **headers}
    answer = visitor.client.post(URL, data=data, content_type="application/json", headers=given)
    assert answer.mimetype == "application/json", answer.text[:300]
    return answer.status_code, answer.json


def ask(visitor: Visitor, xml: str | bytes, inputs: object, decision: str = "a") -> dict[str, Any]:
    text = xml.decode() if isinstance(xml, bytes) else xml
    status, answer = post(visitor, {"xml": text, "decision": decision, "inputs": inputs})
    assert status == 200, answer
    return answer


def test_a_decision_tells_what_it_asks_for(analyst: Visitor) -> None:
    answer = ask(analyst, PASURUAN, None, "pasuruan_jalur")
    assert set(answer) == {"kind", "inputs", "outputs"}
    assert (answer["kind"], answer["outputs"]) == ("decisionTable", ["jalur_usulan"])
    types = {found["name"]: found["type"] for found in answer["inputs"]}
    assert types == {"umur_saat_kejadian": "number", "tingkat_tindak_pidana": "string"}
    listed = table(["n"], ["x"], [["-", "1"]], types=["string"], allowed=['"a", "b"'])
    assert ask(analyst, file(decision("a", listed)), None)["inputs"][0]["options"] == ["a", "b"]


def test_a_result_comes_with_its_rules_by_number(analyst: Visitor) -> None:
    answer = ask(analyst, PASURUAN, CASE, "pasuruan_jalur")
    assert (answer["value"], answer["rows"]) == ("rj", [{"jalur_usulan": "rj"}])
    assert answer["rules"] == [{"id": "aturan_1", "number": 1}]
    assert answer["warnings"] == []
    assert "error" not in answer


def test_nothing_is_deployed_or_kept(analyst: Visitor, service: Service) -> None:
    ask(analyst, PASURUAN.replace("pasuruan_jalur", "percobaan"), CASE, "percobaan")
    found = service.caller("analis@pasuruan").get("/decision-definition").json
    assert "percobaan" not in {each["key"] for each in found}


def test_reasons_are_in_the_readers_language_with_their_place(analyst: Visitor) -> None:
    xml = file(decision("a", literal('1 + tidak_ada + "x"')))
    [unknown, *_] = ask(analyst, xml, {})["warnings"]
    assert unknown == {"element": "a", "message": "nama 'tidak_ada' tidak dikenal (huruf ke-5)"}
    analyst.send("/language", language="en")
    [unknown, *_] = ask(analyst, xml, {})["warnings"]
    assert unknown["message"] == "the name 'tidak_ada' is not known (character 5)"


@pytest.mark.parametrize(
    ("logic", "said", "rules"),
    [
        (table(["n"], ["x"], [["-", "1"], ["-", "2"]]), "Aturan 1 dan 2 cocok sekaligus", [1, 2]),
        (
            table(["n"], ["x"], [["-", "1"], ["-", "2"], ["-", "3"]], policy="ANY"),
            "Aturan 1, 2 dan 3 cocok dengan hasil berbeda",
            [1, 2, 3],
        ),
        (table(["n"], ["x"], [["-", "1"]], allowed=["1, 2"]), "nilainya tidak termasuk nilai masukan", []),
        (table(["n"], ["x"], [["< ", "1"]]), "tidak sah di posisi", []),
        (literal("1 +"), "tidak sah di posisi", []),
        (literal("count(for a in 1..1000, b in 1..1000 return a)"), "terlalu banyak langkah", []),
    ],
)
def test_what_cannot_be_decided_says_why_and_where(
    analyst: Visitor, logic: str, said: str, rules: list[int]
) -> None:
    answer = ask(analyst, file(decision("a", logic)), {"n": 9})
    assert said in answer["error"]
    assert [rule["number"] for rule in answer["rules"]] == rules
    assert answer["decision"] == "a"
    assert answer["element"]
    assert "value" not in answer


def test_only_analysts_try(visitors: Visitors) -> None:
    body = {"xml": PASURUAN, "decision": "pasuruan_jalur", "inputs": CASE}
    people = {"petugas@natuna": "/", "manajer@natuna": "/cockpit", "analis@lumajang": "/modeler/"}
    for user, page in people.items():
        visitor = visitors(user)
        visitor.get(page)
        status, answer = post(visitor, body)
        assert (status, answer.get("type")) == ((200, None) if "analis" in user else (403, "ActionForbidden"))
    stranger = visitors()
    stranger.get("/login")
    assert stranger.submit(URL, {}).status_code in (302, 401)


def test_without_the_pages_token_nothing_is_evaluated(analyst: Visitor) -> None:
    body = {"xml": PASURUAN, "decision": "pasuruan_jalur", "inputs": CASE}
    status, answer = post(analyst, body, **{"X-CSRFToken": ""})
    assert (status, answer["type"]) == (400, "CSRFError")


def test_a_file_without_the_decision_or_no_dmn_at_all_is_refused(analyst: Visitor) -> None:
    diagram = (ROOT / "processes" / "pasuruan" / "pasuruan_penanganan_abh.bpmn").read_text(encoding="utf-8")
    for xml in ("", "<a>", "<a>" * 5000, "\0", diagram, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"):
        status, answer = post(analyst, {"xml": xml, "decision": "a", "inputs": {}})
        assert (status, answer["type"]) == (400, "XmlRefused"), xml[:40]
    status, answer = post(analyst, {"xml": PASURUAN, "decision": "lain", "inputs": {}})
    assert (status, answer["type"]) == (404, "DecisionNotFound")


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b"\xff",
        b"{}",
        b'{"xml": 1, "decision": "a"}',
        b'{"xml": "<a/>", "decision": ["a"]}',
        b'{"xml": "<a/>", "decision": "a", "inputs": [1]}',
        b'{"xml": "<a/>", "decision": "a", "inputs": "x"}',
        b'{"inputs":' * 50_000,
        b'{"xml": "<a/>", "decision": "a", "inputs": {"n": 1' + b"0" * 400 + b"}}",
        b'{"xml": "\\ud800", "decision": "a"}',
    ],
)
def test_a_body_of_another_form_is_refused(analyst: Visitor, body: bytes) -> None:
    status, answer = post(analyst, body)
    assert (status, answer["type"]) == (400, "BadRequest")


def test_more_than_a_decision_can_be_is_not_read(analyst: Visitor) -> None:
    status, answer = post(analyst, {"xml": "x" * TRIAL, "decision": "a", "inputs": {}})
    assert status == 413
    assert answer["message"]


@pytest.mark.parametrize("depth", [80, 120, 900])
def test_values_that_are_nested_deep_are_an_answer_and_no_accident(analyst: Visitor, depth: int) -> None:
    deep: object = 1
    for _ in range(depth):
        deep = [deep]
    for expression in ("n", "[n]", "string(n)", "n = n"):
        answer = ask(analyst, file(decision("a", literal(expression))), {"n": deep})
        assert ("error" in answer) is (depth > 90), expression


def test_values_of_a_wrong_type_are_an_answer_and_no_accident(analyst: Visitor) -> None:
    for value in ("sebelas", True, [], {}, {"a": [None]}, 2**63, -1e308, "9" * 5000, ""):
        answer = ask(analyst, PASURUAN, CASE | {"umur_saat_kejadian": value}, "pasuruan_jalur")
        assert "rules" in answer, value
