"""Numbers beside lists: counted as far as anybody reads them."""

MOST = 1000
"""Nobody works through more than this; to count on would make a page slower the fuller the office is."""


def counted(number: int) -> str:
    """``number``, which was not counted beyond ``MOST``, as people read it."""
    return f"{MOST}+" if number >= MOST else str(number)
