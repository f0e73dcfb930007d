"""What the access log adds to a completion and to an opened form, in one run; and how fast it is proved."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from unittest.mock import patch

from flask import Flask
from sqlalchemy import Engine, text

import engine
from benchmarks.http_cases import Place
from benchmarks.recorded import AGENCY, CASE, KEY
from benchmarks.table import print_table
from engine.record import link_entries, record_each, verify_record
from engine.store import open_database, writing
from engine.types import SYSTEM, Access, RecordAction
from webapp import create_app
from webapp.config import DEMO_PASSWORD, Settings

ENTRIES = int(os.environ.get("TITIAN_BENCH_ENTRIES", "100000"))
HEAD = ("database", "what", "with the log ms", "without ms", "ratio")


def measure(place: Place, cases: int) -> None:
    """Print medians with the log and without it, in turns, and the entries a second of a proof."""
    rows, proofs = list[tuple[str, ...]](), list[tuple[str, ...]]()
    for kind in place.kinds:
        with place.databases(kind) as urls:
            rows += [(kind, *row) for row in _costs(urls["titian"], place.folder, cases)]
            proofs.append((kind, *_proof(urls["titian"])))
    print_table("What the access log adds (medians, in turns)", HEAD, rows)
    print_table("Proving it", ("database", "entries", "seconds", "entries/s"), proofs)


def _costs(url: str, folder: Path, cases: int) -> Iterator[tuple[str, ...]]:
    database = open_database(url)
    app = create_app(Settings(demo=True, data=folder, database_url=url))
    kept: dict[bool, list[float]] = {True: [], False: []}
    forms: dict[bool, list[float]] = {True: [], False: []}
    for number in range(cases + 2):
        on = number % 2 == 0
        with _logging(on):
            completions, opened = _case(database, app)
        if number >= 2:  # the first two fill what is remembered
            kept[on] += completions
            forms[on] += opened
    database.dispose()
    for what, found in (("complete a task (engine)", kept), ("open a form (REST)", forms)):
        ours, bare = median(found[True]) * 1000, median(found[False]) * 1000
        yield what, f"{ours:.2f}", f"{bare:.2f}", f"{ours / bare:.2f}"


@contextmanager
def _logging(on: bool) -> Iterator[None]:
    """With the log as it is, or with nothing written."""
    if on:
        yield
        return
    with patch("engine.commands.history.record_change"), patch("webapp.recording.answers.record_now"):
        yield


def _case(database: Engine, app: Flask) -> tuple[list[float], list[float]]:
    """Seconds of each completion of a recorded case, and of opening each form."""
    begin, *steps = CASE
    actors = {step.user: engine.get_actor(database, step.user) for step in CASE}
    starter = actors[begin.user]
    assert starter is not None
    case = engine.start_instance(database, starter, AGENCY, KEY, begin.values)
    completions, forms = [], []
    for step in steps:
        actor = actors[step.user]
        assert actor is not None
        (task,) = engine.list_tasks(
            database, actor, engine.TaskFilter(instance_id=case.id, element_id=step.element)
        )
        path, login = f"/engine-rest/task/{task.id}/form-variables", (step.user, DEMO_PASSWORD)
        client = app.test_client(use_cookies=False)
        client.get(path, auth=login)  # the password is checked once
        forms.append(_seconds(partial(client.get, path, auth=login)))
        completions.append(_seconds(partial(engine.complete_task, database, actor, task.id, step.values)))
    return completions, forms


def _seconds(act: Callable[[], object]) -> float:
    before = perf_counter()
    act()
    return perf_counter() - before


def _proof(url: str) -> tuple[str, ...]:
    """Fill a log and prove it."""
    database = open_database(url)
    with writing(database) as tx:
        case = tx.scalar(text("SELECT min(id) FROM process_instance"))
    for _ in range(ENTRIES // 1000):
        deeds = [Access(RecordAction.OPEN_CASE, AGENCY, case, f"task:{number}") for number in range(1000)]
        with writing(database) as tx:
            record_each(tx, SYSTEM, deeds)
    link_entries(database)
    before = perf_counter()
    state = verify_record(database, lambda finding: None)
    seconds = perf_counter() - before
    database.dispose()
    return f"{state.entries}", f"{seconds:.1f}", f"{state.entries / seconds:.0f}"
