import orjson
import pytest

from engine import interpreter
from engine.errors import ExecutionFailed
from tests.unit.interpreter.diagrams import boundary, document, many, node, process, timer, user
from tests.unit.interpreter.story import DONE, Story


def version(nodes: str, flows: str):
    every = (
        node("userTask", "m", many("ahli", "a1")) + boundary("t", "m", timer("PT1H")) + user("i", "x", "z")
    )
    return process(every + nodes, flows)


FIRST = version("", "s > i > m > z > e; t > x > e")
SECOND = version(user("baru"), "s > i > m > baru > z > e; t > x > e")


def test_half_done_items_go_on_in_a_later_version_of_the_diagram():
    story = Story(FIRST, reload=True)
    story.do("i", ahli=[1, 2, 3]).do("m").opens("m m")
    due = story.at("t").due
    story.executable = interpreter.define([document(SECOND)], "p")
    story._moved()
    assert story.at("t").due == due
    story.opens("m m").do("m").do("m").opens("baru").do("baru").opens("z").do("z").opens(DONE)


def test_a_token_at_an_element_that_is_no_more_is_named():
    story = Story(SECOND, reload=False)
    story.do("i", ahli=[]).opens("baru")
    other = interpreter.define([document(FIRST)], "p")
    with pytest.raises(ExecutionFailed, match="at baru: a token stands there"):
        interpreter.load(story.workflow.save(), other, story.host)


def test_a_state_holds_positions_and_no_values():
    story = Story(FIRST, reload=False)
    story.do("i", ahli=["rahasia"], nama="Siti")
    state = story.workflow.save()
    assert b"rahasia" not in state
    assert b"Siti" not in state


def test_a_state_of_one_task_is_a_hundred_bytes():
    story = Story(process(user("a"), "s > a > e"), reload=False)
    assert len(story.workflow.save()) < 100
    assert len(story.do("a").workflow.save()) < 20


def test_saving_twice_gives_the_same_bytes_and_loading_changes_nothing():
    story = Story(FIRST, reload=False)
    story.do("i", ahli=[1, 2])
    state = story.workflow.save()
    assert story.workflow.save() == state
    assert interpreter.load(state, story.executable, story.host).save() == state
    assert orjson.loads(state)[0] == 1
