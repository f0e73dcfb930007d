"""Agencies as folders, and the sentences of their published service standards."""

from pathlib import Path

import pytest

from webapp.cli.folders import FolderInvalid, read_agencies, read_agency, read_resources, standard_steps

PROCESSES = Path(__file__).parents[3] / "processes"
STEPS = {"bintan": 11, "kemenpppa": 3, "lumajang": 5, "natuna": 7, "pasuruan": 13}


@pytest.mark.parametrize(("agency", "count"), STEPS.items())
def test_every_step_of_a_published_standard_is_found(agency: str, count: int) -> None:
    steps = read_agency(PROCESSES / agency).profile["standar"]
    assert list(steps) == [str(number) for number in range(1, count + 1)]


def test_a_step_is_quoted_word_for_word_without_what_stands_around_it() -> None:
    steps = read_agency(PROCESSES / "pasuruan").profile["standar"]
    assert steps["12"] == "Jika tujuan rehabilitasi tercapai maka kasus dinyatakan Terminasi"


def test_only_the_steps_count_and_no_other_numbered_list() -> None:
    text = """Persyaratan
1. Kartu keluarga
## Sistem, Mekanisme dan Prosedur
Jl. Balai Kota No. 10
  1. petugas menerima laporan
2. petugas menelusuri
### Waktu Penyelesaian
3. bukan langkah
"""
    assert standard_steps(text) == {"1": "petugas menerima laporan", "2": "petugas menelusuri"}


def test_the_forms_beside_the_processes_belong_to_the_agency() -> None:
    names = read_resources(PROCESSES / "natuna")
    assert "natuna_pendampingan_abh_ampk.bpmn" in names
    assert "natuna_langkah_1_laporan.form" in names
    assert not any(name.endswith(".toml") for name in names)


def test_a_folder_elsewhere_gives_just_its_own_files(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_bytes(b"a")
    (tmp_path / "b.form").write_bytes(b"b")
    (tmp_path / "notes.txt").write_bytes(b"c")
    assert read_resources(tmp_path) == {"a.bpmn": b"a", "b.form": b"b"}


def test_a_folder_without_agencies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderInvalid, match="no agency"):
        read_agencies(tmp_path)


@pytest.mark.parametrize("profile", ['id = "lain"\nnama = "X"', 'id = "desa"', "id = ", "\udcff"])
def test_a_profile_that_does_not_fit_its_folder_is_refused_by_name(tmp_path: Path, profile: str) -> None:
    (tmp_path / "desa").mkdir()
    (tmp_path / "desa/agency.toml").write_bytes(profile.encode(errors="surrogateescape"))
    with pytest.raises(FolderInvalid, match=r"agency\.toml"):
        read_agencies(tmp_path)
