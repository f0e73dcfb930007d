"""Chaining: what has been recorded since the last block becomes the next one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, func, insert, select, update

from engine import clock
from engine.record.blocks import FIRST, block_hash, of_block
from engine.record.heads import keep_heads
from engine.record.place import is_kept, place_of
from engine.store import reading, writing
from engine.store.tables import AccessBlock, AccessEntry, table_of

MOST = 10_000
"""Entries of one block."""

_LOCK = 7483927
"""Any number that is ours alone: who holds this advisory lock links."""

_ENTRY, _BLOCK = table_of(AccessEntry), table_of(AccessBlock)
_LOOSE = select(_ENTRY.c.id).where(_ENTRY.c.block.is_(None)).order_by(_ENTRY.c.id).limit(MOST)
_TAKE = (
    update(_ENTRY)
    .where(_ENTRY.c.id.in_(_LOOSE.scalar_subquery()))
    .values(block=bindparam("number"))
    .returning(_ENTRY.c.id, _ENTRY.c.mac)
)
"""One statement: what another transaction commits meanwhile is in the block and its hash, or in neither."""


def link_entries(database: Engine) -> int:
    """Chain what is loose and keep the heads; returns how many entries were chained.

    One process does so at a time; whoever comes second has nothing to do. A database whose log has no place
    is left alone.
    """
    if not is_kept(database):
        return 0
    linked = 0
    while _is_loose(database) and (found := _link(database)):
        linked += found
    keep_heads(database)
    return linked


def _is_loose(database: Engine) -> bool:
    with reading(database) as tx:
        return tx.execute(_LOOSE.limit(1)).first() is not None


def _link(database: Engine) -> int:
    with writing(database) as tx:
        if tx.dialect.name == "postgresql" and not tx.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
            return 0
        last = tx.execute(select(_BLOCK).order_by(_BLOCK.c.number.desc()).limit(1)).one_or_none()
        number = last.number + 1 if last else 1
        taken = sorted(tx.execute(_TAKE, {"number": number}).all())
        if taken:
            _add_block(tx, number, last.hash if last else FIRST, last.total if last else 0, taken)
        return len(taken)


def _add_block(tx: Connection, number: int, previous: bytes, before: int, taken: Sequence[Row[Any]]) -> None:
    at, total = clock.now(), before + len(taken)
    found = block_hash(previous, number, at, len(taken), total, (row.mac for row in taken))
    signature = place_of(tx).seal.sign(of_block(found))
    row = {"number": number, "at": at, "entries": len(taken), "total": total}
    tx.execute(insert(_BLOCK), row | {"hash": found, "signature": signature})
