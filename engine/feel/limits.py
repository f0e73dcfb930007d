"""How far an expression may go. Every cap of the language is a number in this file."""

from collections.abc import Callable

TEXT = 32_768
"""Characters of an expression."""

NODES = 6_000
"""Names, numbers, operators and other parts of an expression: each is kept, and takes some hundred bytes."""

NAMES = 300_000
"""Characters looked at, all in all, while names with signs in them are looked for."""

NESTING = 90
"""Levels of brackets, operators and forms inside one another, and of lists inside lists."""

CALLS = 90
"""FEEL functions calling one another."""

STEPS = 250_000
"""Iterations, calls and list cells of one evaluation: less than a second of work."""

STEPS_TOGETHER = 500_000
"""The same for all the evaluations of one command, which cost a step each besides."""

SECONDS = 2.0
"""Of the processor, for one evaluation and for all long ones of a command: ends what is counted wrongly."""

NODES_A_STEP = 8
"""An iteration, or a call, of something with so many parts costs a step more."""

STRING = 500_000
"""Characters of one string."""

CHARACTERS_A_STEP = 32
"""A string of so many characters costs one step."""

PATTERN = 4_000
"""Instructions of a compiled regular expression."""

SET = 100
"""Members of a set of characters (``[...]``) in a regular expression, with those of the sets taken away."""

SLOTS_A_STEP = 16
"""Noting a place in a regular expression copies all its places; so many cost a step."""


Step = Callable[[int], None]
"""Takes a cost in steps; raises Exhausted when the budget is used up."""


class Exhausted(Exception):
    """A budget is used up. ``Expression.evaluate`` turns it into ``ExpressionFailed``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
