"""Referrals of Kota Pasuruan: opened beside the main path, as often as asked for, all done before the end."""

import pytest

from tests.acceptance.test_pasuruan import conferred, intake
from tests.support.case import Case
from tests.support.service import Service


def decided(case: Case, **answers: object) -> Case:
    """From the chosen route to the decision of the restorative justice; monitoring is open."""
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="rj")
    case.do("peksos", "langkah_7_upaya_rj", rj_sepakat=True)
    case.do("peksos", "langkah_9_keputusan_rj", **answers)
    return case


def monitor(case: Case, *, reached: bool, **answers: object) -> None:
    case.do("peksos", "langkah_11_pemantauan", tujuan_tercapai=reached, **answers)


def test_every_referral_is_done_before_the_termination_and_none_holds_up_monitoring(service: Service) -> None:
    case = decided(conferred(service, 11, "ringan", perlu_rujukan=True))
    case.waits_for("langkah_11_pemantauan", "rujukan_jejaring")
    monitor(case, reached=False, perlu_rujukan=True)
    case.waits_for("langkah_11_pemantauan", "rujukan_jejaring", "rujukan_jejaring")
    case.do("peksos", "rujukan_jejaring")
    monitor(case, reached=False)
    monitor(case, reached=True, perlu_rujukan=True)
    case.waits_for("rujukan_jejaring", "rujukan_jejaring")
    case.do("peksos", "rujukan_jejaring")
    case.waits_for("rujukan_jejaring")
    case.do("peksos", "rujukan_jejaring")
    case.waits_for("langkah_12_terminasi")


@pytest.mark.parametrize("answers", [{}, {"perlu_rujukan": False}], ids=["unanswered", "no"])
def test_a_referral_that_was_asked_for_once_is_not_opened_again(
    service: Service, answers: dict[str, object]
) -> None:
    case = decided(conferred(service, 11, "ringan", perlu_rujukan=True), **answers)
    case.do("peksos", "rujukan_jejaring")
    monitor(case, reached=False, **answers)
    case.waits_for("langkah_11_pemantauan")
    monitor(case, reached=True, **answers)
    case.waits_for("langkah_12_terminasi")


def test_a_case_outside_the_service_still_finishes_its_referral(service: Service) -> None:
    case = conferred(service, 18, "berat", perlu_rujukan=True)
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="di_luar_cakupan")
    case.do("peksos", "rujukan_luar_cakupan")
    case.waits_for("rujukan_jejaring")
    case.do("peksos", "rujukan_jejaring")
    case.has_ended()


def test_tksk_is_asked_for_each_round_anew(service: Service) -> None:
    case = intake(service, "undangan_rj")
    case.do("peksos", "langkah_4_verifikasi")
    case.do("peksos", "langkah_9_keputusan_rj")
    monitor(case, reached=False, minta_tksk=True)
    tksk = service.caller("tksk@pasuruan")
    assert len(tksk.get("/task", processInstanceId=case.id).json) == 1
    monitor(case, reached=False)
    assert tksk.get("/task", processInstanceId=case.id).json == []
