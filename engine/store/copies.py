"""Many cases out of few: rows copied inside the database, to see how it does when it is full.

Nothing of the engine runs here. A copy is sealed with the key of its template; it has ids and a business key
of its own and began some minutes earlier than the one before; everything else is as in its template, so an
open copy can be worked like any other case.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Table,
    bindparam,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    update,
)

from engine.secrecy import keys_of
from engine.store.columns import Moment
from engine.store.connect import writing
from engine.store.documents import compress, decompress
from engine.store.tables import Base, HistoryEntry, ProcessInstance
from engine.types.pseudonyms import pseudonym_of

CHUNK = 10_000
"""Copies a transaction."""

_INSTANCE: Table = ProcessInstance.__table__  # type: ignore[assignment]
_HISTORY: Table = HistoryEntry.__table__  # type: ignore[assignment]
_OTHER_IDS = frozenset({"token_id", "subject_id"})
_NOT_EARLIER = frozenset({"due_at", "own_due_at", "risk_at", "warn_at", "follow_up_at", "lock_expires_at"})
"""What is due in the future stays there, or all copies would be due at once."""

_TOKEN = re.compile(rb"([0-9a-f]{24})[0-9a-f]{8}")
"""A token's id inside a document: state, variables, events."""

Tell = Callable[[int], None]
"""Takes the number of copies made so far."""


def copy_instances(database: Engine, *, finished: int, open: int, tell: Tell) -> None:
    """Make ``finished`` copies of the ended instances and ``open`` copies of the open ones, in turn.

    Raises ``LookupError`` where there is no such instance to copy.
    """
    done = 0
    for ended, wanted in ((True, finished), (False, open)):
        if not wanted:
            continue
        with writing(database) as tx:
            templates, first = _templates(tx, ended=ended), _first_number(tx)
        for template, numbers in _shares(templates, first, wanted):
            with writing(database) as tx:
                _copy(tx, template, numbers, ended=ended)
            done += len(numbers)
            tell(done)
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))  # the planner should know how full it is


def _templates(tx: Connection, *, ended: bool) -> list[str]:
    which = _INSTANCE.c.ended_at.is_not(None) if ended else _INSTANCE.c.ended_at.is_(None)
    original = _INSTANCE.c.business_key.not_like("%-salinan-%")
    found = tx.scalars(select(_INSTANCE.c.id).where(which, original).order_by(_INSTANCE.c.id)).all()
    if not found:
        raise LookupError("finished" if ended else "open")
    return list(found)


def _first_number(tx: Connection) -> int:
    """One more than all copies so far: numbers never meet again."""
    return int(tx.scalar(select(func.count()).select_from(_INSTANCE)) or 0) + 1


def _shares(templates: list[str], first: int, wanted: int) -> Iterator[tuple[str, range]]:
    """Template and numbers of its copies, at most ``CHUNK`` at a time."""
    each = -(-wanted // len(templates))
    starts = range(first, first + wanted, min(each, CHUNK))
    for turn, start in enumerate(starts):
        yield templates[turn % len(templates)], range(start, min(start + starts.step, first + wanted))


def _copy(tx: Connection, template: str, numbers: range, *, ended: bool) -> None:
    sqlite = tx.dialect.name == "sqlite"
    counted = select(literal(numbers.start, Integer).label("k")).cte("numbers", recursive=True)
    counted = counted.union_all(select(counted.c.k + 1).where(counted.c.k + 1 < numbers.stop))
    for table in Base.metadata.sorted_tables:
        owner = _owner(table)
        if owner is None or (table is _HISTORY and not ended):
            continue
        values = {c.name: _value(c, counted.c.k, sqlite) for c in table.columns if not _is_counted(c)}
        each = table.join(counted, text("true"))
        rows = select(*values.values()).select_from(each).where(owner == template)
        tx.execute(insert(table).from_select(list(values), rows))
    _name_anew(tx, template, numbers)
    if not ended:
        _rename_tokens(tx, template, numbers)
        _copy_history(tx, template, numbers)


def _owner(table: Table) -> ColumnElement[str] | None:
    """The column that names the instance that a row belongs to; None for rows of no instance."""
    return _INSTANCE.c.id if table is _INSTANCE else _points_to(table, "process_instance")


def _points_to(table: Table, target: str) -> Column[str] | None:
    return next((key.parent for key in table.foreign_keys if key.column.table.name == target), None)


def _is_counted(column: Column[Any]) -> bool:
    """Whether the database itself gives the value."""
    return column.primary_key and isinstance(column.type, Integer)


def _value(column: Column[Any], k: ColumnElement[int], sqlite: bool) -> ColumnElement[Any]:
    """What a copy with number ``k`` has in a column."""
    own = {key.column.table for key in column.foreign_keys}
    if any(_owner(table) is not None for table in own) or column.name in {"id", *_OTHER_IDS}:
        number = func.printf("%08x", k) if sqlite else func.lpad(func.to_hex(k), 8, "0")
        return func.substr(column, 1, func.length(column) - 8).concat(number)
    if column.name == "business_key":
        return column.concat("-salinan-").concat(cast(k, column.type))
    if isinstance(column.type, Moment) and column.name not in _NOT_EARLIER:
        if sqlite:
            earlier = func.strftime("%Y-%m-%d %H:%M:%f", column, func.printf("-%d minutes", k))
            return earlier.concat("000")
        return column - k * literal_column("interval '1 minute'")
    return column


def _name_anew(tx: Connection, template: str, numbers: range) -> None:
    """Give each copy the pseudonym of its own id."""
    rename = update(_INSTANCE).where(_INSTANCE.c.id == bindparam("copy"))
    copies = [_copy_id(template, number) for number in numbers]
    rows = [{"copy": copy, "name": pseudonym_of(copy)} for copy in copies]
    tx.execute(rename.values(pseudonym=bindparam("name")), rows)


def _rename_tokens(tx: Connection, template: str, numbers: range) -> None:
    """Give the tokens inside the documents of open copies the ids that their rows have."""
    documents = select(*(_INSTANCE.c[name] for name in ("state", "variables", "secrets", "key_id")))
    row = tx.execute(documents.where(_INSTANCE.c.id == template)).one()
    key = keys_of(tx).find(row.key_id) if row.secrets is not None else None
    secrets = key.open("variables", row.secrets) if key else None
    rename = (
        update(_INSTANCE)
        .where(_INSTANCE.c.id == bindparam("copy"))
        .values({name: bindparam(name) for name in ("state", "variables", "secrets")})
    )
    rows = [
        {
            "copy": _copy_id(template, number),
            "state": _renamed(row.state, number),
            "variables": _renamed(row.variables, number),
            "secrets": key.seal("variables", _renamed(secrets, number)) if key and secrets else row.secrets,
        }
        for number in numbers
    ]
    tx.execute(rename, rows)


def _copy_history(tx: Connection, template: str, numbers: range) -> None:
    """History of open copies, which goes on: a token that leaves has entered under its own id."""
    found = tx.execute(select(_HISTORY).where(_HISTORY.c.instance_id == template)).mappings()
    entries = [(entry, decompress(entry["events"])) for entry in found]
    rows = [
        {
            **{name: value for name, value in entry.items() if name != "seq"},
            "instance_id": _copy_id(template, number),
            "at": entry["at"] - timedelta(minutes=number),
            "events": compress(_renamed(events, number)),
        }
        for number in numbers
        for entry, events in entries
    ]
    tx.execute(insert(_HISTORY), rows)


def _copy_id(template: str, number: int) -> str:
    return f"{template[:-8]}{number:08x}"


def _renamed(document: bytes, number: int) -> bytes:
    return _TOKEN.sub(rb"\g<1>%08x" % number, document)
