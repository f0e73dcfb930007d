"""One evaluation: its budget, its warnings, and the names that are visible at each place."""

from __future__ import annotations

from collections.abc import Mapping
from time import thread_time
from typing import Any, NamedTuple

from . import limits
from .allowance import current
from .limits import Exhausted

_FIRST_LOOK, _NEXT_LOOK = 32, 512
"""Steps after which an evaluation looks at the clock."""


class Source(NamedTuple):
    """A text of FEEL and the element of a model that it stands in."""

    element: str
    text: str


class Run:
    """The state of one evaluation. Not shared between threads, unlike the compiled expression."""

    __slots__ = (
        "at",
        "begun",
        "calls",
        "given",
        "json",
        "lifted",
        "look",
        "shared",
        "source",
        "steps",
        "warnings",
        "zone",
    )

    def __init__(self, warnings: list[str] | None, zone: str | None = None) -> None:
        self.warnings = warnings
        self.zone = zone
        self.source: Source | None = None
        """The text that is evaluated, where an evaluation goes through many."""
        self.json = False
        """Whether the caller's values come from JSON, which has no dates and leaves out what is null."""
        self.shared = shared = current()
        self.steps = self.given = steps = limits.STEPS if shared is None else min(limits.STEPS, shared.steps)
        self.look = steps - _FIRST_LOOK if steps > _FIRST_LOOK else 0
        self.begun: float | None = None
        """The thread's clock at the first look."""
        self.calls = 0
        self.at = 0
        self.lifted: dict[int, tuple[Any, Any]] | None = None
        """Lists and contexts of the caller that were turned into FEEL values, by identity."""

    def step(self, cost: int = 1) -> None:
        """Raises Exhausted if the expression has worked too long."""
        self.steps -= cost
        if self.steps < self.look:
            self._look()

    def _look(self) -> None:
        if self.steps < 0:
            raise Exhausted("it takes too many steps")
        now = thread_time()
        if self.begun is None:
            self.begun = now
        if now - self.begun > (limits.SECONDS if self.shared is None else self.shared.seconds):
            raise Exhausted("it takes too long")
        self.look = max(self.steps - _NEXT_LOOK, 0)

    def close(self) -> None:
        """Take what was used from the command's allowance, if it has one."""
        if self.shared is not None:
            self.shared.steps -= self.given - self.steps + 1
            if self.begun is not None:
                self.shared.seconds -= thread_time() - self.begun

    def text(self, value: str) -> str:
        """Account for a new string and return it. Raises Exhausted if it is too long."""
        if len(value) > limits.STRING:
            raise Exhausted(f"a string is longer than {limits.STRING} characters")
        self.step(len(value) // limits.CHARACTERS_A_STEP)
        return value

    def items(self, value: list[Any]) -> list[Any]:
        """Account for a new list and return it. Raises Exhausted."""
        self.step(len(value))
        return value

    def warn(self, message: str, at: int | None = None) -> None:
        """Say why a result is null; returns None, the null. At most 100 warnings are kept."""
        if self.warnings is not None and len(self.warnings) < 100:
            place = "" if self.source is None else f"{self.source.element}: "
            self.warnings.append(f"{place}{message} (position {self.at if at is None else at})")


class Env:
    """Names visible at one place. The outermost holds the caller's raw values, the others FEEL values."""

    __slots__ = ("parent", "run", "vars")

    def __init__(self, vars: Mapping[str, Any], parent: Env | None, run: Run) -> None:
        self.vars = vars
        self.parent = parent
        self.run = run
