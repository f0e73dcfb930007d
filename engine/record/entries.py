"""Writing entries: what is in one, its code, and the one statement that adds them."""

import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection

from engine import clock
from engine.record.place import place_of
from engine.store import hot
from engine.store.documents import Event
from engine.types import Access, Actor, HistoryKind, RecordAction, origin

LONGEST_SUBJECT, LONGEST_PURPOSE, LONGEST_ADDRESS = 1000, 24_000, 255
"""A purpose is sealed: 4,000 characters of up to four bytes, in base64."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RANDOM_BITS = 22
_VERSION = 1
_WRONG = 60_000 << _RANDOM_BITS
"""More than a minute ahead of the clock."""

_last = 0
_lock = threading.Lock()

_ACTIONS = {
    HistoryKind.CASE_SHARED.value: RecordAction.SHARE,
    HistoryKind.SHARE_REVOKED.value: RecordAction.SHARE,
    HistoryKind.INSTANCE_ERASED.value: RecordAction.ERASE,
}
"""Changes that an auditor looks for by name; every other one changes the case."""

_NAMES = (
    "agency_id",
    "user_id",
    "instance_id",
    "action",
    "subject",
    "purpose",
    "channel",
    "address",
    "history_seq",
)


def record(
    tx: Connection,
    actor: Actor,
    action: RecordAction,
    *,
    agency_id: str | None = None,
    instance_id: str | None = None,
    subject: str = "",
    purpose: str = "",
) -> None:
    """Add one entry in the transaction of what it tells of. From where: ``engine.types.origin``."""
    record_each(tx, actor, [Access(action, agency_id, instance_id, subject, purpose)])


def record_each(tx: Connection, actor: Actor, deeds: Iterable[Access]) -> None:
    """Add an entry for each of ``deeds``, in their order, with one statement."""
    rows = [row_of(actor.user_id, deed) for deed in deeds]
    add_rows(tx, rows)


def record_change(tx: Connection, entry: Mapping[str, Any], seq: int, events: Sequence[Event]) -> None:
    """Add the entry of a change of a case. ``entry``: the row of history that says what it was, ``seq``: its
    number; the two are tied together by the row's digest."""
    add_rows(tx, [_row_of_change(entry, seq, events)])


def record_changes(tx: Connection, changes: Iterable[tuple[Mapping[str, Any], int, Sequence[Event]]]) -> None:
    """``record_change`` of many cases, with one statement."""
    add_rows(tx, [_row_of_change(*change) for change in changes])


def _row_of_change(entry: Mapping[str, Any], seq: int, events: Sequence[Event]) -> dict[str, Any]:
    action = next((_ACTIONS[e.kind] for e in events if e.kind in _ACTIONS), RecordAction.CHANGE_CASE)
    deed = Access(action, entry["agency_id"], entry["instance_id"], _subject(events))
    row = row_of(entry["user_id"], deed)
    return row | {"history_seq": seq, "digest": digest_of(entry)}


def add_rows(tx: Connection, rows: list[dict[str, Any]]) -> None:
    """Give rows their codes and insert them."""
    seal = place_of(tx).seal
    for row in rows:
        row["mac"] = seal.mac(content_of(row))
    if rows:
        tx.execute(hot.ADD_ACCESS, rows if len(rows) > 1 else rows[0])


def row_of(user_id: str, deed: Access) -> dict[str, Any]:
    """The row of a deed of now, without its code."""
    at, where = clock.now(), origin()
    return {
        "id": new_id(at),
        "at": at,
        "agency_id": deed.agency_id or None,
        "user_id": user_id,
        "instance_id": deed.instance_id or None,
        "action": deed.action.value,
        "subject": _kept(deed.subject)[:LONGEST_SUBJECT],
        "purpose": _kept(deed.purpose)[:LONGEST_PURPOSE] or None,
        "channel": where.channel.value,
        "address": _kept(where.address)[:LONGEST_ADDRESS],
        "history_seq": None,
        "digest": None,
    }


def _kept(text: str) -> str:
    """A text that every database keeps as it is: without NUL and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _subject(events: Sequence[Event]) -> str:
    """What a command did, in a few words: its own event, not the steps of the tokens."""
    own = next((event for event in events if not event.kind.startswith("activity_")), events[0])
    return f"{own.kind}:{own.element_id}" if own.element_id else own.kind


def content_of(row: Mapping[str, Any]) -> bytes:
    """All that an entry's code covers, as bytes that are the same on every database."""
    digest = row["digest"]
    moment = (row["at"] - _EPOCH) // _MICROSECOND
    values = [row[name] for name in _NAMES]
    return orjson.dumps([_VERSION, row["id"], moment, *values, digest.hex() if digest else None])


def digest_of(entry: Mapping[str, Any]) -> bytes:
    """SHA-256 of a row of history."""
    moment = (entry["at"] - _EPOCH) // _MICROSECOND
    names = ("instance_id", "agency_id", "definition_id", "user_id")
    head = orjson.dumps([moment, *(entry[name] for name in names)])
    return sha256(head + b"\n" + entry["events"]).digest()


def new_id(at: datetime) -> int:
    """An id of 63 bits: the millisecond, then chance; above the last one of this process.

    A clock that was wrong and is set back takes the ids with it: a search by days goes by them.
    Two processes that write in the same millisecond meet once in four million times: then the database
    refuses the second, as it does any two writers that collide.
    """
    global _last  # noqa: PLW0603 - of the process, as the order of its entries is
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    wanted = (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    with _lock:
        _last = wanted if _last > wanted + _WRONG else max(_last + 1, wanted)
        return _last


def id_at(moment: datetime) -> int:
    """The lowest id that an entry of this moment can have."""
    return max(0, (moment - _EPOCH) // timedelta(milliseconds=1)) << _RANDOM_BITS
