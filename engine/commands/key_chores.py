"""What is done now and then with keys that have served (``engine.commands.spent_keys``): they go."""

from sqlalchemy import Engine, delete, select

from engine import clock
from engine.commands.keeping import bind_keys
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.tables import SpentKey

_AT_ONCE = 500


def destroy_spent_keys(database: Engine) -> int:
    """Destroy the keys that have served, but for erased ones (``finish_erasures`` does those); returns how
    many. Stopped in between, the next time goes on.

    A key that is not there stays noted, and is looked for again the next time: the key store may be an older
    copy, and the newer one come back. Raises ``KeysUnavailable``, also where the key store is not this
    database's own.
    """
    count, last = 0, ""
    while ids := _some(database, last):
        if not last:
            bind_keys(database)
        gone = set(ids) - keys_of(database).destroy(ids, clock.now())
        with writing(database) as tx:
            tx.execute(delete(SpentKey).where(SpentKey.id.in_(gone)))
        count, last = count + len(gone), ids[-1]
    return count


def _some(database: Engine, after: str) -> list[str]:
    served = SpentKey.erased_with.is_(None), SpentKey.id > after
    with reading(database) as tx:
        return list(tx.scalars(select(SpentKey.id).where(*served).order_by(SpentKey.id).limit(_AT_ONCE)))
