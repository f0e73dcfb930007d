"""Sorting and paging of lists, the same everywhere."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement

from engine.errors import QueryInvalid
from engine.types import Page

T = TypeVar("T")
Sort = tuple[tuple[str, bool], ...]
MAX_SIZE = 2000
"""No list is longer than this, whatever is asked."""


def paged(query: Any, page: Page, keys: Mapping[str, Any], last: Any) -> Any:
    """``query`` in the order and part that ``page`` asks for; ``last`` makes the order total.

    Raises ``QueryInvalid`` for an unknown sort key or a negative place.
    """
    part = window(page)
    return ordered(query, page.sort, keys, last).offset(part["first"]).limit(part["size"])


def ordered(query: Any, sort: Sort, keys: Mapping[str, Any], last: Any, filled: Collection[str] = ()) -> Any:
    """``query`` in an order; ``last`` makes it total. Raises ``QueryInvalid`` for an unknown sort key.

    ``filled``: keys that are never null in this query, though their columns may be.
    """
    _check(sort, keys)
    for key, ascending in sort:
        column = keys[key]
        order = column.asc() if ascending else column.desc()
        # Only where there can be nulls: an index has the plain order, and PostgreSQL's has them elsewhere.
        nulls = key not in filled and getattr(column, "nullable", True)
        query = query.order_by(order.nulls_last() if nulls else order)
    return query.order_by(last)


def window(page: Page) -> dict[str, int]:
    """A page in numbers: its ``first`` row, how many it has at most (``size``), and both together (``end``).

    Raises ``QueryInvalid`` for a negative place.
    """
    if page.first < 0 or (page.size is not None and page.size < 0):
        raise QueryInvalid(reason="firstResult and maxResults are not negative")
    size = MAX_SIZE if page.size is None else min(page.size, MAX_SIZE)
    return {"first": page.first, "size": size, "end": page.first + size}


def page_of_list(items: Sequence[T], page: Page, keys: Mapping[str, Callable[[T], Any]]) -> Sequence[T]:
    """The same of a list that has been read; where two are equal, its own order stays. Raises likewise."""
    part = window(page)
    _check(page.sort, keys)
    found = list(items)
    for key, ascending in reversed(page.sort):
        of = keys[key]
        there = sorted((i for i in found if of(i) is not None), key=of, reverse=not ascending)
        found = [*there, *(i for i in found if of(i) is None)]
    return found[part["first"] : part["end"]]


def _check(sort: Sort, keys: Mapping[str, Any]) -> None:
    for key, _ in sort:
        if key not in keys:
            raise QueryInvalid(reason=f"cannot sort by '{key}'; there is {', '.join(sorted(keys))}")


def where(query: Any, conditions: Iterable[tuple[Any, Any]]) -> Any:
    """``query`` with each condition whose value is given: pairs (condition made of the value, value)."""
    for make, value in conditions:
        if value is not None and value != ():
            query = query.where(make(value))
    return query


LONGEST_PATTERN = 255


def check_pattern(pattern: str) -> None:
    """Raise ``QueryInvalid`` for what one of the databases would refuse.

    That is one of more than ``LONGEST_PATTERN`` characters, or one that ends in the middle of an escape.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise QueryInvalid(reason=f"a pattern has at most {LONGEST_PATTERN} characters")
    if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
        raise QueryInvalid(reason="a pattern does not end with a backslash")


def like(column: Any, pattern: Any) -> ColumnElement[bool]:
    """Camunda's ``...Like``: ``%`` any text, ``_`` any character, ``\\`` before them takes the sign itself.

    Upper and lower case are the same. ``pattern``: a text, or the parameter of one that has been checked.
    Raises ``QueryInvalid`` as ``check_pattern``.
    """
    if isinstance(pattern, str):
        check_pattern(pattern)
    result: ColumnElement[bool] = column.ilike(pattern, escape="\\")
    return result
