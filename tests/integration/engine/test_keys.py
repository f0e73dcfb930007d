"""The key store: keys that are taken, found, wrapped anew and destroyed, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Connection, event, text

from engine.errors import KeyLost, KeysUnavailable, SealBroken
from engine.secrecy import KeyPlace, Keys, MasterKey
from engine.secrecy.keys import BATCH
from engine.secrecy.master import new_master, read_masters

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> KeyPlace:
    """A place for keys in an empty database of its own."""
    if database_url.startswith("sqlite"):
        return KeyPlace.in_folder(tmp_path / "keys")
    return KeyPlace(database_url, tmp_path / "keys" / "master.key")


@pytest.fixture
def keys(place: KeyPlace) -> Iterator[Keys]:
    found = Keys(place)
    yield found
    found.close()


def test_a_key_taken_by_one_process_is_found_by_another(place: KeyPlace, keys: Keys) -> None:
    key = keys.take()
    sealed = key.seal("variables", b"Ani")
    other = Keys(place)
    found = other.find(key.id)
    assert found is not None
    assert found.open("variables", sealed) == b"Ani"
    other.close()


def test_no_key_is_taken_twice(place: KeyPlace) -> None:
    """Four processes' worth of threads, each with a key ring of its own and one shared by two."""
    rings, taken = [Keys(place) for _ in range(3)], list[str]()

    def take(ring: Keys) -> None:
        taken.extend(ring.take().id for _ in range(BATCH + 5))

    threads = [Thread(target=take, args=(ring,)) for ring in (*rings, rings[0])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 4 * (BATCH + 5)
    assert len(read_masters(place.file)) == 1  # the processes agreed on one
    for ring in rings:
        ring.close()


def test_a_batch_holds_the_lock_for_two_statements(keys: Keys) -> None:
    """Beside busy threads each waits for its turn: 64 of them have held up other servers for 5 seconds."""
    keys.take()
    held: list[int] = []

    def count(tx: Connection, _cursor: object, statement: str, *_: object) -> None:
        if tx.get_execution_options().get("titian_writes") and not statement.startswith("BEGIN"):
            held[-1] += 1

    event.listen(keys._opened(), "begin", lambda _: held.append(0))
    event.listen(keys._opened(), "after_cursor_execute", count)
    for _ in range(BATCH):
        keys.take()
    assert [n for n in held if n] == [2]
    held.clear()
    assert keys.rotate() == 2 * BATCH
    assert max(held) == 1


def test_a_key_that_is_destroyed_during_a_rotation_stays_destroyed(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, wrap = keys.take(), MasterKey.wrap

    def late(master: MasterKey, key_id: str, raw: bytes) -> bytes:
        keys.destroy([key.id], NOW)
        return wrap(master, key_id, raw)

    monkeypatch.setattr(MasterKey, "wrap", late)
    assert keys.rotate() == BATCH
    keys.close()
    assert keys.find(key.id) is None
    assert keys.view().destroyed == 1


def test_a_batch_that_meets_a_rotation_is_wrapped_by_the_new_master(
    place: KeyPlace, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.take()
    server, wrap = Keys(place), MasterKey.wrap
    server.view()

    def late(master: MasterKey, key_id: str, raw: bytes) -> bytes:
        monkeypatch.setattr(MasterKey, "wrap", wrap)
        keys.rotate()
        return wrap(master, key_id, raw)

    monkeypatch.setattr(MasterKey, "wrap", late)
    key = server.take()
    assert keys.view().masters == {read_masters(place.file)[0].id: 2 * BATCH}
    assert keys.find(key.id) is not None
    server.close()


def test_the_key_store_holds_no_key_in_the_open(place: KeyPlace, keys: Keys) -> None:
    keys.take()
    [master] = keys.masters()
    with keys._store() as tx:
        for row in tx.execute(text("SELECT id, wrapped FROM case_key")):
            key = master.unwrap(row.id, bytes(row.wrapped))
            assert len(key) == 32
            assert key not in bytes(row.wrapped)


def test_a_destroyed_key_is_gone_for_everybody_and_its_bytes_too(place: KeyPlace, keys: Keys) -> None:
    key, kept = keys.take(), keys.take()
    with keys._store() as tx:
        find = text("SELECT wrapped FROM case_key WHERE id = :id")
        wrapped = bytes(tx.scalars(find, {"id": key.id}).one())
    if place.url.startswith("sqlite"):
        assert wrapped in _bytes(place)
    keys.destroy([key.id], NOW)
    keys.destroy([key.id], NOW)
    assert keys.find(key.id) is None
    other = Keys(place)
    assert other.find(key.id) is None
    assert other.find(kept.id) is not None
    view = other.view()
    assert (view.keys, view.destroyed) == (BATCH - 1, 1)
    other.close()
    if place.url.startswith("sqlite"):
        assert wrapped not in _bytes(place)


def _bytes(place: KeyPlace) -> bytes:
    folder = Path(place.url.removeprefix("sqlite:///")).parent
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_a_key_that_was_never_there_is_not_a_destroyed_one(keys: Keys) -> None:
    with pytest.raises(KeysUnavailable, match="does not know"):
        keys.find("0" * 32)


def test_a_process_that_remembers_a_key_learns_that_it_was_destroyed(
    place: KeyPlace, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, other = keys.take(), Keys(place)
    assert other.find(key.id) is not None
    keys.destroy([key.id], NOW)
    monkeypatch.setattr("engine.secrecy.keys.REMEMBERED", 0.0)
    assert other.find(key.id) is None
    other.close()


def test_keys_that_are_fetched_together_are_not_asked_for_again(place: KeyPlace, keys: Keys) -> None:
    """What was destroyed before stays so, and one that was never there is still told as lost."""
    living, gone = [keys.take() for _ in range(3)], keys.take()
    keys.destroy([gone.id], NOW)
    other = Keys(place)
    other.fetch([*(key.id for key in living), gone.id, "nobody's", None])
    keys.destroy([key.id for key in living], NOW)
    for key in living:
        found = other.find(key.id)
        assert found is not None, "remembered for a minute"
        assert found.open("variables", key.seal("variables", b"Ani")) == b"Ani"
    assert other.find(gone.id) is None
    with pytest.raises(KeyLost):
        other.find("nobody's")
    other.close()


def test_a_rotation_leaves_every_key_and_makes_the_old_master_useless(place: KeyPlace, keys: Keys) -> None:
    key, [old] = keys.take(), keys.masters()
    sealed = key.seal("variables", b"Ani")
    server = Keys(place)  # goes on meanwhile, with the old master in its memory
    spare = server.take()
    assert keys.rotate() == 2 * BATCH
    [new] = read_masters(place.file)
    assert new != old
    assert keys.view().masters == {new.id: 2 * BATCH}
    assert server.find(key.id).open("variables", sealed) == b"Ani"
    assert {server.take().id for _ in range(BATCH)}.isdisjoint({key.id, spare.id})
    assert set(keys.view().masters) == {new.id}
    assert keys.proves(new) == 3 * BATCH
    with pytest.raises(KeysUnavailable, match="is wrapped by"):
        keys.proves(old)
    server.close()


def test_a_rotation_that_was_interrupted_is_made_again(
    place: KeyPlace, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [keys.take().id for _ in range(3)]

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Keys, "_rewrap", stop)
        with pytest.raises(KeyboardInterrupt):
            keys.rotate()
    assert len(read_masters(place.file)) == 2
    later = Keys(place)
    later.take()  # wrapped by the new one, while the others still need the old one
    assert all(later.find(key_id) for key_id in ids)
    assert later.rotate() == 2 * BATCH
    assert len(read_masters(place.file)) == 1
    assert all(Keys(place).find(key_id) for key_id in ids)
    later.close()


def test_a_master_key_of_the_environment_is_rotated_by_naming_both(place: KeyPlace) -> None:
    old, new = new_master(), new_master()
    first = Keys(KeyPlace(place.url, None, (old.text,)))
    key = first.take()
    both = Keys(KeyPlace(place.url, None, (new.text, old.text)))
    assert both.rotate() == BATCH
    assert Keys(KeyPlace(place.url, None, (new.text,))).find(key.id) is not None
    with pytest.raises(KeysUnavailable, match=f"needs the master key {new.id}"):
        Keys(KeyPlace(place.url, None, (old.text,))).find(key.id)
    for ring in (first, both):
        ring.close()


def test_a_lost_master_key_is_said_and_no_new_one_is_made(place: KeyPlace, keys: Keys) -> None:
    keys.take()
    place.file.unlink()
    with pytest.raises(KeysUnavailable, match="needs the master key"):
        Keys(place).take()
    assert not place.file.exists()


def test_a_wrapped_key_that_was_changed_or_swapped_is_not_opened(place: KeyPlace, keys: Keys) -> None:
    one, two = keys.take(), keys.take()
    with keys._store(writing=True) as tx:
        swap = "UPDATE case_key SET wrapped = (SELECT wrapped FROM case_key WHERE id = :b) WHERE id = :a"
        tx.execute(text(swap), {"a": one.id, "b": two.id})
    with pytest.raises(SealBroken):
        Keys(place).find(one.id)


def test_without_a_place_there_are_no_keys() -> None:
    with pytest.raises(KeysUnavailable):
        Keys(None).take()
    with pytest.raises(KeysUnavailable, match="no master key"):
        Keys(KeyPlace("sqlite:///:memory:")).take()


def test_a_master_key_is_no_secret_of_its_name() -> None:
    assert "secret" not in repr(MasterKey(b"a" * 32))
