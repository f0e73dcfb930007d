"""One case in the cockpit: what a manager sees of it and what stays hidden."""

import json
import re
from typing import Any

import pytest

from engine import describe_variables, get_actor
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.case import Case, begin
from tests.support.service import Service

KEY = "natuna_pendampingan_abh_ampk"
SECRET = "Budi Santoso mencuri sepeda"


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "natuna", KEY, "petugas", uraian=SECRET, kanal="telepon")


@pytest.fixture
def manager(visitors: Visitors) -> Visitor:
    return visitors("manajer@natuna")


def page_data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_diagram_gets_the_tokens_and_the_path(manager: Visitor, case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    data = page_data(manager.get(f"/cockpit/instances/{case.id}").text)
    assert data["tokens"] == {"langkah_3_asesmen": 1}
    assert {"langkah_2_terima_tugaskan", "langkah_3_asesmen"} <= set(data["visited"])
    assert data["flows"]
    assert data["xml"].startswith("<?xml")


def test_a_case_that_has_ended_has_no_token_and_no_action(manager: Visitor, case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=False, alasan="Bukan ABH")
    page = manager.get(f"/cockpit/instances/{case.id}").text
    assert page_data(page)["tokens"] == {}
    for action in ("/cancel", "/assign", "/release"):
        assert action not in page


def test_the_page_with_a_diagram_has_no_style_and_no_script_inside(manager: Visitor, case: Case) -> None:
    policy = manager.get(f"/cockpit/instances/{case.id}").headers["Content-Security-Policy"]
    assert "style-src 'self';" in policy
    assert "script-src 'self';" in policy


def test_an_open_step_says_who_it_waits_for_and_since_when(manager: Visitor, case: Case) -> None:
    page = manager.get(f"/cockpit/instances/{case.id}").text
    assert "Terima laporan, tugasi peksos" in page
    assert "Belum ada yang mengambil." in page
    assert "Petugas penerima laporan" in page
    assert "di sini sejak" in page


def test_the_history_is_told_in_plain_words(manager: Visitor, case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    page = manager.get(f"/cockpit/instances/{case.id}").text
    assert "Petugas penerima laporan membuka kasus" in page
    assert "Petugas penerima laporan menyelesaikan: Terima laporan, tugasi peksos" in page
    assert "menyelesaikan 1 langkah" in page


def test_the_data_is_shown_with_the_words_of_the_form(manager: Visitor, case: Case) -> None:
    page = manager.get(f"/cockpit/instances/{case.id}").text
    assert "Telepon" in page
    assert "Nomor registrasi" in page


def test_what_is_sealed_is_named_and_never_shown(manager: Visitor, case: Case) -> None:
    page = manager.get(f"/cockpit/instances/{case.id}").text
    assert "<code>uraian</code>" in page
    assert "dirahasiakan" in page
    assert SECRET not in page
    assert "Budi" not in page


def test_a_sealed_value_does_not_leave_the_engine(service: Service, case: Case) -> None:
    actor = get_actor(service.database, "manajer@natuna")
    assert actor
    described = {v.name: v for v in describe_variables(service.database, actor, case.id)}
    assert (described["uraian"].value, described["uraian"].sealed) == (None, True)
    assert (described["kanal"].label, described["kanal"].sealed) == ("Laporan masuk melalui", False)
    assert SECRET not in repr(described)


@pytest.mark.parametrize("user_id", ["manajer@bintan", "manajer@pasuruan"])
def test_another_agencys_case_is_a_case_that_does_not_exist(
    visitors: Visitors, case: Case, user_id: str
) -> None:
    visitor = visitors(user_id)
    other, absent = (visitor.get(f"/cockpit/instances/{id}") for id in (case.id, "tidak-ada"))
    assert other.status_code == absent.status_code == 404
    assert case.business_key not in other.text


def test_the_reader_can_have_it_in_english(visitors: Visitors, case: Case) -> None:
    visitor = visitors("manajer@natuna")
    visitor.send("/language", language="en")
    page = visitor.get(f"/cockpit/instances/{case.id}").text
    assert "Where it stands" in page
    assert "confidential" in page
