"""A worker who answers at random, and puts a name that stands nowhere else into every confidential field."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import engine
from engine import clock
from engine.feel import parse_expression
from engine.types import SYSTEM, TaskFilter, TaskView
from tests.support.case import Case, example
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
    """Makes names and answers; ``filled``: (form, field) of everything that has held a name."""

    chance: random.Random
    filled: set[tuple[str, str]] = field(default_factory=set)

    def name(self) -> str:
        return "Kenari" + "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz", k=14))

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
    body = {"variables": typed(canaries.answers(form, {}))}
    started = caller.post(f"/process-definition/key/{key}/start", body)
    assert started.status_code == 200, started.json
    case = Case(service, agency, started.json["id"], started.json["businessKey"])
    for _ in range(STEPS):
        tasks = open_tasks(service, case.id)
        if not tasks:
            break
        if canaries.chance.random() < OVERSLEPT:
            engine.run_due_jobs(service.database, clock.now() + timedelta(days=400))
            continue
        _complete(service, canaries, canaries.chance.choice(tasks))
    return case


def open_tasks(service: Service, instance_id: str) -> list[TaskView]:
    return engine.list_tasks(service.database, SYSTEM, TaskFilter(instance_id=instance_id))


def worker_of(service: Service, task: TaskView) -> Caller:
    """Somebody who may work on a task."""
    people = [task.assignee, *task.users, *(f"{group}@{task.agency_id}" for group in task.groups)]
    return service.caller(next(person for person in people if person))


def _complete(service: Service, canaries: Canaries, task: TaskView) -> None:
    caller = worker_of(service, task)
    form = caller.get(f"/task/{task.id}/deployed-form").json
    known = {n: v["value"] for n, v in caller.get(f"/task/{task.id}/form-variables").json.items()}
    for _ in range(_TRIES):  # an answer may be refused for what it says together with another
        done = caller.post(f"/task/{task.id}/complete", {"variables": typed(canaries.answers(form, known))})
        if done.status_code == 204:
            return
    raise AssertionError(f"{task.element_id}: {done.json}")
