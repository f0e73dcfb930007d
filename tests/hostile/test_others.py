"""While one analyst deploys and starts hostile files, the others' work goes on, on the same server."""

import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from tests.hostile.shapes import diagram, with_drawing
from tests.hostile.trying import content_of, files_of
from tests.integration.engine.models import task
from tests.support.server import titian_serve
from tests.unit.interpreter.diagrams import process
from webapp.config import DEMO_PASSWORD

HOSTILE = (
    *(
        "xml/billion-laughs.bpmn",
        "nesting/attributes-by-the-thousand.bpmn",
        "nesting/chain-of-ten-thousand.bpmn",
    ),
    *(
        "cycles/fork-bomb-of-tasks.bpmn",
        "cycles/items-in-items.bpmn",
        "cycles/calls-itself-twice-at-once.bpmn",
    ),
    *(
        "cycles/two-signals-in-turn.bpmn",
        "cycles/loop-condition-costs.bpmn",
        "cycles/circle-of-decisions.bpmn",
    ),
    *(
        "cycles/five-thousand-tasks.bpmn",
        "decisions/five-megabytes-of-sums.dmn",
        "decisions/lists-of-lists.dmn",
    ),
    *("feel/pattern-over-a-long-text.feel", "feel/range-of-a-trillion.feel", "feel/dates-in-a-loop.feel"),
    *("forms/thousand-costly-conditions.form", "timers/timers-by-the-thousand.bpmn"),
)
AT_LEAST = 15
"""Cases of the quiet worker, with and without the other."""


class Client:
    """Somebody at the API of a server."""

    def __init__(self, address: str, user_id: str) -> None:
        self.root, self.session = f"{address}/engine-rest", requests.Session()
        self.session.auth = (user_id, DEMO_PASSWORD)

    def deploy(self, agency: str, files: dict[str, bytes]) -> int:
        data = {"deployment-name": "uji", "tenant-id": agency}
        sent = {name: (name, content) for name, content in files.items()}
        return self.session.post(
            f"{self.root}/deployment/create", data=data, files=sent, timeout=60
        ).status_code

    def start(self, key: str) -> requests.Response:
        return self.session.post(f"{self.root}/process-definition/key/{key}/start", json={}, timeout=60)

    def work(self, key: str) -> float:
        """Start a case and do its only step; returns the seconds of the slowest of the three requests."""
        moments = [time.monotonic()]
        case = self.start(key)
        assert case.status_code == 200, case.text
        moments.append(time.monotonic())
        query = {"processInstanceId": case.json()["id"]}
        [found] = self.session.get(f"{self.root}/task", params=query, timeout=60).json()
        moments.append(time.monotonic())
        done = self.session.post(f"{self.root}/task/{found['id']}/complete", json={}, timeout=60)
        assert done.status_code == 204, done.text
        moments.append(time.monotonic())
        return max(later - sooner for sooner, later in pairwise(moments))


@pytest.fixture
def address(loaded_sqlite: Path, tmp_path: Path) -> Iterator[str]:
    file = tmp_path / "titian.db"
    shutil.copyfile(loaded_sqlite, file)
    with titian_serve(f"sqlite:///{file}", tmp_path) as found:
        yield found


def attack(address: str, statuses: list[tuple[str, int]]) -> None:
    """Deploy every file to one agency and start what can be started."""
    analyst, worker = Client(address, "analis@pasuruan"), Client(address, "petugas@pasuruan")
    for name in HOSTILE:
        deployed = analyst.deploy("pasuruan", files_of(name, content_of(name)))
        statuses.append((f"deploy {name}", deployed))
        if deployed == 200:
            statuses.append((f"start {name}", worker.start("p").status_code))


def work_while(quiet: Client, going_on: Callable[[], bool]) -> list[float]:
    took = []
    while going_on() or len(took) < AT_LEAST:
        took.append(quiet.work("tenang"))
    return took


def test_the_others_work_goes_on(
    address: str, record_testsuite_property: Callable[[str, object], None]
) -> None:
    calm = with_drawing(diagram(process(task("a"), "s > a > e", key="tenang")))
    assert Client(address, "analis@natuna").deploy("natuna", {"tenang.bpmn": calm}) == 200
    quiet, statuses = Client(address, "petugas@natuna"), list[tuple[str, int]]()
    alone = work_while(quiet, lambda: False)
    hostile = threading.Thread(target=attack, args=(address, statuses))
    hostile.start()
    together = work_while(quiet, hostile.is_alive)
    hostile.join()
    assert len([what for what, _ in statuses if what.startswith("deploy")]) == len(HOSTILE)
    assert [(what, status) for what, status in statuses if status not in (200, 400, 422)] == []
    for name, took in (("alone", alone), ("together", together)):
        record_testsuite_property(f"p95 {name}", round(statistics.quantiles(took, n=20)[-1], 3))
        record_testsuite_property(f"cases {name}", len(took))
