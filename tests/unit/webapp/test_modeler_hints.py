"""What the modeler tells people to write can be written."""

import re
from pathlib import Path

from engine.feel import parse_expression

SOURCES = sorted((Path(__file__).parents[3] / "webapp/frontend/src").rglob("*.js"))
CASE = {"hasil_telaah": "setuju", "waktu_diterima": "2026-11-20T16:00:00+07:00"}
"""Variables as a case has them: the time of receipt is a text."""


def test_the_examples_in_the_hints_are_feel_that_gives_something():
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    hints = re.findall(r"'FEEL, (?:for instance|misalnya) =([^']+)'", text)
    assert len(hints) == text.count("FEEL, for instance") + text.count("FEEL, misalnya") == 6
    assert [hint for hint in hints if not parse_expression(hint).evaluate(CASE)] == []
