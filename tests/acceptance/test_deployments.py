"""An analyst deploys: versions, refusals, and cases that keep the version they began with."""

from io import BytesIO
from pathlib import Path
from typing import Any

from engine import get_actor, get_definition, list_definitions
from tests.support.case import begin
from tests.support.service import ROOT, Service

KEY = "natuna_pendampingan_abh_ampk"
DIAGRAM = ROOT / "processes" / "natuna" / f"{KEY}.bpmn"
ANALYST = "analis@natuna"


def deploy(service: Service, files: dict[str, bytes], **settings: str) -> Any:
    data = {"deployment-name": "perbaikan", "tenant-id": "natuna"} | settings
    parts = {name: (BytesIO(content), name) for name, content in files.items()}
    return service.caller(ANALYST).post("/deployment/create", json=None, data=data | parts)


def diagram(old: str = "", new: str = "") -> bytes:
    content = DIAGRAM.read_text(encoding="utf-8")
    assert old in content
    return content.replace(old, new).encode()


def versions(service: Service) -> list[int]:
    found = service.caller(ANALYST).get("/process-definition", key=KEY).json
    return sorted(definition["version"] for definition in found)


def test_an_unchanged_deployment_makes_no_new_version(service: Service) -> None:
    deployments = service.caller(ANALYST).get("/deployment").json
    answer = deploy(service, {DIAGRAM.name: diagram()})
    assert answer.status_code == 200
    assert answer.json["deployedProcessDefinitions"] is None
    assert versions(service) == [1]
    assert service.caller(ANALYST).get("/deployment").json == deployments


def test_a_new_case_follows_the_new_version_and_an_old_one_its_own(service: Service) -> None:
    old = begin(service, "natuna", KEY, "petugas")
    answer = deploy(service, {DIAGRAM.name: diagram("Terima laporan, tugasi peksos", "Periksa laporan baru")})
    [made] = answer.json["deployedProcessDefinitions"].values()
    assert (made["key"], made["version"]) == (KEY, 2)
    new = begin(service, "natuna", KEY, "petugas")
    names = {
        task["processInstanceId"]: task["name"] for task in service.caller("petugas@natuna").get("/task").json
    }
    assert names == {old.id: "Terima laporan, tugasi peksos", new.id: "Periksa laporan baru"}
    old.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    old.waits_for("langkah_3_asesmen")


def test_a_refused_deployment_changes_nothing_and_says_where(service: Service) -> None:
    broken = diagram('formRef="natuna_langkah_3_asesmen"', 'formRef="tidak_ada"')
    good = (ROOT / "forms" / "natuna" / "natuna_langkah_6_teruskan.form").read_bytes()
    changed = good.replace(b'"label": "', b'"label": "Baru: ', 1)
    answer = deploy(service, {DIAGRAM.name: broken, "natuna_langkah_6_teruskan.form": changed})
    assert answer.status_code == 400
    [finding] = [f for f in answer.json["findings"] if f["severity"] == "error"]
    assert finding["elementId"] == "langkah_3_asesmen"
    assert finding["elementName"] == "Lakukan asesmen anak"
    assert finding["line"] == 1 + broken[: broken.index(b'id="langkah_3_asesmen"')].count(b"\n")
    assert "tidak_ada" in finding["message"]
    assert answer.json["details"][DIAGRAM.name]["errors"][0]["mainElementId"] == "langkah_3_asesmen"
    assert versions(service) == [1]


def test_a_deployed_diagram_comes_back_byte_for_byte(service: Service) -> None:
    xml = service.caller(ANALYST).get(f"/process-definition/key/{KEY}/xml").json["bpmn20Xml"]
    assert xml.encode() == Path(DIAGRAM).read_bytes()


def test_what_an_analyst_of_two_agencies_would_deploy_must_name_the_agency(service: Service) -> None:
    answer = deploy(service, {"x.bpmn": b"<a/>"}, **{"tenant-id": "pasuruan"})
    assert answer.status_code == 404


def test_a_form_is_called_like_the_step_that_shows_it(service: Service) -> None:
    analyst = get_actor(service.database, ANALYST)
    assert analyst is not None
    names = {d.key: d.name for d in list_definitions(service.database, analyst, "form")}
    assert names["natuna_langkah_3_asesmen"] == "Lakukan asesmen anak"
    file = ROOT / "forms" / "natuna" / "natuna_langkah_3_asesmen.form"
    changed = file.read_bytes().replace(b'"label": "', b'"label": "Baru: ', 1)
    assert deploy(service, {file.name: changed}).status_code == 200
    found = get_definition(service.database, analyst, "form", key="natuna_langkah_3_asesmen")
    assert (found.version, found.name) == (2, "Lakukan asesmen anak")
