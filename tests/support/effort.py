"""What a call costs, in a unit that a slow, busy or crowded machine does not change.

Seconds say little there: the same second of work takes three on a loaded core, and the garbage collector of a
process that ran thousands of tests takes its own second out of whatever allocates much. So a call is measured
against a fixed piece of Python's work that runs right before and right after it, with the collector off.
"""

import gc
from collections.abc import Callable
from time import thread_time

LOOPS = 20_000


def _yardstick() -> float:
    begun = thread_time()
    sum(n * n % 7 for n in range(LOOPS))
    return thread_time() - begun


def effort(call: Callable[[], object]) -> float:
    """The processor time of this thread that ``call`` takes, in yardsticks: one is about 2 ms of a core of
    today that has nothing else to do."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        before = _yardstick()
        begun = thread_time()
        call()
        spent = thread_time() - begun
        return spent / max(before, _yardstick())
    finally:
        if collecting:
            gc.enable()
