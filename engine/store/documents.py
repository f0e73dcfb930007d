"""What is kept as one document instead of many rows, and how it is written: JSON, by orjson.

* an instance's variables: ``{scope: {name: value}}``, with ``p:`` for the process instance itself,
  ``p:<token>`` for a called process and ``<token>`` for one item of a multi-instance. Compressed by zlib once
  the instance has ended: then it is kept for years and read seldom;
  What is sealed is null there, and its value is in a second document of the same kind, sealed with the key of
  the case;
* the events of one command: ``[[code, element id, token id, via, process key, details], ...]``, each without
  the nulls at its end. ``process key`` is null where it is the instance's own process.
"""

import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from engine.secrecy import CaseKey

Scopes = dict[str, dict[str, Any]]

_CODES = {"activity_entered": "+", "activity_completed": "-", "activity_cancelled": "x"}
"""Short codes for what is told most often; every other kind stands for itself."""

HIDDEN: Final = "\x00sealed"
"""Among the open values of what was filled in: names of the sealed ones. No variable can be called so."""

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


def seal_variables(
    scopes: Scopes, sealed: Collection[str], key: Callable[[], CaseKey], *, ended: bool = False
) -> tuple[bytes, bytes | None]:
    """The two documents of an instance's variables: the open ones, and those ``sealed``, None without any.

    ``key``: asked for the key of the case where it is needed.
    """
    parts = {scope: _parted(values, sealed) for scope, values in scopes.items()}
    secret = {scope: values for scope, (_, values) in parts.items() if values}
    document = pack_variables({scope: plain for scope, (plain, _) in parts.items()}, ended=ended)
    return document, key().seal("variables", pack_variables(secret, ended=ended)) if secret else None


def _parted(values: Mapping[str, Any], sealed: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The open values, with null for each sealed one, and the sealed values that are not null."""
    secret = {name: value for name, value in values.items() if name in sealed and value is not None}
    return ({**values, **dict.fromkeys(secret)} if secret else dict(values)), secret


def open_secrets(secrets: bytes, key: CaseKey) -> Scopes:
    """The sealed variables of an instance alone. Raises ``SealBroken``."""
    return unpack_variables(key.open("variables", secrets))


def open_variables(document: bytes, secrets: bytes | None, key: CaseKey | None) -> Scopes:
    """All variables of an instance. Without its ``key``, null for the sealed ones. Raises ``SealBroken``."""
    scopes = unpack_variables(document)
    if secrets is None or key is None:
        return scopes
    for scope, values in open_secrets(secrets, key).items():
        scopes[scope].update(values)
    return scopes


def seal_values(
    values: Mapping[str, Any], sealed: Collection[str], key: Callable[[], CaseKey]
) -> tuple[dict[str, Any], bytes | None]:
    """What was filled in at one step, in two: the open values, and those ``sealed``, None without any."""
    secret = {name: value for name, value in values.items() if name in sealed and value is not None}
    plain = {name: value for name, value in values.items() if name not in secret}
    if not secret:
        return plain, None
    return plain | {HIDDEN: sorted(secret)}, key().seal("submitted", compress(orjson.dumps(secret)))


def open_values(
    values: Mapping[str, Any], secrets: bytes | None, key: CaseKey | None
) -> tuple[dict[str, Any], frozenset[str]]:
    """What ``seal_values`` has parted, and the names of what is missing there without the ``key``.

    Raises ``SealBroken``.
    """
    plain = {name: value for name, value in values.items() if name != HIDDEN}
    if HIDDEN not in values:
        return plain, frozenset()
    if secrets is None or key is None:
        return plain, frozenset(values[HIDDEN])
    return plain | orjson.loads(decompress(key.open("submitted", secrets))), frozenset()


def seal_draft(
    key: CaseKey, values: Mapping[str, Any], before: Mapping[str, Any], files: Sequence[str] = ()
) -> bytes:
    """What somebody has typed and not sent yet, all of it sealed: the values, what was there before, and the
    ids of the files that are to go with it."""
    return key.seal("draft", compress(orjson.dumps([dict(values), dict(before), list(files)])))


def open_draft(key: CaseKey, content: bytes) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """What ``seal_draft`` has sealed. Raises ``SealBroken``."""
    values, before, *files = orjson.loads(decompress(key.open("draft", content)))
    return values, before, files[0] if files else []


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
