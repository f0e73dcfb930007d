"""Comments as pages show them: in parts, so that who is named in them stands there by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.desk import CommentView, parts_of


@dataclass(frozen=True)
class Said:
    """A comment, and its words as pairs of a text and the id of the user named there, one of them empty."""

    comment: CommentView
    parts: Sequence[tuple[str, str]]


def said(comments: Iterable[CommentView]) -> list[Said]:
    """The comments in the order in which they come."""
    return [Said(comment, tuple(parts_of(comment.message or ""))) for comment in comments]
