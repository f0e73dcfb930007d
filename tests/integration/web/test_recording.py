"""Every answer that shows a case is in the access log before it is sent; each route says whether it does."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Blueprint
from sqlalchemy import Row, select, text

import engine
from engine import RecordPlace, verify_record, with_record
from engine.store import reading, writing
from engine.store.tables import AccessEntry
from engine.types import SYSTEM
from tests.integration.web.conftest import NATUNA, REPORT, Visitors
from tests.support.files import pdf
from tests.support.guests import guest, protected
from tests.support.service import Service, log_within, typed
from tests.support.trouble import FAULT, Referrals
from webapp import create_app
from webapp.config import Settings
from webapp.recording.answers import names_of
from webapp.recording.declared import DECLARED

CASE = "SELECT id FROM process_instance"


def entries(service: Service, after: int = 0) -> list[Row[Any]]:
    with reading(service.database) as tx:
        query = select(AccessEntry.__table__).where(AccessEntry.id > after).order_by(AccessEntry.id)
        return list(tx.execute(query))


def last(service: Service) -> int:
    return entries(service)[-1].id


def case_of(service: Service) -> str:
    with reading(service.database) as tx:
        return str(tx.scalars(text(CASE)).one())


def test_every_route_is_declared_and_every_declaration_is_a_route(service: Service) -> None:
    routes = {name for rule in service.app.url_map.iter_rules() for name in names_of(rule)}
    assert routes == set(DECLARED)
    unexplained = [n for n, d in DECLARED.items() if not d.always and not d.why]
    assert unexplained == []


def test_an_application_with_a_route_that_says_nothing_does_not_start(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", "stray", lambda: "")
    monkeypatch.setattr("webapp.BLUEPRINTS", (stray,))
    with pytest.raises(RuntimeError, match="GET /stray"):
        create_app(Settings(demo=True, data=tmp_path))


PAGES = {
    "/cases/{case}": ("petugas@natuna", "open_case", ""),
    "/cases/{case}/diagram": ("petugas@natuna", "read_diagram", ""),
    "/tasks/{task}": ("petugas@natuna", "open_task", "task:{task}"),
    "/cockpit/instances/{case}": ("manajer@natuna", "open_case", "cockpit"),
    "/cockpit/instances/{case}/data": ("manajer@natuna", "read_variables", ""),
    "/cockpit/instances/{case}/data?name=kanal": ("manajer@natuna", "read_variables", "variable:kanal"),
    "/cockpit/instances/{case}/steps": ("manajer@natuna", "read_diagram", "steps"),
    "/audit/cases/{case}": ("petugas@natuna", "read_record", ""),
}


def test_each_page_of_a_case_is_recorded_once_with_who_and_from_where(
    service: Service, visitors: Visitors
) -> None:
    task = visitors.open_case().rsplit("/", 1)[1]
    case = case_of(service)
    for path, (user, action, subject) in PAGES.items():
        visitor = visitors(user)
        before = last(service)
        answer = visitor.get(path.format(case=case, task=task), environ_base={"REMOTE_ADDR": "10.1.2.3"})
        assert answer.status_code == 200, path
        [entry] = entries(service, before)
        assert (entry.user_id, entry.action, entry.instance_id) == (user, action, case), path
        assert entry.subject == subject.format(task=task), path
        assert (entry.agency_id, entry.channel, entry.address) == ("natuna", "browser", "10.1.2.3")


CALLS = {
    "/process-instance/{case}": ("open_case", ""),
    "/process-instance/{case}/variables": ("read_variables", ""),
    "/process-instance/{case}/variables/kanal": ("read_variables", ""),
    "/task/{task}": ("open_task", "task:{task}"),
    "/task/{task}/form-variables": ("open_task", "task:{task}"),
    "/task/{task}/variables": ("read_variables", "task:{task}"),
    "/history/process-instance/{case}": ("open_case", ""),
    "/history/activity-instance?processInstanceId={case}": ("read_history", "activities"),
    "/history/variable-instance?processInstanceId={case}": ("read_variables", ""),
    "/history/variable-instance?processInstanceId={case}&variableName=kanal": (
        "read_variables",
        "variable:kanal",
    ),
}


def test_each_call_for_a_case_is_recorded_once(service: Service, visitors: Visitors) -> None:
    task = visitors.open_case().rsplit("/", 1)[1]
    case, caller = case_of(service), service.caller("petugas@natuna")
    for path, (action, subject) in CALLS.items():
        before = last(service)
        address, _, query = path.format(case=case, task=task).partition("?")
        assert caller.get(address, **dict(parse_qsl(query))).status_code == 200, path
        [entry] = entries(service, before)
        assert (entry.user_id, entry.action, entry.instance_id) == ("petugas@natuna", action, case), path
        assert (entry.subject, entry.channel) == (subject.format(task=task), "basic"), path
        assert entry.agency_id == "natuna"


def test_lists_and_what_is_refused_leave_no_entry(service: Service, visitors: Visitors) -> None:
    visitors.open_case()
    case, caller = case_of(service), service.caller("petugas@natuna")
    stranger, worker = visitors("petugas@pasuruan"), visitors("petugas@natuna")
    before = last(service)
    for path in ("/task", "/process-instance", "/history/task", "/history/process-instance", "/incident"):
        assert caller.get(path).status_code == 200
    assert worker.get("/").status_code == 200
    assert stranger.get(f"/cases/{case}").status_code == 404
    assert entries(service, before) == []


def test_files_for_a_case_that_is_not_open_yet_leave_their_trace(
    service: Service, visitors: Visitors
) -> None:
    """Uploaded, looked at on the start form, taken away: with the id that the file keeps in its case."""
    worker = visitors("petugas@natuna")
    worker.get(NATUNA)
    data = {"csrf_token": worker.token, "file": (BytesIO(pdf()), "Kenari.pdf")}
    steps = [
        lambda: worker.client.post(f"{NATUNA}/attachments", data=data),
        lambda: worker.get(NATUNA),
        lambda: worker.send(f"/attachments/{file}/remove"),
        lambda: worker.get(NATUNA),
    ]
    found, before, file = [], last(service), ""
    for step in steps:
        assert step().status_code in (200, 303)
        found.append([(e.action, e.agency_id, e.instance_id, e.subject) for e in entries(service, before)])
        before = last(service)
        with reading(service.database) as tx:
            file = tx.scalars(text("SELECT id FROM attachment")).one()
    assert found == [
        [("change_case", "natuna", None, f"attachment_added:{file}")],
        [("read_attachment", "natuna", None, f"attachment:{file}")],
        [("change_case", "natuna", None, f"attachment_removed:{file}")],
        [],
    ]


def test_who_reads_what_a_worker_said_of_a_failure_is_in_the_log_of_its_case(
    service: Service, visitors: Visitors
) -> None:
    """Beside the numbers that a list shows, its words may hold a name: they are sealed in the database."""
    referrals = Referrals(service)
    case, silent = referrals.failed(), referrals.sent()
    [task] = engine.list_external_tasks(
        service.database, SYSTEM, engine.ExternalTaskFilter(instance_id=case.id)
    )
    [incident] = engine.list_incidents(service.database, SYSTEM)
    manager, caller = visitors("manajer@natuna"), service.caller("manajer@natuna")
    calls = [
        lambda: manager.get("/cockpit/incidents"),
        lambda: caller.get("/incident"),
        lambda: caller.get(f"/incident/{incident.id}"),
        lambda: caller.get("/external-task"),
        lambda: caller.post("/external-task", {"processInstanceId": case.id}),
        lambda: caller.get(f"/external-task/{task.id}"),
    ]
    told = ("read_history", case.id, f"external_task:{task.id}")
    for number, call in enumerate(calls):
        before = last(service)
        answer = call()
        assert FAULT in answer.text, number
        assert [(e.action, e.instance_id, e.subject) for e in entries(service, before)] == [told], number
    before = last(service)
    assert silent.business_key in caller.get("/external-task", processInstanceId=silent.id).text
    assert entries(service, before) == []


def test_a_start_and_a_completion_that_ask_for_variables_are_a_change_and_a_read(service: Service) -> None:
    caller, before = service.caller("petugas@natuna"), last(service)
    path = "/process-definition/key/natuna_pendampingan_abh_ampk/start"
    answer = caller.post(path, {"variables": typed(REPORT), "withVariablesInReturn": True})
    assert answer.status_code == 200, answer.json
    assert [entry.action for entry in entries(service, before)] == ["change_case", "read_variables"]


def test_what_cannot_be_recorded_is_not_shown(service: Service, visitors: Visitors, tmp_path: Any) -> None:
    visitors.open_case()
    case, caller = case_of(service), service.caller("petugas@natuna")
    with writing(service.database) as tx:
        tx.execute(text("ALTER TABLE access_entry RENAME TO elsewhere"))
    answer = caller.get(f"/process-instance/{case}/variables")
    assert (answer.status_code, answer.json["type"]) == (503, "DatabaseUnavailable")
    assert "dugaan" not in answer.text


def test_logins_are_recorded_and_what_a_stranger_typed_is_not(service: Service, visitors: Visitors) -> None:
    before = last(service)
    visitor = visitors()
    visitor.sign_in("petugas@natuna", "salah-sekali-ini")
    visitor.sign_in("kata-sandi-di-kolom-nama", "x")
    visitor.sign_in("petugas@natuna")
    visitor.send("/logout")
    service.caller("tidak-ada").get("/task")
    found = entries(service, before)
    assert [(e.action, e.user_id, e.agency_id) for e in found] == [
        ("login_failed", "petugas@natuna", "natuna"),
        ("login_failed", "", None),
        ("login", "petugas@natuna", "natuna"),
        ("logout", "petugas@natuna", "natuna"),
        ("login_failed", "", None),
    ]
    assert "kata-sandi" not in str(found)


def test_changes_of_users_are_in_the_log_of_the_agencies_that_they_concern(
    service: Service, visitors: Visitors
) -> None:
    admin = visitors("admin@titian")
    admin.get("/admin/users/petugas@natuna")
    before = last(service)
    admin.send("/admin/users/petugas@natuna/groups", membership="pasuruan:petugas")
    admin.send("/admin/users/petugas@natuna/active", active="0")
    found = entries(service, before)
    assert {(e.action, e.user_id) for e in found} == {("change_user", "admin@titian")}
    assert [(e.agency_id, e.subject) for e in found][:2] == [
        ("natuna", "user:petugas@natuna groups +pasuruan:petugas -natuna:petugas"),
        ("pasuruan", "user:petugas@natuna groups +pasuruan:petugas -natuna:petugas"),
    ]


def test_the_log_of_a_day_of_work_is_right(service: Service, visitors: Visitors, tmp_path: Any) -> None:
    visitors.open_case()
    visitors("manajer@natuna").get(f"/cockpit/instances/{case_of(service)}")
    found: list[object] = []
    state = verify_record(service.database, found.append)
    assert found == []
    assert state.entries > 10
    assert RecordPlace.within(tmp_path / "log").key.exists()


def test_a_reset_of_factors_and_a_password_that_is_not_enough_are_in_the_log(
    loaded_url: str, tmp_path: Path
) -> None:
    office = protected(loaded_url, tmp_path)
    with_record(office.database, log_within(tmp_path))
    before = last(office)
    engine.reset_factors(office.database, SYSTEM, "peksos@natuna")
    assert office.caller("manajer@natuna").get("/task").status_code == 401
    assert [(e.action, e.user_id, e.subject) for e in entries(office, before)] == [
        ("change_user", "system", "user:peksos@natuna factors_reset"),
        ("login_failed", "manajer@natuna", "user:manajer@natuna"),
    ]


def test_half_a_login_is_no_login(loaded_url: str, tmp_path: Path) -> None:
    office = protected(loaded_url, tmp_path)
    with_record(office.database, log_within(tmp_path))
    visitor = guest(office, "peksos@natuna")
    visitor.enrol()
    before = last(office)
    other = guest(office, "peksos@natuna")
    assert [e.action for e in entries(office, before)] == []
    assert visitor.app
    other.send("/login/second", code=visitor.app.code(timedelta(seconds=30)))
    assert [(e.action, e.subject) for e in entries(office, before)] == [
        ("login", "user:peksos@natuna password+totp")
    ]
