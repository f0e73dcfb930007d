"""Suspending, changing data, modifying and migrating over the API, by `generic-camunda-client` too."""

from typing import Any

import generic_camunda_client as camunda
import pytest
from generic_camunda_client.rest import ApiException

import engine
from engine.types import SYSTEM
from tests.support.camunda import address, client, variables
from tests.support.case import Case, begin
from tests.support.invariants import check_invariants
from tests.support.service import ROOT, Service

__all__ = ["address"]

KEY = "natuna_pendampingan_abh_ampk"
DIAGRAM = ROOT / "processes" / "natuna" / f"{KEY}.bpmn"
FIRST = "langkah_2_terima_tugaskan"


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "natuna", KEY, "petugas")


def steps_of(service: Service) -> list[str]:
    """Ids of the user tasks of the diagram, in the order of the file."""
    found = service.caller("analis@natuna").get("/process-definition", key=KEY).json[-1]
    xml = service.caller("analis@natuna").get(f"/process-definition/{found['id']}/xml").json["bpmn20Xml"]
    return [part.split('"')[0] for part in xml.split('userTask id="')[1:]]


def deploy_again(address: str, service: Service, old: bytes, new: bytes, tmp_path: Any) -> tuple[str, str]:
    """A second version of the process, with ``old`` replaced: the ids of both versions."""
    api = camunda.DeploymentApi(client(address, "analis@natuna"))
    file = tmp_path / DIAGRAM.name
    content = DIAGRAM.read_bytes()
    assert old in content
    file.write_bytes(content.replace(old, new))
    api.create_deployment(
        tenant_id="natuna", deployment_name="baru", data=str(file), deployment_source="uji",
        enable_duplicate_filtering=False, deploy_changed_only=False,
    )  # fmt: skip
    found = service.caller("analis@natuna").get(
        "/process-definition", key=KEY, sortBy="version", sortOrder="asc"
    )
    return tuple(d["id"] for d in found.json)


def test_instances_are_suspended_and_activated(service: Service, case: Case, address: str) -> None:
    other = begin(service, "natuna", KEY, "petugas")
    api = camunda.ProcessInstanceApi(client(address, "manajer@natuna"))
    api.update_suspension_state_by_id(
        case.id, suspension_state_dto=camunda.SuspensionStateDto(suspended=True)
    )
    caller = service.caller("petugas@natuna")
    assert [i.id for i in api.get_process_instances(suspended=True)] == [case.id]
    assert [i.suspended for i in api.get_process_instances(active=True)] == [False]
    assert api.get_process_instance(case.id).suspended
    assert [t["processInstanceId"] for t in caller.get("/task", suspended="true").json] == [case.id]
    assert [t["suspended"] for t in caller.get("/task", active="true").json] == [False]
    task_id = caller.get("/task", suspended="true").json[0]["id"]
    for path in ("claim", "unclaim", "complete"):
        answer = caller.post(f"/task/{task_id}/{path}", {})
        assert (answer.status_code, answer.json["type"]) == (409, "InstanceSuspended")
    both = camunda.ProcessInstanceSuspensionStateDto(
        process_instance_ids=[case.id, other.id], suspended=False
    )
    api.update_suspension_state(process_instance_suspension_state_dto=both)
    assert api.get_process_instances_count(suspended=True).count == 0
    assert caller.post(f"/task/{task_id}/claim", {}).status_code == 204


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("suspended", {}),
        ("suspended", {"suspended": "yes"}),
        ("suspended", {"suspended": True, "processDefinitionKey": KEY}),
        ("../suspended", {"suspended": True}),
        ("../suspended", {"suspended": True, "processInstanceIds": []}),
        ("../suspended", {"suspended": True, "processInstanceIds": [1]}),
        ("../suspended", {"suspended": True, "processDefinitionKey": KEY}),
    ],
)
def test_a_suspension_that_makes_no_sense_is_refused(
    service: Service, case: Case, path: str, body: dict[str, Any]
) -> None:
    manager = service.caller("manajer@natuna")
    where = "/process-instance/suspended" if path.startswith("..") else f"/process-instance/{case.id}/{path}"
    assert manager.put(where, body).status_code == 400
    assert manager.get(f"/process-instance/{case.id}").json["suspended"] is False
    assert manager.get("/process-instance", active="true", suspended="true").status_code == 400


def test_variables_are_set_and_removed(service: Service, case: Case, address: str) -> None:
    api = camunda.ProcessInstanceApi(client(address, "manajer@natuna"))
    api.set_process_instance_variable(
        case.id, "catatan", variable_value_dto=camunda.VariableValueDto(value="a")
    )
    patch = camunda.PatchVariablesDto(
        modifications=variables({"anak": 2, "luar_kota": True}), deletions=["catatan", "tidak_ada"]
    )
    api.modify_process_instance_variables(case.id, patch_variables_dto=patch)
    manager = service.caller("manajer@natuna")
    found = manager.get(f"/process-instance/{case.id}/variables").json
    assert (found["anak"]["value"], found["luar_kota"]["value"]) == (2, True)
    assert "catatan" not in found
    api.delete_process_instance_variable(case.id, "anak")
    assert "anak" not in manager.get(f"/process-instance/{case.id}/variables").json
    assert check_invariants(service.database, case.id)


def test_what_no_manager_sends_is_refused(service: Service, case: Case) -> None:
    path = f"/process-instance/{case.id}/variables"
    for user, status in (("petugas", 403), ("analis", 404), ("manajer@pasuruan", 404)):
        caller = service.caller(user if "@" in user else f"{user}@natuna")
        assert caller.put(f"{path}/x", {"value": 1}).status_code == status
        assert caller.put(f"/process-instance/{case.id}/suspended", {"suspended": True}).status_code == status
        body = {"instructions": [{"type": "cancel", "activityId": FIRST}]}
        assert caller.post(f"/process-instance/{case.id}/modification", body).status_code == status
    manager = service.caller("manajer@natuna")
    assert manager.put(f"{path}/nomor_registrasi", {"value": "1"}).status_code == 400
    assert manager.put(f"{path}/x", {"value": 1, "type": "Nothing"}).status_code == 400
    assert manager.post(path, {"deletions": "x"}).status_code == 400
    assert manager.post(path, {"modifications": []}).status_code == 400
    assert manager.post("/process-instance/entah/variables", {}).status_code == 404


def test_tokens_are_moved(service: Service, case: Case, address: str) -> None:
    api = camunda.ProcessInstanceApi(client(address, "manajer@natuna"))
    first, second = case.open_steps()[0], steps_of(service)[-1]
    instruction = camunda.ProcessInstanceModificationInstructionDto
    body = camunda.ProcessInstanceModificationDto(
        skip_custom_listeners=True,
        skip_io_mappings=True,
        annotation="salah langkah",
        instructions=[
            instruction(type="startBeforeActivity", activity_id=second),
            instruction(type="cancel", activity_id=first),
        ],
    )
    api.modify_process_instance(case.id, process_instance_modification_dto=body)
    case.waits_for(second)
    manager = service.caller("manajer@natuna")
    stays = manager.get("/history/activity-instance", processInstanceId=case.id, unfinished="true").json
    [stay] = [stay for stay in stays if stay["activityId"] == second]
    cancel = {"type": "cancel", "activityInstanceId": stay["id"]}
    begin_again = {"type": "startBeforeActivity", "activityId": first, "variables": {"lagi": {"value": True}}}
    body = {"instructions": [cancel, begin_again]}
    assert manager.post(f"/process-instance/{case.id}/modification", body).status_code == 204
    case.waits_for(first)
    assert check_invariants(service.database, case.id)


@pytest.mark.parametrize(
    ("instructions", "message"),
    [
        (None, "list of at least one"),
        ([], "list of at least one"),
        (["cancel"], "instruction 0 is no object"),
        ([{"type": "jump", "activityId": "a"}], "instruction 0: the type is one of"),
        ([{"type": "cancel"}], "one of activityId and activityInstanceId"),
        ([{"type": "cancel", "activityId": "a", "activityInstanceId": "b"}], "one of activityId"),
        ([{"type": "startTransition", "activityId": "a"}], "'transitionId' is needed"),
        ([{"type": "startBeforeActivity", "activityId": "a", "activityInstanceId": "b"}], "'activityId' is"),
        ([{"type": "startBeforeActivity", "activityId": 5}], "is a text"),
        ([{"type": "startBeforeActivity", "activityId": "a", "kind": 1}], "'kind' is not supported"),
        ([{"type": "startBeforeActivity", "activityId": "entah"}], "Instruction 0 (entah)"),
        ([{"type": "startTransition", "transitionId": "x" * 5000}], "no such sequence flow"),
        ([{"type": "cancel", "activityInstanceId": "é\u202e"}], "no token has this id"),
        ([{"type": "startBeforeActivity", "activityId": "mulai"}] * 101, "101 instructions"),
    ],
)
def test_instructions_that_make_no_sense_change_nothing(
    service: Service, case: Case, instructions: Any, message: str
) -> None:
    manager = service.caller("manajer@natuna")
    before = case.open_steps()
    answer = manager.post(f"/process-instance/{case.id}/modification", {"instructions": instructions})
    assert answer.status_code == 400
    assert message in answer.json["message"]
    assert case.open_steps() == before


def test_instances_move_to_another_version(service: Service, case: Case, address: str, tmp_path: Any) -> None:
    old, new = deploy_again(address, service, b"Terima laporan", b"Periksa laporan", tmp_path)
    api = camunda.MigrationApi(client(address, "manajer@natuna"))
    ends = {"source_process_definition_id": old, "target_process_definition_id": new}
    plan = api.generate_migration_plan(
        migration_plan_generation_dto=camunda.MigrationPlanGenerationDto(**ends, update_event_triggers=False)
    )
    assert len(plan.instructions) > 10
    assert api.validate_migration_plan(migration_plan_dto=plan).instruction_reports == []
    execution = camunda.MigrationExecutionDto(
        migration_plan=plan, process_instance_ids=[case.id], skip_custom_listeners=True, skip_io_mappings=True
    )
    api.execute_migration_plan(migration_execution_dto=execution)
    manager = service.caller("manajer@natuna")
    assert manager.get(f"/process-instance/{case.id}").json["definitionId"] == new
    assert {t["processDefinitionId"] for t in manager.get("/task", processInstanceId=case.id).json} == {new}
    case.do("petugas", case.open_steps()[0], memenuhi_persyaratan=True)
    assert check_invariants(service.database, case.id)


def forget_clocks(service: Service) -> None:
    """A diagram without an element that a clock names would not be deployed."""
    (natuna,) = (each for each in engine.list_agencies(service.database, SYSTEM) if each.id == "natuna")
    engine.put_agency(service.database, SYSTEM, "natuna", natuna.name, {**natuna.profile, "jam": []})


def test_what_blocks_is_reported_and_nothing_moves(
    service: Service, case: Case, address: str, tmp_path: Any
) -> None:
    step = case.open_steps()[0]
    forget_clocks(service)
    old, new = deploy_again(address, service, f'"{step}"'.encode(), b'"langkah_lain"', tmp_path)
    api = camunda.MigrationApi(client(address, "manajer@natuna"))
    ends = {"source_process_definition_id": old, "target_process_definition_id": new}
    plan = api.generate_migration_plan(
        migration_plan_generation_dto=camunda.MigrationPlanGenerationDto(**ends)
    )
    execution = camunda.MigrationExecutionDto(
        migration_plan=plan,
        process_instance_query=camunda.ProcessInstanceQueryDto(process_definition_key=KEY),
    )
    with pytest.raises(ApiException) as refused:
        api.execute_migration_plan(migration_execution_dto=execution)
    assert refused.value.status == 400
    assert f'"sourceScopeId":"{step}"' in refused.value.body.replace(" ", "")
    batch = api.execute_migration_plan_async(migration_execution_dto=execution)
    assert (batch.type, batch.total_jobs) == ("instance-migration", 1)
    manager = service.caller("manajer@natuna")
    assert manager.get(f"/process-instance/{case.id}").json["definitionId"] == old
    plan.instructions.append(
        camunda.MigrationInstructionDto(source_activity_ids=[step], target_activity_ids=["langkah_lain"])
    )
    api.execute_migration_plan(migration_execution_dto=execution)
    case.waits_for("langkah_lain")
    assert check_invariants(service.database, case.id)


def test_plans_that_make_no_sense_are_refused(
    service: Service, case: Case, address: str, tmp_path: Any
) -> None:
    old, new = deploy_again(address, service, b"Terima laporan", b"Periksa laporan", tmp_path)
    manager = service.caller("manajer@natuna")
    plan = {"sourceProcessDefinitionId": old, "targetProcessDefinitionId": new, "instructions": []}
    pair = {"sourceActivityIds": ["entah"], "targetActivityIds": ["entah"]}
    report = manager.post("/migration/validate", plan | {"instructions": [pair]}).json["instructionReports"]
    assert [r["failures"] for r in report] == [["One of the versions has no such element."]]
    for body in (
        {},
        {"migrationPlan": plan},
        {"migrationPlan": [], "processInstanceIds": [case.id]},
        {"migrationPlan": plan, "processInstanceIds": []},
        {"migrationPlan": plan, "processInstanceIds": [case.id], "processInstanceQuery": {}},
        {"migrationPlan": plan, "processInstanceQuery": {"nothing": 1}},
        {"migrationPlan": plan | {"instructions": [{}]}, "processInstanceIds": [case.id]},
        {"migrationPlan": plan | {"instructions": [pair, pair]}, "processInstanceIds": [case.id]},
        {"migrationPlan": plan | {"instructions": [pair]}, "processInstanceIds": [case.id]},
        {"migrationPlan": plan | {"targetProcessDefinitionId": old}, "processInstanceIds": [case.id]},
        {"migrationPlan": plan | {"targetProcessDefinitionId": 5}, "processInstanceIds": [case.id]},
        {"migrationPlan": plan, "processInstanceIds": [case.id], "skipIoMappings": "yes"},
        {
            "migrationPlan": plan | {"instructions": [pair | {"updateEventTrigger": True}]},
            "processInstanceIds": [case.id],
        },
    ):
        for path in ("execute", "executeAsync"):
            assert manager.post(f"/migration/{path}", body).status_code == 400, (path, body)
    body = {"migrationPlan": plan, "processInstanceIds": [case.id]}
    assert service.caller("analis@natuna").post("/migration/execute", body).status_code == 403
    assert service.caller("manajer@pasuruan").post("/migration/execute", body).status_code == 404
    gone = {"migrationPlan": plan | {"targetProcessDefinitionId": "entah"}, "processInstanceIds": [case.id]}
    assert manager.post("/migration/execute", gone).status_code == 404
    assert manager.get(f"/process-instance/{case.id}").json["definitionId"] == old
