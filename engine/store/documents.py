"""What is kept as one document instead of many rows, and how it is written: JSON, by orjson.

* an instance's variables: ``{scope: {name: value}}``, with ``p:`` for the process instance itself,
  ``p:<token>`` for a called process and ``<token>`` for one item of a multi-instance. Compressed by zlib once
  the instance has ended: then it is kept for years and read seldom;
* the events of one command: ``[[code, element id, token id, via, process key, details], ...]``, each without
  the nulls at its end. ``process key`` is null where it is the instance's own process.
"""

import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

Scopes = dict[str, dict[str, Any]]

_CODES = {"activity_entered": "+", "activity_completed": "-", "activity_cancelled": "x"}
"""Short codes for what is told most often; every other kind stands for itself."""

_LEVEL, _WINDOW, _MEMORY = 6, 12, 5
"""zlib's: small buffers, which take a tenth of the time of the large ones to set up."""

_KINDS = {code: kind for kind, code in _CODES.items()}


class Event(NamedTuple):
    """One thing that happened (``engine.types.HistoryKind``), without what its whole command shares."""

    kind: str
    element_id: str | None = None
    token_id: str | None = None
    via: str | None = None
    process_key: str | None = None
    details: dict[str, Any] | None = None


def pack_variables(scopes: Scopes, *, ended: bool = False) -> bytes:
    """The document of an instance's variables (JSON values); compressed when it is the last one."""
    document = orjson.dumps(scopes)
    return zlib.compress(document) if ended else document


def unpack_variables(document: bytes) -> Scopes:
    """The variables of a document; the caller may change them."""
    scopes: Scopes = orjson.loads(document if document.startswith(b"{") else zlib.decompress(document))
    return scopes


def pack_events(events: Iterable[Event]) -> bytes:
    """The document of a command's events; compressed, as the ids in it repeat: a third remains."""
    return compress(orjson.dumps([_packed(event) for event in events]))


def compress(document: bytes) -> bytes:
    """Smaller by zlib, without a header."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -_WINDOW, _MEMORY)
    return packer.compress(document) + packer.flush()


def decompress(document: bytes) -> bytes:
    """What was compressed."""
    return zlib.decompress(document, -zlib.MAX_WBITS)


def _packed(event: Event) -> list[Any]:
    values = [_CODES.get(event.kind, event.kind), *event[1:]]
    while not values[-1]:
        values.pop()
    return values


def unpack_events(document: bytes) -> list[Event]:
    """The events of a document, in their order."""
    return [Event(_KINDS.get(code, code), *rest) for code, *rest in orjson.loads(decompress(document))]
