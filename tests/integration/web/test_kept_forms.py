"""A form is not lost when the login has ended, or a proof of identity comes before it. Issue 5, section 4."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from engine import get_actor
from engine.commands.kept_forms import KEPT, MOST, sweep_forms
from engine.queries.absences import list_absences
from engine.store import reading, writing
from engine.store.tables import KeptForm, LoginSession
from tests.integration.web.conftest import Later, Visitor, Visitors
from tests.support.guests import guest
from tests.support.service import Service
from webapp.auth.kept import SECRETS, UNSEEN

MANAGER, WORKER, PASSWORD = "manajer@natuna", "petugas@natuna", "titian-demo"
ABSENCE = {
    "agency_id": "natuna",
    "user_id": WORKER,
    "substitute_id": "peksos@natuna",
    "first": "2099-01-04",
    "last": "2099-01-08",
}
NOTE = 'Ibu Melur belum dapat dihubungi & "menunggu" <kabar>'
ROOT = Path(__file__).parents[3]


class _Form(HTMLParser):
    """What a browser would send of the form that goes to ``action``."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._action, self._inside, self._select, self._area = action, False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known: dict[str, Any] = dict(attrs)
        if tag == "form":
            self._inside = known.get("action", "").split("#")[0] == self._action and not self.fields
        elif not self._inside:
            return
        elif tag == "input" and (known.get("type") not in ("checkbox", "radio") or "checked" in known):
            self.fields.append((known["name"], known.get("value") or ""))
        elif tag == "select":
            self._select = known["name"]
        elif tag == "option" and "selected" in known:
            self.fields.append((self._select, known["value"]))
        elif tag == "textarea":
            self._area = known["name"]
            self.fields.append((self._area, ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[-1] = (self._area, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        self._inside &= tag != "form"
        self._area = "" if tag == "textarea" else self._area


def form_of(page: TestResponse, action: str) -> dict[str, str]:
    return dict(_Form(page.text, action).fields)


def end_logins(service: Service) -> None:
    with writing(service.database) as tx:
        tx.execute(LoginSession.__table__.delete())


def kept(service: Service) -> list[bytes]:
    with reading(service.database) as tx:
        return list(tx.scalars(select(KeptForm.sealed)))


def send_from(visitor: Visitor, page: str, path: str, **fields: str) -> TestResponse:
    """Press the button of a form that stands on ``page``."""
    data = {"csrf_token": visitor.token, **fields}
    return visitor.client.post(path, data=data, headers={"Referer": f"http://localhost{page}"})


def comment_after_the_end(visitors: Visitors, service: Service) -> tuple[Visitor, str, str]:
    """A visitor whose login has ended while a comment was written; the case, and where the answer leads."""
    task = visitors.open_case()
    visitor = visitors(WORKER)
    found = re.search(r'href="(/cases/[\w-]+)', visitor.get(task).text)
    assert found
    case = found[1]
    visitor.get(case)
    end_logins(service)
    answer = send_from(visitor, case, f"{case}/comments", message=NOTE)
    assert answer.location.startswith("/login?next=")
    return visitor, case, answer.location


def signed_in_again(visitor: Visitor, location: str, user_id: str = WORKER) -> TestResponse:
    """Sign in on the page that one was led to, and follow."""
    page = visitor.get(location)
    after = form_of(page, "/login")["next"]
    answer = visitor.send("/login", user_id=user_id, password=PASSWORD, next=after)
    assert answer.status_code == 302
    return visitor.get(answer.location)


def test_what_was_filled_in_is_there_again_after_a_login_and_is_sent_with_one_press(
    visitors: Visitors, service: Service
) -> None:
    visitor, case, location = comment_after_the_end(visitors, service)
    assert "Yang Anda isi belum terkirim" in visitor.get(location).text
    page = signed_in_again(visitor, location)
    assert "Belum ada yang terkirim" in page.text
    fields = form_of(page, f"{case}/comments")
    assert fields["message"] == NOTE
    assert visitor.send(f"{case}/comments", **fields).status_code in (302, 303)
    assert page.text.count("&lt;kabar&gt;") == 1
    assert "&lt;kabar&gt;" in visitor.get(case).text
    assert kept(service) == [], "what has arrived is kept no longer"


def test_nobody_else_sees_it_not_even_in_the_same_browser(visitors: Visitors, service: Service) -> None:
    visitor, _, location = comment_after_the_end(visitors, service)
    with visitor.client.session_transaction() as session:
        before = dict(session)
    page = signed_in_again(visitor, location, "petugas@bintan")
    assert "kabar" not in page.text
    page = signed_in_again(visitor, location, "peksos@natuna")
    assert "kabar" not in page.text
    address = form_of(visitors().get(location), "/login")["next"]
    other = visitors(WORKER)  # the same user in another browser
    answer = other.get(address)
    assert "kabar" not in answer.text
    assert "tidak disimpan lagi" in answer.text
    with visitor.client.session_transaction() as session:
        assert "keeping" in before
        assert "keeping" not in session


def test_neither_database_address_nor_cookie_holds_what_was_filled_in(
    visitors: Visitors, service: Service
) -> None:
    visitor, _, location = comment_after_the_end(visitors, service)
    [sealed] = kept(service)
    assert b"Melur" not in sealed
    assert "Melur" not in location
    with visitor.client.session_transaction() as session:
        assert "Melur" not in str(dict(session))


def test_it_is_gone_after_an_hour_and_after_signing_out(
    visitors: Visitors, service: Service, later: Later
) -> None:
    visitor, _, location = comment_after_the_end(visitors, service)
    assert "kabar" in signed_in_again(visitor, location).text
    address = form_of(visitors().get(location), "/login")["next"]
    visitor.send("/logout")
    visitor.sign_in(WORKER)
    assert "kabar" not in visitor.get(address).text
    visitor, _, location = comment_after_the_end(visitors, service)
    later(KEPT)
    assert "kabar" not in signed_in_again(visitor, location).text
    sweep_forms(service.database)
    assert kept(service) == []


def test_of_a_form_that_is_none_of_ours_and_of_a_stranger_nothing_is_kept(
    visitors: Visitors, service: Service
) -> None:
    task = visitors.open_case()
    visitor = visitors(WORKER)
    end_logins(service)
    visitor.token = "palsu"
    assert "kept" not in send_from(visitor, task, "/filters", name="Saringan").location
    stranger = visitors()
    stranger.get("/login")
    assert "kept" not in send_from(stranger, task, "/filters", name="Saringan").location
    assert kept(service) == []


def test_a_referrer_elsewhere_leads_nowhere_else(visitors: Visitors, service: Service) -> None:
    visitor = visitors(WORKER)
    end_logins(service)
    for told in ("https://jahat.example/tasks/1", "http://localhost//jahat.example", "http://[", ""):
        data = {"csrf_token": visitor.token, "name": "Saringan"}
        answer = visitor.client.post("/bulk/claim", data=data, headers={"Referer": told})
        assert re.fullmatch(r"/login\?next=/\?kept%3D[\w%-]+", answer.location), answer.location


def test_of_one_user_only_so_many_are_kept(visitors: Visitors, service: Service) -> None:
    visitor = visitors(WORKER)
    end_logins(service)
    for number in range(MOST + 2):
        send_from(visitor, "/filters", "/filters", name=f"Saringan {number}")
    assert len(kept(service)) == MOST


def test_what_no_form_takes_any_more_is_shown_to_be_copied(visitors: Visitors, service: Service) -> None:
    visitor, _, location = comment_after_the_end(visitors, service)
    with reading(service.database) as tx:
        [id] = tx.scalars(select(KeptForm.id))
    signed_in_again(visitor, location)
    for page, status in (("/account", 200), ("/tasks/tidak-ada", 404)):
        answer = visitor.get(f"{page}?kept={id}")
        assert answer.status_code == status
        assert "&lt;kabar&gt;</textarea>" in answer.text


def test_short_values_are_shown_to_be_copied_and_hidden_ones_are_not(
    visitors: Visitors, service: Service
) -> None:
    admin = visitors("admin@titian")
    end_logins(service)
    sent = {"user_id": "sari@natuna", "email": "sari@example.go.id", "instance_id": "0190", "password": "x y"}
    send_from(admin, "/admin/users/new", "/admin/users", **sent)
    with reading(service.database) as tx:
        [id] = tx.scalars(select(KeptForm.id))
    admin.sign_in("admin@titian")
    assert ">\nsari@natuna\nsari@example.go.id</textarea>" in admin.get(f"/account?kept={id}").text


def test_a_form_that_was_refused_before_is_filled_in_on_the_page_that_it_stood_on(
    visitors: Visitors, service: Service
) -> None:
    """While it is corrected under the address that refused it, whether that opens or not."""
    case = re.search(r'href="(/cases/[\w-]+)', visitors(WORKER).get(visitors.open_case()).text)
    assert case
    for user_id, page, path, name, value in (
        (WORKER, case[1], f"{case[1]}/comments", "message", "x" * 5000),
        ("admin@titian", "/admin/users/new", "/admin/users", "user_id", "sari natuna"),
    ):
        visitor = visitors(user_id)
        visitor.get(page)
        for standing in (page, path):
            assert send_from(visitor, standing, path, **{name: value}).status_code >= 400
        end_logins(service)
        answer = send_from(visitor, path, path, **{name: "sari@natuna"})
        back = signed_in_again(visitor, answer.location, user_id)
        assert form_of(back, path)[name] == "sari@natuna"


def test_a_managers_absence_is_filled_in_again_after_the_proof(
    visitors: Visitors, service: Service, later: Later
) -> None:
    visitor = visitors(MANAGER)
    visitor.get("/cockpit/absences")
    later(timedelta(minutes=16))
    asked = visitor.send("/cockpit/absences", **ABSENCE)
    page = visitor.get(asked.location)
    assert "Yang Anda isi belum terkirim" in page.text
    after = form_of(page, "/account/confirm")["next"]
    page = visitor.get(visitor.send("/account/confirm", password=PASSWORD, next=after).location)
    fields = form_of(page, "/cockpit/absences")
    assert ABSENCE.items() <= fields.items()
    actor = get_actor(service.database, MANAGER)
    assert actor
    assert list_absences(service.database, actor, "natuna") == [], "it waits for the manager's own press"
    assert visitor.send("/cockpit/absences", **fields).status_code == 303
    assert [each.substitute_id for each in list_absences(service.database, actor, "natuna")] == [
        "peksos@natuna"
    ]


def test_boxes_of_a_token_are_ticked_again_after_the_proof(office: Service, later: Later) -> None:
    visitor = guest(office, WORKER)
    later(timedelta(minutes=16))
    asked = visitor.send("/account/tokens", label="ekspor malam", scope=["read", "tasks"], days="30")
    after = form_of(visitor.get(asked.location), "/account/confirm")["next"]
    page = visitor.get(visitor.send("/account/confirm", password=PASSWORD, next=after).location)
    fields = _Form(page.text, "/account/tokens").fields
    assert {("label", "ekspor malam"), ("scope", "read"), ("scope", "tasks"), ("days", "30")} <= set(fields)
    assert ("scope", "manage") not in fields


def test_who_has_no_password_proves_it_by_signing_in_again_and_keeps_the_form(
    visitors: Visitors, later: Later
) -> None:
    visitor = visitors(MANAGER)
    visitor.get("/cockpit/absences")
    later(timedelta(minutes=16))
    asked = visitor.send("/cockpit/absences", **ABSENCE)
    after = form_of(visitor.get(asked.location), "/account/confirm")["next"]
    assert visitor.get(f"/login?next={after}").status_code == 200
    visitor.send("/login", user_id=MANAGER, password=PASSWORD)
    assert form_of(visitor.get(after), "/cockpit/absences")["first"] == ABSENCE["first"]


def test_a_password_is_never_kept_and_the_page_says_so(visitors: Visitors, service: Service) -> None:
    admin = visitors("admin@titian")
    admin.get("/admin/users/new")
    end_logins(service)
    sent = {"user_id": "sari@natuna", "name": "Sari Dewi", "password": "kapal biru di teluk"}
    answer = send_from(admin, "/admin/users/new", "/admin/users", **sent)
    page = signed_in_again(admin, answer.location, "admin@titian")
    fields = form_of(page, "/admin/users")
    assert (fields["user_id"], fields["name"], fields["password"]) == ("sari@natuna", "Sari Dewi", "")
    assert "kapal biru" not in page.text
    assert "ketik lagi" in page.text


def test_every_field_that_proves_who_one_is_is_left_out() -> None:
    proofs = re.compile(r'<input[^>]*\bname="(\w+)"[^>]*(?:type="password"|autocomplete="one-time-code")')
    pages = (ROOT / "webapp").glob("*/templates/**/*.html")
    named = {name for page in pages for name in proofs.findall(page.read_text())}
    assert named == SECRETS


def test_every_hidden_field_is_known_as_one() -> None:
    hidden = re.compile(r'<input type="hidden" name="(\w+)"')
    pages = (ROOT / "webapp").glob("*/templates/**/*.html")
    named = {name for page in pages for name in hidden.findall(page.read_text())}
    assert named - {"csrf_token", "next", "name"} == UNSEEN  # a name is typed elsewhere


def test_a_file_is_not_kept_and_the_page_says_so(visitors: Visitors, service: Service) -> None:
    task = visitors.open_case()
    visitor = visitors(WORKER)
    visitor.get(task)
    visitor.send(f"{task}/claim")
    end_logins(service)
    data = {"csrf_token": visitor.token, "description": "Surat keterangan lahir"}
    with (ROOT / "README.md").open("rb") as file:
        sent = data | {"file": (file, "akta.pdf")}
        headers = {"Referer": f"http://localhost{task}"}
        answer = visitor.client.post(f"{task}/attachments", data=sent, headers=headers)
    page = signed_in_again(visitor, answer.location)
    assert form_of(page, f"{task}/attachments")["description"] == "Surat keterangan lahir"
    assert "pilih lagi" in page.text
