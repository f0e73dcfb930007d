"""Eight requests about one case at the same moment: none is a 500, none is half done, and the case goes on.

TITIAN_RACES sets how much: twice a half of it is run on each database (100).
"""

import os
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

import engine
from engine.types import SYSTEM, HistoryKind
from tests.integration.engine.models import drawn, tasks
from tests.support.invariants import check_invariants
from tests.support.service import Caller, Service
from tests.unit.interpreter.diagrams import MESSAGE, boundary, exclusive, process

ROUNDS = int(os.environ.get("TITIAN_RACES", "100"))
NODES = exclusive("m") + tasks("a", "z") + boundary("p", "a", MESSAGE)
FLOWS = "s > m > a > z > g; g > m if lagi; g > e; p > z"
MODEL = drawn(process(NODES + exclusive("g", "g__e"), FLOWS, "balap"))
NEWER = drawn(
    process(NODES + exclusive("g", "g__e") + tasks("baru"), f"{FLOWS}; g > baru if lama; baru > e", "balap")
)
EXPECTED = {
    "complete": {204, 409},
    "claim": {204, 409},
    "message": {204, 400, 409},
    "modify": {204, 400, 409},
    "migrate": {200, 409},
    "suspend": {204, 409},
    "cancel": {204, 409},
}
"""The statuses that each may have: done, or too late (400: nobody waits for the message any more, or nothing
can be cancelled at an activity where nothing is)."""


@dataclass
class Race:
    """A case, and those who want something of it."""

    service: Service
    worker: Caller
    manager: Caller
    versions: list[str]

    def start(self) -> tuple[str, str]:
        """A new case of the older version: its id, and its task's."""
        started = self.worker.post(f"/process-definition/{self.versions[0]}/start")
        assert started.status_code == 200, started.json
        case = started.json["id"]
        return case, self.worker.get("/task", processInstanceId=case).json[0]["id"]

    def ask(self, kind: str, case: str, task: str) -> TestResponse:
        """One of the requests that are made at once."""
        plan = {
            "sourceProcessDefinitionId": self.versions[0],
            "targetProcessDefinitionId": self.versions[1],
            "instructions": [{"sourceActivityIds": [e], "targetActivityIds": [e]} for e in ("a", "z", "p")],
        }
        instructions = [
            {"type": "cancel", "activityId": "a"},
            {"type": "startBeforeActivity", "activityId": "a"},
        ]
        where = f"/process-instance/{case}"
        match kind:
            case "complete":
                return self.worker.post(f"/task/{task}/complete")
            case "claim":
                return self.worker.post(f"/task/{task}/claim")
            case "message":
                return self.worker.post("/message", {"messageName": "putusan", "processInstanceId": case})
            case "modify":
                return self.manager.post(f"{where}/modification", {"instructions": instructions})
            case "migrate":
                body = {"migrationPlan": plan, "processInstanceIds": [case]}
                return self.manager.post("/migration/executeAsync", body)
            case "suspend":
                return self.manager.put(f"{where}/suspended", {"suspended": True})
            case _:
                return self.manager.delete(where)

    def at_once(self, kinds: list[str], case: str, task: str) -> list[tuple[str, int]]:
        """All of these at the same moment: (kind, status)."""
        gate, answers, wrong = threading.Barrier(len(kinds)), list[tuple[str, Any]](), list[BaseException]()

        def run(kind: str) -> None:
            try:
                gate.wait(60)
                answer = self.ask(kind, case, task)
                assert answer.status_code in EXPECTED[kind], (kind, answer.status_code, answer.json)
                answers.append((kind, answer.status_code))
            except BaseException as error:  # noqa: BLE001 - it is what the test is about
                wrong.append(error)

        threads = [threading.Thread(target=run, args=(kind,)) for kind in kinds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        return answers


@pytest.fixture
def race(service: Service) -> Race:
    deployments = [
        engine.deploy(service.database, SYSTEM, "natuna", "uji", {"balap.bpmn": content})
        for content in (MODEL, NEWER)
    ]
    versions = [deployment.definitions[0].id for deployment in deployments]
    return Race(service, service.caller("petugas@natuna"), service.caller("manajer@natuna"), versions)


@pytest.mark.parametrize("end", [[], ["cancel"]], ids=["and it goes on", "and it ends"])
def test_everybody_wants_something_of_one_case(race: Race, end: list[str]) -> None:
    kinds = ["complete", "complete", "claim", "message", "modify", "migrate", "suspend", *end]
    for _ in range(ROUNDS // 2):
        case, task = race.start()
        answers = race.at_once(kinds, case, task)
        done = Counter(kind for kind, status in answers if status < 300)
        seen = Counter(event.kind for event in engine.history(race.service.database, SYSTEM, case))
        assert done["complete"] == seen[HistoryKind.TASK_COMPLETED] <= 1
        assert done["message"] == seen[HistoryKind.MESSAGE_RECEIVED] <= 1
        assert done["cancel"] == seen[HistoryKind.INSTANCE_CANCELLED]
        assert check_invariants(race.service.database, case)
        finish(race, case)


def finish(race: Race, case: str) -> None:
    """Nothing is left locked: the case, if it is still open, is led to its end."""
    resumed = race.manager.put(f"/process-instance/{case}/suspended", {"suspended": False})
    assert resumed.status_code in (204, 409)
    while open_tasks := race.worker.get("/task", processInstanceId=case).json:
        answer = race.worker.post(f"/task/{open_tasks[0]['id']}/complete")
        assert answer.status_code == 204, answer.json
    assert engine.get_instance(race.service.database, SYSTEM, case).outcome is not None
    assert check_invariants(race.service.database, case)
