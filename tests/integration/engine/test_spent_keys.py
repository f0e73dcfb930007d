"""A message of no case has a key of its own; once it has arrived, no copy of it can be opened."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

import engine
from engine import KeyPlace, run_due_jobs
from engine.commands.outbox import sent_by
from engine.commands.spent_keys import destroy_spent_keys, spend
from engine.errors import KeyLost
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.tables import Job, SpentKey
from tests.integration.engine.models import drawn, tasks
from tests.support.office import Office, open_office
from tests.unit.interpreter.diagrams import SIGNAL, catch, process

NAME = "Kenanga Ayuningtyas"


@pytest.fixture
def apart(database_url: str, tmp_path: Path) -> Iterator[Office]:
    database = engine.open_database(database_url, keys=KeyPlace.in_folder(tmp_path / "keys"))
    office = open_office(database)
    office.deploy(drawn(process(catch("c", SIGNAL) + tasks("a"), "s > c > a > e")))
    yield office
    database.dispose()


def details(database: Engine) -> list[dict]:
    with reading(database) as tx:
        return list(tx.scalars(select(Job.details).where(Job.kind == "signal")))


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
    with writing(apart.database) as tx:
        spend(tx, ["a key that was never there"])
    assert destroy_spent_keys(apart.database) == 2
    with reading(apart.database) as tx:
        assert tx.scalars(select(SpentKey.id)).all() == []
