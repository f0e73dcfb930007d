"""Plays one process instance as a host would, and says what is open after each move."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import interpreter
from engine.interpreter import Host, Waiting, Workflow
from tests.unit.interpreter.diagrams import document

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)
DONE = "DONE"


def decide(_: Mapping[str, str], variables: Mapping[str, Any]) -> str:
    return "tinggi" if (variables.get("skor") or 0) > 5 else "rendah"


def resolve_due(kind: str, value: Any) -> datetime:
    """Hours from NOW; the host's own resolver is tested with the host."""
    if kind == "timeDate":
        return datetime.fromisoformat(value)
    return NOW + timedelta(hours=int(value.rsplit("/")[-1].removeprefix("PT").removesuffix("H")))


def new_host(variables: Mapping[str, Any] | None = None) -> Host:
    return Host(scopes={"p:": dict(variables or {})}, decide=decide, resolve_due=resolve_due)


class Story:
    """``reload``: save and load after every move."""

    def __init__(
        self, *processes: str, reload: bool, start_event: str | None = None, **variables: Any
    ) -> None:
        self.executable = interpreter.define([document(*processes)], "p")
        self.host, self.reload = new_host(variables), reload
        self.workflow: Workflow = interpreter.start(self.executable, self.host, start_event)
        self.sizes: list[int] = []
        self._moved()

    def _moved(self) -> "Story":
        saved = self.workflow.save()
        self.sizes.append(len(saved))
        if self.reload:
            self.workflow = interpreter.load(saved, self.executable, self.host)
        return self

    @property
    def variables(self) -> dict[str, Any]:
        return self.host.scopes["p:"]

    @property
    def waiting(self) -> list[Waiting]:
        return self.workflow.waiting()

    def at(self, element_id: str) -> Waiting:
        """What waits at an element; of several items, the one with the smallest loop counter."""
        found = [w for w in self.waiting if w.element_id == element_id]
        assert found, f"nothing waits at {element_id}, only at {[w.element_id for w in self.waiting]}"
        return min(found, key=lambda w: self.workflow.variables(w.token_id).get("loopCounter", 0))

    def opens(self, names: str) -> "Story":
        tasks = [w.element_id for w in self.waiting if w.kind in ("user_task", "external_task")]
        got = [DONE] if self.workflow.completed else sorted(tasks)
        assert got == sorted(names.split())
        return self

    def do(self, element_id: str, **values: Any) -> "Story":
        self.workflow.complete(self.at(element_id).token_id, values)
        return self._moved()

    def fire(self, element_id: str, **values: Any) -> "Story":
        """The timer, message or signal comes that this element waits for."""
        self.workflow.trigger(self.at(element_id).token_id, values)
        return self._moved()

    def fail(self, element_id: str, code: str) -> "Story":
        assert self.workflow.raise_error(self.at(element_id).token_id, code)
        return self._moved()

    def signal(self) -> "Story":
        self.workflow.signal("darurat")
        return self._moved()

    def set(self, **values: Any) -> "Story":
        self.workflow.set_variables(values)
        return self._moved()
