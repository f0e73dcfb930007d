"""The statistics pages and files: who sees them, small numbers withheld, no formula in a cell."""

import csv
import io

import pytest

import engine
from engine.types import SYSTEM
from tests.integration.web.conftest import NATUNA, REPORT, Visitor, Visitors
from tests.support.service import Service
from webapp.statistics.files import harmless

KEY = "natuna_pendampingan_abh_ampk"


@pytest.fixture
def officer(visitors: Visitors) -> Visitor:
    """The data officer of Natuna, where four cases are open and one is cancelled."""
    worker = visitors("petugas@natuna")
    for _ in range(5):
        assert worker.submit(NATUNA, REPORT).status_code == 200
    cases = engine.list_instances(visitors.service.database, SYSTEM)
    manager = engine.get_actor(visitors.service.database, "manajer@natuna")
    engine.cancel_instance(visitors.service.database, manager, cases[0].id, "ganda")
    return visitors("petugas_data@natuna")


def lines(visitor: Visitor, path: str) -> list[list[str]]:
    answer = visitor.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_data_officers_work_begins_with_the_numbers(officer: Visitor) -> None:
    assert officer.get("/").location == "/statistics"
    page = officer.get("/statistics").text
    assert "Statistik" in page
    assert "<strong>4</strong>" in page
    assert "&lt;3" in page
    assert "Tugas</a>" not in page
    assert "Kokpit</a>" not in page


def test_the_page_holds_no_case(officer: Visitor, service: Service) -> None:
    keys = [case.business_key for case in engine.list_instances(service.database, SYSTEM)]
    for path in ("/statistics", "/statistics/counts.csv", "/statistics/cases.csv"):
        text = officer.get(path).text
        assert not [word for word in (*keys, REPORT["uraian"], "petugas@natuna") if word in text]


def test_the_numbers_as_a_file(officer: Visitor) -> None:
    head, *found = lines(officer, "/statistics/counts.csv")
    assert head == ["layanan", "nama", "ukuran", "rincian", "nilai"]
    of_service = [line for line in found if line[0] == KEY]
    assert [line[4] for line in of_service if line[2] == "terbuka"] == ["4"]
    assert {line[4] for line in of_service if line[2] == "masuk"} == {"5", "<3"}
    assert {line[4] for line in of_service if line[2] == "selesai"} == {"<3"}
    assert [line[3:] for line in of_service if line[2] == "hasil"] == [["lainnya", "<3"]]
    assert [line[4] for line in of_service if line[2] == "median_hari"] == ["<3"]


def test_the_cases_as_a_file_with_the_cancelled_one_withheld(officer: Visitor) -> None:
    head, *found = lines(officer, "/statistics/cases.csv")
    assert head[:6] == ["no", "layanan", "bulan_masuk", "hasil", "lama_hari", "bulan_selesai"]
    assert [line[0] for line in found] == ["1", "2", "3", "4", "5"]
    assert [line[3] for line in found] == ["terbuka"] * 4 + ["<3"]
    assert set(found[-1][2:]) == {"<3"}


@pytest.mark.parametrize("user_id", ["petugas@natuna", "analis@natuna", "auditor@natuna", "admin@titian"])
def test_nobody_else_comes_in(visitors: Visitors, user_id: str) -> None:
    visitor = visitors(user_id)
    for path in ("/statistics", "/statistics/counts.csv", "/statistics/cases.csv"):
        assert visitor.get(path).status_code == 403
    assert "Statistik</a>" not in visitor.get("/").text


def test_another_agency_and_an_absent_one_are_not_there(officer: Visitor) -> None:
    for path in ("/statistics", "/statistics/counts.csv", "/statistics/cases.csv"):
        for agency in ("bintan", "tiada"):
            assert officer.get(f"{path}?agency={agency}").status_code == 404
        for year in ("1999", "abcd", "99999", "٢٠٢٦"):
            assert officer.get(f"{path}?year={year}").status_code == 400
        assert officer.get(f"{path}?agency=natuna&year=2020").status_code == 200


def test_a_manager_sees_them_beside_the_cockpit(visitors: Visitors) -> None:
    page = visitors("manajer@pasuruan").get("/statistics").text
    assert "Penanganan Anak" in page
    assert 'href="/cockpit"' in page


@pytest.mark.parametrize("cell", ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "<3", "8–30", "2026-03", "rj"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_name_that_an_analyst_chose_is_no_formula_in_the_file(service: Service, officer: Visitor) -> None:
    analyst = engine.get_actor(service.database, "analis@natuna")
    found = engine.list_definitions(service.database, analyst, agency_ids=["natuna"], key=KEY)
    content = engine.definition_content(service.database, analyst, "process", found[0].id)
    name = found[0].name.encode()
    engine.deploy(
        service.database, analyst, "natuna", "uji", {f"{KEY}.bpmn": content.replace(name, b"=HYPERLINK(1)")}
    )
    names = {line[1] for line in lines(officer, "/statistics/counts.csv") if line[0] == KEY}
    assert names == {"'=HYPERLINK(1)"}
