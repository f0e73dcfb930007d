"""Inbox, instance list and search over HTTP: an empty database against a full one."""

import sys
import time
from collections.abc import Callable
from statistics import median, quantiles

from benchmarks.cases import titian_case
from benchmarks.client import Client
from benchmarks.http_cases import Place
from benchmarks.recorded import AGENCY, CASE, KEY
from benchmarks.serving import free_port, serving
from benchmarks.table import print_table
from engine.store import open_database
from engine.store.copies import copy_instances

OPEN = 10_000
ROUNDS = 60

LISTS: dict[str, tuple[str, str]] = {
    "inbox": ("peksos@pasuruan", "/engine-rest/task?sortBy=dueDate&sortOrder=asc&maxResults=50"),
    "inbox of the manager": ("manajer@pasuruan", "/engine-rest/task?maxResults=50"),
    "instances": ("manajer@pasuruan", "/engine-rest/process-instance?maxResults=50"),
    "finished instances": (
        "manajer@pasuruan",
        "/engine-rest/history/process-instance?finished=true&sortBy=endTime&sortOrder=desc&maxResults=50",
    ),
    "search by number": (
        "manajer@pasuruan",
        "/engine-rest/history/process-instance?processInstanceBusinessKey=PASURUAN-2026-0001",
    ),
    "search by part of a number": (
        "manajer@pasuruan",
        "/engine-rest/history/process-instance?processInstanceBusinessKeyLike=PASURUAN-2026-000%25&maxResults=50",
    ),
}
"""Name -> who asks, and for what."""


def measure(place: Place, cases: int) -> None:
    """Print how long each list takes with the few cases of a new office, and with a full house.

    ``cases``: thousands of finished instances.
    """
    for kind in place.kinds:
        with place.databases(kind) as urls:
            few = _timings(place, urls["titian"], _work_a_few)
            begun = time.monotonic()
            _fill(urls["titian"], cases * 1000)
            print(f"filled in {time.monotonic() - begun:.0f} s", file=sys.stderr)
            many = _timings(place, urls["titian"], lambda client: None)
        rows = []
        for name in LISTS:
            p95 = [quantiles(timings[name], n=20)[-1] * 1000 for timings in (few, many)]
            half = [median(timings[name]) * 1000 for timings in (few, many)]
            figures = (f"{half[0]:.1f}", f"{half[1]:.1f}", f"{p95[0]:.1f}", f"{p95[1]:.1f}")
            rows.append((name, *figures, f"{p95[1] / p95[0]:.2f}"))
        title = f"Lists with 50 cases, and with {OPEN:,} open and {cases * 1000:,} finished ones, {kind} (ms)"
        print_table(title, ("list", "median", "full", "p95", "full", "ratio of p95"), rows)


def _timings(place: Place, url: str, prepare: Callable[[Client], None]) -> dict[str, list[float]]:
    """Seconds of each list's requests, the lists asked in turn."""
    port = free_port()
    argv = [sys.executable, "-m", "webapp.cli", "serve", "--demo", "--port", str(port)]
    found: dict[str, list[float]] = {name: [] for name in LISTS}
    with serving(argv, port, url, place.folder):
        client = Client(port)
        prepare(client)
        for round in range(ROUNDS + 3):
            for name, (user, path) in LISTS.items():
                before = time.perf_counter()
                client.get(path, user)
                if round >= 3:
                    found[name].append(time.perf_counter() - before)
    return found


def _work_a_few(client: Client) -> None:
    """A few finished cases, and 40 open ones that wait at their first step: what the copies are made of."""
    for _ in range(5):
        titian_case(client, {})
    begin = CASE[0]
    for _ in range(50):
        start = f"/engine-rest/process-definition/key/{KEY}/tenant-id/{AGENCY}/start"
        client.post(start, begin.body, begin.user)


def _fill(url: str, finished: int) -> None:
    database = open_database(url)
    copy_instances(database, finished=finished, open=OPEN, tell=lambda done: None)
    database.dispose()
