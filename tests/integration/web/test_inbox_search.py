"""One field to search with: what may be known stands in the address, and a name nowhere at all."""

import logging
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from engine import list_accesses
from engine.types import SYSTEM, AccessFilter, pseudonym_of
from tests.integration.web.conftest import Visitor, Visitors
from tests.integration.web.test_inbox import cards
from tests.support.case import Case, begin
from tests.support.service import Service

NAME = "Zulaikha Contoh"


@pytest.fixture
def assessed(service: Service) -> Case:
    """A case that waits for the letter, of a child whose name was filled in on the way."""
    case = begin(service, "natuna", "natuna_pendampingan_abh_ampk", "petugas")
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    case.do("peksos", "langkah_3_asesmen", nama_anak=NAME)
    return case


@pytest.fixture
def fresh(service: Service) -> Case:
    """Another one that has just come in."""
    return begin(service, "natuna", "natuna_pendampingan_abh_ampk", "petugas")


def look(visitor: Visitor, words: str) -> TestResponse:
    """Search; the answer sends the browser on."""
    answer = visitor.send("/search", search=words, tab="mine")
    assert answer.status_code == 303
    return answer


def asked(answer: TestResponse) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.location).query)


def test_any_part_of_a_number_and_the_pseudonym_find_a_case_wherever_it_waits(
    visitors: Visitors, assessed: Case, fresh: Case
) -> None:
    visitor = visitors("peksos@natuna")
    for words in (assessed.business_key.lower(), "0001", "2026-0001", pseudonym_of(assessed.id).lower()):
        answer = look(visitor, words)
        assert asked(answer)["search"] == [words]
        assert cards(visitor.get(answer.location).text) == [assessed.business_key], words
    assert cards(visitor.get(look(visitor, fresh.business_key).location).text) == []


def test_a_case_at_somebody_elses_is_found_without_a_task(
    visitors: Visitors, assessed: Case, fresh: Case
) -> None:
    visitor = visitors("petugas@natuna")
    page = visitor.get(look(visitor, pseudonym_of(assessed.id)).location).text
    assert "Kasus tanpa tugas untuk Anda" in page
    assert f"/cases/{assessed.id}" in page
    assert fresh.business_key not in page


def test_steps_and_services_are_found_by_their_words(visitors: Visitors, assessed: Case, fresh: Case) -> None:
    visitor = visitors("manajer@natuna")
    answer = look(visitor, "konsep surat")
    assert asked(answer)["step"] == ["langkah_4_konsep_surat"]
    assert cards(visitor.get(answer.location).text) == [assessed.business_key]
    page = visitor.get(look(visitor, "terima").location).text
    assert cards(page) == [fresh.business_key]
    assert cards(visitor.get(look(visitor, "tidak ada begini").location).text) == []


@pytest.mark.parametrize("words", [NAME, "zulaikha", "ZULAI"])
def test_a_name_finds_the_case_and_stands_nowhere(
    visitors: Visitors, assessed: Case, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = visitors("peksos@natuna")
    answer = look(visitor, words)
    page = visitor.get(answer.location).text
    assert cards(page) == [assessed.business_key]
    assert "tidak disimpan di mana pun" in page
    told = [answer.location, *answer.headers.getlist("Set-Cookie"), page, *caplog.messages]
    assert [text for text in told if "zulai" in text.lower()] == []


def test_only_who_works_on_the_case_finds_it_by_a_name(visitors: Visitors, assessed: Case) -> None:
    for user in ("manajer@natuna", "kepala_dinas@natuna", "peksos@bintan", "analis@natuna"):
        visitor = visitors(user)
        visitor.get("/account")
        answer = look(visitor, NAME)
        assert asked(answer)["cases"] == ["-"], user
        assert assessed.business_key not in visitor.get(answer.location).text


def test_the_access_log_says_whose_case_was_found_and_how_many_were_opened(
    visitors: Visitors, service: Service, assessed: Case, fresh: Case
) -> None:
    look(visitors("peksos@natuna"), NAME)
    entries = list_accesses(service.database, SYSTEM, AccessFilter(user_id="peksos@natuna"))
    told = [(e.action.value, e.instance_id, e.subject) for e in entries if e.subject.startswith("search")]
    assert sorted(told, key=str) == [
        ("read_variables", assessed.id, "search:names"),
        ("read_variables", None, "search:1"),
    ]
    assert fresh.id not in str(told)


@pytest.mark.parametrize(
    ("words", "open_words"),
    [
        ("NATUNA-2026-0001", True),
        ("natuna-2026", True),
        ("0142", True),
        ("Melati 27", True),
        ("melati27", True),
        ("Melati", False),
        ("3575010101150001", False),
        ("081234567890", False),
        ("01-01-2015", False),
        ("Budi 27", False),
        ("budi-2010", False),
    ],
)
def test_only_numbers_of_cases_and_pseudonyms_are_taken_for_public(
    visitors: Visitors, words: str, open_words: bool
) -> None:
    visitor = visitors("petugas@natuna")
    assert ("search" in asked(look(visitor, words))) is open_words


def test_a_search_for_nothing_goes_back_to_the_list_it_came_from(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    assert asked(look(visitor, "  ")) == {"tab": ["mine"]}
    page = visitor.get(look(visitor, "qqq").location).text
    assert "Tidak ada tugas atau kasus yang cocok." in page
    assert re.search(r"Cari dengan sebagian nomor registrasi \(142\)", page)
