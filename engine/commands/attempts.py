"""What was tried in vain, counted for all servers together: the numbers are rows that they share.

A right password writes nothing here; a wrong one takes one statement, however much it counts against.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from engine import clock
from engine.store import reading_once, writing
from engine.store.tables import Attempts, table_of

_TABLE = table_of(Attempts)


def count_attempts(database: Engine, windows: Mapping[str, timedelta]) -> None:
    """Count one more attempt under each id; the first begins a time of that length, after which the id is
    counted from one again."""
    now = clock.now()
    # Always in one order: two that count at the same moment wait for each other, and never in a circle.
    rows = [{"id": id, "number": 1, "ends_at": now + windows[id]} for id in sorted(windows)]
    with writing(database) as tx:
        one = (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(_TABLE).values(rows)
        over = _TABLE.c.ends_at <= now
        anew = {
            "number": case((over, 1), else_=_TABLE.c.number + 1),
            "ends_at": case((over, one.excluded.ends_at), else_=_TABLE.c.ends_at),
        }
        tx.execute(one.on_conflict_do_update(index_elements=[_TABLE.c.id], set_=anew))


def attempts(database: Engine, ids: Iterable[str]) -> dict[str, tuple[int, datetime]]:
    """Id -> how often it was counted, and until when that holds; without those that were not."""
    counted = select(_TABLE).where(_TABLE.c.id.in_(list(ids)), _TABLE.c.ends_at > clock.now())
    with reading_once(database) as tx:
        return {row.id: (row.number, row.ends_at) for row in tx.execute(counted)}


def forget_attempts(database: Engine) -> None:
    """Remove the counts whose time is over."""
    with writing(database) as tx:
        tx.execute(delete(_TABLE).where(_TABLE.c.ends_at <= clock.now()))
