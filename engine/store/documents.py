"""What is kept as one document instead of many rows, and how it is written: JSON, by orjson.

* an instance's variables: ``{scope: {name: value}}``, with ``p:`` for the process instance itself,
  ``p:<token>`` for a called process and ``<token>`` for one item of a multi-instance;
* the events of one command: ``[[code, element id, token id, via, process key, details], ...]``, each without
  the nulls at its end. ``process key`` is null where it is the instance's own process.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

Scopes = dict[str, dict[str, Any]]

_CODES = {"activity_entered": "+", "activity_completed": "-", "activity_cancelled": "x"}
"""Short codes for what is told most often; every other kind stands for itself."""

_KINDS = {code: kind for kind, code in _CODES.items()}


class Event(NamedTuple):
    """One thing that happened (``engine.types.HistoryKind``), without what its whole command shares."""

    kind: str
    element_id: str | None = None
    token_id: str | None = None
    via: str | None = None
    process_key: str | None = None
    details: dict[str, Any] | None = None


def pack_variables(scopes: Scopes) -> bytes:
    """The document of an instance's variables (JSON values)."""
    return orjson.dumps(scopes)


def unpack_variables(document: bytes) -> Scopes:
    """The variables of a document; the caller may change them."""
    scopes: Scopes = orjson.loads(document)
    return scopes


def pack_events(events: Iterable[Event]) -> bytes:
    """The document of a command's events."""
    return orjson.dumps([_packed(event) for event in events])


def _packed(event: Event) -> list[Any]:
    values = [_CODES.get(event.kind, event.kind), *event[1:]]
    while not values[-1]:
        values.pop()
    return values


def unpack_events(document: bytes) -> list[Event]:
    """The events of a document, in their order."""
    return [Event(_KINDS.get(code, code), *rest) for code, *rest in orjson.loads(document)]
