"""Who can get a case after a step, read from a real diagram."""

from pathlib import Path

import pytest

from engine.definitions import Process, parse_xml, read_processes
from webapp.inbox.upcoming import following

PROCESSES = Path(__file__).parents[3] / "processes"


def read(path: str) -> Process:
    root = parse_xml((PROCESSES / path).read_bytes(), path)
    (process,) = read_processes(root, path).values()
    return process


@pytest.fixture(scope="module")
def natuna() -> Process:
    return read("natuna/natuna_pendampingan_abh_ampk.bpmn")


@pytest.fixture(scope="module")
def pasuruan() -> Process:
    return read("pasuruan/pasuruan_penanganan_abh.bpmn")


def ids(process: Process, element_id: str) -> set[str]:
    return {element.id for element in following(process, element_id) if element.type == "userTask"}


def test_a_plain_flow_leads_to_one_step(natuna: Process) -> None:
    assert ids(natuna, "langkah_6_teruskan") == {"langkah_7_pendampingan"}


def test_a_question_leads_to_each_of_its_answers(natuna: Process) -> None:
    found = following(natuna, "langkah_2_terima_tugaskan")
    assert {element.type for element in found} == {"userTask", "endEvent"}
    assert ids(natuna, "langkah_4_telaah_paraf") == {"langkah_5_tanda_tangan", "langkah_4_konsep_surat"}


def test_a_decision_is_looked_through(pasuruan: Process) -> None:
    assert "langkah_6_tetapkan_jalur" in ids(pasuruan, "langkah_6_case_conference")


def test_a_loop_ends(pasuruan: Process) -> None:
    assert {"langkah_11_pemantauan", "langkah_12_terminasi"} <= ids(pasuruan, "langkah_11_pemantauan")


@pytest.mark.parametrize("path", sorted(path.relative_to(PROCESSES) for path in PROCESSES.glob("*/*.bpmn")))
def test_every_step_of_every_process_leads_somewhere(path: Path) -> None:
    process = read(str(path))
    for element in process.elements.values():
        if element.type == "userTask":
            assert following(process, element.id), element.id
