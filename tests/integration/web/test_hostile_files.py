"""Files that strangers name and write: what an analyst's editor and the API take, and what comes back."""

import json
from io import BytesIO

import pytest

from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import ROOT, Service

KEY = "natuna_pendampingan_abh_ampk"
DIAGRAM = (ROOT / "processes" / "natuna" / f"{KEY}.bpmn").read_text(encoding="utf-8")
BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>'
INCLUDE = '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></a>'


@pytest.fixture
def analyst(visitors: Visitors) -> Visitor:
    visitor = visitors("analis@natuna")
    visitor.get("/modeler/")
    return visitor


def send(analyst: Visitor, body: object, path: str = "/modeler/deploy/natuna") -> tuple[int, str]:
    headers = {"X-CSRFToken": analyst.token, "Accept": "application/json"}
    data = body if isinstance(body, bytes) else json.dumps(body)
    answer = analyst.client.post(path, data=data, content_type="application/json", headers=headers)
    return answer.status_code, answer.text


def file(name: str, content: str) -> dict[str, object]:
    return {"resources": [{"name": name, "content": content}]}


def newest(service: Service) -> dict[str, object]:
    found = service.caller("analis@natuna").get("/process-definition", key=KEY).json
    return max(found, key=lambda definition: definition["version"])


def test_a_name_that_is_a_path_or_a_line_of_a_header_is_refused(service: Service, analyst: Visitor) -> None:
    changed = DIAGRAM.replace("Terima laporan", "Periksa laporan")
    paths = ("../../etc/x.bpmn", "/x.bpmn", "a/b.bpmn", "a\\b.bpmn")
    for name in (*paths, "a\r\nX-Evil: 1.bpmn", "a\0.bpmn", "\u202e.bpmn", "x" * 200 + ".bpmn"):
        status, text = send(analyst, file(name, changed))
        assert status == 400, name
        assert "tanpa folder" in text
    assert newest(service)["version"] == 1


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('a"b;c=d.bpmn', r'attachment; filename="a\"b;c=d.bpmn"'),
        ("日本 ü.bpmn", "filename*=UTF-8''%E6%97%A5%E6%9C%AC%20%C3%BC.bpmn"),
        ("<img src=x>.bpmn", 'attachment; filename="<img src=x>.bpmn"'),
    ],
)
def test_a_strange_name_comes_back_in_a_header_of_plain_ascii(
    service: Service, analyst: Visitor, name: str, header: str
) -> None:
    assert send(analyst, file(name, DIAGRAM.replace("Terima laporan", "Periksa laporan")))[0] == 200
    id = newest(service)["id"]
    answer = analyst.get(f"/modeler/process/{id}/file")
    assert answer.status_code == 200
    assert header in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].isascii()
    for page in (f"/modeler/process/{id}", "/modeler/", f"/modeler/process/versions/natuna/{KEY}"):
        assert "<img src=x>" not in analyst.get(page).text


@pytest.mark.parametrize("ending", ["bpmn", "dmn", "form"])
def test_what_is_hostile_is_a_finding_and_no_accident(analyst: Visitor, ending: str) -> None:
    for content in (BOMB, INCLUDE, "[" * 100_000, "<a>" * 5000, "\0", ""):
        status, text = send(analyst, file(f"x.{ending}", content))
        assert status == 400
        assert json.loads(text)["findings"]
        assert "root:" not in text
        status, text = send(analyst, file(f"x.{ending}", content), "/modeler/check/natuna")
        assert status == 200
        assert json.loads(text)["findings"]


@pytest.mark.parametrize("path", ["/modeler/deploy/natuna", "/modeler/check/natuna"])
def test_a_body_that_is_no_list_of_files_is_refused(analyst: Visitor, path: str) -> None:
    for body in (
        b"[" * 100_000,
        b'{"resources":' * 50_000,
        b'{"resources":[{"name":"\\ud800.bpmn","content":"x"}]}',
        b'{"resources":[{"name":"a.bpmn","content":"x"},{"name":"a.bpmn","content":"y"}]}',
        b'{"resources":{}}',
        b"null",
        b"\xff",
    ):
        status, text = send(analyst, body, path)
        assert status == 400, body[:60]
        assert json.loads(text)["message"]


def test_a_case_is_not_started_by_a_body_that_is_too_deep(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    headers = {"X-CSRFToken": visitor.token, "Accept": "application/json"}
    answer = visitor.client.post(
        f"/start/natuna/{KEY}",
        data=b'{"variables":' * 70_000,
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 400


def test_thousands_of_files_are_answered_with_some_of_the_findings(analyst: Visitor) -> None:
    many = [{"name": f"{number}.form", "content": "{}"} for number in range(5000)]
    status, text = send(analyst, {"resources": many})
    assert status == 400
    assert len(json.loads(text)["findings"]) <= 500


def test_two_files_of_one_name_are_refused_and_not_one_of_them_dropped(service: Service) -> None:
    data = {"tenant-id": "natuna"} | {
        part: (BytesIO(DIAGRAM.replace("Terima laporan", part).encode()), "x.bpmn") for part in ("a", "b")
    }
    answer = service.caller("analis@natuna").post("/deployment/create", json=None, data=data)
    assert answer.status_code == 400
    assert "x.bpmn" in answer.json["message"]
    assert newest(service)["version"] == 1


def test_a_diagram_in_another_encoding_can_be_read_again(service: Service, analyst: Visitor) -> None:
    text = DIAGRAM.replace("Terima laporan", "Terima lapòran").replace("UTF-8", "UTF-16", 1)
    data = {"tenant-id": "natuna", "x": (BytesIO(text.encode("utf-16")), "x.bpmn")}
    assert service.caller("analis@natuna").post("/deployment/create", json=None, data=data).status_code == 200
    xml = service.caller("analis@natuna").get(f"/process-definition/key/{KEY}/xml").json["bpmn20Xml"]
    assert xml.startswith("<bpmn:definitions")
    assert "Terima lapòran" in xml
    assert "lap\\u00f2ran" in analyst.get(f"/modeler/process/{newest(service)['id']}").text


def test_a_label_with_markup_stays_text_in_the_page_and_in_its_data(
    service: Service, analyst: Visitor, visitors: Visitors
) -> None:
    evil = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"
    assert send(analyst, file(f"{KEY}.bpmn", DIAGRAM.replace("Terima laporan", evil)))[0] == 200
    form = (ROOT / "forms" / "natuna" / "natuna_langkah_2_terima_tugaskan.form").read_text(encoding="utf-8")
    schema = json.loads(form)
    schema["components"][0]["text" if "text" in schema["components"][0] else "label"] = "</script><img src=y>"
    assert send(analyst, file("natuna_langkah_2_terima_tugaskan.form", json.dumps(schema)))[0] == 200
    task = visitors.open_case()
    worker = visitors("petugas@natuna")
    worker.get(task)
    claimed = worker.send(f"{task}/claim")
    assert claimed.status_code == 303
    for visitor, path in (
        (worker, "/"),
        (worker, task),
        (analyst, f"/modeler/process/{newest(service)['id']}"),
        (visitors("manajer@natuna"), "/cockpit"),
    ):
        page = visitor.get(path).text
        assert "<img src=" not in page
        assert page.count("</script>") == page.count("<script")
