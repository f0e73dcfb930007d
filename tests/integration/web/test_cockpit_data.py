"""Correcting the data of a case in the cockpit."""

import re
from typing import Any

import pytest

import engine
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, tasks
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.case import Case, begin
from tests.support.service import Service
from tests.support.trouble import Referrals
from tests.unit.interpreter.diagrams import boundary, condition, exclusive, process

KEY = "natuna_pendampingan_abh_ampk"
SECRET = "Budi Santoso mencuri sepeda"
WHY = {"reason": "Salah ketik"}
PLAIN = {"tempat": "Ranai", "skor": 2.5, "setuju": False, "kosong": None, "daftar": [1, 2]}


@pytest.fixture
def referrals(service: Service) -> Referrals:
    return Referrals(service)


@pytest.fixture
def plain(referrals: Referrals) -> InstanceView:
    """A case with values that no form has asked for."""
    case = referrals.begin()
    return engine.set_variables(referrals.database, referrals.user("manajer"), case.id, PLAIN)


@pytest.fixture
def case(service: Service) -> Case:
    """A case whose values come from forms."""
    return begin(service, "natuna", KEY, "petugas", uraian=SECRET, kanal="telepon")


@pytest.fixture
def manager(visitors: Visitors) -> Visitor:
    return visitors("manajer@natuna")


def place_of(case: InstanceView | Case) -> str:
    return f"/cockpit/instances/{case.id}/data"


def values_of(service: Service, case: InstanceView | Case) -> dict[str, Any]:
    found = engine.instance_variables(service.database, SYSTEM, case.id)
    return {variable.name: variable.value for variable in found}


def ask(manager: Visitor, case: InstanceView | Case, name: str) -> tuple[str, dict[str, str]]:
    """The page of one value, and what its hidden fields send."""
    page = manager.get(f"{place_of(case)}?name={name}").text
    seen = re.search(r'name="seen" value="(\w*)"', page)
    return page, {"name": name, "seen": seen[1] if seen else ""}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("tempat", "Kota Ranai", "Kota Ranai"),
        ("tempat", "", ""),
        ("skor", "3,75", 3.75),
        ("skor", "3.5", 3.5),
        ("skor", "1500", 1500),
        ("setuju", "yes", True),
        ("kosong", "Ada", "Ada"),
    ],
)
def test_a_value_is_corrected_and_stays_of_its_kind(
    service: Service, manager: Visitor, plain: InstanceView, name: str, text: str, value: Any
) -> None:
    _, hidden = ask(manager, plain, name)
    answer = manager.send(place_of(plain), **hidden, value=text, **WHY)
    assert answer.status_code == 303
    assert values_of(service, plain)[name] == value
    assert type(values_of(service, plain)[name]) is type(value)
    page = manager.get(answer.location).text
    assert "Sudah diperbaiki pada kasus" in page
    assert '<span class="story-reason">Salah ketik</span>' in page


def test_the_list_offers_what_can_be_corrected(manager: Visitor, plain: InstanceView) -> None:
    page = manager.get(place_of(plain)).text
    assert "?name=tempat" in page
    assert "?name=nomor_registrasi" not in page
    assert f'href="{place_of(plain)}"' in manager.get(f"/cockpit/instances/{plain.id}").text


def test_the_present_value_stands_in_the_field(manager: Visitor, plain: InstanceView) -> None:
    assert ">\nRanai</textarea>" in ask(manager, plain, "tempat")[0]
    assert 'value="2,5" inputmode="decimal"' in ask(manager, plain, "skor")[0]
    assert 'value="no" checked' in ask(manager, plain, "setuju")[0]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("skor", "dua", "dengan koma untuk desimal dan tanpa titik pemisah ribuan."),
        ("skor", "1.500", "dengan koma untuk desimal dan tanpa titik pemisah ribuan."),
        ("skor", "1" * 16, "paling banyak 15 angka."),
        ("skor", "", "Isi “skor” dengan angka."),
        ("skor", "2,5", "sudah berisi nilai ini."),
        ("setuju", "", "Pilih jawaban untuk “setuju”."),
        ("setuju", "mungkin", "Pilih salah satu jawaban yang tersedia untuk “setuju”."),
        ("tempat", "a" * 100_001, "paling banyak 100000 karakter"),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(
    service: Service, manager: Visitor, plain: InstanceView, name: str, text: str, problem: str
) -> None:
    before = values_of(service, plain)
    _, hidden = ask(manager, plain, name)
    answer = manager.send(place_of(plain), **hidden, value=text, **WHY)
    assert answer.status_code == 400
    assert "Tidak ada yang diubah" in answer.text
    assert problem in answer.text
    assert text in answer.text or name == "setuju"
    assert "Salah ketik</textarea>" in answer.text
    assert values_of(service, plain) == before


@pytest.mark.parametrize("reason", ["", "x" * 2001])
def test_a_reason_is_asked_for(service: Service, manager: Visitor, plain: InstanceView, reason: str) -> None:
    _, hidden = ask(manager, plain, "tempat")
    answer = manager.send(place_of(plain), **hidden, value="Kota Ranai", reason=reason)
    assert answer.status_code == 400
    assert ">\nKota Ranai</textarea>" in answer.text
    assert values_of(service, plain)["tempat"] == "Ranai"


@pytest.mark.parametrize(
    ("name", "why"), [("nomor_registrasi", "tidak dapat diubah."), ("daftar", "lewat API.")]
)
def test_what_cannot_be_corrected_here_says_why(
    service: Service, manager: Visitor, plain: InstanceView, name: str, why: str
) -> None:
    before = values_of(service, plain)
    page, hidden = ask(manager, plain, name)
    assert why in page
    assert 'name="reason"' not in page
    answer = manager.send(place_of(plain), **hidden, value="lain", **WHY)
    assert (answer.status_code, why in answer.text) == (400, True)
    assert values_of(service, plain) == before


def test_nothing_is_changed_where_somebody_was_faster(
    service: Service, manager: Visitor, plain: InstanceView, referrals: Referrals
) -> None:
    _, hidden = ask(manager, plain, "tempat")
    engine.set_variables(service.database, referrals.user("manajer"), plain.id, {"tempat": "Serasan"})
    answer = manager.send(place_of(plain), **hidden, value="Kota Ranai", **WHY)
    assert answer.status_code == 409
    assert "sudah diubah orang lain" in answer.text
    assert "Serasan" in answer.text
    assert ">\nKota Ranai</textarea>" in answer.text
    assert values_of(service, plain)["tempat"] == "Serasan"


def test_a_value_with_which_the_process_cannot_go_on_is_refused(
    service: Service, manager: Visitor, referrals: Referrals
) -> None:
    nodes = tasks("a", "x") + boundary("c", "a", condition("skor > 5")) + exclusive("g")
    referrals.deploy(
        drawn(process(nodes, "s > a > e; c > g; g > x if skor > 100; x > e; g > e if skor > 200"))
    )
    case = engine.start_instance(service.database, referrals.user("petugas"), "natuna", "p", {"skor": 1})
    _, hidden = ask(manager, case, "skor")
    answer = manager.send(place_of(case), **hidden, value="9", **WHY)
    assert answer.status_code == 400
    assert "Tidak ada yang diubah" in answer.text
    assert 'value="9"' in answer.text
    assert values_of(service, case)["skor"] == 1


def test_whoever_may_get_a_task_is_offered_by_name(service: Service, manager: Visitor, case: Case) -> None:
    case.do(
        "petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True, peksos_ditugaskan="peksos@natuna"
    )
    page, _ = ask(manager, case, "peksos_ditugaskan")
    assert '<option value="peksos@natuna" selected>' in page


def test_a_question_of_the_form_offers_its_answers(service: Service, manager: Visitor, case: Case) -> None:
    page, hidden = ask(manager, case, "kanal")
    assert "Perbaiki: Laporan masuk melalui" in page
    assert '<option value="telepon" selected>Telepon</option>' in page
    assert manager.send(place_of(case), **hidden, value="entah", **WHY).status_code == 400
    assert values_of(service, case)["kanal"] == "telepon"
    other = re.search(r'<option value="(?!telepon)(\w+)">', page)
    assert other
    assert manager.send(place_of(case), **hidden, value=other[1], **WHY).status_code == 303
    assert values_of(service, case)["kanal"] == other[1]


def test_what_is_sealed_is_overwritten_blindly_and_never_shown(
    service: Service, manager: Visitor, case: Case
) -> None:
    page, hidden = ask(manager, case, "uraian")
    assert "Dirahasiakan." in page
    assert hidden["seen"] == ""
    shown = [page, manager.get(place_of(case)).text]
    empty = manager.send(place_of(case), **hidden, value="", **WHY)
    assert empty.status_code == 400
    answer = manager.send(place_of(case), **hidden, value="Dugaan lain", **WHY)
    assert answer.status_code == 303
    shown += [empty.text, answer.text, manager.get(answer.location).text, ask(manager, case, "uraian")[0]]
    assert not [text for text in shown if SECRET in text or "Budi" in text or "Dugaan lain" in text]
    [uraian] = [
        variable
        for variable in engine.instance_variables(service.database, SYSTEM, case.id)
        if variable.name == "uraian"
    ]
    assert (uraian.value, uraian.sealed) == ("Dugaan lain", True)


def test_a_sealed_value_cannot_be_guessed(service: Service, manager: Visitor, case: Case) -> None:
    """A right guess is answered like any other value."""
    _, hidden = ask(manager, case, "uraian")
    assert manager.send(place_of(case), **hidden, value=SECRET, **WHY).status_code == 303


def test_a_value_that_is_not_there_cannot_be_corrected(manager: Visitor, plain: InstanceView) -> None:
    assert manager.get(f"{place_of(plain)}?name=entah").status_code == 400
    assert manager.send(place_of(plain), name="entah", value="1", **WHY).status_code == 400


def test_a_case_that_has_ended_keeps_its_data(
    service: Service, manager: Visitor, plain: InstanceView, referrals: Referrals
) -> None:
    _, hidden = ask(manager, plain, "tempat")
    engine.cancel_instance(service.database, referrals.user("manajer"), plain.id, "ganda")
    for path in (place_of(plain), f"{place_of(plain)}?name=tempat"):
        page = manager.get(path).text
        assert "Kasus sudah berakhir." in page
        assert 'name="reason"' not in page
    assert manager.send(place_of(plain), **hidden, value="Kota Ranai", **WHY).status_code == 409
    assert values_of(service, plain)["tempat"] == "Ranai"


@pytest.mark.parametrize(
    ("user_id", "status"),
    [("petugas@natuna", 403), ("analis@natuna", 403), ("admin@titian", 403), ("manajer@bintan", 404)],
)
def test_nobody_else_corrects_the_data_of_a_case(
    visitors: Visitors, service: Service, plain: InstanceView, user_id: str, status: int
) -> None:
    visitor = visitors(user_id)
    visitor.get("/cockpit")
    for path in (place_of(plain), f"{place_of(plain)}?name=tempat"):
        assert visitor.get(path).status_code == status
    assert visitor.send(place_of(plain), name="tempat", value="x", **WHY).status_code == status
    assert values_of(service, plain)["tempat"] == "Ranai"
