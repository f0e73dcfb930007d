"""What is sent again because its answer was lost is done once. Issue 6, section 2."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.integration.web.conftest import NATUNA, REPORT, Visitor, Visitors
from tests.support.service import Service

OTHER = REPORT | {"uraian": "Rahasia: laporan lain"}


@pytest.fixture
def clerk(visitors: Visitors) -> Visitor:
    visitor = visitors("petugas@natuna")
    visitor.get(NATUNA)
    return visitor


def send(visitor: Visitor, draft: str, values: dict[str, str] = REPORT) -> TestResponse:
    headers = {"X-CSRFToken": visitor.token, "Accept": "application/json"}
    return visitor.client.post(NATUNA, json={"variables": values, "draft": draft}, headers=headers)


def cases(service: Service) -> list[str]:
    found = service.caller("manajer@natuna").get("/process-instance").json
    return sorted(each["id"] for each in found)


def test_a_report_that_is_sent_again_opens_one_case(service: Service, clerk: Visitor) -> None:
    draft = uuid4().hex
    first, second = send(clerk, draft), send(clerk, draft)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    assert len(cases(service)) == 1
    assert send(clerk, uuid4().hex).status_code == 200, "the same words from another page are another report"
    assert len(cases(service)) == 2


def test_both_at_the_same_moment_open_one_case(service: Service, clerk: Visitor) -> None:
    draft = uuid4().hex
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(clerk, draft), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(cases(service)) == 1


def test_other_words_from_the_same_page_open_no_second_case(service: Service, clerk: Visitor) -> None:
    draft = uuid4().hex
    send(clerk, draft)
    refused = send(clerk, draft, OTHER)
    assert (refused.status_code, refused.json["type"]) == (409, "FormSent")
    assert "Kasus sudah dibuka dari formulir ini" in refused.json["message"]
    assert len(cases(service)) == 1


def test_a_report_that_was_refused_can_be_mended_and_sent(service: Service, clerk: Visitor) -> None:
    draft = uuid4().hex
    assert send(clerk, draft, {"kanal": "telepon"}).status_code == 400
    assert send(clerk, draft).status_code == 200
    assert len(cases(service)) == 1


def test_nobody_gets_the_answer_to_anothers_report(
    service: Service, clerk: Visitor, visitors: Visitors
) -> None:
    draft, other = uuid4().hex, visitors("manajer@natuna")
    other.get("/")
    send(clerk, draft)
    assert send(other, draft).status_code != 200
    assert len(cases(service)) == 1


def test_a_step_that_is_sent_again_is_done_once_and_leads_on(visitors: Visitors, clerk: Visitor) -> None:
    task = visitors.open_case()
    clerk.get(task)
    clerk.send(f"{task}/claim")
    path, values = f"{task.partition('?')[0]}/complete", {"memenuhi_persyaratan": True}
    first, second = clerk.submit(path, values), clerk.submit(path, values)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    refused = clerk.submit(path, {"memenuhi_persyaratan": False})
    assert (refused.status_code, refused.json["type"]) == (409, "TaskClosed")
