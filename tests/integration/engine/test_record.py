"""The access log: what it holds, what the database refuses, and how it is chained and proved."""

import json
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, Row, select, text, update
from sqlalchemy.exc import SQLAlchemyError

import engine
from engine.errors import LogKeyInvalid
from engine.jobs import chain
from engine.record import (
    Finding,
    FindingKind,
    RecordPlace,
    as_head,
    begin_record,
    current_head,
    link_entries,
    note_restored,
    record,
    verify_record,
    with_record,
)
from engine.record import verifying as verifying_module
from engine.record.blocks import FIRST, block_hash, of_block
from engine.record.heads import head_of
from engine.record.place import Seal
from engine.store import reading, writing
from engine.store.tables import AccessBlock, AccessEntry
from engine.types import SYSTEM, Channel, Origin, RecordAction, acting_from
from tests.integration.engine.models import drawn, tasks
from tests.support.office import HOME, Office, open_office
from tests.unit.interpreter.diagrams import process

STEPS = drawn(process(tasks("a", "b"), "s > a > b > e"))


@pytest.fixture
def place(database: Engine, tmp_path: Path) -> RecordPlace:
    found = RecordPlace.within(tmp_path / "log")
    with_record(database, found)
    return found


@pytest.fixture
def kept(database: Engine, place: RecordPlace) -> Office:
    """An office whose log is kept, with a case that has been worked on."""
    begin_record(database)
    office = open_office(database)
    office.deploy(STEPS)
    return office


def entries(database: Engine) -> list[Row]:
    with reading(database) as tx:
        return list(tx.execute(select(AccessEntry.__table__).order_by(AccessEntry.id)))


def findings(database: Engine, **options) -> list[Finding]:
    found: list[Finding] = []
    verify_record(database, found.append, **options)
    return found


def kinds(database: Engine, **options) -> set[FindingKind]:
    return {finding.kind for finding in findings(database, **options)}


def test_every_command_on_a_case_leaves_one_entry(kept: Office) -> None:
    before = len(entries(kept.database))
    with acting_from(Origin(Channel.BROWSER, "10.0.0.7")):
        case = kept.start()
        kept.do(case, "a")
    started, done = entries(kept.database)[before:]
    assert (started.action, started.subject) == ("change_case", "instance_started:s")
    assert (done.action, done.subject) == ("change_case", "task_completed:a")
    assert {(e.user_id, e.agency_id, e.instance_id) for e in (started, done)} == {
        ("petugas@uji", HOME, case.id)
    }
    assert {(e.channel, e.address) for e in (started, done)} == {("browser", "10.0.0.7")}
    assert len(kept.history(case)) > 2, "events, of two commands"


def test_what_is_rolled_back_leaves_no_entry(kept: Office) -> None:
    before = len(entries(kept.database))
    with kept.database.connect() as tx:
        record(tx, SYSTEM, RecordAction.EXPORT, agency_id=HOME)
        tx.rollback()
    assert len(entries(kept.database)) == before


def test_the_database_refuses_to_change_or_remove_an_entry_or_a_block(kept: Office) -> None:
    link_entries(kept.database)
    for statement in (
        "UPDATE access_entry SET user_id = 'x'",
        "UPDATE access_entry SET block = 2",
        "UPDATE access_entry SET block = NULL",
        "DELETE FROM access_entry",
        "UPDATE access_block SET number = 9",
        "DELETE FROM access_block",
    ):
        with pytest.raises(SQLAlchemyError, match="append-only"), writing(kept.database) as tx:
            tx.execute(text(statement))
    assert findings(kept.database) == []


def test_the_untouched_log_is_right_at_every_moment(kept: Office) -> None:
    assert findings(kept.database) == []
    for _ in range(3):
        kept.do(kept.start(), "a")
        assert findings(kept.database) == []
        assert link_entries(kept.database) > 0
        assert findings(kept.database) == []
    assert link_entries(kept.database) == 0
    state = verify_record(kept.database, lambda _: None)
    assert (state.blocks, state.loose, state.findings) == (3, 0, 0)
    assert state.entries == len(entries(kept.database))
    assert state.history == 6


def test_heads_are_kept_outside_the_database_a_line_for_each_block_and_a_file_for_each_day(
    kept: Office, place: RecordPlace
) -> None:
    for _ in range(2):
        kept.start()
        link_entries(kept.database)
    lines = [json.loads(line) for line in (place.heads / "heads.jsonl").read_text().splitlines()]
    assert [line["number"] for line in lines] == [1, 2]
    [day] = (place.heads / "heads").iterdir()
    kept_of_day = json.loads(day.read_text())
    assert kept_of_day == current_head(kept.database)
    assert {name: kept_of_day[name] for name in lines[1]} == lines[1]
    assert place.key.stat().st_mode & 0o777 == 0o600


def test_a_head_that_a_crash_kept_from_the_file_is_written_at_the_next_round(
    kept: Office, place: RecordPlace
) -> None:
    link_entries(kept.database)
    kept.start()
    link_entries(kept.database)
    file = place.heads / "heads.jsonl"
    file.write_bytes(file.read_bytes()[:-20])  # cut off in the middle of the second line
    link_entries(kept.database)
    assert len(file.read_text().splitlines()) == 2
    assert findings(kept.database) == []


def test_a_log_that_is_cut_consistently_is_found_by_a_head_that_was_carried_away(
    kept: Office, place: RecordPlace
) -> None:
    link_entries(kept.database)
    kept.start()
    link_entries(kept.database)
    away = as_head(current_head(kept.database))
    assert away is not None
    loosen(kept.database)
    with writing(kept.database) as tx:
        tx.execute(text("DELETE FROM access_entry WHERE block = 2"))
        tx.execute(text("DELETE FROM access_block WHERE number = 2"))
        tx.execute(text("DELETE FROM history_entry"))
    file = place.heads / "heads.jsonl"
    file.write_text(file.read_text().splitlines(keepends=True)[0])
    assert findings(kept.database) == []
    assert kinds(kept.database, copies=[away]) == {FindingKind.BLOCK_MISSING}


def test_a_restoration_is_noted_and_what_came_after_the_backup_is_not_missed(
    kept: Office, place: RecordPlace
) -> None:
    link_entries(kept.database)
    kept.start()
    link_entries(kept.database)
    loosen(kept.database)
    with writing(kept.database) as tx:  # as a backup from before the case would have it
        tx.execute(text("DELETE FROM access_entry WHERE block = 2"))
        tx.execute(text("DELETE FROM access_block WHERE number = 2"))
        tx.execute(text("DELETE FROM history_entry"))
    assert kinds(kept.database) == {FindingKind.BLOCK_MISSING}
    note_restored(kept.database)
    assert findings(kept.database) == []
    assert len(verify_record(kept.database, lambda _: None).restored) == 1
    with writing(kept.database) as tx:
        record(tx, SYSTEM, RecordAction.RESTORE)
    link_entries(kept.database)
    assert findings(kept.database) == []
    forged = place.heads / "heads.jsonl"
    forged.write_text(forged.read_text().replace('"restored":1', '"restored":0'))
    assert FindingKind.HEAD_UNREADABLE in kinds(kept.database)


def test_history_from_before_the_log_is_tied_down_by_its_first_entry(
    database: Engine, place: RecordPlace
) -> None:
    office = open_office(database)
    office.deploy(STEPS)
    office.start()
    loosen(database)
    with writing(database) as tx:
        tx.execute(text("DELETE FROM access_entry"))
    assert kinds(database) == {FindingKind.HISTORY_ADDED}
    begin_record(database)
    begin_record(database)
    office.start()
    assert findings(database) == []
    with writing(database) as tx:
        tx.execute(text("UPDATE history_entry SET user_id = 'lain' WHERE seq = 1"))
    assert kinds(database) == {FindingKind.HISTORY_BEFORE_CHANGED}


def test_another_key_proves_nothing(kept: Office, tmp_path: Path) -> None:
    link_entries(kept.database)
    with_record(kept.database, RecordPlace(tmp_path / "other.key", tmp_path / "log"))
    assert {FindingKind.ENTRY_CHANGED, FindingKind.BLOCK_UNSIGNED, FindingKind.HEAD_UNREADABLE} <= kinds(
        kept.database
    )


def test_a_key_file_that_holds_no_key_stops_what_would_be_recorded(kept: Office, tmp_path: Path) -> None:
    (tmp_path / "bad.key").write_text("bukan kunci")
    with_record(kept.database, RecordPlace(tmp_path / "bad.key", tmp_path / "log"))
    with pytest.raises(LogKeyInvalid):
        kept.start()
    assert engine.count_instances(kept.database, SYSTEM) == 0


def test_a_subject_of_any_characters_is_kept_and_proved(kept: Office) -> None:
    with writing(kept.database) as tx, acting_from(Origin(Channel.CLI, "a\0b\ud800" * 200)):
        record(tx, SYSTEM, RecordAction.EXPORT, subject="\0\ud800\u202e" * 2000, purpose="x" * 30_000)
    link_entries(kept.database)
    assert findings(kept.database) == []
    assert len(entries(kept.database)[-1].purpose) == 24_000


def loosen(database: Engine) -> None:
    """Drop what refuses changes, as an attacker who owns the database would."""
    of = "" if database.dialect.name == "sqlite" else " ON {table}"
    with writing(database) as tx:
        for table, names in (
            ("access_entry", ("update", "delete", "once")),
            ("access_block", ("update", "delete")),
        ):
            for name in names:
                tx.execute(text(f"DROP TRIGGER {table}_{name}" + of.format(table=table)))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No writer is at work here whose head could still come."""
    monkeypatch.setattr(verifying_module, "_PATIENCE", 0.0)


def test_who_runs_the_jobs_chains_the_log_and_once_more_at_the_end(
    kept: Office, place: RecordPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "SECONDS", 0.05)
    stop = threading.Event()
    worker = threading.Thread(target=engine.work_on_jobs, args=(kept.database, stop))
    worker.start()
    try:
        until = time.monotonic() + 20
        while not (place.heads / "heads.jsonl").exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert (place.heads / "heads.jsonl").exists(), "while it works"
        monkeypatch.setattr(chain, "SECONDS", 60)
        time.sleep(0.2)
        kept.start()
    finally:
        stop.set()
        worker.join(30)
    state = verify_record(kept.database, lambda _: None)
    assert (state.loose, state.findings) == (0, 0), "and at the end"


def test_eight_writers_and_two_linkers_make_one_chain(kept: Office, place: RecordPlace) -> None:
    stop, wrong = threading.Event(), list[BaseException]()

    def write(name: str) -> None:
        try:
            for number in range(15):
                with writing(kept.database) as tx:
                    record(tx, SYSTEM, RecordAction.EXPORT, agency_id=HOME, subject=f"{name}:{number}")
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            wrong.append(error)

    def chain() -> None:
        try:
            while not stop.is_set():
                link_entries(kept.database)
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            wrong.append(error)

    linkers = [threading.Thread(target=chain) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(f"w{number}",)) for number in range(8)]
    for thread in (*linkers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in linkers:
        thread.join()
    link_entries(kept.database)
    assert wrong == []
    assert findings(kept.database) == []
    exported = [e.subject for e in entries(kept.database) if e.action == "export"]
    assert len(exported) == len(set(exported)) == 120


def test_a_chain_that_is_forged_whole_without_the_key_is_found(kept: Office, place: RecordPlace) -> None:
    """The hashes need no key: somebody removes an entry and chains and signs everything anew, heads too."""
    for _ in range(2):
        kept.start()
        link_entries(kept.database)
    loosen(kept.database)
    forger, lines, previous, total = Seal(b"x" * 32), [], FIRST, 0
    with writing(kept.database) as tx:
        tx.execute(text("DELETE FROM access_entry WHERE id = (SELECT min(id) FROM access_entry)"))
        for block in tx.execute(select(AccessBlock.__table__).order_by(AccessBlock.number)).all():
            macs = tx.scalars(
                select(AccessEntry.mac).where(AccessEntry.block == block.number).order_by(AccessEntry.id)
            ).all()
            total += len(macs)
            previous = block_hash(previous, block.number, block.at, len(macs), total, macs)
            values = {"entries": len(macs), "total": total, "hash": previous}
            values["signature"] = forger.sign(of_block(previous))
            tx.execute(update(AccessBlock).where(AccessBlock.number == block.number).values(**values))
        for block in tx.execute(select(AccessBlock.__table__).order_by(AccessBlock.number)):
            lines.append(json.dumps(vars(head_of(block))))
    (place.heads / "heads.jsonl").write_text("".join(line + "\n" for line in lines))
    found = findings(kept.database)
    unsigned = [f.where["block"] for f in found if f.kind is FindingKind.BLOCK_UNSIGNED]
    unreadable = [f.where["line"] for f in found if f.kind is FindingKind.HEAD_UNREADABLE]
    assert (unsigned, unreadable) == ([1, 2], [1, 2])


def test_a_head_that_says_something_else_than_its_block_is_found(kept: Office, place: RecordPlace) -> None:
    link_entries(kept.database)
    away = current_head(kept.database)
    assert away is not None
    copy = as_head(away | {"total": 7})
    assert copy is not None
    assert kinds(kept.database, copies=[copy]) == {FindingKind.HEAD_DIFFERS}
    file = place.heads / "heads.jsonl"
    file.write_text(file.read_text().replace('"total":', '"total":1'))
    assert kinds(kept.database) == {FindingKind.HEAD_DIFFERS}
