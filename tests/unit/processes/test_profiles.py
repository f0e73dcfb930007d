"""What an agency's profile says fits its diagrams and its published standard."""

import re
from zoneinfo import ZoneInfo

import pytest

from tests.unit.processes.catalogue import AGENCIES, ROOT, agency

BY_AGENCY = pytest.mark.parametrize("name", AGENCIES)
CLOCKS = {"menit_kerja", "hari_kerja", "jam_kalender", "bulan_kalender"}
MOMENTS = {"penerimaan", "selesai"}


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@BY_AGENCY
def test_a_profile_says_who_the_agency_is(name: str):
    profile = agency(name).profile
    assert profile["id"] == name
    assert all(profile[key].strip() for key in ("nama", "nama_pendek", "induk", "alamat"))
    assert ZoneInfo(profile["zona"]).key == "Asia/Jakarta"
    assert (ROOT / "processes" / name / profile["standar"]).is_file()


@BY_AGENCY
def test_the_accent_can_be_read_on_white(name: str):
    assert 1.05 / (luminance(agency(name).profile["warna"]) + 0.05) >= 4.5


@BY_AGENCY
def test_every_group_that_a_diagram_names_has_a_readable_name(name: str):
    found = agency(name)
    used = {group for node in found.nodes for group in node.candidate_groups if node.type == "userTask"}
    used |= {group for process in found.processes.values() for group in process.starter_groups}
    assert used <= found.profile["kelompok"].keys()
    assert all(label.strip() and label != group for group, label in found.profile["kelompok"].items())


@BY_AGENCY
def test_every_process_has_its_service_standard_in_the_published_words(name: str):
    found = agency(name)
    text = " ".join(found.standard.split())
    assert found.profile["layanan"].keys() == found.processes.keys()
    for service in found.profile["layanan"].values():
        assert service["nama_sop"] in text
        assert service["sk"] in text
        assert service["biaya"] in text
        assert all(product.lower() in text.lower() for product in service["produk"])


@BY_AGENCY
def test_a_clock_names_a_process_and_nodes_that_exist(name: str):
    found = agency(name)
    for clock in found.profile["jam"]:
        nodes = found.processes[clock["layanan"]].elements.keys() | MOMENTS
        ends = {clock["dari"], *clock["sampai"], *clock.get("berjalan_pada", ())}
        assert ends | set(clock.get("minta_alasan_pada", ())) <= nodes, clock["id"]
        assert clock["jenis"] in CLOCKS
        assert ("jumlah" in clock) != ("jumlah_menurut" in clock)
        assert clock.get("eskalasi", "") in {"", *found.profile["kelompok"]}


@BY_AGENCY
def test_clocks_have_ids_of_their_own(name: str):
    ids = [clock["id"] for clock in agency(name).profile["jam"]]
    assert ids
    assert len(set(ids)) == len(ids)


@BY_AGENCY
def test_a_complaint_channel_can_be_used(name: str):
    channels = agency(name).profile["pengaduan"]
    assert channels
    for channel in channels:
        assert channel["isi"].strip()
        assert re.match(r"(https?://|mailto:\S+@\S+$|tel:\+?\d+$|$)", channel.get("tautan", ""))
        assert channel["jenis"] != "situs" or "@" not in channel["isi"]
