"""Sorting, paging and patterns for the lists that are short enough to be narrowed here."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from engine.errors import QueryInvalid
from webapp.rest.operation import Query

Item = TypeVar("Item")


def is_like(pattern: str | None, text: str) -> bool:
    """SQL's ``LIKE`` as the database compares it, on a definition: ``%``, ``_`` and ``\\`` before them."""
    if pattern is None:
        return True
    # Greedy from left to right with one way back suffices, so that no pattern is slow.
    signs = re.findall(r"\\(?:.|$)|.", pattern.lower(), re.DOTALL)
    text = text.lower()
    at = sign = 0
    back: tuple[int, int] | None = None
    while at < len(text):
        if sign < len(signs) and signs[sign] == "%":
            back, sign = (sign, at), sign + 1
        elif sign < len(signs) and (signs[sign] == "_" or signs[sign][-1] == text[at]):
            at, sign = at + 1, sign + 1
        elif back is not None:
            back = back[0], back[1] + 1
            sign, at = back[0] + 1, back[1]
        else:
            return False
    return all(left == "%" for left in signs[sign:])


def ordered(found: list[Item], query: Query, keys: Mapping[str, Callable[[Item], Any]]) -> list[Item]:
    """In the order of ``sortBy`` and ``sortOrder``, as it is without them. Raises ``QueryInvalid``."""
    if "sortBy" not in query and "sortOrder" not in query:
        return found
    if query.get("sortBy") not in keys or query.get("sortOrder") not in ("asc", "desc"):
        raise QueryInvalid(reason=f"'sortBy' is one of {', '.join(keys)}; 'sortOrder' asc or desc")
    return sorted(found, key=keys[query["sortBy"]], reverse=query["sortOrder"] == "desc")


def part(found: list[Item], query: Query) -> list[Item]:
    """The part that ``firstResult`` and ``maxResults`` ask for."""
    first = query.get("firstResult", 0)
    return found[first : first + query.get("maxResults", len(found))]
