"""Names that words alone cannot spell, having signs or keywords in them: ``gaji-pokok``, ``date and time``.

A name is a sequence of words and signs (DMN 1.5, 10.3.1.4), white space between them means nothing: where
``a-b`` is known, ``a - b`` is the same name. The longest known name wins (10.3.1.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_ASTRAL = "\U00010000-\U000effff"
PART = rf"\w\u00b7\u0300-\u036f\u203f\u2040{_ASTRAL}"
"""Characters of a word, for use inside square brackets."""
WORD = rf"(?:[^\W\d]|[?$_{_ASTRAL}])[{PART}]*"

KEYWORDS = frozenset(
    {
        *("and", "or", "between", "in", "if", "then", "else", "for", "return"),
        *("some", "every", "satisfies", "true", "false", "null", "function"),
    }
)
_SPOKEN = ("date and time", "years and months duration", "days and time duration")
"""Names of the language that contain a keyword."""

_PLAIN = re.compile(WORD)
_IS_PART = re.compile(f"[{PART}?$]")


def is_plain(name: str) -> bool:
    """Whether the parser reads the name without knowing it: words that are no keywords."""
    words = name.split(" ")
    return all(_PLAIN.fullmatch(word) and word not in KEYWORDS for word in words)


class NameTree:
    """A tree of names, character by character. Adding and finding take time by the length of a name only."""

    __slots__ = ("_children", "_name")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._children: dict[str, NameTree] = {}
        self._name: str | None = None
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        place = self
        for character, _ in _significant(name, 0):
            place = place._children.setdefault(character, NameTree())
        place._name = name

    def find(self, text: str, at: int) -> tuple[tuple[str, int] | None, int]:
        """The longest name that the text has at a position, with its end, or None; and how far it looked."""
        if text[at] not in self._children:
            return None, at
        place, found, end = self, None, at
        for character, end in _significant(text, at):
            child = place._children.get(character)
            if child is None:
                break
            place = child
            if place._name is not None and not _goes_on(text, end):
                found = place._name, end
        return found, end


def _goes_on(text: str, end: int) -> bool:
    """Whether a word is cut in two at ``end``."""
    return end < len(text) and bool(_IS_PART.match(text[end]) and _IS_PART.match(text[end - 1]))


def _significant(text: str, at: int) -> Iterable[tuple[str, int]]:
    """The characters and the positions after them; white space counts, as a blank, between words only."""
    previous, pending = "", False
    for end in range(at + 1, len(text) + 1):
        character = text[end - 1]
        if character.isspace():
            pending = True
            continue
        if pending and _IS_PART.match(previous or " ") and _IS_PART.match(character):
            yield " ", end - 1
        yield character, end
        previous, pending = character, False


@lru_cache(256)
def tree_of(names: frozenset[str]) -> NameTree:
    """The tree of the names that are not plain, and of the language's own. Shared: nobody adds to it."""
    return NameTree([*_SPOKEN, *(name for name in names if name.strip() and not is_plain(name))])
