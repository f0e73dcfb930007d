"""The PyPI package `camunda-external-task-client-python3` works a topic of a server in another process."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker, NoExternalTaskFound
from sqlalchemy import Engine

import engine
from engine import clock
from engine.types import SYSTEM
from tests.support.databases import chosen_kinds
from tests.support.keys import open_database
from tests.support.letters import AGENCY, SERVICE, deploy_letters, start_letter, steps
from tests.support.server import titian_serve
from tests.support.service import loaded_copy
from webapp.config import DEMO_PASSWORD

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "external-task-worker.md"


@dataclass(frozen=True)
class Office:
    """A server in a process of its own at ``address``, and its database."""

    address: str
    database: Engine


@pytest.fixture(scope="module", params=chosen_kinds())
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One server on each kind of database; every test works a topic of its own."""
    folder = tmp_path_factory.mktemp("server")
    with loaded_copy(request, folder) as url:
        database = open_database(url)
        deploy_letters(database)
        with titian_serve(url, folder) as address:
            yield Office(f"{address}/engine-rest", database)
        database.dispose()


def worker(address: str, name: str = "pengirim-1", **config: Any) -> ExternalTaskWorker:
    """A worker as its documentation makes one; it waits for 100 ms where there is nothing to do."""
    sign_in = {"auth_basic": {"username": SERVICE, "password": DEMO_PASSWORD}}
    timing = {"asyncResponseTimeout": 100, "lockDuration": 60_000, "retryTimeout": 0, "maxTasks": 1}
    return ExternalTaskWorker(name, address, sign_in | timing | config)


def test_a_worker_signs_in_with_an_api_token(office: Office) -> None:
    actor = engine.get_actor(office.database, SERVICE)
    assert actor
    until = clock.now() + timedelta(days=1)
    token = engine.make_token(office.database, actor, "pengirim", ["external"], until)
    case = start_letter(office.database, topic="token")
    sign_in = {"auth_basic": None, "auth_bearer": {"access_token": token}}
    worker(office.address, **sign_in).fetch_and_execute(
        "token", lambda task: task.complete({"resi": "JNE-2"})
    )
    assert steps(office.database, case) == ("Kerjakan arsip",)


def test_a_worker_completes_what_it_has_fetched(office: Office) -> None:
    case = start_letter(office.database, topic="selesai")
    seen: dict[str, Any] = {}

    def send(task: ExternalTask) -> TaskResult:
        seen.update(task.get_variables())
        assert task.get_business_key() == case.business_key
        assert task.get_tenant_id() == AGENCY
        assert task.get_extension_property("kop") == "resmi"
        return task.complete({"resi": "JNE-1", "terkirim": True})

    worker(office.address).fetch_and_execute("selesai", send)
    assert (seen["alamat"], seen["daftar"]) == ("Jalan Merdeka 1", '["a","b"]')
    assert steps(office.database, case) == ("Kerjakan arsip",)
    values = {v.name: v.value for v in engine.instance_variables(office.database, SYSTEM, case.id)}
    assert (values["resi"], values["terkirim"]) == ("JNE-1", True)
    with pytest.raises(NoExternalTaskFound):
        worker(office.address).fetch_and_execute("selesai", send)


def test_a_worker_that_fails_again_and_again_leaves_an_incident(office: Office) -> None:
    case = start_letter(office.database, topic="gagal")

    def fail(task: ExternalTask) -> TaskResult:
        return task.failure("Kantor pos tutup", "jejak", max_retries=2, retry_timeout=0)

    sender = worker(office.address)
    for _ in range(3):  # 2 left, 1 left, none
        sender.fetch_and_execute("gagal", fail)
    with pytest.raises(NoExternalTaskFound):
        sender.fetch_and_execute("gagal", fail)
    [incident] = engine.list_incidents(office.database, SYSTEM, engine.IncidentFilter(instance_id=case.id))
    assert (incident.kind, incident.message) == ("failedExternalTask", "Kantor pos tutup")
    manager = (f"manajer@{AGENCY}", DEMO_PASSWORD)
    details = requests.get(
        f"{office.address}/external-task/{incident.subject_id}/errorDetails", auth=manager, timeout=9
    )
    assert details.text == "jejak"
    again = f"{office.address}/external-task/{incident.subject_id}/retries"
    assert requests.put(again, json={"retries": 1}, auth=manager, timeout=9).status_code == 204
    sender.fetch_and_execute("gagal", lambda task: task.complete())
    assert steps(office.database, case) == ("Kerjakan arsip",)


def test_a_workers_bpmn_error_goes_to_the_boundary_event(office: Office) -> None:
    case = start_letter(office.database, topic="tolak")

    def reject(task: ExternalTask) -> TaskResult:
        return task.bpmn_error("TOLAK", "alamat tidak dikenal", {"alasan": "alamat"})

    worker(office.address).fetch_and_execute("tolak", reject)
    assert steps(office.database, case) == ("Kerjakan alamat",)


def test_a_worker_keeps_its_task_longer_than_its_lock_would_last(office: Office) -> None:
    case = start_letter(office.database, topic="lama")
    sign_in = (SERVICE, DEMO_PASSWORD)

    def send(task: ExternalTask) -> TaskResult:
        place, body = f"{office.address}/external-task/{task.get_task_id()}", {"workerId": "pengirim-1"}
        before = requests.get(place, auth=sign_in, timeout=9).json()["lockExpirationTime"]
        extended = requests.post(
            f"{place}/extendLock", json=body | {"newDuration": 600_000}, auth=sign_in, timeout=9
        )
        assert extended.status_code == 204
        assert requests.get(place, auth=sign_in, timeout=9).json()["lockExpirationTime"] > before
        with pytest.raises(NoExternalTaskFound):
            worker(office.address, "pengirim-2").fetch_and_execute("lama", lambda task: task.complete())
        return task.complete()

    worker(office.address).fetch_and_execute("lama", send)
    assert steps(office.database, case) == ("Kerjakan arsip",)


def test_two_workers_side_by_side_share_the_work(office: Office) -> None:
    cases = [start_letter(office.database, topic="berdua") for _ in range(12)]
    together = threading.Barrier(2)

    def work(name: str) -> list[str]:
        done: list[str] = []

        def send(task: ExternalTask) -> TaskResult:
            done.append(task.get_process_instance_id())
            return task.complete()

        sender = worker(office.address, name)
        together.wait()
        while True:
            try:
                sender.fetch_and_execute("berdua", send)
            except NoExternalTaskFound:
                return done

    with ThreadPoolExecutor(2) as pool:
        done = [case for part in pool.map(work, ("pengirim-1", "pengirim-2")) for case in part]
    assert sorted(done) == sorted(case.id for case in cases)
    assert {steps(office.database, case) for case in cases} == {("Kerjakan arsip",)}


def test_the_worker_of_the_how_to_does_its_step(office: Office) -> None:
    [program] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    case = start_letter(office.database)
    login = {"TITIAN_USER": SERVICE, "TITIAN_PASSWORD": DEMO_PASSWORD}
    environment = os.environ | login | {"TITIAN_URL": office.address.removesuffix("/engine-rest")}
    running = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 60
        while steps(office.database, case) != ("Kerjakan arsip",):
            assert running.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        running.terminate()
        running.communicate(timeout=30)
    values = {v.name: v.value for v in engine.instance_variables(office.database, SYSTEM, case.id)}
    assert values["resi"].startswith("JNE-")
