"""What the database refuses, and what it promises."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import SQLAlchemyError

import engine
from engine.errors import ConcurrentUpdate, QueryInvalid
from engine.store import reading, writing
from engine.store.tables import Agency, User
from engine.types import SYSTEM
from tests.support.keys import open_database
from tests.support.office import HOME, PROFILE, Office


@pytest.mark.parametrize("value", ["a\0b", "\ud800"], ids=["NUL", "half a character"])
def test_a_text_that_is_none_is_refused_or_not_found(office: Office, value: str) -> None:
    for ask in (engine.count_tasks, engine.count_instances):
        filter_ = (engine.TaskFilter if ask is engine.count_tasks else engine.InstanceFilter)(
            business_key=value
        )
        try:
            assert ask(office.database, office.user("manajer"), filter_) == 0
        except QueryInvalid:
            continue


def test_a_number_that_is_too_large_is_refused(office: Office) -> None:
    with pytest.raises(QueryInvalid):
        engine.list_tasks(office.database, office.user("petugas"), page=engine.Page(first=2**70))


def test_moments_beyond_the_calendar_are_its_ends(office: Office) -> None:
    east, west = timezone(timedelta(hours=7)), timezone(timedelta(hours=-7))
    first, last = datetime(1, 1, 1, tzinfo=east), datetime(9999, 12, 31, 23, tzinfo=west)
    wanted = engine.InstanceFilter(started_after=first, started_before=last)
    assert engine.count_instances(office.database, office.user("manajer"), wanted) == 0


def test_a_moment_is_kept_in_utc_whatever_its_zone(database: Engine) -> None:
    moment = datetime(2026, 3, 30, 9, 30, 1, 123456, tzinfo=timezone(timedelta(hours=7)))
    with writing(database) as tx:
        row = {"id": "u", "name": "U", "password_hash": "-", "language": "id", "admin": False, "active": True}
        tx.execute(User.__table__.insert().values(**row, changed_at=moment))
    with reading(database) as tx:
        found = tx.scalars(select(User.changed_at)).one()
    assert (found, found.tzinfo) == (moment, UTC)


def test_a_row_that_another_made_first_is_a_conflict(database: Engine) -> None:
    engine.put_agency(database, SYSTEM, HOME, "Uji", PROFILE)
    with pytest.raises(ConcurrentUpdate), writing(database) as tx:
        tx.execute(Agency.__table__.insert().values(id=HOME, name="Uji", profile={}))


def test_a_transaction_that_reads_sees_one_state(database: Engine) -> None:
    engine.put_agency(database, SYSTEM, HOME, "Uji", PROFILE)
    with reading(database) as tx:
        before = tx.scalars(select(Agency.name)).all()
        engine.put_agency(database, SYSTEM, HOME, "Lain", PROFILE)
        assert tx.scalars(select(Agency.name)).all() == before == ["Uji"]
    assert [agency.name for agency in engine.list_agencies(database, SYSTEM)] == ["Lain"]


def test_a_writer_of_this_process_waits_for_its_turn_without_asking_sqlite(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/titian.db")
    comes, done = threading.Event(), threading.Event()

    def write() -> None:
        comes.set()
        with writing(database):
            done.set()

    second = threading.Thread(target=write)
    with writing(database):
        second.start()
        assert comes.wait(10)
        assert not done.wait(0.3)
        assert database.pool.checkedout() == 1, "who waits holds no connection and does not poll"
    assert done.wait(10)
    second.join()
    database.dispose()


def test_eight_writers_wait_for_each_other(database: Engine) -> None:
    """No 'database is locked': each adds its rounds to one number, and none is lost."""
    engine.put_agency(database, SYSTEM, HOME, "0", PROFILE)
    wrong: list[Exception] = []

    def count() -> None:
        for _ in range(5):
            try:
                with writing(database) as tx:
                    name = tx.scalars(select(Agency.name).with_for_update()).one()
                    tx.execute(update(Agency).values(name=str(int(name) + 1)))
            except ConcurrentUpdate as error:
                wrong.append(error)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert engine.get_agency(database, SYSTEM, HOME).name == "40"


def test_an_error_of_the_database_carries_no_value(database: Engine) -> None:
    with pytest.raises(SQLAlchemyError) as failed, writing(database) as tx:
        tx.execute(text("UPDATE agency SET tidak_ada = :name"), {"name": "Ani Rahayu"})
    assert "Ani" not in str(failed.value)
