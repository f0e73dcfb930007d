"""Random walks: two instances of the same process, and a host that does what commands do."""

from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import pytest

from engine import interpreter
from engine.interpreter import Executable, Host, Step, Waiting, Workflow, tokens
from tests.unit.interpreter.story import decide, resolve_due

KEYS = ("K1", "K2")
STEPS = 120


@dataclass
class Walk:
    """``seen``: after each step and for each instance, all that a host can see of it."""

    reload: bool
    hosts: dict[str, Host] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    seen: list[tuple[Any, ...]] = field(default_factory=list)
    steps: list[tuple[str, Step]] = field(default_factory=list)

    @property
    def completed(self) -> bool:
        return all(workflow.completed for workflow in self.workflows.values())


def walk(executable: Executable, seed: int, *, reload: bool) -> Walk:
    """Walk at most STEPS random steps; the same seed makes the same choices if the same things are open."""
    ids = count(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "new_id", lambda: f"t{next(ids)}")  # so that two walks can be compared
        return _walk(executable, Random(seed), Walk(reload))


def _walk(executable: Executable, random: Random, state: Walk) -> Walk:
    for key in KEYS:
        host = state.hosts[key] = Host(scopes={"p:": {}}, decide=decide, resolve_due=_due)
        state.workflows[key] = interpreter.start(executable, host)
    _settled(executable, state, ("start",))
    for n in range(STEPS):
        late = n > STEPS * 0.6
        options = [(k, w) for k, workflow in state.workflows.items() for w in _movable(workflow, late)]
        if not options:
            break
        options.sort(key=lambda option: (option[0], option[1].element_id, option[1].token_id))
        values = _values(random, n, late)
        if random.random() < 0.08:
            move = _send(random, state, {"no": n})
        else:
            key, waiting = random.choice(options)
            move = (key, waiting.element_id, _move(random, state.workflows[key], waiting, values))
        _settled(executable, state, move)
    return state


def _due(kind: str, value: Any) -> Any:
    return resolve_due(kind, {"P3D": "PT72H"}.get(value, value))


def _movable(workflow: Workflow, late: bool) -> list[Waiting]:
    """Late in a walk boundary timers are left alone, so that it comes to an end."""
    return [
        w
        for w in workflow.waiting()
        if w.kind in ("user_task", "external_task") or (w.kind == "timer" and not (late and w.boundary))
    ]


def _values(random: Random, n: int, late: bool) -> dict[str, Any]:
    return {
        "ahli": [f"a{j}" for j in range(random.randint(0, 4))],
        "kuorum": random.randint(1, 3),
        "skor": random.randint(0, 9),
        "sla": "PT9H",
        "aksi": 3 if late else random.choice([1, 2, 3, 3, 4]),
        "ulang": random.random() < 0.5 and not late,
        "lagi": random.random() < 0.6 and not late,
        "hasil": random.randint(0, 6),
        "p": f"p{n}",
        "batal": int(random.random() < 0.01),
    }


def _move(random: Random, workflow: Workflow, waiting: Waiting, values: dict[str, Any]) -> str:
    if waiting.kind == "timer":
        workflow.trigger(waiting.token_id)
        return "fired"
    if waiting.kind == "external_task" and random.random() < 0.4:
        code = random.choice(["TOLAK", "LAIN"])
        return f"{code} caught={workflow.raise_error(waiting.token_id, code)}"
    workflow.complete(waiting.token_id, values)
    return "completed"


def _send(random: Random, state: Walk, values: dict[str, Any]) -> tuple[Any, ...]:
    """A message for a business key goes to exactly one subscription, or nowhere."""
    key, name = random.choice([*KEYS, "K9"]), random.choice(["putusan", "keluhan"])
    workflow = state.workflows.get(key)
    found = [w for w in workflow.waiting() if w.name == name] if workflow else []
    if workflow is not None and len(found) == 1:
        workflow.trigger(found[0].token_id, values)
    return ("message", name, key, len(found))


def _settled(executable: Executable, state: Walk, move: tuple[Any, ...]) -> None:
    """Deliver signals to the other instance, save and load, and note what can be seen."""
    while thrown := [(key, host.outbox.pop(0)) for key, host in state.hosts.items() if host.outbox]:
        for source, event in thrown:
            for key, workflow in state.workflows.items():
                if key != source and event.kind == "signal":
                    workflow.signal(event.name)
    for key, workflow in list(state.workflows.items()):
        host = state.hosts[key]
        state.steps += [(key, step) for step in workflow.trace]
        scopes = {scope: dict(values) for scope, values in host.scopes.items()}
        fresh = [*workflow.trace]
        state.seen.append((move, key, workflow.completed, workflow.waiting(), scopes, fresh, workflow.save()))
        workflow.trace.clear()
        if state.reload:
            state.workflows[key] = interpreter.load(workflow.save(), executable, host)
