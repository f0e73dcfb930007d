"""What an earlier release has left open is sealed: nothing is lost, and its bytes are gone from the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

import engine
from engine import KeyPlace, clock
from engine.commands.job_rows import job_row
from engine.commands.keeping import bind_keys
from engine.commands.outbox import sent_by
from engine.errors import KeysUnavailable
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.documents import (
    open_values,
    open_variables,
    pack_events,
    pack_variables,
    unpack_events,
)
from engine.store.tables import HistoryEntry, Job, KeyStoreMark, ProcessInstance, UserTask
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, form, task
from tests.support.office import HOME, Office, open_office
from tests.unit.interpreter.diagrams import process

SECRET = form("isian", {"key": "nama", "properties": {"rahasia": "ya"}}, {"key": "kota"})
ON_ITS_WAY = {"kind": "message", "name": "m", "variables": {"siapa": "Kenanga Ayuningtyas"}, "receiver": None}
NAME, REASON = "Kenanga Ayuningtyas", "Kenanga pindah ke Batam"


@pytest.fixture
def old(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office whose database is as the releases before sealing left it, with one open case and one
    ended.
    """
    database = engine.open_database(database_url, keys=KeyPlace.in_folder(tmp_path / "keys"))
    office = open_office(database)
    office.deploy(
        drawn(process(task("a", formRef="isian") + task("b", formRef="isian"), "s > a > b > e")),
        isian_form=SECRET,
    )
    for _ in range(2):
        case = office.start()
        office.do(case, "a", nama=NAME, kota="Natuna")
    engine.cancel_instance(database, office.user("manajer"), case.id, REASON)
    with writing(database) as tx:
        tx.execute(insert(Job).values(job_row("message", "j", HOME, clock.now(), details=ON_ITS_WAY)))
        tx.execute(delete(KeyStoreMark))
        for row in tx.execute(select(ProcessInstance.__table__)).all():
            _lay_open(tx, row)
    yield office
    database.dispose()


def _lay_open(tx, row) -> None:
    """Write a case as it was written before there were keys."""
    key = keys_of(tx).find(row.key_id)
    closed = {"secrets": None, "key_id": None, "submitted_secrets": None}
    tx.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == row.id)
        .values(
            **closed,
            variables=pack_variables(open_variables(row.variables, row.secrets, key)),
            submitted=open_values(row.submitted, row.submitted_secrets, key)[0],
            sealed=["nama"],
            reason=REASON if row.reason else None,
        )
    )
    tasks = select(UserTask.__table__).where(UserTask.instance_id == row.id, UserTask.submitted.is_not(None))
    for each in tx.execute(tasks).all():
        values = {"submitted": open_values(each.submitted, each.submitted_secrets, key)[0]}
        tx.execute(update(UserTask).where(UserTask.id == each.id).values(**values, submitted_secrets=None))
    for entry in tx.execute(select(HistoryEntry.__table__).where(HistoryEntry.instance_id == row.id)).all():
        events = [
            e._replace(details={**e.details, "reason": REASON}) if (e.details or {}).get("reason") else e
            for e in unpack_events(entry.events)
        ]
        tx.execute(
            update(HistoryEntry).where(HistoryEntry.seq == entry.seq).values(events=pack_events(events))
        )


def cases(office: Office) -> list[InstanceView]:
    return engine.list_instances(office.database, SYSTEM, page=engine.Page(sort=(("started", True),)))


def test_every_value_is_as_it_was_and_sealed(old: Office, tmp_path: Path) -> None:
    before = [(old.variables(case), case.reason) for case in cases(old)]
    assert before == [({"nama": NAME, "kota": "Natuna"}, None), ({"nama": NAME, "kota": "Natuna"}, REASON)]
    told = [str(old.history(case)) for case in cases(old)]
    assert engine.seal_open_data(old.database) == 2
    assert engine.seal_open_data(old.database) == 0
    assert [(old.variables(case), case.reason) for case in cases(old)] == before
    assert [str(old.history(case)) for case in cases(old)] == told
    facts = engine.facts(old.database, old.user("petugas"), cases(old)[0].id)
    assert {(f.key, f.display, f.sealed) for f in facts} >= {("nama", NAME, True), ("kota", "Natuna", False)}
    manager = engine.facts(old.database, old.user("manajer"), cases(old)[0].id)
    assert {(f.key, f.display) for f in manager} >= {("nama", None)}
    with reading(old.database) as tx:
        rows = tx.execute(select(ProcessInstance.variables, ProcessInstance.submitted)).all()
        given = tx.scalars(select(UserTask.submitted)).all()
        jobs = tx.scalars(select(Job.details)).all()
        events = [unpack_events(e) for e in tx.scalars(select(HistoryEntry.events))]
        assert [sent_by(tx, details).variables for details in jobs] == [{"siapa": NAME}]
    for part in (rows, given, jobs, events):
        assert "Kenanga" not in str(part)
    old.do(cases(old)[0], "b", nama="Melur", kota="Ranai")
    assert old.variables(cases(old)[0])["nama"] == "Melur"


def test_the_bytes_are_gone_from_the_file(old: Office, tmp_path: Path) -> None:
    if old.database.dialect.name != "sqlite":
        return  # the server's files are the administrator's: VACUUM FULL rewrites them, and its log ages
    file = Path(str(old.database.url.database))
    wal = file.with_name(f"{file.name}-wal")
    assert b"Kenanga" in file.read_bytes() + wal.read_bytes()
    engine.seal_open_data(old.database)
    assert b"Kenanga" not in file.read_bytes() + wal.read_bytes()


def test_a_database_belongs_to_one_key_store(old: Office, database_url: str, tmp_path: Path) -> None:
    bind_keys(old.database)
    bind_keys(old.database)
    other = engine.open_database(database_url, keys=KeyPlace.in_folder(tmp_path / "other"))
    with pytest.raises(KeysUnavailable, match="belongs to the key store"):
        bind_keys(other)
    other.dispose()
