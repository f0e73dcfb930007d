"""What the auditor reads of an entry's subject."""

import pytest
from flask import Flask
from flask_babel import force_locale

from webapp.audit.subjects import subject_words
from webapp.i18n import init_languages

TASK = "01936f2a-5e1c-7b1e-9d7e-0242ac120002"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (f"task:{TASK}", "tugas ac120002"),
        ("user:petugas@natuna password", "pengguna petugas@natuna: kata sandi"),
        ("user:petugas@natuna passkey_added", "pengguna petugas@natuna: Passkey ditambahkan"),
        ("user:petugas@natuna away, substitute:b", "pengguna petugas@natuna: away, substitute:b"),
        ("user:petugas@natuna", "pengguna petugas@natuna"),
        ("task_completed:langkah_3_asesmen", "diselesaikan langkah_3_asesmen"),
        ("request:2 access", "permintaan nomor 2 access"),
        ("log:", "pencarian catatan"),
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
