"""Two agencies with everything that an address can name: one's own, another's, ended, absent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import engine
from engine import ExternalTaskFilter, IncidentFilter, InstanceFilter, TaskFilter, clock, desk
from engine.commands.notifying import notify
from engine.deadlines import PERPRES_21_2023
from engine.desk import (
    CalendarEntry,
    EntryKind,
    NotificationKind,
    add_comment,
    list_comments,
    list_notifications,
    put_calendar_day,
    put_office_hours,
    set_absence,
)
from engine.store import writing
from engine.types import SYSTEM, Actor, InstanceView
from engine.types.registers import Requester, RequestKind
from tests.support.case import begin
from tests.support.files import pdf
from tests.support.service import Service
from tests.support.trouble import Referrals, diagram
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD

OWN, OTHER, DECIDING = "pasuruan", "bintan", "kemenpppa"
KEYS = {OWN: "pasuruan_penanganan_abh", OTHER: "bintan_rehabilitasi_anak"}
STEP = "langkah_1_terima_laporan"
ABSENT = "0" * 32
OPEN_CANARY, SEALED_CANARY = "Kutilang", "Kenari"
ROLES: Mapping[str, str] = {
    "worker": f"petugas@{OWN}",
    "colleague": f"staf_data@{OWN}",
    "manajer": f"manajer@{OWN}",
    "analis": f"analis@{OWN}",
    "layanan": f"layanan@{OWN}",
    "petugas_data": f"petugas_data@{OWN}",
    "auditor": f"auditor@{OWN}",
    "admin": "admin@titian",
    "stranger": "",
}
"""Role -> who has it and nothing else. The colleague holds a lane of the process, but no task of the case."""

_CLOSED = CalendarEntry(date(2026, 7, 6), date(2026, 7, 6), EntryKind.CLOSED, "Pindah kantor")
STATES = ("own", "other", "closed", "absent")
Subject = Mapping[str, str]
"""What an address or a body names: kind of thing -> id."""


@dataclass
class World:
    """``things``: state -> what is there in it. ``fresh`` makes another own case, for what destroys it."""

    service: Service
    things: dict[str, Subject]
    sessions: dict[str, FlaskClient] = field(default_factory=dict)

    def fresh(self) -> Subject:
        """Everything of one's own, with a case and a job that nobody has touched."""
        case = new_case(self.service, OWN)
        referrals = Referrals(self.service, OWN)
        waiting, sent, failed = referrals.waiting(), referrals.sent(), referrals.failed()
        return {
            **self.things["own"],
            "case": case.id,
            "task": task_of(self.service, case),
            "attachment": attach(self.service, case),
            "job": referrals.job(waiting),
            "external": external_of(self.service, sent),
            "incident": _incident(self.service, failed),
        }

    def send(self, role: str, method: str, path: str, **sent: Any) -> TestResponse:
        """A request of a role: by password at the machine's door, by a login's cookie at a page."""
        user_id = ROLES[role]
        if path.startswith("/engine-rest"):
            client = self.service.app.test_client(use_cookies=False)
            auth = (user_id, DEMO_PASSWORD) if user_id else None
            return client.open(path, method=method, auth=auth, **sent)
        if role not in self.sessions:
            self.sessions[role] = self.service.app.test_client()
            if user_id:
                form = {"user_id": user_id, "password": DEMO_PASSWORD}
                assert self.sessions[role].post("/login", data=form).status_code == 302, user_id
        return self.sessions[role].open(path, method=method, **sent)


def make_world(service: Service) -> World:
    """The agencies' cases, tasks, jobs, external tasks, incidents, migrations and shares."""
    service.app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # tests/integration/web/test_csrf.py is about that
    hashed = hash_password(DEMO_PASSWORD)
    for agency in (OWN, OTHER):
        engine.add_user(
            service.database, SYSTEM, f"layanan@{agency}", "Layanan", hashed, [(agency, "layanan")]
        )
    own, other = _of_agency(service, OWN), _of_agency(service, OTHER)
    own["share"], other["share"] = share(service, OTHER, OWN, "petugas"), share(service, OTHER, OWN, "tksk")
    ended = share(service, OTHER, OWN, "petugas")
    engine.revoke_share(service.database, manager(service, OTHER), ended, "selesai")
    own["own_share"] = share(service, OWN, OTHER, "peksos", own["case"])
    other["own_share"] = share(service, OTHER, OWN, "tksk", other["case"])
    gone = new_case(service, OWN)
    closed = {"case": gone.id, "task": task_of(service, gone), "share": ended}
    closed["attachment"] = attach(service, gone)
    closed["comment"] = comment_of(service, gone.id)
    closed["own_share"] = share(service, OWN, OTHER, "peksos", gone.id)
    engine.cancel_instance(service.database, manager(service, OWN), gone.id, "uji")
    absent = dict.fromkeys((*own, "user"), ABSENT)
    things = {"own": own, "other": other, "closed": own | closed, "absent": absent}
    return World(service, things)


def _of_agency(service: Service, agency: str) -> dict[str, str]:
    case, referrals = new_case(service, agency), Referrals(service, agency)
    waiting, sent, failed = referrals.waiting(), referrals.sent(), referrals.failed()
    found = {
        "case": case.id,
        "task": task_of(service, case),
        "attachment": attach(service, case),
        "comment": comment_of(service, case.id),
        "absence": absence_of(service, agency),
        "job": referrals.job(waiting),
        "external": external_of(service, sent),
        "incident": _incident(service, failed),
        "agency": agency,
        "key": KEYS[agency],
        "definition": case.definition_id,
        "user": f"peksos@{agency}",
        "batch": _batch(service, referrals),
    }
    keeper, told = manager(service, agency), ("Alamat", "Laptop hilang", "Kata sandi diganti")
    asked = (RequestKind.ACCESS, Requester.PARENT, "", "uji", clock.now())
    found["notification"] = _told(service, agency, case)
    found["request"] = engine.add_request(service.database, keeper, agency, *asked)
    found["breach"] = engine.add_breach(service.database, keeper, agency, clock.now(), *told, 3)
    week = replace(PERPRES_21_2023, since=date(2030, 1, 7))
    found["day_off"] = put_calendar_day(service.database, keeper, agency, _CLOSED, "uji")
    put_office_hours(service.database, keeper, agency, week, "uji")
    analyst = engine.get_actor(service.database, f"analis@{agency if agency == OWN else DECIDING}")
    assert analyst
    decision = engine.list_definitions(service.database, analyst, "decision")[0]
    found |= {"decision": decision.id, "decision_key": decision.key, "decision_agency": decision.agency_id}
    deployment = engine.get_definition(service.database, _analyst(service, agency), id=case.definition_id)
    return found | {"deployment": deployment.deployment_id}


def _told(service: Service, agency: str, case: InstanceView) -> str:
    """What the first worker of an agency was told last."""
    with writing(service.database) as tx:
        notify(tx, NotificationKind.MENTIONED, agency, [f"petugas@{agency}"], instance_id=case.id)
    worker = engine.get_actor(service.database, f"petugas@{agency}")
    assert worker
    return list_notifications(service.database, worker)[0].id


def _analyst(service: Service, agency: str) -> Actor:
    found = engine.get_actor(service.database, f"analis@{agency}")
    assert found
    return found


def manager(service: Service, agency: str) -> Actor:
    """The agency's manager."""
    found = engine.get_actor(service.database, f"manajer@{agency}")
    assert found
    return found


def new_case(service: Service, agency: str) -> InstanceView:
    """A case at its first step, with a confidential and an open value that no other text has in it."""
    case = begin(service, agency, KEYS[agency], "petugas", uraian=f"{SEALED_CANARY}-{agency}")
    values = {"catatan_matriks": f"{OPEN_CANARY}-{agency}"}
    engine.set_variables(service.database, manager(service, agency), case.id, values, reason="uji")
    clerk = engine.get_actor(service.database, f"petugas@{agency}")
    assert clerk
    [task] = engine.list_tasks(service.database, SYSTEM, TaskFilter(instance_id=case.id))
    add_comment(service.database, clerk, case.id, f"{SEALED_CANARY}-{agency}", task.id)
    return engine.get_instance(service.database, SYSTEM, case.id)


def task_of(service: Service, case: InstanceView) -> str:
    """The only open task of a case."""
    [task] = engine.list_tasks(service.database, SYSTEM, TaskFilter(instance_id=case.id))
    return task.id


def attach(service: Service, case: InstanceView) -> str:
    """A file whose name no other text has in it, at the open task of a case."""
    worker = engine.get_actor(service.database, f"petugas@{case.agency_id}")
    assert worker
    name, task_id = f"{SEALED_CANARY}-{case.agency_id}.pdf", task_of(service, case)
    return desk.attach_to_task(service.database, worker, task_id, pdf(), name, name).id


def comment_of(service: Service, case_id: str) -> str:
    """The only comment on a case."""
    [comment] = list_comments(service.database, SYSTEM, case_id)
    return comment.id


def absence_of(service: Service, agency: str) -> str:
    """A manager's absence of an agency, so that nobody's rights depend on it: of a time to come."""
    who = f"petugas@{agency}", f"peksos@{agency}"
    first = clock.now() + timedelta(days=30)
    made = set_absence(
        service.database, manager(service, agency), agency, *who, first, first + timedelta(days=2)
    )
    return made.id


def external_of(service: Service, case: InstanceView) -> str:
    """The only external task of a case."""
    [task] = engine.list_external_tasks(service.database, SYSTEM, ExternalTaskFilter(instance_id=case.id))
    return task.id


def _incident(service: Service, case: InstanceView) -> str:
    [incident] = engine.list_incidents(service.database, SYSTEM, IncidentFilter(instance_id=case.id))
    return incident.id


def _batch(service: Service, referrals: Referrals) -> str:
    """A migration that can be undone."""
    case = referrals.begin()
    referrals.deploy(diagram("Tutup"))
    analyst = _analyst(service, referrals.agency)
    target = engine.get_definition(
        service.database, analyst, key=case.definition_key, agency_id=referrals.agency
    )
    chosen = InstanceFilter(instance_ids=(case.id,))
    actor = manager(service, referrals.agency)
    report = engine.migrate_instances(service.database, actor, case.definition_id, target.id, chosen)
    assert report.batch_id
    return report.batch_id


def share(service: Service, agency: str, to: str, group: str, case_id: str = "") -> str:
    """A case of an agency (a new one) whose confidential report a group of another may read."""
    made = engine.share_case(
        service.database,
        manager(service, agency),
        case_id or new_case(service, agency).id,
        to_agency_id=to,
        to_group=group,
        fields=["kanal"],
        until=clock.now() + timedelta(days=7),
        consent="uji",
    )
    return made.id


Body = Callable[[Subject, str], Any]
"""What is sent: of the subject, and of the id of whoever sends it."""
