"""Titian's own of the API: an agency's calendar, and why a task is due when it is."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.support.case import begin
from tests.support.clocks import MONDAY, at
from tests.support.service import Service

KEMENPPPA = ("kemenpppa", "kemenpppa_penjangkauan_ampk", "petugas_layanan")
NATUNA = ("natuna", "natuna_pendampingan_abh_ampk", "petugas")


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(at(MONDAY), tick=False):
        yield


def test_the_days_of_an_agency_say_whether_it_works_when_and_why_not(service: Service) -> None:
    days = service.caller("petugas@pasuruan").get(
        "/tenant/pasuruan/calendar", **{"from": "2026-05-13", "to": "2026-05-16"}
    )
    shown = {day["date"][-2:]: (day["working"], day["reason"], day["name"]) for day in days.json}
    assert shown == {
        "13": (True, None, None),
        "14": (False, "holiday", "Kenaikan Yesus Kristus"),
        "15": (False, "joint_leave", "Cuti Bersama Kenaikan Yesus Kristus"),
        "16": (False, "weekend", None),
    }
    assert days.json[0]["hours"] == [{"from": "07:30", "to": "12:00"}, {"from": "13:00", "to": "16:00"}]
    assert "SKB" in days.json[1]["source"]


def test_without_days_it_is_today_and_ramadan_and_unknown_years_say_so(service: Service) -> None:
    clerk = service.caller("petugas@pasuruan")
    assert [day["date"] for day in clerk.get("/tenant/pasuruan/calendar").json] == ["2026-04-06"]
    [ramadan] = clerk.get("/tenant/pasuruan/calendar", **{"from": "2026-03-02"}).json
    assert (ramadan["ramadan"], ramadan["hours"][0]["from"]) == (True, "08:00")
    [unknown] = clerk.get("/tenant/pasuruan/calendar", to="2031-01-01").json
    assert (unknown["known"], unknown["working"]) == (False, True)


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-05-14", "to": "2026-05-13"},
        {"from": "2026-01-01", "to": "2027-02-05"},
        {"from": "1999-12-31"},
        {"to": "9999-12-31"},
        {"from": "besok"},
        {"sejak": "2026-01-01"},
    ],
)
def test_days_that_cannot_be_shown_are_refused(service: Service, asked: dict[str, str]) -> None:
    answer = service.caller("petugas@pasuruan").get("/tenant/pasuruan/calendar", **asked)
    assert (answer.status_code, answer.json["type"]) == (400, "QueryInvalid")


def test_office_hours_are_told_by_weekday(service: Service) -> None:
    [hours] = service.caller("petugas@pasuruan").get("/tenant/pasuruan/office-hours").json
    assert (hours["since"], hours["timeZone"]) == (None, "Asia/Jakarta")
    assert hours["ordinary"]["jumat"][-1] == {"from": "13:00", "to": "16:30"}
    assert (hours["ramadan"]["senin"][0]["from"], hours["ordinary"]["minggu"]) == ("08:00", [])


def test_a_task_tells_the_clocks_of_its_case_and_why_each_is_due(service: Service) -> None:
    case, clerk = begin(service, *NATUNA), service.caller("petugas@natuna")
    [task] = clerk.get("/task", processInstanceId=case.id).json
    [clock] = clerk.get(f"/task/{task['id']}/clock").json
    assert (clock["id"], clock["kind"], clock["amount"]) == ("penyelesaian", "menit_kerja", 75)
    assert (clock["state"], clock["counts"], clock["outcome"]) == ("running", True, None)
    assert clock["provisional"] is False
    assert clock["due"] == task["due"] == "2026-04-06T03:15:00.000+0000"
    [counted] = clock["reasons"]
    assert (counted["kind"], counted["minutes"], counted["first"]) == ("counted", 75.0, "2026-04-06")
    assert counted["until"] == clock["due"]
    assert clock["basis"] == "Waktu Penyelesaian: 75 Menit"
    assert service.caller("peksos@pasuruan").get(f"/task/{task['id']}/clock").status_code == 404


def test_a_clock_whose_amount_is_only_proposed_says_so(service: Service) -> None:
    case = begin(service, *KEMENPPPA, sudah_lapor_sapa=False, ancaman_nyawa=True)
    clerk = service.caller("petugas_layanan@kemenpppa")
    [task] = clerk.get("/task", processInstanceId=case.id).json
    first, second = clerk.get(f"/task/{task['id']}/clock").json
    assert (first["amount"], first["provisional"], first["due"]) == (24, True, task["due"])
    assert (second["amount"], second["provisional"]) == (5, False)
