"""What a version of a decision table changes, as an analyst reads it."""

import pytest

import engine
from engine.types import ANALYST, SYSTEM, Actor
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import Service
from tests.unit.dmn.models import decision, file, literal, table

ANALYS = Actor.of("analis@natuna", "natuna", [ANALYST])
OLD = table(["umur"], ["jalur"], [["< 12", '"rj"'], [">= 12", '"diversi"']], types=["number"])
NEW = table(["umur"], ["jalur"], [["< 14", '"rj"'], [">= 14", '"diversi"']], types=["number"])


def deploy(service: Service, *logics: str, key: str = "jalur") -> list[str]:
    """The ids of the versions that are made of them, the first first."""
    ids = []
    for logic in logics:
        content = {f"{key}.dmn": file(decision(key, logic))}
        engine.deploy(service.database, SYSTEM, "natuna", "x", content)
        found = engine.get_definition(service.database, ANALYS, "decision", key=key, agency_id="natuna")
        ids.append(found.id)
    return ids


@pytest.fixture
def analyst(visitors: Visitors) -> Visitor:
    return visitors("analis@natuna")


def test_a_version_says_what_it_changes_since_the_one_before(service: Service, analyst: Visitor) -> None:
    old, new = deploy(service, OLD, NEW)
    listed = analyst.get("/modeler/decision/versions/natuna/jalur").text
    assert "yang berubah sejak versi 1" in listed
    assert listed.count("yang berubah sejak") == 1
    page = analyst.get(f"/modeler/decision/{new}/changes?since={old}").text
    assert "Versi 2 dibandingkan dengan versi 1." in page
    assert "[12..14)" in page
    assert page.count("<li>\n    <h2>") == 1
    assert page.index("&#34;diversi&#34;") < page.index("&#34;rj&#34;")
    assert "aturan 2" in page


def test_two_versions_that_answer_alike_say_so(service: Service, analyst: Visitor) -> None:
    old, new = deploy(service, OLD, OLD.replace('id="t"', 'id="u"'))
    page = analyst.get(f"/modeler/decision/{new}/changes?since={old}").text
    assert "Kedua versi menjawab semua masukan dengan sama." in page


def test_tables_that_are_too_large_say_so(service: Service, analyst: Visitor) -> None:
    cell = "count(for a in 1..300, b in 1..300 return a) + "
    tables = [
        table(
            ["x", "y"], ["o"], [[str(n), str(n), cell + str(more)] for n in range(30)], types=["number"] * 2
        )
        for more in (0, 1)
    ]
    old, new = deploy(service, *tables)
    page = analyst.get(f"/modeler/decision/{new}/changes?since={old}").text
    assert "Tabelnya terlalu besar untuk dibandingkan." in page


def test_what_cannot_be_compared_is_told(service: Service, analyst: Visitor) -> None:
    old, new = deploy(service, OLD, literal("1"))
    [other] = deploy(service, OLD, key="lain")
    assert analyst.get(f"/modeler/decision/{new}/changes?since={old}").status_code == 400
    assert analyst.get(f"/modeler/decision/{new}/changes?since={other}").status_code == 400
    assert analyst.get(f"/modeler/decision/{new}/changes?since=tidak-ada").status_code == 404
    assert analyst.get(f"/modeler/decision/{new}/changes").status_code == 404


@pytest.mark.parametrize("user_id", ["petugas@natuna", "manajer@natuna", "analis@pasuruan"])
def test_nobody_else_reads_it(service: Service, visitors: Visitors, user_id: str) -> None:
    old, new = deploy(service, OLD, NEW)
    assert visitors(user_id).get(f"/modeler/decision/{new}/changes?since={old}").status_code in (403, 404)
