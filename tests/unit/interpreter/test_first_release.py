"""States that the first release has saved load for ever, and their instances finish."""

import json
from pathlib import Path

from engine import interpreter
from engine.definitions import parse_xml
from tests.unit.interpreter.story import DONE, Story, new_host

HERE = Path(__file__).parent / "first_release"


class Saved(Story):
    """A story that begins with a saved state."""

    def __init__(self) -> None:
        root = parse_xml((HERE / "kasus.bpmn").read_bytes(), "kasus.bpmn")
        self.saved = json.loads((HERE / "kasus.json").read_text())
        self.executable = interpreter.define([root], "p")
        self.host, self.reload, self.sizes = new_host(), True, []
        self.host.scopes = self.saved["scopes"]
        self.workflow = interpreter.load(self.saved["state"].encode(), self.executable, self.host)


def test_everything_that_the_first_release_could_wait_for_waits_again():
    story = Saved()
    assert sorted([w.kind, w.element_id] for w in story.waiting) == story.saved["waiting"]
    assert story.at("sv").name == "sipp"


def test_a_case_of_the_first_release_ends():
    story = Saved()
    story.fire("t1").fire("t1").do("m", nilai=8).do("m", nilai=9).do("mp", nilai=1).do("mp", nilai=2)
    story.do("l", lagi=False).do("qa").do("qb").do("qa").do("qb").do("qb").fire("c1").do("k").do("k2")
    story.fire("esp_s").do("d").do("ek").do("ek").do("j1b").fail("sv", "TOLAK").signal()
    story.do("a").opens("n n n").set(batal=True).opens("bk").do("bk").opens(DONE)
    assert story.variables["hasil"] == [7, 8, 9]
    assert sorted(story.variables["hasil2"]) == [1, 2, 8]
    assert story.host.scopes.keys() == {"p:"}
