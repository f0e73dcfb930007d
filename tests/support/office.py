"""Two small agencies with their people, and short words for what these do: the engine without the web."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

import engine
from engine.store import metadata, reading
from engine.types import SYSTEM, Actor, DeploymentView, HistoryView, InstanceView, TaskView
from tests.support.invariants import check_invariants

HOME, AWAY = "uji", "lain"
GROUPS = ("petugas", "peksos")
ROLES = ("manajer", "analis", "layanan", "petugas_data", "auditor")
PROFILE = {"zona": "Asia/Jakarta", "kelompok": {group: {"nama": group} for group in (*GROUPS, *ROLES)}}


@dataclass
class Office:
    """Users are ``<group>@<agency>``, in the agencies ``uji`` and ``lain``; ``petugas2@uji`` is another."""

    database: Engine

    def user(self, user_id: str) -> Actor:
        """Who a user is right now; ``petugas`` means ``petugas@uji``."""
        actor = engine.get_actor(self.database, user_id if "@" in user_id else f"{user_id}@{HOME}")
        assert actor is not None
        return actor

    def deploy(self, *diagrams: bytes, agency: str = HOME, **files: bytes) -> DeploymentView:
        """Deploy diagrams (``1.bpmn``...) and other files (``isian_form`` is ``isian.form``)."""
        resources = {f"{number}.bpmn": content for number, content in enumerate(diagrams, 1)}
        resources |= {".".join(name.rsplit("_", 1)): content for name, content in files.items()}
        return engine.deploy(self.database, self.user(f"analis@{agency}"), agency, "uji", resources)

    def start(self, key: str = "p", by: str = "petugas", **variables: Any) -> InstanceView:
        actor = self.user(by)
        [agency] = actor.by_agency
        return engine.start_instance(self.database, actor, agency, key, variables)

    def tasks(self, instance_id: str, element_id: str | None = None) -> list[TaskView]:
        """The open tasks of a case, oldest first."""
        wanted = engine.TaskFilter(instance_id=instance_id, element_id=element_id)
        order = (("created", True), ("id", True))
        return engine.list_tasks(self.database, SYSTEM, wanted, engine.Page(sort=order))

    def opens(self, instance: InstanceView, names: str) -> None:
        """Exactly these steps are open (``DONE``: the case has ended), and every invariant holds."""
        now = engine.get_instance(self.database, SYSTEM, instance.id)
        got = ["DONE"] if now.outcome else sorted(task.element_id for task in self.tasks(instance.id))
        assert got == sorted(names.split())
        assert check_invariants(self.database, instance.id)

    def do(self, instance: InstanceView, element_id: str, by: str = "petugas", **variables: Any) -> str:
        """Complete the oldest open task of a step; returns its id."""
        task_id = self.tasks(instance.id, element_id)[0].id
        engine.complete_task(self.database, self.user(by), task_id, variables)
        return task_id

    def send(self, name: str, by: str = "petugas", **options: Any) -> InstanceView:
        """Send a message; ``options`` as ``correlate_message`` takes them."""
        return engine.correlate_message(self.database, self.user(by), name, **options)

    def variables(self, instance: InstanceView) -> dict[str, Any]:
        """The instance's own variables, without those of the system."""
        found = engine.instance_variables(self.database, SYSTEM, instance.id)
        return {v.name: v.value for v in found if v.name not in ("nomor_registrasi", "waktu_diterima")}

    def sealed(self, instance: InstanceView) -> set[str]:
        """Names of everything sealed in a case, in all its scopes."""
        found = engine.history_variables(self.database, SYSTEM, instance_ids=[instance.id])
        return {v.name for v in found if v.sealed}

    def history(self, instance: InstanceView) -> list[HistoryView]:
        return engine.history(self.database, SYSTEM, instance.id)

    def counts(self) -> dict[str, int]:
        """Rows of every table."""
        with reading(self.database) as tx:
            tables = metadata.sorted_tables
            return {t.name: tx.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def open_office(database: Engine) -> Office:
    """Make the agencies and their people."""
    for agency in (HOME, AWAY):
        engine.put_agency(database, SYSTEM, agency, agency.title(), PROFILE)
        for group in (*GROUPS, *ROLES):
            engine.add_user(database, SYSTEM, f"{group}@{agency}", group.title(), "-", [(agency, group)])
    engine.add_user(database, SYSTEM, "petugas2@uji", "Petugas Dua", "-", [(HOME, "petugas")])
    return Office(database)
