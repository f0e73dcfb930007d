"""A message of no case has a key of its own; once it has arrived, no copy of it can be opened."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select

import engine
from engine import KeyPlace, run_due_jobs
from engine.commands.key_chores import _AT_ONCE, destroy_spent_keys
from engine.commands.outbox import sent_by
from engine.commands.spent_keys import spend
from engine.errors import KeyLost, KeysUnavailable
from engine.jobs.chores import Chore, Chores
from engine.secrecy import Keys, keys_of, with_keys
from engine.store import reading, writing
from engine.store.tables import Job, KeyStoreMark, SpentKey
from tests.integration.engine.models import drawn, tasks
from tests.support.erasing import older_key_store
from tests.support.office import Office, open_office
from tests.unit.interpreter.diagrams import SIGNAL, catch, process

NAME = "Kenanga Ayuningtyas"


@pytest.fixture
def apart(database_url: str, tmp_path: Path) -> Iterator[Office]:
    database = engine.open_database(database_url, keys=KeyPlace.in_folder(tmp_path / "keys"))
    with database.begin() as tx:
        tx.execute(delete(KeyStoreMark))  # of the tests' common key store
    engine.bind_keys(database)
    office = open_office(database)
    office.deploy(drawn(process(catch("c", SIGNAL) + tasks("a"), "s > c > a > e")))
    yield office
    database.dispose()


def details(database: Engine) -> list[dict]:
    with reading(database) as tx:
        return list(tx.scalars(select(Job.details).where(Job.kind == "signal")))


def noted(database: Engine) -> list[str]:
    with reading(database) as tx:
        return list(tx.scalars(select(SpentKey.id)))


def send(office: Office) -> list[dict]:
    case = office.start()
    engine.send_signal(office.database, office.user("layanan"), "darurat", variables={"siapa": NAME})
    copies = details(office.database)
    assert len(copies) == 1
    assert destroy_spent_keys(office.database) == 0  # it is still needed
    assert run_due_jobs(office.database) == 1
    assert office.variables(case) == {"siapa": NAME}
    return copies


def test_the_key_of_a_signal_that_has_arrived_is_destroyed(apart: Office) -> None:
    [copy] = send(apart)
    with reading(apart.database) as tx:
        assert sent_by(tx, copy).variables == {"siapa": NAME}
    assert destroy_spent_keys(apart.database) == 1
    assert destroy_spent_keys(apart.database) == 0
    with reading(apart.database) as tx, pytest.raises(KeyLost):
        sent_by(tx, copy)
    assert keys_of(apart.database).view().destroyed == 1


def test_what_was_stopped_in_between_goes_on(apart: Office) -> None:
    [copy] = send(apart)
    keys_of(apart.database).destroy([copy["key_id"]], engine.clock.now())
    assert destroy_spent_keys(apart.database) == 1
    assert noted(apart.database) == []


def test_where_the_key_store_is_another_one_no_key_counts_as_destroyed(
    apart: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The chore says so in the log, holds up no other, and goes on once the right one is back."""
    [copy] = send(apart)
    with_keys(apart.database, Keys(KeyPlace.in_folder(tmp_path / "other")))
    with pytest.raises(KeysUnavailable, match="belongs to the key store"):
        destroy_spent_keys(apart.database)
    others: list[object] = []
    chores = Chore("keys", 3600.0, destroy_spent_keys), Chore("another", 3600.0, others.append)
    Chores(chores).run(apart.database)
    assert "chore failed: keys" in caplog.text
    assert others == [apart.database]
    assert noted(apart.database) == [copy["key_id"]]
    with_keys(apart.database, Keys(KeyPlace.in_folder(tmp_path / "keys")))
    Chores(chores).run(apart.database)
    assert noted(apart.database) == []
    with reading(apart.database) as tx, pytest.raises(KeyLost):
        sent_by(tx, copy)


def test_a_key_that_an_older_copy_of_the_key_store_does_not_know_is_destroyed_when_the_newer_is_back(
    apart: Office, tmp_path: Path
) -> None:
    file = tmp_path / "keys" / "case-keys.db"
    with older_key_store(apart, tmp_path):
        [copy] = send(apart)
        keys_of(apart.database).close()
        newer = file.read_bytes()
    with writing(apart.database) as tx:
        spend(tx, [f"{number:05}" for number in range(_AT_ONCE)])  # never there: they hide no other
    living = keys_of(apart.database).take().id
    with writing(apart.database) as tx:
        spend(tx, [living])
    assert destroy_spent_keys(apart.database) == 1
    assert {copy["key_id"], "00000"} < set(noted(apart.database))
    assert living not in noted(apart.database)
    keys_of(apart.database).close()
    file.write_bytes(newer)
    with reading(apart.database) as tx:
        assert sent_by(tx, copy).variables == {"siapa": NAME}
    assert destroy_spent_keys(apart.database) == 1
    with reading(apart.database) as tx, pytest.raises(KeyLost):
        sent_by(tx, copy)
