"""What people say to each other about a case, and whom they name in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_COMMENT = 4000
"""Characters."""

_MENTION = re.compile(r"(?<![\w@.+-])@(\w[\w.+-]*@\w+(?:[.-]\w+)*)")
"""``@peksos@natuna``: an at sign and a user id. An e-mail address is none, nor is a price (``@Rp5.000``)."""


class CommentAction(StrEnum):
    """What a comment was written with."""

    COMMENT = "comment"
    HAND_OVER = "hand_over"
    DELEGATE = "delegate"
    RESOLVE = "resolve"


@dataclass(frozen=True)
class CommentView:
    """A comment as somebody who sees its case is shown it.

    ``message``: None where the reader does not work on the case and has not written it, where it was removed
    (``removed_at``) or erased. ``removable``: by the reader, still. ``task_name``: of the task at which it
    stands.
    """

    id: str
    instance_id: str
    agency_id: str
    task_id: str | None
    task_name: str | None
    user_id: str
    action: CommentAction
    message: str | None
    mentions: tuple[str, ...]
    created_at: datetime
    removed_at: datetime | None
    removable: bool = False


def mentioned_in(message: str) -> tuple[str, ...]:
    """Ids of the users that a message names, each once."""
    return tuple(dict.fromkeys(_MENTION.findall(message)))


def parts_of(message: str) -> Iterator[tuple[str, str]]:
    """A message in its parts: pairs of a text and the id of the user that it names, one of them empty."""
    rest = 0
    for found in _MENTION.finditer(message):
        yield message[rest : found.start()], ""
        yield "", found[1]
        rest = found.end()
    yield message[rest:], ""
