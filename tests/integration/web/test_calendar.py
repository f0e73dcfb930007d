"""The calendar's pages: read by all of an agency, kept by its manager, the nation's by an administrator."""

import re

from tests.integration.web.conftest import Visitor, Visitors

CLOSED = {
    "agency": "natuna",
    "kind": "tutup",
    "first": "2026-07-06",
    "last": "2026-07-07",
    "name": "Pindah kantor",
    "source": "SK 7/2026",
    "reason": "Gedung baru",
}
YEAR = "/calendar?agency=natuna&year=2026"


def added(manager: Visitor) -> str:
    """The address of an entry that a manager has just made."""
    answer = manager.send("/calendar/days", **CLOSED)
    assert (answer.status_code, answer.location) == (303, YEAR)
    return re.findall(
        r'href="(/calendar/days/[^"]+)" aria-label="[^"]*Pindah kantor', manager.get(YEAR).text
    )[0]


def test_everybody_of_the_agency_reads_it_and_is_offered_no_change(visitors: Visitors) -> None:
    page = visitors("petugas@natuna").get("/calendar?year=2026").text
    assert "Hari Suci Nyepi" in page
    assert "SKB 1497/2025" in page
    assert "07.30–12.00, 13.00–16.00" in page
    assert "/calendar/days/" not in page
    later = visitors("petugas@natuna").get("/calendar?year=2028").text
    assert "Kalender 2028 belum ditetapkan." in later
    assert "masih perkiraan" in visitors("petugas@natuna").get("/calendar?year=2027").text
    for address in ("/calendar?year=1", "/calendar?year=x", "/calendar?agency=pasuruan"):
        assert visitors("petugas@natuna").get(address).status_code == 404


def test_a_manager_enters_changes_and_removes_a_day(visitors: Visitors) -> None:
    manager = visitors("manajer@natuna")
    entry = added(manager)
    assert "6–7 Juli 2026" in manager.get(YEAR).text
    assert 'value="Pindah kantor"' in manager.get(entry).text
    changed = CLOSED | {"last": "2026-07-08", "revision": "1", "reason": "Sehari lagi"}
    assert manager.send(entry, **changed).status_code == 303
    page = manager.get(YEAR).text
    assert "diubah: 6–7 Juli 2026, Pindah kantor; sekarang 6–8 Juli 2026, Pindah kantor" in page
    assert "“Sehari lagi”" in page
    assert manager.send(f"{entry}/remove", revision="2", reason="").status_code == 400
    assert manager.send(f"{entry}/remove", revision="2", reason="Batal").status_code == 303
    assert manager.get(entry).status_code == 404
    assert "dihapus: 6–8 Juli 2026, Pindah kantor" in manager.get(YEAR).text


def reasons(page: str) -> dict[str, str]:
    """What stands in the fields for reasons, by their ids."""
    return dict(re.findall(r'<textarea id="([\w-]*reason)".*?>\n?(.*?)</textarea>', page, re.DOTALL))


def test_what_is_wrong_comes_back_beside_its_field_with_what_was_typed(visitors: Visitors) -> None:
    manager = visitors("manajer@natuna")
    for field, value, words in (
        ("last", "2026-07-01", "Hari terakhir tidak boleh sebelum hari pertama."),
        ("first", "besok", "Pilih tanggalnya."),
        ("name", "", "Tulis nama harinya."),
        ("kind", "libur_nasional", "Jenis hari ini tidak dapat dimasukkan di sini."),
        ("kind", "apa", "Pilih jenis harinya."),
        ("hours", "pagi", "Tulis jam seperti ini"),
        ("reason", " ", "Tulis alasannya"),
    ):
        answer = manager.send("/calendar/days", **(CLOSED | {field: value}))
        assert answer.status_code == 400
        problem = re.search(rf'id="{field}-problem">.*?</svg>([^<]+)<', answer.text)
        assert problem
        assert problem[1].startswith(words)
        assert 'value="SK 7/2026"' in answer.text


def test_who_was_slower_sees_what_stands_there_now_and_loses_nothing(visitors: Visitors) -> None:
    first, second = visitors("manajer@natuna"), visitors("manajer@natuna")
    entry = added(first)
    second.get(entry)
    assert first.send(entry, **(CLOSED | {"name": "Rapat kerja", "revision": "1"})).status_code == 303
    answer = second.send(entry, **(CLOSED | {"name": "Pindahan", "revision": "1"}))
    assert answer.status_code == 409
    assert "Sekarang kalender mencatat: 6–7 Juli 2026, Rapat kerja." in answer.text
    assert 'value="Pindahan"' in answer.text
    assert 'name="revision" value="2"' in answer.text
    late = second.send(f"{entry}/remove", revision="1", reason="uji pencabutan")
    assert late.status_code == 409
    assert reasons(late.text) == {"reason": "", "remove-reason": "uji pencabutan"}
    assert "Rapat kerja" in first.get(YEAR).text


def test_office_hours_hold_from_a_day_on(visitors: Visitors) -> None:
    manager = visitors("manajer@natuna")
    page = manager.get("/calendar/hours?agency=natuna").text
    fields = dict(re.findall(r'name="((?:ordinary|ramadan)-\w+)" value="([^"]*)"', page))
    assert fields["ordinary-senin"] == "07.30-12.00, 13.00-16.00"
    sent = fields | {"agency": "natuna", "since": "2026-08-03", "revision": "0", "reason": "Pelayanan Sabtu"}
    wrong = manager.send("/calendar/hours", **(sent | {"ramadan-jumat": "pagi"}))
    assert wrong.status_code == 400
    assert 'id="ramadan-jumat-problem"' in wrong.text
    assert manager.send("/calendar/hours", **(sent | {"since": ""})).status_code == 400
    assert manager.send("/calendar/hours", **(sent | {"ordinary-sabtu": "08.00-12.00"})).status_code == 303
    page = manager.get(YEAR).text
    assert "Mulai 3 Agustus 2026" in page
    assert "08.00–12.00" in page
    assert manager.send("/calendar/hours", **sent).status_code == 409
    gone = {"agency": "natuna", "since": "2026-08-03", "revision": "1"}
    assert manager.send("/calendar/hours/remove", **gone, reason="").status_code == 400
    late = manager.send("/calendar/hours/remove", **(gone | {"revision": "7"}), reason="Tidak jadi")
    assert late.status_code == 409
    assert reasons(late.text) == {"reason": "", "remove-reason": "Tidak jadi"}
    assert manager.send("/calendar/hours/remove", **gone, reason="Dihentikan").status_code == 303
    assert manager.send("/calendar/hours/remove", **gone, reason="lagi").status_code == 404
    assert "Mulai 3 Agustus 2026" not in manager.get(YEAR).text.partition("Perubahan terakhir")[0]


def test_an_administrator_keeps_the_nations_days(visitors: Visitors) -> None:
    admin = visitors("admin@titian")
    assert "semua instansi" in admin.get("/calendar?year=2026").text
    ramadan = {"agency": "", "kind": "ramadan", "first": "2028-01-28", "last": "2028-02-25", "estimated": "1"}
    year = {"agency": "", "kind": "tahun", "first": "2028-01-01", "last": "2028-12-31", "name": "Libur 2028"}
    assert admin.send("/calendar/days", **year, reason="SKB terbit").status_code == 400
    for entry in (ramadan | {"name": "Ramadan 1449 H"}, year | {"source": "SKB 2028"}):
        assert admin.send("/calendar/days", **entry, reason="SKB terbit").status_code == 303
    page = visitors("petugas@natuna").get("/calendar?year=2028").text
    assert "Hari libur 2028 sudah ditetapkan" in page
    assert "Ramadan 1449 H masih perkiraan" in page
    assert admin.get("/calendar/hours?agency=").status_code == 404
    assert admin.get("/calendar/days/new?agency=natuna").status_code == 403
