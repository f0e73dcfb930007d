"""The auditor's search, who has opened a case, and the registers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from engine import get_actor, list_agencies, put_agency, record_now
from engine.clock import now
from engine.commands.register_words import erase_old_words
from engine.store import reading
from engine.types import SYSTEM, Access, RecordAction
from tests.integration.web.conftest import Visitors
from tests.support.service import Service

ZONE = ZoneInfo("Asia/Jakarta")


def local(hours: float = 0.0) -> str:
    return (now() + timedelta(hours=hours)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def case_of(service: Service) -> tuple[str, str]:
    with reading(service.database) as tx:
        row = tx.execute(text("SELECT id, business_key FROM process_instance")).one()
    return row.id, row.business_key


def test_the_auditor_finds_who_opened_a_case_and_sees_no_case(service: Service, visitors: Visitors) -> None:
    visitors.open_case()
    case, number = case_of(service)
    visitors("peksos@natuna")
    visitors("manajer@natuna").get(f"/cockpit/instances/{case}")
    auditor = visitors("auditor@natuna")
    page = auditor.get(f"/audit?case={number}").text
    assert "membuka kasus" in page
    assert "manajer@natuna" in page
    assert "dugaan pencurian" not in page
    for path in (f"/cases/{case}", f"/cockpit/instances/{case}", "/cockpit", "/admin"):
        assert auditor.get(path).status_code in (403, 404), path
    assert auditor.get(f"/audit/cases/{case}").status_code == 200
    assert "login" not in auditor.get("/audit?action=open_case&user=manajer@natuna").text.split("<ol")[1]


def test_each_filter_narrows(service: Service, visitors: Visitors) -> None:
    visitors.open_case()
    auditor = visitors("auditor@natuna")

    def count(query: str) -> int:
        return auditor.get(f"/audit?{query}").text.count("data-entry")

    today = now().astimezone(ZONE).date()
    assert count("user=petugas@natuna&action=change_case") == 1
    assert count("user=peksos@natuna&action=change_case") == 0
    assert count(f"since={today}&until={today}&action=change_case") == 1
    assert count(f"since={today + timedelta(days=1)}&action=change_case") == 0
    assert count(f"until={today - timedelta(days=1)}&action=change_case") == 0
    assert count("since=bukan-tanggal&page=99999&action=change_case") == 1


def test_a_log_is_its_own_agencys(service: Service, visitors: Visitors) -> None:
    visitors.open_case()
    case, _ = case_of(service)
    other = visitors("auditor@pasuruan")
    assert "data-entry" not in other.get("/audit?user=petugas@natuna&action=change_case").text
    assert other.get(f"/audit/cases/{case}").status_code == 404
    for user in ("petugas@natuna", "manajer@natuna", "analis@natuna", "admin@titian"):
        assert visitors(user).get("/audit").status_code == 403, user


def test_a_purpose_is_shown_with_the_case_and_to_the_auditor(service: Service, visitors: Visitors) -> None:
    visitors.open_case()
    case, _ = case_of(service)
    deed = Access(RecordAction.REVEAL_IDENTITY, None, case, "variable:nik", "permintaan Bapas <b>")
    actor = get_actor(service.database, "petugas@natuna")
    assert actor is not None
    record_now(service.database, actor, [deed])
    for user, path in (("petugas@natuna", f"/audit/cases/{case}"), ("auditor@natuna", "/audit")):
        page = visitors(user).get(path).text
        assert "permintaan Bapas &lt;b&gt;" in page, user


def test_who_works_on_a_case_sees_who_opened_it_and_others_do_not(
    service: Service, visitors: Visitors
) -> None:
    visitors.open_case()
    case, number = case_of(service)
    worker = visitors("petugas@natuna")
    assert f"/audit/cases/{case}" in worker.get(f"/cases/{case}").text
    page = worker.get(f"/audit/cases/{case}").text
    assert number in page
    assert page.count("data-entry") == 2
    assert visitors("analis@natuna").get(f"/audit/cases/{case}").status_code == 404


def test_a_request_is_entered_answered_once_and_printed(service: Service, visitors: Visitors) -> None:
    manager = visitors("manajer@natuna")
    manager.get("/audit/requests")
    fields = {"kind": "access", "requester": "parent", "business_key": "NTN-1", "note": "Salinan asesmen"}
    answer = manager.send("/audit/requests?agency=natuna", received_at=local(-80), **fields)
    assert answer.status_code == 303
    page = manager.get(answer.location).text
    assert "Ps 7, 32" in page
    assert "terlambat" in page or "lewat" in page
    assert manager.send(answer.location, outcome="refused", answer="").status_code == 400
    assert manager.send(answer.location, outcome="granted", answer="Salinan diserahkan").status_code == 303
    assert manager.send(answer.location, outcome="refused", answer="lain").status_code == 400
    page = manager.get("/audit/requests").text
    assert "state-cancelled" in page, "answered too late, and it says so"
    auditor = visitors("auditor@natuna")
    assert "Salinan diserahkan" in auditor.get(answer.location).text
    assert auditor.send(answer.location, outcome="granted", answer="").status_code == 403
    assert "<textarea" not in auditor.get("/audit/requests").text
    assert auditor.send("/audit/requests?agency=natuna", received_at=local(), **fields).status_code == 403
    assert visitors("manajer@pasuruan").get(answer.location).status_code == 404
    assert visitors("petugas@natuna").get("/audit/requests").status_code == 403


def test_what_is_wrong_with_a_request_comes_back(service: Service, visitors: Visitors) -> None:
    manager = visitors("manajer@natuna")
    manager.get("/audit/requests")
    good = {
        "kind": "erasure",
        "requester": "subject",
        "business_key": "",
        "note": "",
        "received_at": local(-1),
    }
    wrong = (
        {"received_at": ""},
        {"received_at": local(2)},
        {"note": "x" * 4001},
        {"business_key": "x" * 256},
    )
    for each in wrong:
        answer = manager.send("/audit/requests?agency=natuna", **(good | each))
        assert answer.status_code == 400, each
        assert "summary-error" in answer.text
    assert manager.send("/audit/requests?agency=pasuruan", **good).status_code == 404


def test_an_entry_whose_words_were_erased_says_so(service: Service, visitors: Visitors) -> None:
    manager, database = visitors("manajer@natuna"), service.database
    manager.get("/audit/requests")
    asked = {"kind": "access", "requester": "parent", "business_key": "", "note": "Salinan asesmen"}
    one = manager.send("/audit/requests?agency=natuna", received_at=local(-1), **asked).location
    manager.send(one, outcome="granted", answer="Salinan diserahkan")
    told = {"data": "Alamat dan asesmen", "course": "Laptop hilang", "handling": "", "subjects": "3"}
    other = manager.send("/audit/breaches?agency=natuna", found_at=local(-2), **told).location
    manager.send(other, handling="Kata sandi diganti", authority_told="1", subjects_told="1")
    pages = one, other, "/audit/breaches"
    assert not [page for page in pages if "sudah dihapus" in manager.get(page).text]
    [natuna] = [each for each in list_agencies(database, SYSTEM) if each.id == "natuna"]
    put_agency(database, SYSTEM, "natuna", natuna.name, dict(natuna.profile) | {"retensi": {"register": 1}})
    assert erase_old_words(database, now() + timedelta(days=90)) == 2
    for page in pages:
        shown = manager.get(page).text
        assert ("sudah dihapus" in shown) is (page != "/audit/breaches")
        assert ("dihapus lagi" in shown) is (page == other), "whoever writes on is told what becomes of it"
        assert not [words for words in ("Salinan", "Alamat", "Laptop", "Kata sandi") if words in shown]


def test_a_breach_has_its_notice_and_its_clock(service: Service, visitors: Visitors) -> None:
    manager = visitors("manajer@natuna")
    manager.get("/audit/breaches")
    fields = {"data": "Alamat dan asesmen", "course": "Laptop hilang", "handling": "", "subjects": "3"}
    answer = manager.send("/audit/breaches?agency=natuna", found_at=local(-2), **fields)
    assert answer.status_code == 303
    page = manager.get(answer.location).text
    assert "Ps 46" in page
    assert "Alamat dan asesmen" in page
    assert manager.send(answer.location, handling="Kata sandi diganti", authority_told="1").status_code == 303
    page = manager.get(answer.location).text
    assert "Kata sandi diganti" in page
    assert "authority_told" not in page
    assert "subjects_told" in page
    assert (
        manager.send(
            "/audit/breaches?agency=natuna", found_at=local(), **(fields | {"subjects": "-1"})
        ).status_code
        == 400
    )
    assert visitors("manajer@pasuruan").get(answer.location).status_code == 404


def test_the_registers_clock_is_three_times_twenty_four_hours(service: Service, visitors: Visitors) -> None:
    manager = visitors("manajer@natuna")
    manager.get("/audit/requests")
    received = local(-10)
    manager.send(
        "/audit/requests?agency=natuna",
        kind="correction",
        requester="counsel",
        business_key="",
        note="",
        received_at=received,
    )
    with reading(service.database) as tx:
        row = tx.execute(text("SELECT received_at, due_at FROM data_request")).one()
    moments = [datetime.fromisoformat(str(value)) for value in row]
    assert moments[1] - moments[0] == timedelta(hours=72)
