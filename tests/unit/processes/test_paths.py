"""Every path of Natuna, Lumajang and Bintan, walked with the answers that its forms demand and no other."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from engine.definitions import parse_xml
from engine.interpreter import Executable, Host, Workflow, define, start
from tests.unit.processes.catalogue import ROOT, agency

LAPOR = {"kanal": "telepon", "jenis_pelapor": "masyarakat", "uraian": "Anak dibawa ke polsek."}
ANAK = {"nama_anak": "A", "jenis_kelamin": "laki_laki", "umur_saat_kejadian": 14}
ASES = {"tanggal_asesmen": "2026-03-02", "kebutuhan": "Sekolah", "rekomendasi": "Pendampingan"}
ASSESSED = {**ANAK, **ASES, "status_abh": "pelaku"}
COMPLAINT = {"kanal": "kotak_saran", "uraian": "Antre lama."}
COMPLETE = dict.fromkeys(
    ("berkas_form_penerimaan", "berkas_form_asesmen", "berkas_laporan_sosial", "berkas_buku_uu_sppa"), True
)
AGREED, RETURNED = "setuju", {"alasan": "Perihal keliru."}
DONE = {"pendampingan_selesai": True, "alasan_selesai": "Tuntas.", "laporan_sosial_akhir": "Laporan."}
MORE = {"pendampingan_selesai": False}
YES, NO = True, False

Move = tuple[str, dict[str, Any]]


@cache
def executable(key: str) -> Executable:
    path = ROOT / "processes" / key.partition("_")[0] / f"{key}.bpmn"
    return define([parse_xml(path.read_bytes(), path.name)], key)


def begin(key: str, report: dict[str, Any]) -> tuple[Workflow, Host]:
    """A case as its start form leaves it."""
    found = agency(key.partition("_")[0])
    node = next(n for n in found.processes[key].elements.values() if n.type == "startEvent")
    values = found.form_of(key, node.id).check(report, {})
    host = Host({"p:": dict(values)}, lambda *_: None, lambda *_: datetime(2026, 3, 4, tzinfo=UTC))
    return start(executable(key), host), host


def open_tasks(workflow: Workflow) -> dict[str, str]:
    return {w.element_id: w.token_id for w in workflow.waiting() if w.kind == "user_task"}


def do(key: str, workflow: Workflow, host: Host, move: Move) -> None:
    """Complete a task with values that its form accepts."""
    task, values = move
    form = agency(key.partition("_")[0]).form_of(key, task)
    workflow.complete(open_tasks(workflow)[task], form.check(values, host.scopes["p:"]))


def walk(key: str, report: dict[str, Any], moves: list[Move]) -> str:
    """Do the moves, each of them the only one that is open; returns the id of the end event."""
    workflow, host = begin(key, report)
    for move in moves:
        assert list(open_tasks(workflow)) == [move[0]]
        do(key, workflow, host, move)
    assert workflow.completed
    return workflow.trace[-1].element_id


def letter(paraf: str = AGREED, tanda_tangan: str | None = AGREED, **draft: Any) -> list[Move]:
    """Draft, review and (unless it was returned before) signature."""
    moves: list[Move] = [
        ("langkah_4_konsep_surat", draft),
        ("langkah_4_telaah_paraf", {"paraf": paraf, **({} if paraf == AGREED else RETURNED)}),
    ]
    if tanda_tangan:
        refused = {} if tanda_tangan == AGREED else RETURNED
        moves.append(("langkah_5_tanda_tangan", {"tanda_tangan": tanda_tangan, **refused}))
    return moves


NATUNA = "natuna_pendampingan_abh_ampk"
ELIGIBLE: list[Move] = [
    ("langkah_2_terima_tugaskan", {"memenuhi_persyaratan": YES}),
    ("langkah_3_asesmen", ASSESSED),
]


def test_natuna_accompanies_a_child_from_the_report_to_the_final_report():
    tail: list[Move] = [("langkah_6_teruskan", {}), ("langkah_7_pendampingan", DONE)]
    assert walk(NATUNA, LAPOR, [*ELIGIBLE, *letter(), *tail]) == "selesai_didampingi"


def test_natuna_returns_a_letter_from_either_desk_and_meets_as_often_as_needed():
    returned = [*letter("kembalikan", None), *letter(AGREED, "kembalikan"), *letter()]
    meetings: list[Move] = [("langkah_7_pendampingan", MORE)] * 2 + [("langkah_7_pendampingan", DONE)]
    moves = [*ELIGIBLE, *returned, ("langkah_6_teruskan", {}), *meetings]
    assert walk(NATUNA, LAPOR, moves) == "selesai_didampingi"


def test_natuna_ends_a_report_that_does_not_qualify():
    refused = {"memenuhi_persyaratan": NO, "alasan": "Sudah dewasa."}
    assert walk(NATUNA, LAPOR, [("langkah_2_terima_tugaskan", refused)]) == "selesai_tidak_memenuhi"


LUMAJANG = "lumajang_rekomendasi_abh"


def test_lumajang_signs_a_recommendation_and_accompanies_the_client():
    returned = [*letter("kembalikan", None, **COMPLETE), *letter(AGREED, "kembalikan", **COMPLETE)]
    moves = [*ELIGIBLE, *returned, *letter(**COMPLETE)]
    tail: list[Move] = [("langkah_5_pendampingan", MORE), ("langkah_5_pendampingan", DONE)]
    assert walk(LUMAJANG, LAPOR, [*moves, *tail]) == "selesai_didampingi"


def test_lumajang_ends_a_report_about_something_else():
    refused = {"memenuhi_persyaratan": NO, "alasan": "Soal bantuan pangan."}
    assert walk(LUMAJANG, LAPOR, [("langkah_2_terima_tugaskan", refused)]) == "selesai_bukan_abh_ampk"


COMPLAINTS = "lumajang_pengaduan"
ANSWERED: Move = ("tanggapi_pengaduan", {"tanggapan": "Maaf, loket ditambah."})
FILED: Move = ("dokumentasi_pengaduan", {})


@pytest.mark.parametrize("follow_up", [YES, NO])
def test_lumajang_files_a_complaint_whether_or_not_it_is_followed_up(follow_up: bool):
    judged = {"hasil_evaluasi": "Benar.", "perlu_tindak_lanjut": follow_up, **({} if follow_up else RETURNED)}
    middle: list[Move] = [("tindak_lanjut_pengaduan", {})] if follow_up else []
    moves = [ANSWERED, ("evaluasi_pengaduan", judged), *middle, FILED]
    assert walk(COMPLAINTS, COMPLAINT, moves) == "selesai_didokumentasikan"


def test_lumajangs_head_hears_of_a_late_answer_while_it_can_still_be_given():
    workflow, host = begin(COMPLAINTS, COMPLAINT)
    timer = next(w for w in workflow.waiting() if w.kind == "timer")
    assert timer.due == datetime(2026, 3, 4, tzinfo=UTC)
    workflow.trigger(timer.token_id)
    assert sorted(open_tasks(workflow)) == ["ketahui_keterlambatan", "tanggapi_pengaduan"]
    do(COMPLAINTS, workflow, host, ANSWERED)
    assert sorted(open_tasks(workflow)) == ["evaluasi_pengaduan", "ketahui_keterlambatan"]


BINTAN = "bintan_rehabilitasi_anak"
VISITED: list[Move] = [
    ("langkah_2_telusuri", {"laporan_benar": YES}),
    ("langkah_3_surat_tugas", {}),
    ("langkah_3_tanda_tangan", {"tanda_tangan": "kembalikan", **RETURNED}),
    ("langkah_3_surat_tugas", {}),
    ("langkah_3_tanda_tangan", {"tanda_tangan": AGREED}),
    ("langkah_4_asesmen", {**ANAK, **ASES}),
]
EVACUATED: list[Move] = [
    ("langkah_5_laporan_sosial", {"perlu_evakuasi": YES}),
    ("langkah_6_koordinasi_lksa", {"lksa_bersedia": NO, "alasan": "Penuh."}),
    ("langkah_6_koordinasi_lksa", {"lksa_bersedia": YES}),
    ("langkah_7_evakuasi", {}),
]
STAYED: list[Move] = [("langkah_5_laporan_sosial", {"perlu_evakuasi": NO})]
NEEDS: Move = ("langkah_8_kebutuhan", {})
REUNITED = [
    ("langkah_9_penelusuran", {"keluarga_ditemukan": YES}),
    ("kelayakan_keluarga", {"keluarga_layak": YES}),
    ("langkah_10_reunifikasi", {}),
]
UNFIT = [
    ("langkah_9_penelusuran", {"keluarga_ditemukan": YES}),
    ("kelayakan_keluarga", {"keluarga_layak": NO, "alasan": "Tidak aman."}),
    ("langkah_11_asuhan_lksa", {}),
]
UNFOUND = [("langkah_9_penelusuran", {"keluarga_ditemukan": NO}), ("langkah_11_asuhan_lksa", {})]


@pytest.mark.parametrize("place", [EVACUATED, STAYED], ids=["evacuated", "stayed"])
@pytest.mark.parametrize(
    ("family", "end"),
    [(REUNITED, "selesai_reunifikasi"), (UNFIT, "selesai_asuhan_lksa"), (UNFOUND, "selesai_asuhan_lksa")],
    ids=["reunited", "unfit", "unfound"],
)
def test_bintan_reunites_a_child_only_with_a_family_that_is_found_and_fit(place, family, end: str):
    assert walk(BINTAN, LAPOR, [*VISITED, *place, NEEDS, *family]) == end


def test_bintan_ends_a_report_that_is_not_true():
    untrue = {"laporan_benar": NO, "alasan": "Salah alamat."}
    assert walk(BINTAN, LAPOR, [("langkah_2_telusuri", untrue)]) == "selesai_tidak_terbukti"


def test_bintan_asks_about_the_institution_at_the_end_only_when_nobody_did_before():
    form = agency("bintan").form_of(BINTAN, "langkah_11_asuhan_lksa")
    asked = {"nama_lksa": "X", "kapasitas": "12", "pic": "Y", "lksa_bersedia": YES}
    assert form.check(asked, {"perlu_evakuasi": NO}) == asked
    assert form.check(asked, {"perlu_evakuasi": YES}) == {"nama_lksa": "X"}
