"""Unique names in every confidential field of every process: they show where people work with them, nowhere
else.

Each process is walked by workers who answer at random, until every field has held a name. Then every page
and every call of the API is asked for by every role; and all that was logged, and the bytes of the database,
its log, its key store and a backup are read.
"""

import logging
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

import engine
from engine import clock, desk
from engine.commands.notifying import notify
from engine.desk import MailChoice, NotificationKind
from engine.store import reading, writing
from engine.store.copying import copy_to_file
from engine.types import ROLES, SYSTEM
from tests.integration.engine.models import drawn, tasks
from tests.integration.engine.test_external_tasks import external
from tests.support.canaries import (
    CANARY,
    PROCESSES,
    Canaries,
    confidential_fields,
    name_a_filter,
    walk,
    write_everywhere,
    write_in_registers,
)
from tests.support.case import Case
from tests.support.databases import chosen_kinds
from tests.support.keys import key_place
from tests.support.post import post_office
from tests.support.push import Browser, push_service
from tests.support.service import Service
from tests.unit.interpreter.diagrams import ERROR, boundary, process
from tests.unit.interpreter.test_interruptions import told
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD
from webapp.delivery import deliver_mails, deliver_pushes

PROCESS_FILES = Path(__file__).parents[2] / "processes"
MOST = 40
"""Walks through one process at most."""

WHERE_PEOPLE_WORK = frozenset(
    {
        "inbox.attachment",
        "inbox.attachment_file",
        "inbox.case",
        "inbox.start",  # a draft of one's own
        "inbox.task",
        "rest.history_variables",
        "rest.instances_variable",
        "rest.instances_variables",
        "rest.task_attachments_data",
        "rest.task_attachments_listed",
        "rest.task_attachments_one",
        "rest.task_forms_form_variables",
        "rest.task_forms_variables",
    }
)
"""Views in which a worker of a case reads what was filled in."""

PROCESS_WITH_FORM = "natuna_pendampingan_abh_ampk"
_REGISTERS = {"note of a request", "answer to a request", "data of a breach"}
READERS = {
    "petugas@natuna": {
        *("comment", "note of a hand-over", "note not sent yet", "message of an error", "name of a filter"),
        *("name of an upload", "word on an upload", "bytes of an upload"),
    },
    "manajer@natuna": _REGISTERS,
    "petugas_data@natuna": _REGISTERS,
    "auditor@natuna": _REGISTERS,
}
"""User -> what people have written beside forms and the user reads; nobody else reads any of it."""


@pytest.fixture
def canaries(request: pytest.FixtureRequest) -> Canaries:
    return Canaries(random.Random(f"kenari {request.node.name}"))


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every line that anybody logs, however unimportant."""
    caplog.set_level(logging.DEBUG)
    return caplog


def cases(service: Service, canaries: Canaries, key: str, walks: int) -> list[Case]:
    """Cases of one process, until every confidential field of its forms has held a name."""
    found = []
    for _ in range(walks):
        found.append(walk(service, canaries, key))
        if not missing(service, canaries, key):
            break
    return found


def missing(service: Service, canaries: Canaries, key: str) -> set[tuple[str, str]]:
    """Fields of the forms that this process uses which have held no name yet."""
    diagram = (PROCESS_FILES / PROCESSES[key][0] / f"{key}.bpmn").read_text()
    forms = set(re.findall(r'formRef="([^"]+)"', diagram))
    return {field for field in confidential_fields() - canaries.filled if field[0] in forms}


ONCE_MORE = next(iter(PROCESSES))
"""The process that is walked on PostgreSQL too, whose files and statements are others."""


@pytest.mark.every_database
@pytest.mark.parametrize(
    ("loaded_url", "key"),
    [
        (kind, key)
        for kind in chosen_kinds()
        for key in PROCESSES
        if kind == "sqlite" or key == ONCE_MORE or "sqlite" not in chosen_kinds()
    ],
    indirect=["loaded_url"],
)
def test_no_name_leaves_the_forms_of_those_who_work_on_the_case(
    service: Service, canaries: Canaries, key: str, logged: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    sqlite = service.database.dialect.name == "sqlite"
    found = cases(service, canaries, key, MOST if sqlite else 2)
    if sqlite:
        assert missing(service, canaries, key) == set()
    agency = PROCESSES[key][0]
    shown = Shown(service, agency, [found[0], found[-1]])
    foreign = "manajer@natuna" if agency != "natuna" else "manajer@bintan"
    assert names_told(service, shown.people(working=True), found, tmp_path) == []
    strangers = [*shown.people(working=False), "admin@titian", foreign]
    for user in strangers:
        assert shown.to(user) == {}, user
    at_work = set[str]().union(*(shown.to(user) for user in shown.people(working=True)))
    assert at_work <= WHERE_PEOPLE_WORK
    assert [line for line in logged.messages if CANARY.search(line.encode())] == []
    assert names_in_bytes(service, tmp_path) == {}


def test_no_word_that_people_write_beside_forms_leaves_those_it_is_for(
    service: Service, canaries: Canaries, logged: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Pages and calls are asked for, and what takes a form is sent one that it has to refuse."""
    service.app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # tests/integration/web/test_csrf.py is about that
    case = letter_refused(service, canaries)
    places = write_everywhere(service, canaries, case)
    places |= write_in_registers(service, canaries, "natuna")
    assert names_in_bytes(service, tmp_path) == {}
    name_a_filter(service, canaries, "natuna")
    shown = Shown(service, "natuna", [case])
    shown.places[0] |= places | {"key": PROCESS_WITH_FORM}
    strangers = [*shown.people(working=False), "admin@titian", "manajer@bintan"]
    for user in [*strangers, "petugas@natuna"]:
        read = {canaries.planted[name] for names in shown.to(user).values() for name in names}
        assert read == READERS.get(user, set()), user
    hidden = service.caller("manajer@natuna").get(f"/process-instance/{case.id}/variables").json["pesan"]
    assert (hidden["value"], hidden["valueInfo"]) == (None, {"sealed": True})
    for user in [*strangers, "petugas@natuna"]:
        told = {canaries.planted[name] for names in shown.refusing(user).values() for name in names}
        assert told <= READERS.get(user, set()), user
    assert [line for line in logged.messages if CANARY.search(line.encode())] == []


def letter_refused(service: Service, canaries: Canaries) -> Case:
    """A case whose letter a program has refused, with a word of its own that the diagram keeps."""
    hashed = hash_password(DEMO_PASSWORD)
    engine.add_user(
        service.database, SYSTEM, "layanan@natuna", "Pengirim surat", hashed, [("natuna", "layanan")]
    )
    caught = told(ERROR, errorCodeVariable="kode", errorMessageVariable="pesan")
    parts = external("kirim", topic="surat") + boundary("x", "kirim", caught) + tasks("lanjut", "perbaiki")
    diagram = drawn(process(parts, "s > kirim > lanjut > e; x > perbaiki > e", "kirim_surat"))
    engine.deploy(service.database, SYSTEM, "natuna", "uji", {"kirim.bpmn": diagram})
    started = service.caller("petugas@natuna").post("/process-definition/key/kirim_surat/start").json
    program = service.caller("layanan@natuna")
    asked = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "surat", "lockDuration": 60_000}]}
    [task] = program.post("/external-task/fetchAndLock", asked).json
    said = {"workerId": "w", "errorCode": "TOLAK", "errorMessage": canaries.name("message of an error")}
    assert program.post(f"/external-task/{task['id']}/bpmnError", said).status_code == 204
    return Case(service, "natuna", started["id"], started["businessKey"])


def test_the_test_sees_what_it_looks_for(service: Service, canaries: Canaries, tmp_path: Path) -> None:
    """The worker's own form has the names, and they would be found in a log, in bytes and on a page."""
    case = walk(service, canaries, "natuna_pendampingan_abh_ampk")
    shown = Shown(service, "natuna", [case])
    assert "inbox.case" in shown.to("petugas@natuna")
    with service.database.begin() as tx:
        tx.execute(text("UPDATE agency SET name = :name WHERE id = 'bintan'"), {"name": canaries.name()})
    assert names_in_bytes(service, tmp_path) != {}


def names_told(service: Service, people: list[str], cases: list[Case], folder: Path) -> list[bytes]:
    """Names in the mails, digests and push messages that tell these people of everything in these cases."""
    database, settings = service.database, service.app.config["SETTINGS"]
    with post_office() as post, push_service(folder) as pushes:
        told = replace(settings, smtp_url=post.url, mail_from="titian@go.id", origin="https://titian.go.id")
        browsers = {user_id: reached(service, user_id, f"{pushes.url}/{user_id}") for user_id in people}
        for agency_id in {user_id.partition("@")[2] for user_id in people}:
            work_today(service, agency_id)
        with writing(database) as tx:
            for kind, case in product(NotificationKind, cases):
                place = engine.get_instance(database, SYSTEM, case.id).agency_id
                notify(tx, kind, place, people, instance_id=case.id, about={"by": people[0]})
            tx.execute(text("UPDATE notification_choice SET digest_at = digested_at"))
        with service.app.app_context():
            while deliver_mails(database, told) + deliver_pushes(database, told, pushes.door):
                pass
        kinds = {"Titian: ada pemberitahuan untuk Anda", "Titian: ringkasan hari ini"}
        assert {mail["Subject"] for mail in post.mails} == kinds
        told_of = {who for who in people for case in cases if sees(service, who, case)}
        assert len(pushes.got) >= len(told_of) * len(NotificationKind)
        assert {user_id for user_id, _ in pushes.of(people)} == told_of
        read = [str(browsers[user_id].reads(body)) for user_id, body in pushes.of(people)]
        return [name for sent in [*post.texts(), *read] for name in CANARY.findall(sent.encode())]


def sees(service: Service, user_id: str, case: Case) -> bool:
    """Whether the page of the case would open: who may not see it is told nothing of it."""
    actor = engine.get_actor(service.database, user_id)
    assert actor
    wanted = engine.InstanceFilter(instance_id=case.id)
    return bool(engine.list_instances(service.database, actor, wanted))


def work_today(service: Service, agency_id: str) -> None:
    """Whatever day it is, no summary is held back."""
    day, span = clock.now().date(), timedelta(days=1)
    entry = desk.CalendarEntry(day - span, day + span, desk.EntryKind.OPEN, "Piket")
    desk.put_calendar_day(service.database, SYSTEM, agency_id, entry, "Uji")


def reached(service: Service, user_id: str, endpoint: str) -> Browser:
    """Somebody who has chosen to be told everything, at once and in the digest too."""
    actor, browser = engine.get_actor(service.database, user_id), Browser()
    assert actor
    code = desk.begin_email(service.database, actor, f"{user_id}.go.id")
    assert desk.confirm_email(service.database, actor, code)
    kinds = list(NotificationKind)
    mail = dict.fromkeys(kinds, MailChoice.NOW) | {NotificationKind.MENTIONED: MailChoice.DIGEST}
    desk.choose_ways(service.database, actor, mail=mail, push=kinds, summary=True, digest_hour=7)
    desk.subscribe_browser(service.database, actor, endpoint, **browser.keys)
    return browser


def names_in_bytes(service: Service, folder: Path) -> dict[str, int]:
    """File -> names in it: a backup, and on SQLite the database with its log as they lie there, and the
    keys.
    """
    backup = folder / "backup.db"
    backup.unlink(missing_ok=True)
    copy_to_file(service.database, backup)
    files = [backup, *Path(str(key_place().file)).parent.iterdir()]
    if service.database.dialect.name == "sqlite":
        database = Path(str(service.database.url.database))
        files += [database, database.with_name(f"{database.name}-wal")]
    counted = {file.name: len(CANARY.findall(file.read_bytes())) for file in files if file.is_file()}
    return {name: count for name, count in counted.items() if count} | compressed(service)


def compressed(service: Service) -> dict[str, int]:
    """What is packed in the rows: the histories, unpacked."""
    with reading(service.database) as tx:
        ids = list(tx.scalars(text("SELECT id FROM process_instance")))
    told = str([engine.history(service.database, SYSTEM, each) for each in ids]).encode()
    variables = [
        v for each in ids for v in engine.history_variables(service.database, SYSTEM, instance_ids=[each])
    ]
    open_ones = str([v.value for v in variables if not v.sealed]).encode()
    counted = {"history": len(CANARY.findall(told)), "open variables": len(CANARY.findall(open_ones))}
    return {name: count for name, count in counted.items() if count}


class Shown:
    """What each user is shown of some cases of an agency, by every route that can be asked for."""

    def __init__(self, service: Service, agency: str, cases: list[Case]) -> None:
        self.service, self.agency = service, agency
        self.places = [place_of(service, case) for case in cases]
        self.rules = list(service.app.url_map.iter_rules())

    def people(self, *, working: bool) -> list[str]:
        """The users of the agency with a candidate group, or with a role: one of those who have the same."""
        users = engine.list_users(self.service.database, SYSTEM, self.agency)
        holders = {frozenset(user.memberships): user.id for user in users}
        roles = {user_id: ROLES & {group for _, group in held} for held, user_id in holders.items()}
        return [user_id for user_id, held in roles.items() if working is not bool(held)]

    def to(self, user_id: str) -> dict[str, set[bytes]]:
        """Endpoint -> names that it has shown this user."""
        return self._found(user_id, "GET")

    def refusing(self, user_id: str) -> dict[str, set[bytes]]:
        """Endpoint -> names in its answer to a form without anything in it. What needs nothing is done."""
        return self._found(user_id, "POST")

    def _found(self, user_id: str, method: str) -> dict[str, set[bytes]]:
        found: dict[str, set[bytes]] = {}
        client = self._signed_in(user_id)
        for rule in self.rules:
            if method not in (rule.methods or ()) or rule.endpoint == "auth.logout":
                continue
            for path in dict.fromkeys(self._paths(rule)):
                answer = self._asked(client, user_id, method, path)
                assert answer.status_code < 500 or answer.status_code == 501, (user_id, path)
                seen = answer.get_data() + str(answer.headers).encode()
                if names := set(CANARY.findall(seen)):
                    endpoint = re.sub(r"^(rest\..+)_\d+$", r"\1", rule.endpoint)  # numbered as declared
                    found.setdefault(endpoint, set()).update(names)
        return found

    def _signed_in(self, user_id: str) -> FlaskClient | None:
        if engine.find_user(self.service.database, user_id) is None:
            return None
        client = self.service.app.test_client()
        page = client.get("/login").text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token is not None
        fields = {"csrf_token": token[1], "user_id": user_id, "password": DEMO_PASSWORD}
        assert client.post("/login", data=fields).status_code == 302
        return client

    def _asked(self, client: FlaskClient | None, user_id: str, method: str, path: str) -> Any:
        if client is None:
            pytest.fail(f"there is no user {user_id}")
        if path.startswith("/engine-rest"):
            machine = self.service.app.test_client(use_cookies=False)
            body = {"json": {}} if method == "POST" else {}
            return machine.open(path, method=method, auth=(user_id, DEMO_PASSWORD), **body)
        return client.open(path, method=method)

    def _paths(self, rule: Rule) -> Iterator[str]:
        """Addresses of a rule for these cases; of several arguments that an address takes, all that there
        are.
        """
        if "filename" in rule.arguments:
            return
        for values in self._values(rule):
            path = rule.rule
            for name in rule.arguments:
                path = re.sub(rf"<(?:[a-z]+:)?{name}>", quote(values.get(name, "x"), safe=""), path)
            query = f"processInstanceId={values['instance_id']}&processInstanceIds={values['instance_id']}"
            yield path
            if path.startswith("/engine-rest") and not rule.arguments:
                yield f"{path}?{query}"

    def _values(self, rule: Rule) -> Iterator[dict[str, str]]:
        common = {"agency_id": self.agency, "tenant": self.agency, "rest": "tidak-ada", "user_id": "x"}
        part = rule.rule.removeprefix("/engine-rest/").partition("/")[0]
        for place in self.places:
            register = rule.rule.removeprefix("/audit/").partition("/")[0]
            own = {"id": place.get(part, place["instance_id"]), "entry_id": place.get(register, "x")}
            for name in ("nama_anak", "uraian") if "name" in rule.arguments else ("",):
                yield common | place | own | {"name": name}


def place_of(service: Service, case: Case) -> dict[str, str]:
    """What addresses about a case take, by the name of the argument; what ``id`` is, by the first part."""
    database = service.database
    instance = engine.get_instance(database, SYSTEM, case.id)
    with reading(database) as tx:
        newest = text("SELECT id FROM user_task WHERE instance_id = :id ORDER BY ended_at IS NULL DESC, id")
        task = tx.scalars(newest, {"id": case.id}).first() or "x"
        file = text("SELECT id FROM attachment WHERE instance_id = :id")
        attachment = tx.scalars(file, {"id": case.id}).first() or "x"
    jobs = engine.list_jobs(database, SYSTEM, engine.JobFilter(instance_id=case.id))
    return {
        "task": task,
        "process-definition": instance.definition_id,
        "job": jobs[0].id if jobs else "x",
        "key": instance.definition_key,
        "definition_id": instance.definition_id,
        "instance_id": case.id,
        "task_id": task,
        "attachment_id": attachment,
        "kind": "process",
    }
