"""Ten thousand rounds of a follow-up loop leave nothing behind: the last step costs what the tenth has cost.

Work is counted, not timed: function calls, steps, tokens, bytes.
"""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

import pytest

from tests.unit.interpreter.diagrams import (
    again_while,
    boundary,
    end,
    exclusive,
    inclusive,
    node,
    on_event,
    parallel,
    process,
    start,
    sub,
    timer,
    user,
)
from tests.unit.interpreter.story import Story

LOOP = exclusive("m") + user("a") + exclusive("g", "g__m")
REMIND = boundary("t", "a", timer("R/PT1H", "timeCycle"), cancel=False) + user("n") + end("e2")
ASK = on_event("x", timer("R/PT1H", "timeCycle"), user("k") + end("e3"), "x_s > k > e3", interrupting=False)
CHOOSE = inclusive("is") + inclusive("ij") + node("task", "c")

DIAGRAMS = {
    "alone": (10_000, process(LOOP, "s > m > a > g; g > m; g > e if stop")),
    "in a parallel branch": (
        1_000,
        process(
            LOOP + parallel("ps", "pj") + user("b"),
            "s > ps; ps > m > a > g; g > m; g > pj if stop; ps > b > pj; pj > e",
        ),
    ),
    "with a reminder": (1_000, process(LOOP + REMIND, "s > m > a > g; g > m; g > e if stop; t > n > e2")),
    "through a parallel split and join": (
        1_000,
        process(
            LOOP + parallel("fs", "fj") + node("task", "c"),
            "s > m > fs; fs > a > fj; fs > c > fj; fj > g; g > m; g > e if stop",
        ),
    ),
    "as a standard loop": (1_000, process(node("userTask", "a", again_while("stop = null")), "s > a > e")),
    "in all of this at once": (
        10_000,
        process(
            sub(
                "sp",
                start("s1") + LOOP + CHOOSE + REMIND + ASK + end("e1"),
                "s1 > m > is; is > a if true; is > c if n > 1; a > ij; c > ij; "
                "ij > g; g > m; g > e1 if stop; t > n > e2",
            )
            + boundary("d", "sp", timer("PT99H"))
            + parallel("ps", "pj")
            + user("b"),
            "s > ps; ps > sp > pj; ps > b > pj; pj > e; d > e",
        ),
    ),
}
"""How many rounds, and of what."""


@dataclass(frozen=True)
class Work:
    """What one step has cost, and what it leaves. ``size``: of the state, in bytes."""

    calls: Counter[str]
    steps: int
    waiting: int
    scopes: int
    size: int


@pytest.mark.parametrize("diagram", DIAGRAMS)
def test_the_last_round_of_a_follow_up_loop_does_no_more_work_than_the_tenth(diagram):
    rounds, text = DIAGRAMS[diagram]
    story = Story(text, reload=True, n=2)
    costs = {}
    for number in range(1, rounds + 1):
        if number in (10, rounds):
            costs[number] = _counted(story)
        else:
            story.do("a")
    first, last = costs[10], costs[rounds]
    assert replace(last, size=first.size) == first
    assert last.size - first.size < 10  # a counter has more digits
    assert max(story.sizes) < 1_000
    story.do("a", stop=True)
    assert "a" not in {waiting.element_id for waiting in story.waiting}


def _counted(story: Story) -> Work:
    """One more round, with every call of a function of the interpreter counted."""
    calls: Counter[str] = Counter()
    token = story.at("a").token_id

    def count(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and "interpreter" in frame.f_code.co_filename:
            calls[frame.f_code.co_qualname] += 1

    _under(count, lambda: story.workflow.complete(token, {}))
    steps = len(story.workflow.trace)
    story._moved()
    return Work(calls, steps, len(story.waiting), len(story.host.scopes), story.sizes[-1])


def _under(profile: Callable[[FrameType, str, Any], None], act: Callable[[], object]) -> None:
    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(None)
