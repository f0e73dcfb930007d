"""Child processes that open strangers' files: few at a time, and not for ever."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

PATIENCE: Final = 30.0
"""Seconds; the child's own limit is one of the processor, and the machine may be busy."""

_QUEUEING: Final = 10.0
"""Seconds that a file waits for others to be looked at: no more threads than that stand still for files."""

_ENVIRONMENT: Mapping[str, str] = {"LC_ALL": "C.UTF-8"}
"""Of the child: no key and no password of the server's environment."""


class ChildFailed(Exception):
    """The child died, or did not end: what it was fed is unreadable."""


class ChildrenBusy(Exception):
    """Others are looked at, and have been for long."""


def feed(places: BoundedSemaphore, script: Path, content: bytes, *arguments: str) -> bytes:
    """What the child that runs ``script`` says of ``content``.

    ``places``: how many such children this process has at a time; a hundred files need no more memory than
    these.

    Raises ``ChildFailed``, ``ChildrenBusy``.
    """
    with _place(places):
        try:
            return subprocess.run(
                [sys.executable, "-I", str(script), *arguments],
                input=content,
                capture_output=True,
                timeout=PATIENCE,
                check=True,
                env=_ENVIRONMENT,
                cwd="/",
            ).stdout
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            raise ChildFailed from None


@contextmanager
def _place(places: BoundedSemaphore) -> Iterator[None]:
    if not places.acquire(timeout=_QUEUEING):
        raise ChildrenBusy
    try:
        yield
    finally:
        places.release()
