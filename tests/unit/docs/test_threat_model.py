"""The threat model names no test that is not there, and no control without a test."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
CONTROLS = TEXT.partition("## Controls")[2]
HEAD = "| law | threat | control | tests |"


def rows() -> list[list[str]]:
    """The cells of every row of the tables of controls."""
    lines = [line for line in CONTROLS.splitlines() if line.startswith("| ") and line != HEAD]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", CONTROLS))
    there = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        there |= set(re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(named) > 25
    assert named - there == set()


def test_every_control_has_its_article_and_its_test() -> None:
    assert len(rows()) > 15
    for row in rows():
        assert len(row) == 4, row
        law, _, _, tests = row
        assert re.fullmatch(r"(SPPA|PDP) \d+( \(\d\))?([;,] ?((SPPA|PDP) )?\d+( \(\d\))?)*", law), row
        assert re.fullmatch(r"`test_\w+`(, `test_\w+`)*", tests), row
