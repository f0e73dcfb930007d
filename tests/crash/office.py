"""People at work over HTTP who never give up: a request without an answer is sent again with its key."""

import base64
import http.client
import json
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from tests.crash.ledger import Ledger
from tests.integration.engine.models import drawn, tasks
from tests.unit.interpreter.diagrams import MESSAGE, catch, exclusive, parallel, process, timer

AGENCY, KEY, USER, PASSWORD = "uji", "kerja", "petugas@uji", "kata-sandi-uji"
PARTS = (
    exclusive("m")
    + parallel("ps", "pj")
    + tasks("a", "b", "c", "f")
    + catch("t", timer("PT0.05S"))
    + catch("w", MESSAGE)
    + exclusive("g", "g__e")
)
FLOWS = "s > m > ps; ps > a > t > pj; ps > b > pj; pj > w > c > g; g > f if lagi; f > m; g > e"
MODEL = drawn(process(PARTS, FLOWS, KEY))
NEWER = drawn(process(PARTS + tasks("n"), f"{FLOWS}; g > n if baru; n > e", KEY))
MOVED = ("a", "b", "c", "f", "t", "w")
PATIENCE = 60.0
"""Seconds after which a caller without any answer gives up, and the test fails."""


class Worker(Thread):
    """Works on one case after the other until ``stop``, and then to the end of its last.

    ``answered`` is set with every answer, so that whoever kills servers knows that work is going on;
    ``refused`` whenever nobody listens: then every answer that was sent has been read.
    """

    def __init__(self, port: int, versions: list[str], ledger: Ledger, stop: Event, answered: Event) -> None:
        super().__init__(daemon=True)
        self.port, self.versions = port, versions
        self.ledger, self.stop, self.answered = ledger, stop, answered
        self.refused, self.statuses = Event(), set[int]()
        self.failure: BaseException | None = None
        self._connection: http.client.HTTPConnection | None = None
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        self._headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self._case()
        except BaseException as failure:  # noqa: BLE001 - told by the thread that waits for this one
            self.failure = failure

    def _case(self) -> None:
        """One case from its start to its end, twice round its loop; on its way it gets a newer version."""
        case = self._ask("start", f"/process-definition/{self.versions[0]}/start", "variables", {})["id"]
        message = {"messageName": "putusan", "processInstanceId": case}
        for again in (True, False):
            self._complete(case, "a")
            self._complete(case, "b")
            if again:
                self._migrate(case)
            self._ask("message", "/message", "processVariables", message)  # 400 until the case waits for it
            self._complete(case, "c", lagi=again)
            if again:
                self._complete(case, "f")

    def _migrate(self, case: str) -> None:
        """Move the case to the newer version; asked again, what has moved is left alone."""
        source, target = self.versions
        body = {
            "migrationPlan": {
                "sourceProcessDefinitionId": source,
                "targetProcessDefinitionId": target,
                "instructions": [{"sourceActivityIds": [e], "targetActivityIds": [e]} for e in MOVED],
            },
            "processInstanceIds": [case],
        }

        def is_done(status: int, answer: Any) -> bool:
            assert status in (200, 409), (status, answer)
            return status == 200 and not answer["blocked"]

        self._send("POST", "/migration/executeAsync", body, {}, is_done)

    def _complete(self, case: str, element_id: str, **values: Any) -> None:
        query = f"/task?processInstanceId={case}&taskDefinitionKey={element_id}"
        task = self._send("GET", query, None, {}, lambda status, answer: status == 200 and answer)[0]
        self._ask("complete", f"/task/{task['id']}/complete", "variables", {}, **values)

    def _ask(self, kind: str, path: str, field: str, body: dict[str, Any], **values: Any) -> Any:
        """Ask for one thing with a key of its own until it is done."""
        asked = self.ledger.ask(kind)
        sent = {name: {"value": value} for name, value in {asked.id: 1, **values}.items()}

        def is_done(status: int, answer: Any) -> bool:
            asked.acknowledged = status < 300
            assert status < 300 or status == 409 or (kind, status) == ("message", 400), (status, answer)
            return asked.acknowledged

        def count() -> None:
            asked.attempts += 1

        return self._send("POST", path, {**body, field: sent}, {"Idempotency-Key": asked.id}, is_done, count)

    def _send(
        self,
        method: str,
        path: str,
        body: Any,
        headers: dict[str, str],
        is_done: Callable[[int, Any], Any],
        count: Callable[[], None] = lambda: None,
    ) -> Any:
        """Send a request again and again until an answer ``is_done``; that answer."""
        deadline = time.monotonic() + PATIENCE
        content = None if body is None else json.dumps(body)
        while time.monotonic() < deadline:
            count()
            try:
                self._connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, 30)
                self._connection.request(method, f"/engine-rest{path}", content, self._headers | headers)
                response = self._connection.getresponse()
                text = response.read()
            except (OSError, http.client.HTTPException) as broken:
                self._connection = None  # the server is dead, or not there yet
                if isinstance(broken, ConnectionRefusedError):
                    self.refused.set()
            else:
                self.answered.set()
                self.statuses.add(response.status)
                answer = json.loads(text) if text else None
                if is_done(response.status, answer):
                    return answer
            time.sleep(0.005)
        raise AssertionError(f"no answer to {method} {path} for {PATIENCE} s")
