"""Mails, handed to a real SMTP server: what they say, to whom, and what happens when it does not take one."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

import engine
from engine import clock, desk
from engine.commands.notifying import notify
from engine.desk import Channel, MailChoice, NotificationKind
from engine.errors import AddressInvalid
from engine.store import writing
from engine.store.tables import UserTask
from engine.types import SYSTEM, Actor, pseudonym_of
from tests.integration.web.conftest import Later, Visitors
from tests.support.case import Case, begin
from tests.support.clocks import at
from tests.support.ports import free_port
from tests.support.post import Post, post_office
from tests.support.service import Service
from webapp.config import Settings, SettingsInvalid, read_settings
from webapp.delivery import deliver_mails, delivering, words_app
from webapp.delivery.letters import code_letter
from webapp.delivery.mailing import Answer, Mailer
from webapp.relay import relay_of

KEY, ORIGIN = "natuna_pendampingan_abh_ampk", "https://titian.example.go.id"
PEKSOS, EMAIL = "peksos@natuna", "peksos@dinsos.example.go.id"


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as found:
        yield found


@pytest.fixture
def mailing(service: Service, post: Post) -> Service:
    """The application, with a mail server."""
    set_mail(service, post.url)
    return service


def set_mail(service: Service, url: str) -> Settings:
    old: Settings = service.app.config["SETTINGS"]
    new = replace(old, smtp_url=url, mail_from="titian@example.go.id", origin=ORIGIN)
    service.app.config["SETTINGS"] = new
    return new


def actor(service: Service, user_id: str) -> Actor:
    found = engine.get_actor(service.database, user_id)
    assert found is not None
    return found


def confirm(service: Service, user_id: str = PEKSOS) -> None:
    code = desk.begin_email(service.database, actor(service, user_id), EMAIL)
    assert desk.confirm_email(service.database, actor(service, user_id), code)


def assigned(service: Service) -> Case:
    """A case whose open task the diagram has given to the social worker whom the clerk has named."""
    case = begin(service, "natuna", KEY, "petugas")
    case.do("petugas", "langkah_2_terima_tugaskan", peksos_ditugaskan=PEKSOS)
    return case


def send(service: Service) -> int:
    with service.app.app_context():
        return deliver_mails(service.database, service.app.config["SETTINGS"])


def test_an_address_gets_nothing_before_its_user_has_typed_what_was_mailed_there(
    mailing: Service, post: Post, visitors: Visitors
) -> None:
    visitor = visitors(PEKSOS)
    visitor.get("/account/notifications")
    answer = visitor.send("/account/notifications/address", email=EMAIL)
    assert answer.status_code == 303, answer.text
    [text] = post.texts()
    code = re.findall(r"\d{4} \d{4}", text)[0]
    assert "Anda memilihnya" not in text, "whoever gets it may know nothing of Titian"
    assert post.mails[0]["List-Unsubscribe"] is None
    assigned(mailing)
    assert send(mailing) == 0
    wrong = visitor.send("/account/notifications/confirm", code="00000000")
    assert wrong.status_code == 400
    assert "Kode ini salah" in wrong.text
    assert visitor.send("/account/notifications/confirm", code=code).status_code == 303
    assert EMAIL in visitor.get("/account/notifications").text
    assigned(mailing)
    assert send(mailing) == 1
    assert len(post.mails) == 2
    assert "Anda memilihnya" in post.texts()[1]
    assert post.mails[1]["List-Unsubscribe"]


def test_a_code_is_good_for_five_tries_and_half_an_hour(mailing: Service, later: Later) -> None:
    someone = actor(mailing, PEKSOS)
    code = desk.begin_email(mailing.database, someone, EMAIL)
    for _ in range(5):
        assert not desk.confirm_email(mailing.database, someone, "1")
    assert not desk.confirm_email(mailing.database, someone, code)
    code = desk.begin_email(mailing.database, someone, EMAIL)
    later(desk.CODE_GOOD + timedelta(seconds=1))
    assert not desk.confirm_email(mailing.database, someone, code)


@pytest.mark.parametrize(
    "email",
    [
        "peksos",
        "a@b",
        "a@b.id\nBcc: c@d.id",
        "a@b.id, c@d.id",
        "<a@b.id>",
        '"a b"@c.id',
        "ä@b.id",
        "a@-b.id",
        f"{'a' * 65}@b.id",
        "a@" + "b." * 130 + "id",
    ],
)
def test_what_is_not_one_plain_address_is_refused(mailing: Service, email: str) -> None:
    with pytest.raises(AddressInvalid):
        desk.begin_email(mailing.database, actor(mailing, PEKSOS), email)


def test_an_address_that_an_administrator_enters_waits_for_its_user(
    mailing: Service, post: Post, visitors: Visitors
) -> None:
    confirm(mailing)
    admin = visitors("admin@titian")
    admin.get(f"/admin/users/{PEKSOS}")
    admin.send(f"/admin/users/{PEKSOS}/email", email="lain@example.go.id")
    assert "Belum dipastikan" in admin.get(f"/admin/users/{PEKSOS}").text
    assigned(mailing)
    assert send(mailing) == 0
    assert post.mails == []


def test_a_mail_says_number_pseudonym_and_step_and_leads_to_the_task(
    mailing: Service, post: Post, visitors: Visitors
) -> None:
    confirm(mailing)
    case = assigned(mailing)
    assert (send(mailing), send(mailing)) == (1, 0)
    [mail] = post.mails
    assert mail["Subject"] == "Titian: ada pemberitahuan untuk Anda"
    assert mail["From"] == "Titian <titian@example.go.id>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == f"<{ORIGIN}/account/notifications>"
    assert mail["Message-ID"].endswith("@titian.example.go.id>")
    text = str(mail.get_content())
    assert f"{case.business_key} ({pseudonym_of(case.id)})" in text
    assert "Manajer" not in text
    assert "manajer@" not in text
    link = re.findall(rf"{ORIGIN}(/notifications/\w+)", text)[0]
    visitor = visitors(PEKSOS)
    answer = visitor.get(link)
    assert answer.status_code == 303
    assert answer.location.startswith("/tasks/")
    assert desk.count_unread(mailing.database, actor(mailing, PEKSOS), 9) == 0
    assert visitors("petugas@natuna").get(link).status_code == 404


def test_a_mail_speaks_its_readers_language(mailing: Service, post: Post) -> None:
    confirm(mailing)
    engine.set_language(mailing.database, actor(mailing, PEKSOS), "en")
    assigned(mailing)
    send(mailing)
    assert post.mails[0]["Content-Language"] == "en"
    assert "You have a new task:" in post.texts()[0]


def test_what_was_not_taken_is_tried_again_with_the_same_id(
    mailing: Service, post: Post, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    confirm(mailing)
    assigned(mailing)
    post.at_recipient, post.at_data = ["451 later"], ["452 full", "break"]
    for _ in range(3):
        assert send(mailing) == 0
        assert send(mailing) == 0  # not at once
        later(timedelta(hours=1))
    ids = set(re.findall(r"<\w+@titian.example.go.id>", caplog.text))
    assert send(mailing) == 1
    assert ids == {post.mails[0]["Message-ID"]}
    assert EMAIL not in caplog.text


def test_what_is_refused_for_good_is_not_tried_again_and_holds_up_nobody(
    mailing: Service, post: Post, later: Later
) -> None:
    confirm(mailing)
    first, second = assigned(mailing), assigned(mailing)
    post.at_recipient = ["550 no such user"]
    assert send(mailing) == 1
    later(timedelta(hours=2))
    assert send(mailing) == 0
    assert (
        len({first.business_key, second.business_key} & set(re.findall(r"\w+-\d+-\d+", post.texts()[0]))) == 1
    )


def test_a_dead_server_is_given_up_after_a_day_with_a_line_in_the_log(
    service: Service, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    set_mail(service, f"smtp://127.0.0.1:{free_port()}")
    confirm(service)
    assigned(service)
    for _ in range(30):
        send(service)
        later(timedelta(hours=1, minutes=1))
    assert caplog.text.count("given up after a day") == 1
    assert desk.count_unread(service.database, actor(service, PEKSOS), 9) == 1
    assert desk.take_deliveries(service.database, (Channel.MAIL,)) == []


def test_a_slow_server_is_not_waited_for(post: Post) -> None:
    post.seconds = 5.0
    settings = Settings(origin=ORIGIN, mail_from="titian@example.go.id")
    app = words_app(settings)
    with app.app_context(), Mailer(relay_of(post.url), timeout=0.2) as mailer:
        assert mailer.send(code_letter(settings, EMAIL, "x", "12345678")) is Answer.LATER
    assert post.mails == [], "the server had its whole time"


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_password_goes_over_tls_only_and_to_the_right_server_only(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: Later, scheme: str
) -> None:
    with post_office(scheme, tmp_path) as post:
        set_mail(service, post.url)
        confirm(service)
        assigned(service)
        assert send(service) == 0  # nobody vouches for the certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(post.authority))
        later(timedelta(hours=1))
        assert send(service) == 1
        set_mail(service, post.url.replace("kata", "lain"))
        assigned(service)
        assert send(service) == 0
        assert len(post.mails) == 1


def test_what_was_read_meanwhile_or_is_nobodys_business_any_more_is_not_mailed(
    mailing: Service, post: Post
) -> None:
    confirm(mailing)
    assigned(mailing)
    desk.mark_read(mailing.database, actor(mailing, PEKSOS))
    assigned(mailing)
    engine.set_memberships(mailing.database, SYSTEM, PEKSOS, [("bintan", "peksos")])
    assert send(mailing) == 0
    engine.set_memberships(mailing.database, SYSTEM, PEKSOS, [("natuna", "peksos")])
    assert send(mailing) == 0
    assigned(mailing)
    engine.set_active(mailing.database, SYSTEM, PEKSOS, False)
    assert send(mailing) == 0
    assert post.mails == []


@pytest.mark.usefixtures("weekday")
def test_the_daily_mail_comes_at_its_hour_and_only_with_something_to_say(
    mailing: Service, post: Post, later: Later
) -> None:
    confirm(mailing)
    choose(mailing, NotificationKind.MENTIONED, MailChoice.DIGEST)
    later(timedelta(days=1))
    assert send(mailing) == 0
    case = assigned(mailing)
    with writing(mailing.database) as tx:
        notify(tx, NotificationKind.MENTIONED, "natuna", [PEKSOS], instance_id=case.id)
    free = assigned(mailing)
    [task] = mailing.caller(PEKSOS).get("/task", processInstanceId=free.id).json
    mailing.caller(PEKSOS).post(f"/task/{task['id']}/unclaim")
    assert send(mailing) == 2  # the tasks, at once
    later(timedelta(days=1))
    assert (send(mailing), send(mailing)) == (1, 0)
    digest = post.mails[2]
    assert digest["Subject"] == "Titian: ringkasan hari ini"
    text = str(digest.get_content())
    assert "Pemberitahuan yang belum Anda baca (1)" in text
    assert f"Anda disebut di {case.business_key}" in text
    assert "1 tugas baru di antrean kelompok Anda." in text


@pytest.fixture
def weekday(later: Later) -> None:
    """It is a Tuesday, and the next two days are none off."""
    later(at("2026-04-07 09:00") - clock.now())


def choose(service: Service, kind: NotificationKind, when: MailChoice, *, hour: int = 7) -> None:
    someone = actor(service, PEKSOS)
    before = desk.get_choice(service.database, someone)
    mail = {**before.mail, kind: when}
    desk.choose_ways(
        service.database, someone, mail=mail, push=before.push, summary=before.summary, digest_hour=hour
    )


@pytest.mark.usefixtures("weekday")
def test_the_daily_mail_names_what_is_late_and_what_is_soon_due(
    mailing: Service, post: Post, later: Later
) -> None:
    confirm(mailing)
    late, soon = assigned(mailing), assigned(mailing)
    with writing(mailing.database) as tx:
        for case, hours in ((late, 20), (soon, 30)):
            due = UserTask.instance_id == case.id
            tx.execute(update(UserTask).where(due).values(due_at=clock.now() + timedelta(hours=hours)))
    later(timedelta(hours=24))
    send(mailing)
    [text] = [str(mail.get_content()) for mail in post.mails if "ringkasan" in mail["Subject"]]
    parts = re.split(r"\n\n", text.replace("\r", ""))
    assert [p.partition("\n")[0] for p in parts[:2]] == ["Terlambat (1)", "Segera jatuh tempo (1)"]
    assert late.business_key in parts[0]
    assert soon.business_key in parts[1]


def test_both_runners_deliver_and_one_alone_takes_a_mail(mailing: Service, post: Post) -> None:
    confirm(mailing)
    assigned(mailing)
    settings = mailing.app.config["SETTINGS"]
    worker = words_app(
        replace(settings, database_url=mailing.database.url.render_as_string(hide_password=False))
    )
    with delivering(mailing.app), delivering(worker):
        until = time.monotonic() + 20
        while not post.mails and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.2)
    assert len(post.mails) == 1


def test_without_a_mail_server_the_page_says_so_and_nothing_waits(
    service: Service, visitors: Visitors
) -> None:
    confirm(service)
    assigned(service)
    assert send(service) == 0
    page = visitors(PEKSOS).get("/account/notifications").text
    assert "Server ini belum mengirim surel." in page


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("mail.example.go.id", "begins with"),
        ("smtp://user:password@mail.example.go.id", "in the open"),
        ("smtps://", "a host"),
        ("smtps://mail.example.go.id/x", "nothing behind"),
        ("smtps://mail.example.go.id:99999", "between 1 and 65535"),
    ],
)
def test_a_mail_server_that_cannot_be_is_refused_at_the_start(url: str, wrong: str) -> None:
    known = {"TITIAN_MAIL_FROM": "titian@example.go.id", "TITIAN_ORIGIN": ORIGIN}
    with pytest.raises(SettingsInvalid, match=wrong) as refused:
        read_settings({"TITIAN_SMTP_URL": url, **known})
    assert "password@" not in str(refused.value)
    for missing in known:
        with pytest.raises(SettingsInvalid, match=missing):
            read_settings({"TITIAN_SMTP_URL": "smtp://localhost", **known, missing: ""})
