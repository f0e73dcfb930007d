"""Giving tasks to colleagues, and being away, on the pages."""

from datetime import timedelta

import pytest

import engine
from engine import clock
from engine.types import SYSTEM
from tests.integration.web.conftest import Later, Visitors
from tests.integration.web.test_drafts import page_data, save
from tests.support.service import Service
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD

COLLEAGUE = "rina@natuna"


@pytest.fixture(autouse=True)
def colleague(service: Service) -> None:
    """Another clerk of Natuna."""
    hashed = hash_password(DEMO_PASSWORD)
    engine.add_user(service.database, SYSTEM, COLLEAGUE, "Rina Wulandari", hashed, [("natuna", "petugas")])


def taken(visitors: Visitors) -> str:
    """The address of a task that the clerk has."""
    task = visitors.open_case()
    visitor = visitors("petugas@natuna")
    visitor.get(task)
    visitor.send(f"{task}/claim")
    return task


def day(after: int) -> str:
    return (clock.now() + timedelta(days=after)).date().isoformat()


def test_a_task_is_handed_over_with_a_note_that_its_receiver_reads_first(visitors: Visitors) -> None:
    task = taken(visitors)
    visitor = visitors("petugas@natuna")
    assert f'href="{task}/hand-over"' in visitor.get(task).text
    assert "Rina Wulandari" in visitor.get(f"{task}/hand-over").text
    note = "Kenanga <b>menunggu</b> telepon"
    answer = visitor.send(f"{task}/hand-over", user_id=COLLEAGUE, how="hand_over", note=note)
    assert answer.location.startswith("/cases/")
    assert "Rina Wulandari kini memegang tugas" in visitor.get(answer.location).text
    page = visitors(COLLEAGUE).get(task).text
    assert '<p class="comment-words">Kenanga &lt;b&gt;menunggu&lt;/b&gt; telepon</p>' in page
    assert "Selesaikan tugas" in page
    assert visitor.get(f"{task}/hand-over").status_code == 403


def test_what_was_typed_at_a_task_that_a_colleague_has_now_is_found_and_read(visitors: Visitors) -> None:
    task = taken(visitors)
    visitor = visitors("petugas@natuna")
    told = page_data(visitor.get(task))["draft"]
    typed = {"memenuhi_persyaratan": False, "alasan": "Kenanga Sari"}
    kept = {"values": typed, "before": dict.fromkeys(typed)}
    assert save(visitor, told, **kept).json["elsewhere"] == ""
    visitor.send(f"{task}/hand-over", user_id=COLLEAGUE, how="hand_over")
    assert "Kenanga Sari" in visitor.get(task).text
    assert "Rina Wulandari kini memegang" in (inbox := visitor.get("/").text)
    assert f'href="{task}"' in inbox
    assert "Kenanga" not in inbox
    late = save(visitor, told, revision=2, **kept)
    assert (late.status_code, "Rina Wulandari" in late.json["elsewhere"]) == (200, True)
    receiver = visitors(COLLEAGUE)
    assert "Kenanga" not in receiver.get(task).text
    receiver.send(f"{task}/unclaim")
    assert "kembali ke antrean" in save(visitor, told, revision=3, **kept).json["elsewhere"]
    assert "Ambil tugas untuk melanjutkannya" in (page := visitor.get(task).text)
    assert "Kenanga Sari" in page


def test_what_cannot_be_handed_over_comes_back_with_the_note(visitors: Visitors) -> None:
    task = taken(visitors)
    visitor = visitors("petugas@natuna")
    visitor.get(task)
    for fields, words in (
        ({"user_id": "", "how": "hand_over"}, "Pilih rekan"),
        ({"user_id": COLLEAGUE, "how": "x"}, "Pilih rekan"),
        ({"user_id": "peksos@natuna", "how": "hand_over"}, "Pilih orang lain"),
        ({"user_id": COLLEAGUE, "how": "delegate", "note": "@peksos@bintan"}, "tidak dapat melihat kasus"),
    ):
        answer = visitor.send(f"{task}/hand-over", **{"note": "Catatan uji", **fields})
        assert answer.status_code == 400
        assert words in answer.text
        assert fields.get("note", "Catatan uji") in answer.text


def test_who_is_asked_for_help_gives_the_task_back_and_its_owner_completes_it(visitors: Visitors) -> None:
    task = taken(visitors)
    owner, helper = visitors("petugas@natuna"), visitors(COLLEAGUE)
    owner.get(task)
    owner.send(f"{task}/hand-over", user_id=COLLEAGUE, how="delegate", note="Tolong hubungi sekolah")
    page = owner.get(task).text
    assert "mengerjakan ini untuk Anda" in page
    page = helper.get(task).text
    assert "meminta bantuan Anda" in page
    assert "Selesaikan tugas" not in page
    assert helper.submit(f"{task}/complete", {}).status_code == 409
    helper.send(f"{task}/resolve", note="Sekolah bersedia")
    page = owner.get(task).text
    assert "Sekolah bersedia" in page
    assert "Selesaikan tugas" in page


def test_a_colleague_named_on_the_account_page_takes_over_what_is_the_absents(visitors: Visitors) -> None:
    task = taken(visitors)
    absent, colleague = visitors("petugas@natuna"), visitors(COLLEAGUE)
    assert "Rina Wulandari" in absent.get("/account/absence").text
    fields = {"agency_id": "natuna", "substitute_id": COLLEAGUE, "first": day(0), "last": day(3)}
    refused = absent.send("/account/absence", **fields | {"last": "besok", "first": day(2)})
    assert refused.status_code == 400
    assert f'name="first" value="{day(2)}"' in refused.text
    assert f'<option value="{COLLEAGUE}" selected>' in refused.text
    assert absent.send("/account/absence", **fields | {"agency_id": "bintan"}).status_code == 400
    assert absent.send("/account/absence", **fields).location == "/account/absence"
    assert "Menggantikan" in colleague.get("/").text
    assert "Anda penggantinya" in colleague.get(task).text
    colleague.send(f"{task}/claim")
    page = colleague.get(task).text
    assert "Selesaikan tugas" in page
    assert "Rina Wulandari a.n. " in page


def test_a_manager_proves_it_anew_before_naming_who_stands_in(visitors: Visitors, later: Later) -> None:
    manager = visitors("manajer@natuna")
    manager.get("/cockpit/absences")
    later(timedelta(minutes=16))
    fields = {"user_id": "petugas@natuna", "substitute_id": "peksos@natuna", "first": day(0), "last": day(1)}
    asked = manager.send("/cockpit/absences", agency_id="natuna", **fields)
    assert asked.location.startswith("/account/confirm?next=/cockpit/absences?kept")


def test_a_manager_names_who_stands_in_and_ends_it(visitors: Visitors, service: Service) -> None:
    place = f"/cases/{engine.get_task(service.database, SYSTEM, visitors.open_case()[7:]).instance_id}"
    substitute, manager = visitors("peksos@natuna"), visitors("manajer@natuna")
    assert substitute.get(place).status_code == 404
    manager.get("/cockpit/absences")
    fields = {"user_id": "petugas@natuna", "substitute_id": "peksos@natuna", "first": day(0), "last": day(1)}
    refused = manager.send("/cockpit/absences", agency_id="bintan", **fields)
    assert refused.status_code == 400
    manager.send("/cockpit/absences", agency_id="natuna", **fields)
    assert substitute.get(place).status_code == 200
    page = manager.get("/cockpit/absences").text
    assert "Ditunjuk oleh" in page
    [ending] = [part.split('"')[0] for part in page.split('action="') if part.split('"')[0].endswith("/end")]
    manager.send(ending)
    assert substitute.get(place).status_code == 404


def test_who_stood_in_gives_back_what_is_held_beyond_the_time(
    service: Service, visitors: Visitors, later: Later
) -> None:
    task = visitors.open_case()
    start = clock.now()
    manager = engine.get_actor(service.database, "manajer@natuna")
    assert manager is not None
    who = "petugas@natuna", "peksos@natuna"
    engine.desk.set_absence(service.database, manager, "natuna", *who, start, start + timedelta(minutes=5))
    substitute = visitors("peksos@natuna")
    substitute.get(task)
    substitute.send(f"{task}/claim")
    assert "Selesaikan tugas" in substitute.get(task).text
    later(timedelta(minutes=6))
    page = substitute.get(task).text
    assert "tugas ini bukan untuk Anda lagi" in page
    assert "Selesaikan tugas" not in page
    substitute.send(f"{task}/unclaim")
    assert substitute.get(task).status_code == 404
    assert "Ambil tugas" in visitors("petugas@natuna").get(task).text
