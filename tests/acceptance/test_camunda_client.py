"""An existing client works: the PyPI package `generic-camunda-client` drives a whole case over real HTTP."""

import generic_camunda_client as camunda
import pytest
from generic_camunda_client.rest import ApiException

from tests.support.camunda import address, client, variables
from tests.support.case import fill

__all__ = ["address"]

KEY = "lumajang_pengaduan"


def work(address: str, user_id: str, instance_id: str, step: str, **answers: object) -> None:
    """Find the task of a step as this user, claim it and complete it with its form."""
    api = camunda.TaskApi(client(address, user_id))
    [task] = api.get_tasks(process_instance_id=instance_id, task_definition_key=step)
    api.claim(task.id, user_id_dto=camunda.UserIdDto(user_id=user_id), _preload_content=False)
    schema = api.api_client.call_api(
        f"/task/{task.id}/deployed-form",
        "GET",
        response_type="object",
        auth_settings=[],
        _return_http_data_only=True,
    )
    body = camunda.CompleteTaskDto(variables=variables(fill(schema["components"], answers, {})))
    api.complete(task.id, complete_task_dto=body, _preload_content=False)


def test_a_whole_case_by_the_generic_client(address: str) -> None:
    petugas = client(address, "petugas_pengaduan@lumajang")
    started = camunda.ProcessDefinitionApi(petugas).start_process_instance_by_key(
        KEY,
        start_process_instance_dto=camunda.StartProcessInstanceDto(
            variables=variables({"kanal": "kantor", "uraian": "Loket tutup sebelum waktunya"})
        ),
    )
    assert started.business_key.startswith("LUMAJANG-")
    work(address, "petugas_pengaduan@lumajang", started.id, "tanggapi_pengaduan")
    work(address, "sekretaris@lumajang", started.id, "evaluasi_pengaduan", perlu_tindak_lanjut=True)
    work(address, "kepala_bidang@lumajang", started.id, "tindak_lanjut_pengaduan")
    work(address, "petugas_pengaduan@lumajang", started.id, "dokumentasi_pengaduan")

    manager = client(address, "manajer@lumajang")
    [found] = camunda.HistoricProcessInstanceApi(manager).get_historic_process_instances(
        process_instance_id=started.id
    )
    assert found.state == "COMPLETED"
    stays = camunda.HistoricActivityInstanceApi(manager).get_historic_activity_instances(
        process_instance_id=started.id, activity_type="userTask"
    )
    assert [stay.activity_id for stay in stays] == [
        "tanggapi_pengaduan",
        "evaluasi_pengaduan",
        "tindak_lanjut_pengaduan",
        "dokumentasi_pengaduan",
    ]


def test_the_client_understands_our_errors(address: str) -> None:
    api = camunda.TaskApi(client(address, "sekretaris@lumajang"))
    with pytest.raises(ApiException) as refused:
        api.get_task("absent")
    assert refused.value.status == 404
    assert "message" in refused.value.body
