"""The proof of the log: entries, blocks, heads outside the database and the history, each held to the others.

Everything streams: memory does not grow with the log. One state of the database is looked at.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from engine.errors import N_
from engine.record.beginning import digest_until
from engine.record.blocks import FIRST, Head, block_hash, is_signed, moment_of, of_block
from engine.record.entries import content_of, digest_of
from engine.record.heads import LINES
from engine.record.kept import KeptHeads, mark, read_kept
from engine.record.place import RecordPlace, Seal, place_of
from engine.record.raw import blob, raw_columns, values_of, whole_number
from engine.store import reading
from engine.store.tables import AccessBlock, AccessEntry, HistoryEntry, table_of
from engine.types import RecordAction

_ENTRY, _BLOCK, _HISTORY = table_of(AccessEntry), table_of(AccessBlock), table_of(HistoryEntry)
_ROWS = 2000
_PATIENCE = 2.0
"""Seconds in which a head may come after its block: the file is written once the block is committed."""


class FindingKind(StrEnum):
    """What can be wrong; the value is a sentence for people, with where it is."""

    ENTRY_CHANGED = N_("entry %(id)s (%(at)s, %(user)s) is not as it was written")
    ENTRY_TWICE = N_("entry %(id)s is there twice")
    ENTRY_STRAY = N_("entry %(id)s (%(at)s, %(user)s) is in block %(block)s, which is not there")
    BLOCK_CHANGED = N_(
        "block %(block)s does not hold what was chained: entries removed, added, moved or changed"
    )
    BLOCK_UNSIGNED = N_("block %(block)s is not signed by this log's key")
    BLOCK_MISSING = N_("block %(block)s is not there any more")
    HEAD_DIFFERS = N_("block %(block)s is not the one whose head is kept in %(file)s")
    HEAD_MISSING = N_("the head of block %(block)s is not in %(file)s")
    HEAD_UNREADABLE = N_("line %(line)s of %(file)s is not as it was written")
    HISTORY_CHANGED = N_("history %(seq)s is not as entry %(id)s tells (%(at)s, %(user)s)")
    HISTORY_MISSING = N_(
        "history %(seq)s, of which entry %(id)s tells (%(at)s, %(user)s), is not there any more"
    )
    HISTORY_ADDED = N_("history %(seq)s is told of by no entry")
    HISTORY_BEFORE_CHANGED = N_("the history from before the log began (up to %(seq)s) is not as it was")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: ``kind.value % where`` says it in English."""

    kind: FindingKind
    where: Mapping[str, object]

    def __str__(self) -> str:
        return self.kind.value % self.where


Values = Mapping[str, Any]
Report = Callable[[Finding], None]


@dataclass
class RecordState:
    """What was looked at. ``loose``: entries that are in no block yet; ``restored``: moments at which a
    backup took the database's place, from the heads' file; ``findings``: how many were reported."""

    entries: int = 0
    blocks: int = 0
    loose: int = 0
    history: int = 0
    restored: Sequence[str] = ()
    findings: int = 0


def verify_record(database: Engine, report: Report, *, copies: Sequence[Head] = ()) -> RecordState:
    """Look at the whole log and ``report`` all that is wrong with it, as it is found.

    ``copies``: heads that were carried away. Returns what was looked at. Nothing is changed.
    """
    place = place_of(database)
    check = _Check(place, report, {copy.number: copy for copy in copies})
    with reading(database) as tx:
        check.heads = read_kept(place.heads / LINES, place.seal)
        check.chain(tx)
        check.loose(tx)
        check.histories(tx)
        newest = check.state.blocks
    check.late_heads(newest)
    return check.state


class _Check:
    """One look at everything."""

    def __init__(self, place: RecordPlace, report: Report, copies: Mapping[int, Head]) -> None:
        self.place, self._report, self.copies = place, report, dict(copies)
        self.seal: Seal = place.seal
        self.state = RecordState()
        self.heads = KeptHeads()
        self.without_head: list[int] = []
        self._last_id = 0
        self._begun: tuple[int, bytes] | None = None

    def found(self, kind: FindingKind, **where: object) -> None:
        """Report one thing."""
        self.state.findings += 1
        self._report(Finding(kind, where))

    def chain(self, tx: Connection) -> None:
        """The blocks in their order, each with its entries."""
        self.state.restored = self.heads.restored
        for line in self.heads.unreadable:
            self.found(FindingKind.HEAD_UNREADABLE, line=line, file=LINES)
        entries = _Grouped(_entries(tx, linked=True))
        previous, number, total = FIRST, 0, 0
        for block in _rows(tx, select(*raw_columns(_BLOCK)).order_by(_BLOCK.c.number), _BLOCK):
            for missing in range(number + 1, min(block["number"], number + 1 + _ROWS)):
                self._missing(missing, entries)
            number = block["number"]
            self._strays(entries, number)
            own = [self._entry(row) for row in entries.take(number)]
            total += len(own)
            self._block(block, previous, own, total)
            self._head(block)
            previous, total = blob(block["hash"]), whole_number(block["total"], total)
            self.state.blocks = number
        self._strays(entries, None)
        for gone in sorted({*self.heads.rest(), *self.copies}):  # a head of it is kept, and no more
            self.found(FindingKind.BLOCK_MISSING, block=gone)

    def _block(self, block: Values, previous: bytes, own: list[bytes], total: int) -> None:
        """One block by itself: what it holds, and who signed it."""
        number, at = block["number"], block["at"]
        same = (len(own), total) == (block["entries"], block["total"]) and isinstance(at, datetime)
        if not same or block_hash(previous, number, at, len(own), total, own) != block["hash"]:
            self.found(FindingKind.BLOCK_CHANGED, block=number)
        if not is_signed(self.seal.public, blob(block["signature"]), of_block(blob(block["hash"]))):
            self.found(FindingKind.BLOCK_UNSIGNED, block=number)

    def _missing(self, number: int, entries: "_Grouped") -> None:
        self.heads.take(number)
        self.copies.pop(number, None)
        self.found(FindingKind.BLOCK_MISSING, block=number)
        self._strays(entries, number + 1)

    def _strays(self, entries: "_Grouped", until: int | None) -> None:
        """Entries of blocks that are not there."""
        for row in entries.before(until):
            self._entry(row)
            self.found(FindingKind.ENTRY_STRAY, **_told(row), block=row["block"])

    def _head(self, block: Values) -> None:
        """What is kept outside of one block."""
        number, own = block["number"], mark(_head_of(block))
        kept = self.heads.take(number)
        if kept is None:
            self.without_head.append(number)
        elif kept != own:
            self.found(FindingKind.HEAD_DIFFERS, block=number, file=LINES)
        if number in self.copies and mark(self.copies.pop(number)) != own:
            self.found(FindingKind.HEAD_DIFFERS, block=number, file=N_("the copy"))

    def late_heads(self, newest: int) -> None:
        """Heads that are not in the file. Those of the newest blocks may only just be on their way."""
        late = list(self.without_head)
        until = time.monotonic() + _PATIENCE
        while late and late[-1] == newest and time.monotonic() < until:
            time.sleep(_PATIENCE / 20)
            again = read_kept(self.place.heads / LINES, self.seal)
            late = [number for number in late if again.take(number) is None]
        for number in late:
            self.found(FindingKind.HEAD_MISSING, block=number, file=LINES)

    def loose(self, tx: Connection) -> None:
        """Entries that are in no block yet: their codes, and the history they tell of."""
        for row in _entries(tx, linked=False):
            self.state.loose += 1
            self._entry(row)

    def _entry(self, row: Values) -> bytes:
        """One entry by itself; returns its code."""
        self.state.entries += 1
        if row["id"] == self._last_id:
            self.found(FindingKind.ENTRY_TWICE, id=row["id"])
        self._last_id = row["id"]
        if not _is_whole(row, self.seal):
            self.found(FindingKind.ENTRY_CHANGED, **_told(row))
        elif row["history_seq"] is not None and row["action"] == RecordAction.RECORD_BEGUN.value:
            self._begun = row["history_seq"], row["digest"]
        elif row["history_seq"] is not None:
            self._change(row)
        return blob(row["mac"])

    def _change(self, row: Values) -> None:
        """The history that a change is told by."""
        self.state.history += 1
        told, history = {**_told(row), "seq": row["history_seq"]}, row["history"]
        if history["seq"] is None:
            self.found(FindingKind.HISTORY_MISSING, **told)
        elif not _is_of(history, row["digest"]):
            self.found(FindingKind.HISTORY_CHANGED, **told)

    def histories(self, tx: Connection) -> None:
        """History that no entry tells of, but for what was there before the log began."""
        last = 0
        if self._begun is not None:
            last, digest = self._begun
            if digest_until(tx, last) != digest:
                self.found(FindingKind.HISTORY_BEFORE_CHANGED, seq=last)
        is_own = (_ENTRY.c.history_seq == _HISTORY.c.seq) & (
            _ENTRY.c.action != RecordAction.RECORD_BEGUN.value
        )
        untold = (
            select(_HISTORY.c.seq)
            .select_from(_HISTORY.outerjoin(_ENTRY, is_own))
            .where(_HISTORY.c.seq > last, _ENTRY.c.id.is_(None))
            .order_by(_HISTORY.c.seq)
            .execution_options(yield_per=_ROWS)
        )
        for seq in tx.scalars(untold):
            self.found(FindingKind.HISTORY_ADDED, seq=seq)


def _entries(tx: Connection, *, linked: bool) -> Iterator[Values]:
    """Entries in the order of their blocks, each with the row of history that it tells of."""
    joined = _ENTRY.outerjoin(_HISTORY, _HISTORY.c.seq == _ENTRY.c.history_seq)
    query = select(*raw_columns(_ENTRY), *raw_columns(_HISTORY, "h_")).select_from(joined)
    query = query.where(_ENTRY.c.block.is_not(None) if linked else _ENTRY.c.block.is_(None))
    for row in tx.execute(query.order_by(_ENTRY.c.block, _ENTRY.c.id).execution_options(yield_per=_ROWS)):
        yield values_of(row._mapping, _ENTRY) | {"history": values_of(row._mapping, _HISTORY, "h_")}


def _rows(tx: Connection, query: Any, table: Table) -> Iterator[Values]:
    for row in tx.execute(query.execution_options(yield_per=_ROWS)):
        yield values_of(row._mapping, table)


def _head_of(block: Values) -> Head:
    at = block["at"]
    moment = moment_of(at) if isinstance(at, datetime) else str(at)
    return Head(
        block["number"], moment, block["total"], blob(block["hash"]).hex(), blob(block["signature"]).hex()
    )


def _is_whole(values: Values, seal: Seal) -> bool:
    try:
        return bool(seal.mac(content_of(values)) == values["mac"])
    except (TypeError, ValueError, AttributeError):  # a column holds what it never held
        return False


def _is_of(history: Values, digest: bytes) -> bool:
    try:
        return digest_of(history) == digest
    except (TypeError, ValueError):
        return False


def _told(row: Values) -> dict[str, object]:
    return {"id": row["id"], "at": row["at"], "user": row["user_id"]}


class _Grouped:
    """Entries by their blocks, read as far as is asked for."""

    def __init__(self, rows: Iterator[Values]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def take(self, number: int) -> Iterator[Values]:
        """The entries of one block."""
        while self._next is not None and self._next["block"] == number:
            row, self._next = self._next, next(self._rows, None)
            yield row

    def before(self, number: int | None) -> Iterator[Values]:
        """The entries of all blocks before ``number``; all the rest where None."""
        while self._next is not None and (number is None or _is_before(self._next["block"], number)):
            row, self._next = self._next, next(self._rows, None)
            yield row


def _is_before(block: Any, number: int) -> bool:
    """A block's number that is none (SQLite takes any value) comes last, as the database sorts it."""
    return isinstance(block, int) and block < number
