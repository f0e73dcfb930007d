"""The words in the registers: what people write about a request or a breach, where names do get in.

Each entry has a key of its own, since it may name no case, and is written on after its case was erased. The
key goes, and the words with it, when the case that a request names is erased, and when a retention rule of
the agency says so; the rest of the entry stays: the register shows that the law was kept.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, func, select, update

from engine import clock
from engine.commands.retention import REGISTERS, months_before, rules_of
from engine.commands.spent_keys import spend
from engine.queries.registers import REGISTER
from engine.secrecy import CaseKey, keys_of, seal_text
from engine.store import writing
from engine.store.tables import Agency, Breach, DataRequest

Entries = type[DataRequest] | type[Breach]
_WORDS: dict[Entries, tuple[str, ...]] = {
    DataRequest: ("note", "answer"),
    Breach: ("data", "course", "handling"),
}
_NONE: dict[Entries, dict[str, Any]] = {
    DataRequest: {"note": "", "answer": None},
    Breach: {"data": "", "course": "", "handling": ""},
}


def sealed_words(key: CaseKey, **words: str) -> dict[str, str]:
    """Columns of an entry with words, sealed with its key."""
    return {name: seal_text(key, REGISTER, text) if text else "" for name, text in words.items()}


def key_to_write(tx: Connection, table: Entries, entry: Row[Any]) -> tuple[CaseKey, dict[str, Any]]:
    """The key of an entry that is locked, and what else to set there: a new key where the words were erased,
    or a backup from before that has brought them back. Raises ``KeyLost``."""
    known = keys_of(tx).find(entry.key_id) if entry.key_id else None
    if known is not None:
        return known, {}
    key = keys_of(tx).take()
    erased = {} if entry.key_id is None else _NONE[table] | {"erased_at": clock.now()}
    return key, erased | {"key_id": key.id}


def sealed_in_registers(tx: Connection, case: Row[Any]) -> Iterator[bytes]:
    """What is sealed of the requests that name a case, in their order."""
    words = select(DataRequest.note, DataRequest.answer).where(_named(case)).order_by(DataRequest.number)
    for row in tx.execute(words):
        yield from ((text or "").encode() for text in row)


def erase_words_about(tx: Connection, case: Row[Any], at: datetime) -> None:
    """Take out the words of the requests that name a case, and spend their keys with it."""
    _erase(tx, DataRequest, _named(case), at, case.id)


def erase_old_words(database: Engine, now: datetime | None = None) -> int:
    """Take out the words of entries that have been closed for longer than a rule of their agency keeps them;
    returns of how many entries."""
    now, count = now or clock.now(), 0
    with writing(database) as tx:
        for agency_id, profile in tx.execute(select(Agency.id, Agency.profile)).all():
            months = dict(rules_of(profile)).get(REGISTERS)
            if months is not None:
                before = months_before(now, months)
                told = Breach.subjects_told_at < before, Breach.authority_told_at < before
                answered = DataRequest.answered_at < before
                count += _erase(tx, DataRequest, and_(DataRequest.agency_id == agency_id, answered), now)
                count += _erase(tx, Breach, and_(Breach.agency_id == agency_id, *told), now)
    return count


def seal_open_words(tx: Connection) -> int:
    """Seal what earlier releases have left open; returns of how many entries."""
    count = 0
    for table, names in _WORDS.items():
        is_open = table.key_id.is_(None), table.erased_at.is_(None)
        for row in tx.execute(select(table.__table__).where(*is_open)).all():
            key, words = keys_of(tx).take(), {name: getattr(row, name) for name in names}
            sealed = sealed_words(key, **{name: text for name, text in words.items() if text})
            tx.execute(update(table).where(table.id == row.id).values(**sealed, key_id=key.id))
            count += 1
    return count


def _named(case: Row[Any]) -> ColumnElement[bool]:
    """By the number as somebody has typed it."""
    number = func.lower(func.trim(DataRequest.business_key)) == case.business_key.lower()
    return and_(DataRequest.agency_id == case.agency_id, number)


def _erase(
    tx: Connection, table: Entries, chosen: ColumnElement[bool], at: datetime, erased_with: str = REGISTERS
) -> int:
    keyed = select(table.id, table.key_id).where(chosen, table.key_id.is_not(None))
    rows = tx.execute(keyed.with_for_update()).all()
    spend(tx, [row.key_id for row in rows if row.key_id], erased_with)
    values = _NONE[table] | {"key_id": None, "erased_at": at}
    tx.execute(update(table).where(table.id.in_([row.id for row in rows])).values(**values))
    return len(rows)
