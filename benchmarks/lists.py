"""Inbox, instance list and search over HTTP: an empty database against a full one."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

from benchmarks.cases import work
from benchmarks.client import Client
from benchmarks.http_cases import Place
from benchmarks.recorded import CASE
from benchmarks.serving import Serving, free_port, serving
from benchmarks.table import print_table
from engine.store.copies import copy_instances
from tests.support.keys import open_database

OPEN = 10_000
PAGE, FEW = 50, 5
ROUNDS, WARM = 200, 5

LISTS: dict[str, tuple[str, str]] = {
    "inbox": ("peksos@pasuruan", f"/engine-rest/task?sortBy=dueDate&sortOrder=asc&maxResults={PAGE}"),
    "inbox of the manager": ("manajer@pasuruan", f"/engine-rest/task?maxResults={PAGE}"),
    "instances": ("manajer@pasuruan", f"/engine-rest/process-instance?maxResults={PAGE}"),
    "finished instances": (
        "manajer@pasuruan",
        f"/engine-rest/history/process-instance?finished=true&sortBy=endTime&sortOrder=desc&maxResults={PAGE}",
    ),
    "search by number": (
        "manajer@pasuruan",
        "/engine-rest/history/process-instance?processInstanceBusinessKey=PASURUAN-2026-0001",
    ),
    "search by part of a number": (
        "manajer@pasuruan",
        f"/engine-rest/history/process-instance?processInstanceBusinessKeyLike=PASURUAN-2026-00%25&maxResults={PAGE}",
    ),
}
"""Name -> who asks, and for what."""


def measure(place: Place, cases: int) -> None:
    """Print how long each list takes with the few cases of a new office, and with a full house.

    ``cases``: thousands of finished instances. Both are asked in turn, so that noise hits them alike.
    """
    for kind in place.kinds:
        with place.databases(kind) as urls:
            with _server(place, urls["titian"]) as server:
                _work_a_few(Client(server.port))
            with place.twin(urls["titian"]) as few:
                begun = time.monotonic()
                _fill(urls["titian"], cases * 1000)
                print(f"filled in {time.monotonic() - begun:.0f} s", file=sys.stderr)
                with _server(place, few) as small, _server(place, urls["titian"]) as large:
                    timings = _timings(Client(small.port), Client(large.port))
                    memory = [server.memory / 1e6 for server in (small, large)]
        rows = []
        for name in LISTS:
            p95 = [quantiles(of_one[name], n=20)[-1] * 1000 for of_one in timings]
            half = [median(of_one[name]) * 1000 for of_one in timings]
            figures = (f"{half[0]:.1f}", f"{half[1]:.1f}", f"{p95[0]:.1f}", f"{p95[1]:.1f}")
            rows.append((name, *figures, f"{half[1] / half[0]:.2f}", f"{p95[1] / p95[0]:.2f}"))
        many = f"{OPEN:,} open and {cases * 1000:,} finished ones"
        title = f"Lists with {3 * (PAGE + FEW)} cases, and with {many}, {kind} (ms)"
        head = ("list", "median", "full", "p95", "full", "ratio of medians", "ratio of p95")
        print_table(title, head, rows)
        print(f"memory of the servers: {memory[0]:.0f} MB, and {memory[1]:.0f} MB on the full database")


@contextmanager
def _server(place: Place, url: str) -> Iterator[Serving]:
    """`titian serve` on a database."""
    port = free_port()
    argv = [sys.executable, "-m", "webapp.cli", "serve", "--demo", "--port", str(port)]
    with serving(argv, port, url, place.folder) as server:
        yield server


def _timings(*clients: Client) -> list[dict[str, list[float]]]:
    """For each client: list -> seconds of its requests. Every list is asked of each client in turn."""
    found: list[dict[str, list[float]]] = [{name: [] for name in LISTS} for _ in clients]
    for round in range(ROUNDS + WARM):
        for name, (user, path) in LISTS.items():
            for client, timings in zip(clients, found, strict=True):
                before = time.perf_counter()
                client.get(path, user)
                if round >= WARM:
                    timings[name].append(time.perf_counter() - before)
    return found


def _work_a_few(client: Client) -> None:
    """As many cases as a page has rows: ended, at the first step, and at the first step of the worker who is
    asked about. A list of the few is as long as one of the many, and the copies are made of them."""
    worker = LISTS["inbox"][0]
    to_worker = next(number for number, step in enumerate(CASE[1:], 1) if step.user == worker)
    for steps in (len(CASE), 1, to_worker):
        for _ in range(PAGE + FEW):
            work(client, CASE[:steps], {})


def _fill(url: str, finished: int) -> None:
    database = open_database(url)
    copy_instances(database, finished=finished, open=OPEN, tell=lambda done: None)
    database.dispose()
