"""The first entry of a log: it ties down the history that was there before."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from engine.record.entries import add_rows, digest_of, row_of
from engine.record.raw import raw_columns, values_of
from engine.store import writing
from engine.store.tables import AccessEntry, HistoryEntry, table_of
from engine.types import SYSTEM, Access, RecordAction

_ENTRY, _HISTORY = table_of(AccessEntry), table_of(HistoryEntry)
_ROWS = 1000


def begin_record(database: Engine) -> None:
    """Write the first entry, where there is none yet: it carries a digest over all history so far, so that
    this cannot be changed unseen either."""
    with writing(database) as tx:
        if tx.execute(select(_ENTRY.c.id).limit(1)).first() is not None:
            return
        last = tx.scalar(select(func.max(_HISTORY.c.seq))) or 0
        row = row_of(SYSTEM.user_id, Access(RecordAction.RECORD_BEGUN))
        add_rows(tx, [row | {"history_seq": last, "digest": digest_until(tx, last)}])


def digest_until(tx: Connection, last: int) -> bytes:
    """SHA-256 over the history up to ``last`` that has no entry of its own."""
    is_own = _ENTRY.c.action != RecordAction.RECORD_BEGUN.value
    found = sha256()
    rows = (
        select(*raw_columns(_HISTORY))
        .select_from(_HISTORY.outerjoin(_ENTRY, (_ENTRY.c.history_seq == _HISTORY.c.seq) & is_own))
        .where(_HISTORY.c.seq <= last, _ENTRY.c.id.is_(None))
        .order_by(_HISTORY.c.seq)
        .execution_options(yield_per=_ROWS)
    )
    for part in tx.execute(rows).mappings().partitions():
        for row in part:
            found.update(str(row["seq"]).encode() + _digest(values_of(row, _HISTORY)))
    return found.digest()


def _digest(row: dict[str, Any]) -> bytes:
    try:
        return digest_of(row)
    except (TypeError, ValueError):  # somebody has put there what no row ever held
        return b"?"
