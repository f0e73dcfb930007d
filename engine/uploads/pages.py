"""Pages of a PDF as pictures, drawn when somebody looks at them and kept nowhere."""

import threading
from pathlib import Path

from engine.errors import DrawingBusy, PageUndrawable
from engine.uploads.children import ChildFailed, ChildrenBusy, feed

_DRAWER = Path(__file__).with_name("drawing.py")
WIDTH, SMALL = 1240, 170
"""Dots of a page's shorter side: 150 an inch of A4, enough for small print when a phone enlarges it; and in
a list."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""Other places than those of uploads: who looks through a long file keeps nobody from attaching one."""


def draw_page(content: bytes, number: int) -> bytes:
    """Page ``number`` (from 1) of a PDF file as a JPEG, with what was filled in and signed.

    Raises ``PageUndrawable`` for a page that is not there, is broken or takes too much to draw, and
    ``DrawingBusy``.
    """
    return _drawn(content, number, WIDTH)


def draw_first_page(content: bytes) -> bytes | None:
    """The small picture of a PDF file; None where there is none, or no time for one."""
    try:
        return _drawn(content, 1, SMALL)
    except (PageUndrawable, DrawingBusy):
        return None


def _drawn(content: bytes, number: int, width: int) -> bytes:
    try:
        drawn = feed(_AT_ONCE, _DRAWER, content, str(number), str(width))
    except ChildrenBusy:
        raise DrawingBusy from None
    except ChildFailed:
        raise PageUndrawable(number=number) from None
    if not drawn.startswith(b"\xff\xd8\xff"):  # what a child says that somebody else has taken over
        raise PageUndrawable(number=number)
    return drawn
