"""Camunda's ways to say which part of a list, and in what order."""

from collections.abc import Mapping
from typing import Any

from engine import Page
from engine.errors import QueryInvalid
from webapp.rest.operation import Query

SORT_IN_BODY = ["sorting"]


def page_of(query: Query, keys: Mapping[str, str]) -> Page:
    """The page of a query string; ``keys``: Camunda's ``sortBy`` -> the engine's. Raises ``QueryInvalid``."""
    if ("sortBy" in query) != ("sortOrder" in query):
        raise QueryInvalid(reason="'sortBy' and 'sortOrder' go together")
    sort = ((query["sortBy"], query["sortOrder"]),) if "sortBy" in query else ()
    return _page(query, sort, keys)


def page_of_body(body: dict[str, Any], query: Query, keys: Mapping[str, str]) -> Page:
    """The same of a body's ``sorting``, which is taken out of it. Raises ``QueryInvalid``."""
    sorting = body.pop("sorting", None) or []
    if not isinstance(sorting, list) or not all(isinstance(entry, dict) for entry in sorting):
        raise QueryInvalid(reason="'sorting' is a list of {sortBy, sortOrder}")
    sort = tuple((str(entry.get("sortBy")), str(entry.get("sortOrder"))) for entry in sorting)
    return _page(query, sort, keys)


def _page(query: Query, sort: tuple[tuple[str, str], ...], keys: Mapping[str, str]) -> Page:
    for key, order in sort:
        if key not in keys:
            raise QueryInvalid(reason=f"cannot sort by '{key}'; there is {', '.join(sorted(keys))}")
        if order not in ("asc", "desc"):
            raise QueryInvalid(reason="'sortOrder' is asc or desc")
    return Page(
        query.get("firstResult", 0),
        query.get("maxResults"),
        tuple((keys[key], order == "asc") for key, order in sort),
    )
