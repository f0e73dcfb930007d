"""Sorting and paging of lists, the same everywhere."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement

from engine.errors import QueryInvalid
from engine.types import Page

MAX_SIZE = 2000
"""No list is longer than this, whatever is asked."""


def paged(query: Any, page: Page, keys: Mapping[str, Any], last: Any) -> Any:
    """``query`` in the order and part that ``page`` asks for; ``last`` makes the order total.

    Raises ``QueryInvalid`` for an unknown sort key or a negative place.
    """
    if page.first < 0 or (page.size is not None and page.size < 0):
        raise QueryInvalid(reason="firstResult and maxResults are not negative")
    for key, ascending in page.sort:
        if key not in keys:
            raise QueryInvalid(reason=f"cannot sort by '{key}'; there is {', '.join(sorted(keys))}")
        column = keys[key]
        query = query.order_by((column.asc() if ascending else column.desc()).nulls_last())
    return (
        query.order_by(last)
        .offset(page.first)
        .limit(MAX_SIZE if page.size is None else min(page.size, MAX_SIZE))
    )


def where(query: Any, conditions: Iterable[tuple[Any, Any]]) -> Any:
    """``query`` with each condition whose value is given: pairs (condition made of the value, value)."""
    for make, value in conditions:
        if value is not None and value != ():
            query = query.where(make(value))
    return query


LONGEST_PATTERN = 255


def like(column: Any, pattern: str) -> ColumnElement[bool]:
    """Camunda's ``...Like``: ``%`` any text, ``_`` any character, ``\\`` before them takes the sign itself.

    Upper and lower case are the same. Raises ``QueryInvalid`` for what one of the databases would refuse: a
    pattern of more than ``LONGEST_PATTERN`` characters, or one that ends in the middle of an escape.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise QueryInvalid(reason=f"a pattern has at most {LONGEST_PATTERN} characters")
    if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
        raise QueryInvalid(reason="a pattern does not end with a backslash")
    result: ColumnElement[bool] = column.ilike(pattern, escape="\\")
    return result
