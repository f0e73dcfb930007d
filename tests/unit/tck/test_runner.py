"""The runner of the compatibility kit: it passes what is right and fails what is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tck.running import verdicts
from tests.unit.dmn.models import decision, file, literal

HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
)
PARTS = [
    '<inputData id="i" name="n"><variable name="n"/></inputData>',
    decision(
        "a",
        '<informationRequirement><requiredInput href="#i"/></informationRequirement>' + literal("n"),
    ),
    decision("nol", literal("1/0")),
    decision("rusak", literal("1 +")),
]


def value(type_: str, text: str) -> str:
    return f'<value xsi:type="xsd:{type_}">{text}</value>'


NIL = '<value xsi:nil="true"/>'
PERSON = f'<component name="nama">{value("string", "A")}</component>'
LIST = f"<list><item>{value('decimal', '1')}</item><item>{NIL}</item></list>"


def kit(folder: Path, given: str, expected: str, *, node: str = "a", error: bool = False) -> Path:
    """A kit of one case."""
    place = folder / "compliance-level-2" / "0001-satu"
    place.mkdir(parents=True)
    (place / "satu.dmn").write_bytes(file(*PARTS))
    (place / "satu-test-01.xml").write_text(
        f"{HEAD}<modelName>satu.dmn</modelName><labels><label>Compliance Level 2</label></labels>"
        f'<testCase id="001"><!-- x --><inputNode name="n">{given}</inputNode>'
        f'<resultNode name="{node}" errorResult="{str(error).lower()}"><expected>{expected}</expected>'
        "</resultNode></testCase></testCases>"
    )
    return folder


def passes(folder: Path, given: str, expected: str, **more) -> bool:
    [verdict] = verdicts(kit(folder, given, expected, **more))
    return not verdict.reason


VALUES = [
    value("string", "x"),
    value("string", ""),
    value("boolean", "true"),
    value("decimal", "1.5"),
    value("double", "0.1"),
    value("date", "2026-01-02"),
    value("date", "-2026-01-02"),
    value("time", "10:00:00@Asia/Jakarta"),
    value("dateTime", "2026-01-02T10:00:00Z"),
    value("dayTimeDuration", "P1DT2H"),
    value("yearMonthDuration", "P1Y"),
    value("duration", "P1Y"),
    PERSON,
    LIST,
    NIL,
    '<list xsi:nil="true"/>',
]


@pytest.mark.parametrize("given", VALUES)
def test_every_kind_of_value_is_read_and_compared(tmp_path, given):
    assert passes(tmp_path, given, given)
    others = [other for other in VALUES if other != given and {other, given} != {NIL, VALUES[-1]}]
    alike = {value("yearMonthDuration", "P1Y"), value("duration", "P1Y")}
    for number, other in enumerate(others):
        if {other, given} != alike:
            assert not passes(tmp_path / str(number), given, other), other


def test_numbers_are_the_same_within_a_tolerance(tmp_path):
    assert passes(tmp_path / "1", value("decimal", "0.3333333333333"), value("double", "0.33333333"))
    assert not passes(tmp_path / "2", value("decimal", "0.33334"), value("double", "0.33333333"))


def test_a_refusal_passes_for_an_error_only(tmp_path):
    assert passes(tmp_path / "1", NIL, NIL, node="rusak", error=True)
    assert not passes(tmp_path / "2", NIL, NIL, node="rusak")
    assert passes(tmp_path / "3", NIL, NIL, node="nol")
    assert not passes(tmp_path / "4", NIL, NIL, node="tidak ada", error=True)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.tck", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_counts_by_folder_and_label_and_fails_with_a_failure(tmp_path):
    good = run(str(kit(tmp_path / "1", LIST, LIST)))
    assert good.returncode == 0
    assert "      1       0  compliance-level-2/0001-satu" in good.stdout
    assert "      1       0  Compliance Level 2" in good.stdout
    bad = run(str(kit(tmp_path / "2", LIST, NIL)))
    assert bad.returncode == 1
    assert (
        "FAIL compliance-level-2/0001-satu 001 'a': expected None, found [Decimal('1'), None]" in bad.stdout
    )


def test_a_folder_without_a_kit_is_told(tmp_path):
    assert "there are no test cases" in run(str(tmp_path)).stderr
    assert "is not a folder" in run(str(tmp_path / "x")).stderr
