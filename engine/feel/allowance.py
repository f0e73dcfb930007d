"""One budget for all the expressions of one command: a token in a circle gets no new one each round."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from . import limits


class Allowance:
    """What is left of ``steps`` (``limits.STEPS_TOGETHER``) and of ``seconds`` of the processor."""

    __slots__ = ("seconds", "steps")

    def __init__(self) -> None:
        self.steps = limits.STEPS_TOGETHER
        self.seconds = limits.SECONDS


_current: ContextVar[Allowance | None] = ContextVar("allowance", default=None)
current = _current.get


@contextmanager
def one_allowance() -> Iterator[None]:
    """Let every evaluation of this thread inside the block draw on one budget; blocks inside share it.

    An evaluation that finds it used up raises ExpressionFailed, as it does with a budget of its own.
    """
    if _current.get() is not None:
        yield
        return
    token = _current.set(Allowance())
    try:
        yield
    finally:
        _current.reset(token)
