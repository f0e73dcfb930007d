"""What the auditor reads of an entry's subject."""

import pytest
from flask import Flask
from flask_babel import force_locale

from engine.types import HistoryKind
from webapp.audit.subjects import _KINDS, subject_words
from webapp.i18n import init_languages

TASK = "01936f2a-5e1c-7b1e-9d7e-0242ac120002"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (f"task:{TASK}", "tugas ac120002"),
        ("user:petugas@natuna password", "pengguna petugas@natuna: kata sandi"),
        ("user:petugas@natuna passkey_added", "pengguna petugas@natuna: Passkey ditambahkan"),
        (
            "user:petugas@natuna groups +natuna:manajer",
            "pengguna petugas@natuna: kelompok diubah +natuna:manajer",
        ),
        (
            "user:petugas@natuna away, substitute:away@natuna appointed",
            "pengguna petugas@natuna: tidak di tempat, pengganti:away@natuna dengan kelompok yang digantikan",
        ),
        (
            "user:petugas@natuna back, substitute:b",
            "pengguna petugas@natuna: kembali, pengganti:b",
        ),
        ("user:petugas@natuna", "pengguna petugas@natuna"),
        ("task_completed:langkah_3_asesmen", "diselesaikan langkah_3_asesmen"),
        ("request:2 access", "permintaan nomor 2 akses dan salinan"),
        ("request:2 partly", "permintaan nomor 2 dikabulkan sebagian"),
        (
            "breach:1 subjects authority",
            "kegagalan nomor 1 pemilik data diberi tahu lembaga diberi tahu",
        ),
        ("calendar:seed 145", "kalender hari dari pemerintah, jumlah 145"),
        ("calendar:hours 2026-02-18", "kalender jam kerja mulai 2026-02-18"),
        ("search:names", "cari menurut isian rahasia"),
        ("log:since,user", "pencarian catatan sejak hari,orang"),
        ("log:", "pencarian catatan"),
        (f"erasure_requested:{TASK}", "penghapusan diminta ac120002"),
        ("breaches", "daftar kegagalan"),
        ("langkah_baru:apa", "langkah_baru:apa"),
        ("", ""),
    ],
)
def test_codes_become_words_and_unknown_ones_stay(subject: str, words: str) -> None:
    app = Flask("webapp")
    init_languages(app)
    with app.app_context(), force_locale("id"):
        assert subject_words(subject) == words


def test_every_deed_in_a_case_has_words() -> None:
    assert set(HistoryKind) <= set(_KINDS)
