"""How far an expression may go. Every cap of the language is a number in this file."""

from collections.abc import Callable

TEXT = 32_768
"""Characters of an expression."""

NESTING = 90
"""Levels of brackets, operators and forms inside one another, and of lists inside lists."""

CALLS = 90
"""FEEL functions calling one another."""

STEPS = 250_000
"""Iterations, calls and list cells of one evaluation: less than a second of work."""

STRING = 500_000
"""Characters of one string."""

CHARACTERS_A_STEP = 32
"""A string of so many characters costs one step."""

PATTERN = 4_000
"""Instructions of a compiled regular expression."""


Step = Callable[[int], None]
"""Takes a cost in steps; raises Exhausted when the budget is used up."""


class Exhausted(Exception):
    """A budget is used up. ``Expression.evaluate`` turns it into ``ExpressionFailed``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
