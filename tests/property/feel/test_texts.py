"""Ten thousand texts that are hardly FEEL: each has a value, or an error with a place in it, and soon.

They are drawn from the run's seed. A text is judged by the thread's own clock, and again where that was
late, so that a busy machine is no reason to fail.
"""

import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator
from random import Random
from time import thread_time

import pytest

from engine.errors import ExpressionFailed, ExpressionInvalid
from engine.feel import limits, parse_expression, parse_unary_tests, to_json
from engine.feel.library import BUILTINS
from engine.feel.syntax.names import KEYWORDS
from tests.support.seeds import SEED
from tests.unit.feel.test_library import HOLDS

COUNT = int(os.environ.get("TITIAN_TEXTS", "2500"))
"""Of each kind; there are four."""
SECONDS = 0.1
LENGTH = 8_000
FRAMES = 600
"""Of Python's stack, which has a thousand: enough for all that the budgets of nesting let in."""

SCOPE = {"a": 1, "b": "teks", "xs": [1, 2.5, None, "z"], "c": {"d": [{"e": 1}, {"e": None}]}, "f": True}
WORDS = (*sorted(KEYWORDS), "not", "instance of", "external", "item", "number", "list<", *"abcdef?", "xs")
SIGNS = (*"()[]{},:.+-*/=<>@\"`'\\#;&|\n", "..", "**", "!=", "<=", ">=", "->", "//", "/*", "*/")
LITERALS = ("0", "2.5", ".5", "1.", "1e5", '"a"', '@"2026-03-30"', '@"PT1H"', '"\\u00e9"', "`a`")
TOKENS = (*WORDS, *SIGNS, *LITERALS, *BUILTINS)
VALID = tuple(line for line in HOLDS.splitlines() if line)
OPENERS = (
    *("{a: ", "not(", "a[", "c.", "1 + (", "sum(", "f(a: ", "1 in (", "[1..", "(< ", "a-", "1**", "/*"),
    *("if true then ", "if ", "for i in xs return ", "for i in ", "some i in xs satisfies ", "function(a) "),
    *("a between 1 and ", "1 instance of list<", "a or ", 'matches(b, "(', *'([{]-@"`'),
)
CLOSERS = {"(": ")", "[": "]", "{": "}"}


def soup(random: Random) -> str:
    """Tokens in any order."""
    return random.choice(("", " ")).join(random.choices(TOKENS, k=random.randint(1, 40)))


def mutation(random: Random) -> str:
    """A valid expression with a few pieces cut, doubled, moved or replaced."""
    text = random.choice(VALID)
    for _ in range(random.randint(1, 5)):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.randint(0, 8))
        piece = random.choice(
            (
                "",
                text[start:end] * 2,
                random.choice(TOKENS),
                random.choice(VALID)[:end],
                chr(random.randint(0, 0x2FFF)),
            )
        )
        text = text[:start] + piece + text[end:]
    return text


def anything(random: Random) -> str:
    """Any characters, halves of surrogate pairs and controls too."""
    highest = random.choice((0x7F, 0x2FF, 0xFFFF, 0x10FFFF))
    return "".join(chr(random.randint(0, highest)) for _ in range(random.randint(0, 60)))


def nesting(random: Random) -> str:
    """Openings inside one another, up to thousands, closed rightly, wrongly or not at all."""
    pieces = random.choices(OPENERS, k=random.randint(1, 3))
    depth = random.choice((5, 30, 80, 100, 1000, 4000))
    opened = "".join(pieces[number % len(pieces)] for number in range(depth))[:LENGTH]
    closed = "".join(CLOSERS[sign] for sign in reversed(opened) if sign in CLOSERS)
    return opened + "1" + closed[: random.choice((0, depth // 2, len(closed)))]


KINDS: tuple[Callable[[Random], str], ...] = (soup, mutation, anything, nesting)


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fewer steps for an evaluation, which must take less time in proportion; and a low stack."""
    monkeypatch.setattr(limits, "STEPS", limits.STEPS // 20)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + FRAMES)
    yield
    sys.setrecursionlimit(before)


def attempt(text: str, what: Callable[[str], object]) -> float:
    """Seconds of this thread that it took. Fails on an error that is none of FEEL's, or says no place."""
    failure: ExpressionInvalid | ExpressionFailed | None = None
    begun = thread_time()
    try:
        what(text)
    except (ExpressionInvalid, ExpressionFailed) as error:
        failure = error
    seconds = thread_time() - begun
    if failure is not None:
        assert failure.reason
        assert failure.reason != "it is nested too deeply", "Python's stack ended before the budget did"
        assert 0 <= failure.position <= len(text)
    return seconds


def evaluate(text: str) -> None:
    json.dumps(to_json(parse_expression(text).evaluate(SCOPE, [])))


def match(text: str) -> None:
    parse_unary_tests(text).matches(1, SCOPE, [])


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
@pytest.mark.usefixtures("tight")
def test_a_text_does_no_harm(make: Callable[[Random], str]) -> None:
    random = Random(f"{SEED} {make.__name__}")
    for _ in range(COUNT):
        text = make(random)
        for what in (evaluate, match):
            tries = (attempt(text + " " * again, what) for again in range(4))  # a blank: not from the cache
            assert any(seconds < SECONDS for seconds in tries), f"{what.__name__} takes long: {text!r}"


def test_many_of_the_texts_are_valid_and_many_are_not() -> None:
    random = Random(SEED)
    texts = [mutation(random) for _ in range(400)]
    valid = [text for text in texts if attempt_is_valid(text)]
    assert 40 < len(valid) < 360


def attempt_is_valid(text: str) -> bool:
    try:
        parse_expression(text)
    except ExpressionInvalid:
        return False
    return True
