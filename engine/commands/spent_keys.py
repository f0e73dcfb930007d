"""Keys that belong to no case, such as a message's, are destroyed once they have served.

Not in the transaction that needs them last: were that rolled back, what they have sealed would be lost. It
notes that the key has served (``spend``), and a chore destroys what committed transactions have noted
(``engine.commands.key_chores``). What an erasure has noted is kept: an older key store must not bring the key
back.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, insert, select

from engine.store.tables import SpentKey, table_of


def spend(tx: Connection, key_ids: Iterable[str], erased_with: str | None = None) -> None:
    """Note that these keys have sealed their last. Nothing else may need them.

    ``erased_with``: the case or the rule by which they are erased, for good (``erased_keys``).
    """
    ids = sorted(set(key_ids))
    if erased_with:  # whatever was noted of them before
        tx.execute(delete(SpentKey).where(SpentKey.id.in_(ids)))
    if rows := [{"id": key_id, "erased_with": erased_with} for key_id in ids]:
        tx.execute(insert(table_of(SpentKey)), rows)


def erased_keys(tx: Connection, instance_ids: Collection[str] | None = None) -> list[str]:
    """The keys that were erased beside cases' own: with these cases, or all."""
    erased = SpentKey.erased_with.is_not(None)
    chosen = erased if instance_ids is None else SpentKey.erased_with.in_(instance_ids)
    return list(tx.scalars(select(SpentKey.id).where(chosen)))
