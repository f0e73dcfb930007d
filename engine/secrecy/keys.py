"""The key store: a database of its own with the key of each case, wrapped by the master key.

A case takes a key that was made beforehand, a batch at a time: starting a case costs no second commit. A row
is never deleted: a destroyed key keeps its id without the key, so that nobody takes it for a lost one.
"""

import fcntl
import logging
import secrets
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import (
    Connection,
    Engine,
    LargeBinary,
    case,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from engine.errors import KeyLost, KeysUnavailable
from engine.secrecy.cipher import CaseKey, draw_keys
from engine.secrecy.master import MasterKey, master_of, new_master, read_masters, write_masters
from engine.secrecy.place import KeyPlace
from engine.secrecy.store import KEY, STORE, metadata, open_store

BATCH: Final = 64
"""Keys that are made at a time; those that a process has not used when it ends are never used."""

REMEMBERED: Final = 60.0
"""Seconds that a process may go on with a key which another one has destroyed meanwhile."""

_MOST: Final = 20_000
"""Keys that a process remembers."""

_REWRAPPED: Final = 200
"""Keys that a rotation wraps anew by one statement. After each, a thread waits for its turn: with a statement
a key, it would hold the lock of the key store for seconds beside threads that are busy.
"""
_FETCHED: Final = 500
_OPTION: Final = "titian_keys"
_log = logging.getLogger(__name__)
_FIND = select(KEY.c.master_id, KEY.c.wrapped)
_IN_USE = select(STORE.c.master_id)


@dataclass(frozen=True)
class KeyStoreView:
    """``masters``: id of each master key -> how many case keys it wraps; the one in use is ``master_id``."""

    id: str
    master_id: str
    keys: int
    destroyed: int
    masters: dict[str, int]


class Keys:
    """The keys of all cases. Opened when one is first needed, since many commands need none.

    Safe to share between threads. Every method raises ``KeysUnavailable`` where the key store or the master
    key is missing, or is another one.
    """

    def __init__(self, place: KeyPlace | None) -> None:
        self._place = place
        self._guard = threading.RLock()
        self._engine: Engine | None = None
        self._masters: dict[str, MasterKey] = {}
        self._spare: list[CaseKey] = []
        self._known: dict[str, tuple[float, CaseKey | None]] = {}

    def take(self) -> CaseKey:
        """A new key. It is in the key store, on the disk, before anybody seals with it."""
        with self._guard:
            if not self._spare:
                self._spare = self._make()
            return self._spare.pop()

    def find(self, key_id: str) -> CaseKey | None:
        """A key; None where it was destroyed. Raises ``KeyLost`` where it was never there."""
        known = self._known.get(key_id)
        if known is not None and time.monotonic() - known[0] < REMEMBERED:
            return known[1]
        with self._store() as tx:
            row = tx.execute(_FIND.where(KEY.c.id == key_id)).one_or_none()
        if row is None:
            raise KeyLost(key=key_id)
        key = None if row.wrapped is None else CaseKey(key_id, self._unwrapped(key_id, *row))
        self._remember(key_id, key)
        return key

    def fetch(self, key_ids: Iterable[str | None]) -> None:
        """Get keys together that will be asked for one by one."""
        wanted = sorted({key_id for key_id in key_ids if key_id})
        for first in range(0, len(wanted), _FETCHED):
            chosen = _FIND.add_columns(KEY.c.id).where(KEY.c.id.in_(wanted[first : first + _FETCHED]))
            with self._store() as tx:
                rows = tx.execute(chosen).all()
            for master_id, wrapped, key_id in rows:
                raw = None if wrapped is None else self._unwrapped(key_id, master_id, wrapped)
                self._remember(key_id, None if raw is None else CaseKey(key_id, raw))

    def readable(self, key_id: str | None) -> CaseKey | None:
        """A key to read with; None where there is none, and where it was destroyed or lost: one case whose
        key the key store does not know keeps nobody from all others.
        """
        if key_id is None:
            return None
        try:
            return self.find(key_id)
        except KeyLost:
            _log.error("the key store does not know the key %s", key_id)
            return None

    def destroy(self, key_ids: Collection[str], at: datetime) -> set[str]:
        """Destroy keys for good; twice is fine. Their bytes are overwritten in the key store's files.

        Returns the ids that were never there: the key store is another one, or a copy from before them.
        """
        gone = {"wrapped": None, "destroyed_at": int(at.timestamp())}
        with self._store(writing=True) as tx:
            there = {row.id: row.wrapped for row in tx.execute(select(KEY).where(KEY.c.id.in_(key_ids)))}
            living = [key_id for key_id, wrapped in there.items() if wrapped is not None]
            tx.execute(update(KEY).where(KEY.c.id.in_(living)).values(**gone))
        for key_id in there:
            self._remember(key_id, None)
        if living:
            self._sweep()
        return set(key_ids).difference(there)

    def view(self) -> KeyStoreView:
        """What the key store holds."""
        with self._store() as tx:
            store = tx.execute(select(STORE)).one()
            living = select(KEY.c.master_id, func.count()).where(KEY.c.wrapped.is_not(None))
            masters = {str(name): int(n) for name, n in tx.execute(living.group_by(KEY.c.master_id))}
            total = int(tx.scalar(select(func.count()).select_from(KEY)) or 0)
        living_total = sum(masters.values())
        return KeyStoreView(store.id, store.master_id, living_total, total - living_total, masters)

    def masters(self) -> list[MasterKey]:
        """The master keys, the one in use first."""
        self._opened()
        with self._guard:
            return list(self._masters.values())

    def rotate(self) -> int:
        """Wrap every case key with a new master key; returns how many. Servers go on meanwhile.

        With a key file, the new key is made and the old ones leave the file at the end: what an older copy of
        the key store holds cannot be opened any more. With keys from the environment, the first is the new
        one already. An interrupted rotation is simply made again.
        """
        place = self._require_place()
        self._opened()
        with _alone(place.file):
            new = self._load()[0] if place.given or place.file is None else new_master()
            if not place.given and place.file is not None:
                write_masters(place.file, [new, *self._load()])
            self._reload()
            with self._store(writing=True) as tx:
                # from here on nobody wraps with an older one
                tx.execute(update(STORE).values(master_id=new.id))
            count = sum(self._rewrap(new))
            if not place.given and place.file is not None:
                write_masters(place.file, [new])
            self._reload()
        self._sweep()
        return count

    def proves(self, key: MasterKey) -> int:
        """How many case keys a master key opens: all of them, or ``SealBroken`` or ``KeysUnavailable`` is
        raised.

        The drill of a restore: it needs no key file.
        """
        count = 0
        with self._bare() as tx:
            for row in tx.execute(select(KEY).where(KEY.c.wrapped.is_not(None))):
                if row.master_id != key.id:
                    raise KeysUnavailable(
                        reason=f"the key {row.id} is wrapped by the master key {row.master_id}, not {key.id}"
                    )
                key.unwrap(row.id, row.wrapped)
                count += 1
        return count

    def close(self) -> None:
        """Forget every key, and close the key store."""
        with self._guard:
            if self._engine is not None:
                self._engine.dispose()
            self._engine, self._masters, self._spare, self._known = None, {}, [], {}

    # How it is done

    def _require_place(self) -> KeyPlace:
        if self._place is None:
            raise KeysUnavailable(reason="nobody has said where the keys are kept")
        return self._place

    def _make(self) -> list[CaseKey]:
        """A batch in the key store. All that takes the processor is done before its lock is taken."""
        made = draw_keys(BATCH)
        while not self._add(made):
            pass  # the master key was changed this moment
        keys = [CaseKey(*pair) for pair in made]
        for key in keys:
            self._remember(key.id, key)
        return keys

    def _add(self, made: list[tuple[str, bytes]]) -> bool:
        with self._store() as tx:
            master_id = tx.scalars(_IN_USE).one()
        master, now = self._master(master_id), int(time.time())
        rows = [
            {
                "id": key_id,
                "master_id": master_id,
                "wrapped": master.wrap(key_id, key),
                "made_at": now,
                "destroyed_at": None,
            }
            for key_id, key in made
        ]
        with self._store(writing=True) as tx:
            if tx.scalars(_IN_USE.with_for_update()).one() != master_id:
                return False
            tx.execute(insert(KEY).values(rows))  # one statement: see _REWRAPPED
        return True

    def _master(self, master_id: str) -> MasterKey:
        """A master key by its id; another process may have rotated, so the file is looked at again."""
        if master_id not in self._masters:
            self._reload()
        found = self._masters.get(master_id)
        if found is None:
            raise KeysUnavailable(reason=f"the master key {master_id} is not among those given")
        return found

    def _unwrapped(self, key_id: str, master_id: str, wrapped: bytes) -> bytes:
        return self._master(master_id).unwrap(key_id, wrapped)

    def _rewrap(self, new: MasterKey) -> Iterator[int]:
        old = KEY.c.wrapped.is_not(None), KEY.c.master_id != new.id
        while True:
            with self._store() as tx:
                rows = tx.execute(select(KEY).where(*old).limit(_REWRAPPED)).all()
            if not rows:
                return
            wrapped = {
                row.id: literal(
                    new.wrap(row.id, self._unwrapped(row.id, row.master_id, row.wrapped)), LargeBinary
                )
                for row in rows
            }
            rewrapped = update(KEY).where(KEY.c.id.in_(wrapped), *old)  # not what was destroyed meanwhile
            with self._store(writing=True) as tx:
                tx.execute(rewrapped.values(wrapped=case(wrapped, value=KEY.c.id), master_id=new.id))
            yield len(rows)

    def _remember(self, key_id: str, key: CaseKey | None) -> None:
        with self._guard:
            while len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]
            self._known[key_id] = time.monotonic(), key

    def _reload(self) -> None:
        with self._guard:
            self._masters = {key.id: key for key in self._load()}

    def _load(self) -> list[MasterKey]:
        place = self._require_place()
        if place.given:
            return [master_of(text, "a master key of the environment") for text in place.given]
        return read_masters(place.file) if place.file else []

    def _opened(self) -> Engine:
        with self._guard:
            if self._engine is None:
                engine = open_store(self._require_place().url)
                try:
                    self._begin_with(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    def _begin_with(self, engine: Engine) -> None:
        """Make the tables where there are none, and see that a master key of ours is the one in use."""
        place = self._require_place()
        try:
            if self._is_made(engine):
                return
            with engine.connect().execution_options(titian_writes=True) as tx, tx.begin():
                if tx.dialect.name == "postgresql":
                    tx.execute(text("SELECT pg_advisory_xact_lock(7483926)"))
                metadata.create_all(tx)
                row, masters = tx.execute(select(STORE)).one_or_none(), self._load()
                if row is None:
                    masters = masters or _first_master(place)
                    store = {"number": 1, "id": secrets.token_hex(16), "master_id": masters[0].id}
                    tx.execute(insert(STORE).values(**store))
        except SQLAlchemyError as error:
            raise KeysUnavailable(reason=f"the key store cannot be used: {error}") from error
        self._masters = {key.id: key for key in masters}

    def _is_made(self, engine: Engine) -> bool:
        """Whether there is a key store already; then the master key in use is one of ours, or it is said."""
        with engine.connect() as tx:
            if not inspect(tx).has_table(STORE.name):
                return False
            row, masters = tx.execute(select(STORE)).one_or_none(), self._load()
        if row is None:
            return False
        if row.master_id not in {key.id for key in masters}:
            raise KeysUnavailable(
                reason=f"the key store needs the master key {row.master_id}, which is not in"
                f" {self._require_place().file or 'the environment'}"
            )
        self._masters = {key.id: key for key in masters}
        return True

    @contextmanager
    def _store(self, *, writing: bool = False) -> Iterator[Connection]:
        engine = self._opened()
        try:
            with engine.connect().execution_options(titian_writes=writing) as tx, tx.begin():
                yield tx
        except SQLAlchemyError as error:
            raise KeysUnavailable(reason=f"the key store cannot be used: {error}") from error

    @contextmanager
    def _bare(self) -> Iterator[Connection]:
        """The key store without a master key."""
        engine = open_store(self._require_place().url)
        try:
            with engine.connect() as tx:
                yield tx
        except SQLAlchemyError as error:
            raise KeysUnavailable(reason=f"the key store cannot be used: {error}") from error
        finally:
            engine.dispose()

    def _sweep(self) -> None:
        """Let no copy of a row's former content lie about in the files of the key store."""
        engine = self._opened()
        if engine.dialect.name != "postgresql":
            return  # SQLite has overwritten it: secure_delete
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM (FULL) case_key")
        except SQLAlchemyError:  # the keys are gone all the same; the next erasure sweeps again
            _log.exception("the key store could not be swept")


def _first_master(place: KeyPlace) -> list[MasterKey]:
    if place.file is None:
        raise KeysUnavailable(reason="no master key is given")
    write_masters(place.file, made := [new_master()])
    return made


@contextmanager
def _alone(file: Path | None) -> Iterator[None]:
    """One rotation of a key file at a time; a process that dies lets go of it."""
    if file is None:
        yield
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def with_keys(database: Engine, keys: Keys) -> None:
    """Let everybody who works in ``database`` find its keys."""
    database.update_execution_options(**{_OPTION: keys})


def keys_of(database: Engine | Connection) -> Keys:
    """The keys of a database, or of the one that a transaction belongs to."""
    found: Keys | None = database.get_execution_options().get(_OPTION)
    return found if found is not None else Keys(None)
