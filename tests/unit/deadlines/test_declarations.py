"""Clocks as profiles declare them: read once, and refused with the clock and the key that are wrong."""

from typing import Any

import pytest

from engine.deadlines import ClockKind
from engine.deadlines.declarations import KEYS, Amount, read_clocks
from engine.errors import ProfileInvalid
from tests.unit.processes.catalogue import AGENCIES, agency

CLOCK: dict[str, Any] = {
    "id": "batas",
    "layanan": "p",
    "nama": "Batas",
    "jenis": "menit_kerja",
    "jumlah": 75,
    "dari": "penerimaan",
    "sampai": ["a", "selesai"],
}


def read(*changes: dict[str, Any], without: str = "", **profile: Any) -> Any:
    tables = [
        {key: value for key, value in (CLOCK | change).items() if key != without}
        for change in changes or ({},)
    ]
    return read_clocks({"jam": tables} | profile)


def test_a_clock_is_read_into_values() -> None:
    [clock] = read()["p"]
    assert (clock.kind, clock.amount, clock.targets) == (ClockKind.WORKING_MINUTES, 75, {"a"})
    assert clock.elements == {"a"}
    assert read_clocks({}) == {}


def test_a_variable_chooses_the_amount() -> None:
    by_risk = {"jumlah_menurut": "risiko", "jumlah_nilai": {"tinggi": 24}}
    [clock] = read(by_risk, without="jumlah")["p"]
    chosen = [
        clock.amount_for(values) for values in ({}, {"risiko": "tinggi"}, {"risiko": "?"}, {"risiko": 1})
    ]
    assert chosen == [None, Amount(24), None, None]


def test_another_one_proposes_the_amount_until_it_does() -> None:
    amounts = {"tinggi": 24, "rendah": 72}
    by_risk = {"jumlah_menurut": "risiko", "jumlah_nilai": amounts, "sementara_menurut": "usulan"}
    [clock] = read(by_risk, without="jumlah")["p"]
    proposed = {"usulan": "tinggi"}
    chosen = [clock.amount_for(proposed | values) for values in ({}, {"risiko": "?"}, {"risiko": "rendah"})]
    assert chosen == [Amount(24, provisional=True), Amount(24, provisional=True), Amount(72)]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"id": "Batas"}, "id"),
        ({"jenis": "hari"}, "jenis"),
        ({"jumlah": True}, "jumlah"),
        ({"jumlah": 0}, "jumlah"),
        ({"jumlah": "5"}, "jumlah"),
        ({"jumlah_menurut": "risiko"}, "jumlah"),
        ({"jumlah_nilai": {"tinggi": 1}}, "jumlah_nilai"),
        ({"sementara_menurut": "usulan"}, "sementara_menurut"),
        ({"sampai": "a"}, "sampai"),
        ({"sampai": []}, "sampai"),
        ({"sampai": ["penerimaan"]}, "dari"),
        ({"dari": "selesai"}, "dari"),
        ({"berjalan_pada": ["a"], "jenis": "hari_kerja"}, "berjalan_pada"),
        ({"paling_cepat": 1}, "paling_cepat"),
        ({"eskalasi": "siapa"}, "eskalasi"),
        ({"nama": " "}, "nama"),
        ({"jumla": 5}, "jumla"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(change: dict[str, Any], key: str) -> None:
    with pytest.raises(ProfileInvalid) as refused:
        read(change)
    assert refused.value.parameters["key"] == key


@pytest.mark.parametrize("key", ["id", "layanan", "nama", "jenis", "dari", "sampai", "jumlah"])
def test_what_every_clock_needs_is_asked_for(key: str) -> None:
    with pytest.raises(ProfileInvalid) as refused:
        read(without=key)
    assert refused.value.parameters["key"] == key


def test_a_clock_is_one_of_a_service_of_the_profile_and_has_an_id_of_its_own() -> None:
    with pytest.raises(ProfileInvalid, match="is used twice"):
        read({}, {})
    with pytest.raises(ProfileInvalid, match="names no"):
        read(layanan={"q": {}})
    for broken in ({"jam": {}}, {"jam": ["x"]}):
        with pytest.raises(ProfileInvalid):
            read_clocks(broken)


@pytest.mark.parametrize("name", AGENCIES)
def test_every_clock_of_the_five_agencies_is_read(name: str) -> None:
    found = agency(name)
    clocks = [clock for clocks in read_clocks(found.profile).values() for clock in clocks]
    assert [clock.id for clock in clocks] == [table["id"] for table in found.profile["jam"]]
    assert all(table.keys() <= KEYS.keys() for table in found.profile["jam"])


SOP = {
    "natuna": [("penyelesaian", "menit_kerja", 75)],
    "lumajang": [("rekomendasi", "hari_kerja", 5), ("respon_pengaduan", "jam_kalender", 48)],
    "pasuruan": [("jalur_dimulai", "hari_kerja", 5)],
    "bintan": [("masa_pelayanan", "bulan_kalender", 3)],
    "kemenpppa": [("kontak_pertama", "jam_kalender", None), ("rencana_intervensi", "hari_kerja", 5)],
}


def test_the_amounts_are_those_of_the_published_standards() -> None:
    for name, wanted in SOP.items():
        clocks = [c for found in read_clocks(agency(name).profile).values() for c in found]
        assert [(c.id, c.kind.value, c.amount) for c in clocks] == wanted
    [risk] = [c for c in read_clocks(agency("kemenpppa").profile)["kemenpppa_penjangkauan_ampk"] if c.amounts]
    assert risk.amounts == {"tinggi": 24, "sedang": 48, "rendah": 72}
