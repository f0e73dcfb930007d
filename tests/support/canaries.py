"""A worker who answers at random, and puts a name that stands nowhere else into every confidential field."""

import json
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import engine
from engine import clock, desk
from engine.desk import DraftPlace, OfStart, OfTask, SentDraft, save_draft
from engine.errors import VariableInvalid
from engine.feel import parse_expression
from engine.types import SYSTEM, Actor, TaskFilter, TaskView
from engine.types.registers import Requester, RequestKind, RequestOutcome
from tests.support.case import Case, example
from tests.support.files import pdf
from tests.support.service import Caller, Service, typed

PROCESSES = {
    "natuna_pendampingan_abh_ampk": ("natuna", "petugas"),
    "lumajang_rekomendasi_abh": ("lumajang", "petugas"),
    "lumajang_pengaduan": ("lumajang", "petugas_pengaduan"),
    "pasuruan_penanganan_abh": ("pasuruan", "petugas"),
    "bintan_rehabilitasi_anak": ("bintan", "petugas"),
    "kemenpppa_penjangkauan_ampk": ("kemenpppa", "petugas_layanan"),
}
"""Process -> its agency, and the group that starts it."""

CANARY = re.compile(rb"Kenari[a-z]{14}")
STEPS = 60
"""Steps of one walk at most; a monitoring loop may go round for ever."""

OVERSLEPT = 0.1
"""How often people wait so long that every clock strikes."""

_FORMS = Path(__file__).parents[2] / "forms"
_TRIES = 30


@dataclass
class Canaries:
    """Makes names and answers; ``filled``: (form, field) of everything that has held a name; ``planted``:
    name -> what was written with it."""

    chance: random.Random
    filled: set[tuple[str, str]] = field(default_factory=set)
    planted: dict[bytes, str] = field(default_factory=dict)

    def name(self, what: str = "") -> str:
        name = "Kenari" + "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz", k=14))
        self.planted[name.encode()] = what
        return name

    def answers(self, form: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
        """Something in every field that is shown: a name in each confidential text, chance elsewhere."""
        values: dict[str, Any] = {}
        for _ in range(4):  # an answer may show further fields
            self._fill(form["id"], form["components"], known, values)
        return values

    def _fill(
        self, form_id: str, components: list[dict[str, Any]], known: dict[str, Any], values: dict[str, Any]
    ) -> None:
        for part in components:
            hide = part.get("conditional", {}).get("hide")
            if hide and parse_expression(hide).evaluate({**known, **values}) is True:
                continue
            if part["type"] == "group":
                self._fill(form_id, part["components"], known, values)
            elif part["type"] == "dynamiclist":
                [row] = values.setdefault(part["path"], [{}])
                self._fill(form_id, part["components"], {**known, **values}, row)
            elif "key" in part and part["key"] not in values and part["type"] != "expression":
                values[part["key"]] = self._value(form_id, part)

    def _value(self, form_id: str, part: dict[str, Any]) -> Any:
        if holds_names(part):
            self.filled.add((form_id, part["key"]))
            return self.name()
        if part["type"] in ("radio", "select"):
            return self.chance.choice(part["values"])["value"] if "values" in part else None
        if part["type"] == "number":  # among them ages, which choose the way
            least = int(part.get("validate", {}).get("min", 0))
            return self.chance.randint(least, least + 25)
        if part["key"] == "kode_wilayah":
            return "35.75.01"
        return example(part)


def holds_names(part: dict[str, Any]) -> bool:
    """Whether a field is a confidential text that takes any letters."""
    sealed = part.get("properties", {}).get("rahasia") == "ya"
    return sealed and part["type"] in ("textfield", "textarea") and "pattern" not in part.get("validate", {})


def confidential_fields() -> set[tuple[str, str]]:
    """Form and key of every field of the agencies' forms that may hold a name."""
    forms = [json.loads(path.read_text()) for path in _FORMS.glob("*/*.form")]
    return {(f["id"], part["key"]) for f in forms for part in _parts(f["components"]) if holds_names(part)}


def _parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield from _parts(component.get("components", []))
        if "key" in component:
            yield component


def walk(service: Service, canaries: Canaries, key: str) -> Case:
    """One case, worked with random answers until it ends, or for a while."""
    agency, group = PROCESSES[key]
    caller = service.caller(f"{group}@{agency}")
    form = caller.get(f"/process-definition/key/{key}/deployed-start-form").json
    _draft(service, canaries, caller.user_id, OfStart(agency, key), canaries.answers(form, {}))
    body = {"variables": typed(canaries.answers(form, {}))}
    started = caller.post(f"/process-definition/key/{key}/start", body)
    assert started.status_code == 200, started.json
    case = Case(service, agency, started.json["id"], started.json["businessKey"])
    attach(service, canaries, case.id)
    for _ in range(STEPS):
        tasks = open_tasks(service, case.id)
        if not tasks:
            break
        if canaries.chance.random() < OVERSLEPT:
            engine.run_due_jobs(service.database, clock.now() + timedelta(days=400))
            continue
        _complete(service, canaries, canaries.chance.choice(tasks))
    return case


def attach(service: Service, canaries: Canaries, instance_id: str) -> None:
    """A file at an open task of a case, if it has one: a name in what it is called, in what is said of it, in
    its bytes."""
    task = next(iter(open_tasks(service, instance_id)), None)
    if task is None:
        return
    worker = engine.get_actor(service.database, worker_of(service, task).user_id)
    assert worker
    words, content = f"foto {canaries.name()}", pdf(f"({canaries.name()})".encode())
    desk.attach_to_task(service.database, worker, task.id, content, f"{canaries.name()}.pdf", words)


def write_everywhere(service: Service, canaries: Canaries, case: Case) -> dict[str, str]:
    """A name in each sealed text that is no answer of a form: said at a case of Natuna with an open task, and
    uploaded for another one. Place -> id of what is there."""
    database, process_key = service.database, "natuna_pendampingan_abh_ampk"
    engine.add_user(database, SYSTEM, "petugas2@natuna", "Petugas kedua", "-", [("natuna", "petugas")])
    clerk, [task] = _actor(service, "petugas@natuna"), open_tasks(service, case.id)
    desk.add_comment(database, clerk, case.id, f"@manajer@natuna: {canaries.name('comment')}")
    engine.claim_task(database, clerk, task.id)
    desk.hand_over_task(database, clerk, task.id, "petugas2@natuna", canaries.name("note of a hand-over"))
    page, typed_so_far = f"{canaries.chance.getrandbits(128):032x}", canaries.name("note not sent yet")
    desk.save_note(database, clerk, desk.NotePlace(case.id), desk.SentNote(typed_so_far, page, 1))
    content = pdf(f"({canaries.name('bytes of an upload')})".encode())
    words = f"{canaries.name('name of an upload')}.pdf", canaries.name("word on an upload")
    file = desk.attach_to_start(database, clerk, "natuna", process_key, content, *words)
    return {"attachment_id": file.id}


def write_in_registers(service: Service, canaries: Canaries, agency: str) -> dict[str, str]:
    """A name in each text of a request and a breach. Register -> id of its entry."""
    database, keeper = service.database, _actor(service, f"petugas_data@{agency}")
    kind, now = (RequestKind.ACCESS, Requester.PARENT, ""), clock.now()
    request = engine.add_request(database, keeper, agency, *kind, canaries.name("note of a request"), now)
    answer = canaries.name("answer to a request")
    engine.answer_request(database, keeper, request, RequestOutcome.GRANTED, answer)
    told = (canaries.name("data of a breach"), "Laptop hilang", "Kata sandi diganti", 3)
    return {"requests": request, "breaches": engine.add_breach(database, keeper, agency, now, *told)}


def name_a_filter(service: Service, canaries: Canaries, agency: str) -> None:
    """What one calls one's own filters is said to be open to the database's owner, and to no other reader."""
    clerk, name = _actor(service, f"petugas@{agency}"), canaries.name("name of a filter")
    desk.save_filter(service.database, clerk, name, {"list": "all"})


def _actor(service: Service, user_id: str) -> Actor:
    found = engine.get_actor(service.database, user_id)
    assert found
    return found


def open_tasks(service: Service, instance_id: str) -> list[TaskView]:
    return engine.list_tasks(service.database, SYSTEM, TaskFilter(instance_id=instance_id))


def worker_of(service: Service, task: TaskView) -> Caller:
    """Somebody who may work on a task."""
    people = [task.assignee, *task.users, *(f"{group}@{task.agency_id}" for group in task.groups)]
    return service.caller(next(person for person in people if person))


def _draft(
    service: Service, canaries: Canaries, user_id: str, place: DraftPlace, values: dict[str, Any]
) -> None:
    """What its writer has typed and not sent: another page's each time, so that versions pile up."""
    actor, page = engine.get_actor(service.database, user_id), f"{canaries.chance.getrandbits(128):032x}"
    assert actor is not None
    with suppress(VariableInvalid):  # so many are no draft any more
        save_draft(service.database, actor, place, SentDraft(page, page, 0, 1, values, values))


def _complete(service: Service, canaries: Canaries, task: TaskView) -> None:
    caller = worker_of(service, task)
    form = caller.get(f"/task/{task.id}/deployed-form").json
    known = {n: v["value"] for n, v in caller.get(f"/task/{task.id}/form-variables").json.items()}
    _draft(service, canaries, caller.user_id, OfTask(task.id), canaries.answers(form, known))
    for _ in range(_TRIES):  # an answer may be refused for what it says together with another
        done = caller.post(f"/task/{task.id}/complete", {"variables": typed(canaries.answers(form, known))})
        if done.status_code == 204:
            return
    raise AssertionError(f"{task.element_id}: {done.json}")
