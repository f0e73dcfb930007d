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
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

import engine
from engine.store import reading
from engine.store.copying import copy_to_file
from engine.types import ROLES, SYSTEM
from tests.support.canaries import CANARY, PROCESSES, Canaries, confidential_fields, walk
from tests.support.case import Case
from tests.support.keys import key_place
from tests.support.service import Service
from webapp.config import DEMO_PASSWORD

PROCESS_FILES = Path(__file__).parents[2] / "processes"
MOST = 40
"""Walks through one process at most."""

WHERE_PEOPLE_WORK = frozenset(
    {
        "inbox.case",
        "inbox.task",
        "rest.form_variables",
        "rest.history_variables",
        "rest.instance_variable",
        "rest.instance_variables",
        "rest.task_variables",
    }
)
"""Views in which a worker of a case reads what was filled in."""


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


@pytest.mark.parametrize("key", PROCESSES)
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
    strangers = [*shown.people(working=False), "admin@titian", foreign]
    for user in strangers:
        assert shown.to(user) == {}, user
    at_work = set[str]().union(*(shown.to(user) for user in shown.people(working=True)))
    assert at_work <= WHERE_PEOPLE_WORK
    assert [line for line in logged.messages if CANARY.search(line.encode())] == []
    assert names_in_bytes(service, tmp_path) == {}


def test_the_test_sees_what_it_looks_for(service: Service, canaries: Canaries, tmp_path: Path) -> None:
    """The worker's own form has the names, and they would be found in a log, in bytes and on a page."""
    case = walk(service, canaries, "natuna_pendampingan_abh_ampk")
    shown = Shown(service, "natuna", [case])
    assert "inbox.case" in shown.to("petugas@natuna")
    with service.database.begin() as tx:
        tx.execute(text("UPDATE agency SET name = :name WHERE id = 'bintan'"), {"name": canaries.name()})
    assert names_in_bytes(service, tmp_path) != {}


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
        self.service, self.agency, self.cases = service, agency, cases
        self.rules = [r for r in service.app.url_map.iter_rules() if "GET" in (r.methods or ())]

    def people(self, *, working: bool) -> list[str]:
        """The demo users of the agency with a candidate group, or with a role."""
        users = engine.list_users(self.service.database, SYSTEM, self.agency)
        return [u.id for u in users if working is not bool(ROLES & {group for _, group in u.memberships})]

    def to(self, user_id: str) -> dict[str, int]:
        """Endpoint -> names that it has shown this user."""
        found: dict[str, int] = {}
        client = self._signed_in(user_id)
        for rule in self.rules:
            for path in self._paths(rule):
                answer = self._get(client, user_id, path)
                assert answer.status_code < 500 or answer.status_code == 501, (user_id, path)
                seen = answer.get_data() + str(answer.headers).encode()
                if names := CANARY.findall(seen):
                    found[rule.endpoint] = found.get(rule.endpoint, 0) + len(names)
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

    def _get(self, client: FlaskClient | None, user_id: str, path: str) -> Any:
        if client is None:
            pytest.fail(f"there is no user {user_id}")
        if path.startswith("/engine-rest"):
            return self.service.app.test_client(use_cookies=False).get(path, auth=(user_id, DEMO_PASSWORD))
        return client.get(path)

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
        database = self.service.database
        common = {"agency_id": self.agency, "tenant": self.agency, "rest": "tidak-ada", "user_id": "x"}
        for case in self.cases:
            instance = engine.get_instance(database, SYSTEM, case.id)
            with reading(database) as tx:
                newest = text(
                    "SELECT id FROM user_task WHERE instance_id = :id ORDER BY ended_at IS NULL DESC, id"
                )
                task = tx.scalars(newest, {"id": case.id}).first() or "x"
            jobs = engine.list_jobs(database, SYSTEM, engine.JobFilter(instance_id=case.id))
            of = {
                "task": task,
                "process-definition": instance.definition_id,
                "job": jobs[0].id if jobs else "x",
            }
            part = rule.rule.removeprefix("/engine-rest/").partition("/")[0]
            place = {
                "id": of.get(part, case.id),
                "key": instance.definition_key,
                "definition_id": instance.definition_id,
                "instance_id": case.id,
                "task_id": task,
                "kind": "process",
            }
            for name in ("nama_anak", "uraian") if "name" in rule.arguments else ("",):
                yield common | place | {"name": name}
