"""The Ministry's risk clock: a miss reaches Asisten Deputi from wherever the case waits, and only once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import desk, get_actor, run_due_jobs
from tests.acceptance.test_kemenpppa import classified, received
from tests.support.case import Case
from tests.support.service import Service

Later = Callable[[timedelta], object]
TOLD = "ketahui_batas_risiko"


@pytest.fixture
def at(service: Service, later: Later) -> Callable[[int], None]:
    """Lets the hours since the receipt be so many, and rings what is due."""

    def ring(hours: int) -> None:
        later(timedelta(hours=hours, minutes=1))
        run_due_jobs(service.database)

    return ring


def told(case: Case) -> int:
    return case.open_steps().count(TOLD)


def directed(case: Case) -> None:
    case.do("asisten_deputi", "arahan_asdep", arahan="setuju")
    case.do("petugas_layanan", "surat_penugasan")


@pytest.mark.parametrize(("risiko", "hours"), [("sedang", 48), ("rendah", 72)])
def test_a_case_that_waits_for_direction_is_told_in_time(
    service: Service, at: Callable[[int], None], risiko: str, hours: int
) -> None:
    case = classified(service, risiko)
    at(hours - 1)
    case.waits_for("arahan_asdep")
    at(hours)
    case.waits_for("arahan_asdep", TOLD)


def test_one_miss_is_told_once_though_the_case_moves_on_late(
    service: Service, at: Callable[[int], None]
) -> None:
    case = classified(service, "sedang")
    at(48)
    directed(case)
    at(49)
    case.do("petugas_layanan", "langkah_2_identifikasi")
    at(50)
    case.waits_for("kontak_penjangkauan", TOLD)


def test_at_high_risk_the_contact_stops_the_clock_though_the_letter_is_late(
    service: Service, at: Callable[[int], None]
) -> None:
    case = classified(service, "tinggi")
    case.do("petugas_layanan", "langkah_2_identifikasi")
    case.do("petugas_layanan", "kontak_penjangkauan")
    at(200)
    case.waits_for("arahan_asdep")


def test_raising_the_risk_brings_the_clock_forward_from_the_receipt(
    service: Service, at: Callable[[int], None]
) -> None:
    case = classified(service, "rendah")
    directed(case)
    at(30)
    assert told(case) == 0
    case.do("petugas_layanan", "langkah_2_identifikasi", tingkat_risiko="tinggi")
    at(31)
    case.waits_for("kontak_penjangkauan", TOLD)


def test_before_the_classification_the_proposed_risk_sets_the_clock(
    service: Service, at: Callable[[int], None]
) -> None:
    case = received(service, ancaman_nyawa=True)
    at(24)
    case.waits_for("klasifikasi_risiko", TOLD)
    case.do("petugas_layanan", "klasifikasi_risiko", tingkat_risiko="tinggi")
    at(25)
    assert told(case) == 1


def test_before_the_classification_who_may_do_it_is_warned_and_a_miss_is_told_as_for_any_clock(
    service: Service, at: Callable[[int], None]
) -> None:
    received(service, ancaman_nyawa=True)
    at(17)
    assert heard(service, "petugas_layanan") == []
    at(18)
    assert heard(service, "petugas_layanan") == ["deadline_warning"]
    at(24)
    assert heard(service, "petugas_layanan") == ["deadline_warning", "deadline_breach"]
    assert heard(service, "asisten_deputi") == ["deadline_breach"]


def heard(service: Service, group: str) -> list[str]:
    """What somebody of a group was told of the risk clock, oldest first."""
    actor = get_actor(service.database, f"{group}@kemenpppa")
    assert actor is not None
    found = desk.list_notifications(service.database, actor)
    return [told.kind.value for told in found[::-1] if told.about.get("clock_id") == "kontak_pertama"]


def test_a_later_clock_of_the_confirmed_risk_is_told_for_itself(
    service: Service, at: Callable[[int], None]
) -> None:
    case = received(service, ancaman_nyawa=True)
    at(24)
    case.do("petugas_layanan", "klasifikasi_risiko", tingkat_risiko="rendah")
    at(71)
    assert told(case) == 1
    at(72)
    assert told(case) == 2
