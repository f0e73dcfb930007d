"""A whole case over HTTP, of Titian and of the floor: the same number of requests and of commits."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from benchmarks.client import Client
from benchmarks.recorded import AGENCY, CASE, KEY, RecordedStep

Timings = dict[str, list[float]]
"""Kind of request -> seconds that each took."""


def titian_case(client: Client, timings: Timings) -> None:
    """Start, look at the inbox, then for each task of the recorded case: its form, and complete it."""
    work(client, CASE, timings)


def work(client: Client, steps: Sequence[RecordedStep], timings: Timings) -> None:
    """The same as far as ``steps`` go: the first of them starts the case."""
    ask, (begin, *tasks) = _Timed(client, timings), steps
    start = f"/engine-rest/process-definition/key/{KEY}/tenant-id/{AGENCY}/start"
    case = ask("start", start, begin.user, begin.body)["id"]
    ask("inbox", "/engine-rest/task?maxResults=50", begin.user)
    for step in tasks:
        of_step = f"processInstanceId={case}&taskDefinitionKey={step.element}"
        (task,) = ask("find", f"/engine-rest/task?{of_step}", step.user)
        ask("form", f"/engine-rest/task/{task['id']}/form-variables", step.user)
        ask("complete", f"/engine-rest/task/{task['id']}/complete", step.user, step.body)


def floor_case(client: Client, timings: Timings) -> None:
    """The same of the floor, which knows its next task and yet looks for it."""
    ask, (begin, *tasks) = _Timed(client, timings), CASE
    task = ask("start", "/start", None, begin.body)["task"]
    ask("inbox", "/inbox", None)
    for step in tasks:
        ask("find", f"/task/{task}", None)
        ask("form", f"/task/{task}", None)
        task = ask("complete", f"/task/{task}/complete", None, step.body)["task"]


class _Timed:
    """Asks, and notes how long the answer took under the kind of request that it was."""

    def __init__(self, client: Client, timings: Timings) -> None:
        self._client, self._timings = client, timings

    def __call__(self, kind: str, path: str, user: str | None, body: Any = None) -> Any:
        before = perf_counter()
        answer = self._client.get(path, user) if body is None else self._client.post(path, body, user)
        self._timings.setdefault(kind, []).append(perf_counter() - before)
        return answer
