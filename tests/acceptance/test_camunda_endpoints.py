"""Every endpoint that the API promises, called by `generic-camunda-client` and read by its models.

The client refuses an answer whose fields are not of the types and values that Camunda documents.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import generic_camunda_client as camunda
import pytest
from generic_camunda_client.rest import ApiException

from tests.support.camunda import address, client, variables
from tests.support.case import Case, begin, fill
from tests.support.service import ROOT, Service

__all__ = ["address"]

KEY = "natuna_pendampingan_abh_ampk"
START = {"kanal": "langsung"}
DIAGRAM = ROOT / "processes" / "natuna" / f"{KEY}.bpmn"
LONG_AGO, FAR = datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "natuna", KEY, "petugas")


def text(api: Any, path: str) -> Any:
    """A JSON answer that the client would write to a file."""
    return json.loads(
        api.api_client.call_api(path, "GET", _preload_content=False, _return_http_data_only=True).data
    )


def test_deployments(address: str, tmp_path: Path) -> None:
    api = camunda.DeploymentApi(client(address, "analis@natuna"))
    file = tmp_path / DIAGRAM.name
    file.write_bytes(DIAGRAM.read_bytes().replace(b"Terima laporan", b"Periksa laporan"))
    made = api.create_deployment(
        tenant_id="natuna",
        deployment_source="uji",
        deployment_name="perbaikan",
        enable_duplicate_filtering=True,
        deploy_changed_only=False,
        data=str(file),
    )
    [definition] = made.deployed_process_definitions.values()
    assert (definition.key, definition.version, definition.tenant_id) == (KEY, 2, "natuna")
    found = api.get_deployments(
        name="perbaikan", tenant_id_in="natuna", sort_by="deploymentTime", sort_order="desc"
    )
    assert [(d.id, d.source) for d in found] == [(made.id, "uji")]
    assert api.get_deployment(made.id).name == "perbaikan"
    assert api.get_deployments_count(name_like="perbaik%").count == 1


def test_process_definitions(address: str) -> None:
    api = camunda.ProcessDefinitionApi(client(address, "petugas@natuna"))
    [listed] = api.get_process_definitions(
        latest_version=True, key_like="natuna%", active=True, sort_by="name", sort_order="asc", max_results=5
    )
    assert api.get_process_definitions_count(key=KEY).count == 1
    for one in (
        api.get_process_definition(listed.id),
        api.get_process_definition_by_key(KEY),
        api.get_latest_process_definition_by_tenant_id(KEY, "natuna"),
    ):
        assert one.to_dict() == listed.to_dict()
    for diagram in (
        api.get_process_definition_bpmn20_xml(listed.id),
        api.get_process_definition_bpmn20_xml_by_key(KEY),
        api.get_process_definition_bpmn20_xml_by_key_and_tenant_id(KEY, "natuna"),
    ):
        assert diagram.bpmn20_xml.encode() == DIAGRAM.read_bytes()
    for path in (listed.id, f"key/{KEY}", f"key/{KEY}/tenant-id/natuna"):
        assert text(api, f"/process-definition/{path}/deployed-start-form")["type"] == "default"
    assert api.get_start_form_by_key(KEY).key is None
    place = text(api, f"/process-definition/key/{KEY}/startForm")
    assert place["camundaFormRef"]["key"] == "natuna_langkah_1_laporan"


def test_starting_a_process(address: str, service: Service) -> None:
    api = camunda.ProcessDefinitionApi(client(address, "petugas@natuna"))
    known = api.get_process_definition_by_key(KEY).id
    schema = service.caller("petugas@natuna").get(f"/process-definition/key/{KEY}/deployed-start-form").json
    answers = variables(fill(schema["components"], {}, {}))
    body = camunda.StartProcessInstanceDto(
        variables=answers, business_key="surat-1", with_variables_in_return=True
    )
    one = api.start_process_instance(known, start_process_instance_dto=body)
    assert (one.business_key, one.ended, one.tenant_id) == ("surat-1", False, "natuna")
    assert one.variables["nomor_registrasi"].value == "surat-1"
    body = camunda.StartProcessInstanceDto(variables=answers)
    two = api.start_process_instance_by_key_and_tenant_id(KEY, "natuna", start_process_instance_dto=body)
    form = camunda.StartProcessInstanceFormDto(variables=answers)
    three = api.submit_form(known, start_process_instance_form_dto=form)
    four = api.submit_form_by_key(KEY, start_process_instance_form_dto=form)
    five = api.submit_form_by_key_and_tenant_id(KEY, "natuna", start_process_instance_form_dto=form)
    numbers = [made.business_key for made in (two, three, four, five)]
    assert len(set(numbers)) == 4
    assert all(number.startswith("NATUNA-") for number in numbers)


def test_process_instances(address: str, case: Case) -> None:
    api = camunda.ProcessInstanceApi(client(address, "manajer@natuna"))
    filters: dict[str, Any] = {"process_definition_key": KEY, "business_key_like": "NATUNA-%", "active": True}
    [listed] = api.get_process_instances(**filters, sort_by="businessKey", sort_order="asc", first_result=0)
    assert (listed.id, listed.business_key) == (case.id, case.business_key)
    assert api.get_process_instances_count(**filters).count == 1
    query = camunda.ProcessInstanceQueryDto(process_instance_ids=[case.id], tenant_id_in=["natuna"])
    assert [found.id for found in api.query_process_instances(process_instance_query_dto=query)] == [case.id]
    assert api.query_process_instances_count(process_instance_query_dto=query).count == 1
    assert api.get_process_instance(case.id).definition_id == listed.definition_id
    seen = api.get_process_instance_variables(case.id, deserialize_values=False)
    assert seen["nomor_registrasi"].value == case.business_key
    assert (
        api.get_process_instance_variable(case.id, "nomor_registrasi", deserialize_value=False).type
        == "String"
    )


def test_an_instance_is_deleted(address: str, case: Case) -> None:
    api = camunda.ProcessInstanceApi(client(address, "manajer@natuna"))
    api.delete_process_instance(
        case.id,
        skip_custom_listeners=True,
        skip_io_mappings=True,
        skip_subprocesses=True,
        fail_if_not_exists=True,
        _preload_content=False,
    )
    with pytest.raises(ApiException) as gone:
        api.get_process_instance(case.id)
    assert gone.value.status == 404


def test_instances_are_deleted_with_a_reason_all_of_them_or_none(
    address: str, service: Service, case: Case
) -> None:
    manager = client(address, "manajer@natuna")
    api, other = camunda.ProcessInstanceApi(manager), begin(service, "natuna", KEY, "petugas")
    both = [case.id, other.id, case.id]
    wanted = camunda.DeleteProcessInstancesDto(process_instance_ids=[*both, "absent"], delete_reason="Keliru")
    with pytest.raises(ApiException) as refused:
        api.delete_process_instances_async_operation(delete_process_instances_dto=wanted)
    assert refused.value.status == 404
    assert api.get_process_instances_count().count == 2
    wanted = camunda.DeleteProcessInstancesDto(process_instance_ids=both, delete_reason="Keliru")
    batch = api.delete_process_instances_async_operation(delete_process_instances_dto=wanted)
    assert (batch.type, batch.total_jobs, batch.create_user_id) == ("instance-deletion", 2, "manajer@natuna")
    history = camunda.HistoricProcessInstanceApi(manager)
    [ended, _] = history.get_historic_process_instances(finished=True)
    assert (ended.state, ended.delete_reason) == ("EXTERNALLY_TERMINATED", None)  # in no list
    ended = history.get_historic_process_instance(ended.id)
    assert (ended.state, ended.delete_reason) == ("EXTERNALLY_TERMINATED", "Keliru")


def test_lists_of_tasks(address: str, case: Case) -> None:
    api = camunda.TaskApi(client(address, "petugas@natuna"))
    [task] = api.get_tasks()
    filters: dict[str, Any] = {
        "process_instance_id": case.id,
        "process_instance_id_in": case.id,
        "process_instance_business_key": case.business_key,
        "process_instance_business_key_in": f"x,{case.business_key}",
        "process_instance_business_key_like": "NATUNA%",
        "process_definition_id": task.process_definition_id,
        "process_definition_key": KEY,
        "process_definition_key_in": KEY,
        "candidate_group": "petugas",
        "candidate_groups": "petugas,peksos",
        "candidate_user": "petugas@natuna",
        "with_candidate_groups": True,
        "without_candidate_users": True,
        "task_definition_key": task.task_definition_key,
        "task_definition_key_in": task.task_definition_key,
        "task_definition_key_like": "langkah%",
        "name": task.name,
        "name_like": f"%{task.name[3:8].upper()}%",
        "unassigned": True,
        "active": True,
        "tenant_id_in": "natuna",
        "priority": 50,
        "min_priority": 0,
        "max_priority": 100,
        "created_after": LONG_AGO,
        "created_before": FAR,
        "follow_up_before_or_not_existent": FAR,
    }
    for name, value in filters.items():
        assert [found.id for found in api.get_tasks(**{name: value})] == [task.id], name
    assert api.get_tasks_count(**filters).count == 1
    for name, value in {
        "assignee": "petugas@natuna",
        "assignee_like": "p%",
        "assignee_in": "petugas@natuna",
        "assigned": True,
        "candidate_group": "peksos",
        "task_definition_key_in": "x,y",
        "process_definition_key_in": "x",
        "process_instance_business_key_in": "x",
        "min_priority": 51,
        "max_priority": 49,
        "without_candidate_groups": True,
        "with_candidate_users": True,
        "follow_up_after": LONG_AGO,
        "follow_up_before": FAR,
        "created_after": FAR,
    }.items():
        assert api.get_tasks(**{name: value}) == [], name


def test_tasks_are_sorted_and_paged(address: str, service: Service, case: Case) -> None:
    api = camunda.TaskApi(client(address, "petugas@natuna"))
    second = begin(service, "natuna", KEY, "petugas")
    keys = ("created", "dueDate", "followUpDate", "priority", "name", "nameCaseInsensitive", "assignee", "id")
    for key in keys:
        assert len(api.get_tasks(sort_by=key, sort_order="asc")) == 2
    newest = api.get_tasks(sort_by="created", sort_order="desc", first_result=0, max_results=1)
    oldest = api.get_tasks(sort_by="created", sort_order="desc", first_result=1, max_results=2**31 - 1)
    assert [task.process_instance_id for task in newest + oldest] == [second.id, case.id]
    query = camunda.TaskQueryDto(
        process_definition_key_in=[KEY],
        unassigned=True,
        sorting=[camunda.TaskQueryDtoSorting(sort_by="created", sort_order="asc")],
    )
    assert [task.process_instance_id for task in api.query_tasks(task_query_dto=query)] == [
        case.id,
        second.id,
    ]
    assert api.query_tasks_count(task_query_dto=camunda.TaskQueryDto(assigned=True)).count == 0


def test_working_on_a_task(address: str, case: Case) -> None:
    petugas = client(address, "petugas@natuna")
    api = camunda.TaskApi(petugas)
    [listed] = api.get_tasks(process_instance_id=case.id)
    assert api.get_task(listed.id).to_dict() == listed.to_dict()
    me = camunda.UserIdDto(user_id="petugas@natuna")
    api.claim(listed.id, user_id_dto=me, _preload_content=False)
    assert [task.id for task in api.get_tasks(assignee="petugas@natuna")] == [listed.id]
    api.unclaim(listed.id, _preload_content=False)
    api.set_assignee(listed.id, user_id_dto=me, _preload_content=False)
    assert api.get_form(listed.id).key is None
    assert text(api, f"/task/{listed.id}/form")["camundaFormRef"]["key"].startswith("natuna_langkah_2")
    assert text(api, f"/task/{listed.id}/deployed-form")["components"]
    seen = api.get_form_variables(
        listed.id, variable_names="nomor_registrasi,kanal", deserialize_values=False
    )
    assert set(seen) <= {"nomor_registrasi", "kanal"}
    answers = variables({"memenuhi_persyaratan": True})
    done = camunda.CompleteTaskDto(variables=answers, with_variables_in_return=True)
    returned = api.submit(listed.id, complete_task_dto=done)
    assert returned["memenuhi_persyaratan"].value is True
    with pytest.raises(ApiException) as late:
        api.complete(listed.id, complete_task_dto=done)
    assert late.value.status == 409


def test_history(address: str, case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    manager = client(address, "manajer@natuna")
    instances = camunda.HistoricProcessInstanceApi(manager)
    [found] = instances.get_historic_process_instances(
        process_instance_business_key=case.business_key,
        unfinished=True,
        started_after=LONG_AGO,
        sort_by="startTime",
        sort_order="desc",
    )
    assert (found.id, found.state) == (case.id, "ACTIVE")
    assert instances.get_historic_process_instances_count(finished=True).count == 0
    assert instances.get_historic_process_instance(case.id).start_user_id == "petugas@natuna"
    stays = camunda.HistoricActivityInstanceApi(manager)
    ended = stays.get_historic_activity_instances(
        process_instance_id=case.id, finished=True, sort_by="startTime", sort_order="asc"
    )
    assert [stay.activity_type for stay in ended][:2] == ["startEvent", "userTask"]
    assert stays.get_historic_activity_instances_count(process_instance_id=case.id, canceled=True).count == 0
    tasks = camunda.HistoricTaskInstanceApi(manager)
    [task] = tasks.get_historic_task_instances(
        process_instance_id=case.id,
        finished=True,
        task_name_like="Terima%",
        task_definition_key_in="x,langkah_2_terima_tugaskan",
    )
    assert (task.assignee, task.delete_reason) == ("petugas@natuna", "completed")
    assert tasks.get_historic_task_instances_count(process_instance_id=case.id).count == 2
    values = camunda.HistoricVariableInstanceApi(manager)
    [value] = values.get_historic_variable_instances(
        process_instance_id=case.id, variable_name="nomor_registrasi", deserialize_values=False
    )
    assert (value.name, value.value, value.state) == ("nomor_registrasi", case.business_key, "CREATED")
    assert values.get_historic_variable_instances_count(process_instance_id_in=case.id).count > 2


def test_messages_that_nobody_waits_for_are_refused(address: str) -> None:
    api = camunda.MessageApi(client(address, "petugas@natuna"))
    body = camunda.CorrelationMessageDto(message_name="tidak_ada", tenant_id="natuna", result_enabled=True)
    with pytest.raises(ApiException) as refused:
        api.deliver_message(correlation_message_dto=body)
    assert refused.value.status == 400
    assert json.loads(refused.value.body)["type"] == "MessageUnmatched"


def test_decisions(address: str) -> None:
    api = camunda.DecisionDefinitionApi(client(address, "analis@pasuruan"))
    [listed] = api.get_decision_definitions(key="pasuruan_jalur", latest_version=True)
    assert api.get_decision_definition_by_key_and_tenant_id("pasuruan_jalur", "pasuruan").id == listed.id
    assert "<decision" in api.get_decision_definition_dmn_xml_by_id(listed.id).dmn_xml
    body = camunda.EvaluateDecisionDto(
        variables=variables({"umur_saat_kejadian": 11, "tingkat_tindak_pidana": "ringan"})
    )
    for answer in (
        api.evaluate_decision_by_id(listed.id, evaluate_decision_dto=body),
        api.evaluate_decision_by_key("pasuruan_jalur", evaluate_decision_dto=body),
        api.evaluate_decision_by_key_and_tenant("pasuruan_jalur", "pasuruan", evaluate_decision_dto=body),
    ):
        assert "rj" in [value.value for value in answer[0].values()]


def test_tenants_and_version(address: str) -> None:
    api = camunda.TenantApi(client(address, "petugas@natuna"))
    assert [tenant.id for tenant in api.query_tenants(sort_by="name", sort_order="asc")] == ["natuna"]
    assert api.get_tenant_count().count == 1
    assert api.get_tenant("natuna").name
    assert camunda.VersionApi(api.api_client).get_rest_api_version().version
