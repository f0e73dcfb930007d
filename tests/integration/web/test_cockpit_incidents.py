"""Incidents in the cockpit: what went wrong in plain words, and trying again."""

import json
import re

import pytest

import engine
from engine.errors import ExecutionFailed
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import Service
from tests.support.trouble import FAULT, Referrals

LIST = "/cockpit/incidents"


@pytest.fixture
def referrals(service: Service) -> Referrals:
    return Referrals(service)


@pytest.fixture
def manager(visitors: Visitors) -> Visitor:
    return visitors("manajer@natuna")


def follow(visitor: Visitor, path: str, **fields: str) -> str:
    answer = visitor.send(path, **fields)
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.location).text


def retry_path(page: str) -> str:
    found = re.search(r'action="(/cockpit/incidents/[^"]+/retry)"', page)
    assert found, "there is nothing to retry"
    return found[1]


def marked(page: str) -> list[str]:
    """The elements that the diagram marks as stuck."""
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.DOTALL)
    assert found
    incidents: list[str] = json.loads(found[1])["incidents"]
    return incidents


def test_where_nothing_is_wrong_the_list_says_so_and_the_overview_nothing(manager: Visitor) -> None:
    assert "Tidak ada gangguan." in manager.get(LIST).text
    assert LIST not in manager.get("/cockpit").text


def test_a_program_that_has_failed_is_listed_with_its_words_and_tried_again(
    referrals: Referrals, manager: Visitor
) -> None:
    case = referrals.failed()
    page = manager.get(LIST).text
    for words in (case.business_key, "Kirim rujukan", "Uji rujukan", FAULT, "Sejak"):
        assert words in page
    assert re.search(rf'href="{LIST}">\s*<strong>1</strong>', manager.get("/cockpit").text)
    assert "Sekarang dicoba lagi." in follow(manager, retry_path(page))
    assert referrals.retries(case) == 1
    assert "Tidak ada gangguan." in manager.get(LIST).text


def test_a_job_that_was_given_up_is_tried_again(referrals: Referrals, manager: Visitor) -> None:
    case = referrals.given_up()
    page = manager.get(LIST).text
    assert "Sistem sudah beberapa kali mencoba langkah ini" in page
    follow(manager, retry_path(page))
    assert engine.run_due_jobs(referrals.database) == 1
    assert "Kirim rujukan" in manager.get(f"/cockpit/instances/{case.id}").text


def test_the_page_of_the_case_says_it_marks_the_diagram_and_comes_back_to_itself(
    referrals: Referrals, manager: Visitor
) -> None:
    case = referrals.failed()
    place = f"/cockpit/instances/{case.id}"
    page = manager.get(place).text
    assert "Kasus tidak dapat berlanjut" in page
    assert marked(page) == ["kirim"]
    answer = manager.send(retry_path(page), case="1")
    assert answer.location == place
    page = manager.get(place).text
    assert "Kasus tidak dapat berlanjut" not in page
    assert marked(page) == []


def test_a_persons_step_that_leads_nowhere_is_told_in_indonesian_and_cannot_be_retried(
    referrals: Referrals, manager: Visitor
) -> None:
    case = referrals.sent()
    referrals.report(case, done=True)
    with pytest.raises(ExecutionFailed):
        referrals.do(case, jawaban=3)
    page = manager.get(LIST).text
    assert "Periksa jawaban" in page
    assert "Seseorang mencoba menyelesaikan langkah ini" in page
    assert "“Diterima?”" in page
    assert "No outgoing flow" not in page
    assert "/retry" not in page
    referrals.do(case, jawaban=1)
    assert "Tidak ada gangguan." in manager.get(LIST).text


def test_a_button_that_comes_too_late_does_nothing(referrals: Referrals, manager: Visitor) -> None:
    referrals.failed()
    path = retry_path(manager.get(LIST).text)
    follow(manager, path)
    assert "Tidak ada lagi yang perlu dicoba." in follow(manager, path)


@pytest.mark.parametrize("user_id", ["petugas@natuna", "analis@natuna", "admin@titian"])
def test_only_managers_see_incidents(visitors: Visitors, referrals: Referrals, user_id: str) -> None:
    case = referrals.failed()
    [incident] = engine.list_incidents(referrals.database, SYSTEM)
    visitor = visitors(user_id)
    answer = visitor.get(LIST)
    assert answer.status_code == 403
    assert FAULT not in answer.text
    assert visitor.send(f"{LIST}/{incident.id}/retry").status_code == 403
    assert referrals.retries(case) == 0


def test_another_agencys_incident_is_as_if_it_were_not_there(
    visitors: Visitors, referrals: Referrals
) -> None:
    case = referrals.failed()
    [incident] = engine.list_incidents(referrals.database, SYSTEM)
    other = visitors("manajer@bintan")
    assert "Tidak ada gangguan." in other.get(LIST).text
    assert other.send(f"{LIST}/{incident.id}/retry").status_code == 404
    assert other.send(f"{LIST}/{case.id}/retry").status_code == 404
    assert referrals.retries(case) == 0


def test_a_long_list_has_pages(referrals: Referrals, manager: Visitor) -> None:
    for _ in range(26):
        referrals.failed()
    assert manager.get(LIST).text.count(FAULT) == 25
    assert manager.get(f"{LIST}?page=2").text.count(FAULT) == 1
    assert manager.get(f"{LIST}?page=999").text.count(FAULT) == 1
