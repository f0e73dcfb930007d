"""What somebody has typed to search for: a number, a pseudonym, or words that may be anybody's name.

Only the first two may stand in an address, and so in histories, logs and saved filters.
"""

import re
from collections.abc import Iterable

from engine.types.pseudonyms import WORDS

LONGEST = 64
"""Characters of a search."""

_PSEUDONYM = re.compile(r"([A-Za-z]+) ?(\d\d)")
_NUMBER = re.compile(r"(?:([A-Za-z_]+)-?)?(\d{0,6}(?:-\d{0,6})?)")
"""Of a registration number (``PASURUAN-2026-0142``) any part. Longer digits would be a citizen's number or a
telephone, and three groups of them a day of birth: neither belongs into an address."""

_TREES = {word.lower(): word for word in WORDS}


def pseudonym_in(text: str) -> str:
    """The pseudonym that ``text`` is, as it is written (``melati27``: ``Melati 27``); else empty."""
    found = _PSEUDONYM.fullmatch(text)
    tree = _TREES.get(found[1].lower()) if found else None
    return f"{tree} {found[2]}" if found and tree else ""


def tree_in(text: str) -> str:
    """The first word of pseudonyms that ``text`` is; else empty. It may be a child's name as well."""
    return _TREES.get(text.lower(), "")


def is_public(text: str, agency_ids: Iterable[str]) -> bool:
    """Whether ``text`` is part of a registration number of one of these agencies, or a whole pseudonym."""
    if pseudonym_in(text):
        return True
    found = _NUMBER.fullmatch(text)
    if not found or not any(sign.isdigit() for sign in text):
        return False
    prefix = (found[1] or "").lower()
    return any(agency_id.lower().startswith(prefix) for agency_id in agency_ids)


def literal(text: str) -> str:
    """``text`` as a pattern of the engine that finds itself."""
    return re.sub(r"([%_\\])", r"\\\1", text)


def names_words(name: str, words: Iterable[str]) -> bool:
    """Whether a step or a service is called by all of ``words``: each is a word of its name, or begins one
    with four letters at least (``asesmen``, ``pantau``; not ``ana`` for ``anak``)."""
    there = re.findall(r"\w+", name.lower())
    return all(
        any(word == each or (len(word) >= 4 and each.startswith(word)) for each in there) for word in words
    )
