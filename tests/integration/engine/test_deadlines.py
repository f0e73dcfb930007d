"""Deadlines that ring, move and survive: warnings, breaches, calendars, profiles, and whatever happens to a
case meanwhile."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, event, select, update

import engine
from engine import clock, desk
from engine.desk import CalendarEntry, EntryKind
from engine.record import RecordPlace, begin_record, link_entries, verify_record, with_record
from engine.store import reading, writing
from engine.store.tables import AccessEntry, CaseClock, HistoryEntry, Job
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, tasks
from tests.integration.engine.test_dispatchers import at_work, until
from tests.support.clocks import ClockedOffice, at, clocked, jam, with_clocks
from tests.support.keys import open_database
from tests.support.office import HOME, PROFILE, Office, open_office
from tests.unit.interpreter.diagrams import process

__all__ = ["clocked"]

LINE = process(tasks("a", "b", "c"), "s > a > b > c > e")
HOURS = jam(jenis="jam_kalender", jumlah=24, eskalasi="peksos")


def started(clocked: ClockedOffice, *clocks: dict[str, object]) -> InstanceView:
    clocked.declare(*(clocks or (jam(),)))
    clocked.office.deploy(drawn(LINE))
    return clocked.office.start()


def test_a_warning_comes_at_three_quarters_in_the_clocks_own_unit(clocked: ClockedOffice) -> None:
    minutes = jam("menit", jenis="menit_kerja", jumlah=60, sampai=["b"])
    case = started(clocked, jam(), minutes, HOURS | {"id": "jam"})
    assert clocked.jobs(case) == ["2026-04-06 09:45", "2026-04-07 03:00", "2026-04-10 14:37"]


def test_workers_are_warned_and_managers_and_the_group_for_escalations_hear_of_a_breach(
    clocked: ClockedOffice,
) -> None:
    case = started(clocked, HOURS)
    assert clocked.ring("2026-04-07 02:59") == 0
    assert clocked.ring("2026-04-07 03:00") == 1
    warned = [("deadline_warning", "batas")]
    assert [clocked.told(who) for who in ("petugas", "petugas2@uji", "manajer", "peksos")] == [
        warned,
        warned,
        [],
        [],
    ]
    clocked.office.opens(case, "a")
    [task] = clocked.office.tasks(case.id)
    engine.claim_task(clocked.office.database, clocked.office.user("petugas"), task.id)
    assert clocked.ring("2026-04-07 09:00") == 1
    breach = [("deadline_breach", "batas")]
    assert [clocked.told(who) for who in ("petugas", "petugas2@uji", "manajer", "peksos")] == [
        warned + breach,
        warned,
        breach,
        breach,
    ]
    assert clocked.heard(case) == [
        ("deadline_breached", {"clock": "batas", "due": "2026-04-07T02:00:00+00:00"})
    ]
    assert clocked.told("analis") == clocked.told("petugas@lain") == []
    clocked.office.opens(case, "a")
    assert [clocked.ring(f"2026-04-{day:02} 09:00") for day in (7, 8, 20)] == [0, 0, 0], "never twice"


def test_a_clock_that_nobody_watched_tells_only_that_it_was_missed(clocked: ClockedOffice) -> None:
    started(clocked, HOURS)
    assert clocked.ring("2026-04-08 09:00") == 1
    assert clocked.told("petugas") == [("deadline_breach", "batas")]
    assert clocked.ring("2026-04-09 09:00") == 0


def test_what_rings_is_what_the_row_says_and_a_job_that_outlived_its_clock_goes(
    clocked: ClockedOffice,
) -> None:
    case = started(clocked, HOURS)
    with writing(clocked.office.database) as tx:
        tx.execute(update(Job).values(due_at=at("2026-04-06 10:00")))
    assert clocked.ring("2026-04-06 10:00") == 0, "a job at a wrong time tells nothing"
    assert clocked.jobs(case) == ["2026-04-07 03:00"], "and is not asked again before its own time"
    assert clocked.told("petugas") == []
    with writing(clocked.office.database) as tx:
        tx.execute(delete(CaseClock))
    assert clocked.ring("2026-04-08 10:00") == 0
    assert clocked.jobs(case) == []


def closed(clocked: ClockedOffice, day: str) -> None:
    """A day on which the agency is closed, from now on."""
    entry = CalendarEntry(date.fromisoformat(day), date.fromisoformat(day), EntryKind.CLOSED, "Tutup")
    office = clocked.office
    desk.put_calendar_day(office.database, office.user("manajer"), HOME, entry, "Listrik padam")


def test_another_calendar_moves_open_deadlines_with_everything_that_hangs_on_them(
    clocked: ClockedOffice,
) -> None:
    case, ended = started(clocked), clocked.office.start()
    for step in "abc":
        clocked.office.do(ended, step)
    closed(clocked, "2026-04-08")
    assert clocked.tasks(case) == {"a": ("2026-04-14 16:00", "batas")}
    assert (clocked.case_due(case), clocked.jobs(case)) == ("2026-04-14 16:00", ["2026-04-13 14:07"])
    assert clocked.heard(case) == [
        (
            "deadline_moved",
            {
                "clock": "batas",
                "why": "calendar",
                "from": "2026-04-13T09:00:00+00:00",
                "to": "2026-04-14T09:00:00+00:00",
            },
        )
    ]
    clocked.office.opens(case, "a")
    assert clocked.due(ended) == "2026-04-13 16:00"
    closed(clocked, "2026-04-25")
    assert len(clocked.heard(case)) == 1, "a day that is off anyway moves nothing"


def test_each_case_is_due_by_its_own_deadlines_after_a_change_for_all(clocked: ClockedOffice) -> None:
    early = started(clocked)
    clocked.now("2026-04-07 09:00")
    late = clocked.office.start()
    closed(clocked, "2026-04-08")
    assert [clocked.case_due(case) for case in (early, late)] == ["2026-04-14 16:00", "2026-04-15 16:00"]
    for case in (early, late):
        clocked.office.opens(case, "a")


def test_a_deadline_that_moves_ahead_of_a_breach_is_told_again_at_its_new_time(
    clocked: ClockedOffice,
) -> None:
    case = started(clocked)
    assert clocked.ring("2026-04-13 16:00") == 1
    closed(clocked, "2026-04-08")
    assert (clocked.jobs(case), clocked.ring("2026-04-14 15:59")) == (["2026-04-13 14:07"], 1)
    clocked.office.opens(case, "a")
    assert clocked.ring("2026-04-14 16:00") == 1
    told = [kind for kind, _ in clocked.told("petugas")]
    assert told == ["deadline_breach", "deadline_warning", "deadline_breach"]


def test_a_paused_clock_counts_what_it_has_run_by_the_new_calendar_too(clocked: ClockedOffice) -> None:
    case = started(clocked, jam(jenis="menit_kerja", jumlah=75, berjalan_pada=["a", "c"]))
    clocked.now("2026-04-06 10:00")
    clocked.office.do(case, "a")
    closed(clocked, "2026-04-06")
    clocked.now("2026-04-07 09:00")
    clocked.office.do(case, "b")
    assert clocked.due(case) == "2026-04-07 10:15"


def test_another_profile_counts_for_open_cases(clocked: ClockedOffice) -> None:
    case = started(clocked, jam(), jam("dekat", jenis="jam_kalender", jumlah=1))
    clocked.declare(jam(jumlah=3), jam("baru", jenis="jam_kalender", jumlah=240))
    assert {k: v.due_at and v.due_at.day for k, v in clocked.views(case).items()} == {"batas": 9, "baru": 16}
    assert clocked.tasks(case) == {"a": ("2026-04-09 16:00", "batas")}
    moved = {told["clock"]: (told["why"], told["to"]) for _, told in clocked.heard(case)}
    assert moved == {"dekat": ("dropped", None), "batas": ("profile", "2026-04-09T09:00:00+00:00")}
    clocked.office.opens(case, "a")
    clocked.declare()
    assert (clocked.views(case), clocked.tasks(case)) == ({}, {"a": ("-", None)})
    clocked.office.opens(case, "a")


def test_a_clock_of_another_shape_is_worked_out_anew_from_the_story_of_its_cases(
    clocked: ClockedOffice,
) -> None:
    minutes = {"jenis": "menit_kerja", "jumlah": 75, "sampai": ["c", "selesai"]}
    clocked.declare(jam(**minutes, berjalan_pada=["a", "c"]))
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    clocked.now("2026-04-06 09:30")
    clocked.office.do(case, "a")
    assert clocked.views(case)["batas"].stand == "paused"
    clocked.declare(jam(**minutes))  # it runs all the time now
    assert clocked.tasks(case) == {"b": ("2026-04-06 10:15", "batas")}
    clocked.declare(jam(**minutes, berjalan_pada=["b", "c"]))
    assert clocked.tasks(case) == {"b": ("2026-04-06 10:45", "batas")}
    clocked.declare(jam(jenis="hari_kerja", jumlah=5, sampai=["a", "selesai"]))
    assert clocked.tasks(case) == {"b": ("-", None)}, "what stops it was completed before"
    assert clocked.views(case)["batas"].outcome == "met"
    moved = [(told["why"], told["from"], told["to"]) for _, told in clocked.heard(case)]
    assert moved == [
        ("profile", None, "2026-04-06T03:15:00+00:00"),
        ("profile", "2026-04-06T03:15:00+00:00", "2026-04-06T03:45:00+00:00"),
        ("profile", "2026-04-06T03:45:00+00:00", "2026-04-13T09:00:00+00:00"),
    ]


def test_the_shortest_time_that_was_ever_chosen_holds_in_another_shape_of_the_clock(
    clocked: ClockedOffice,
) -> None:
    by_risk = jam(jenis="jam_kalender", jumlah_menurut="risiko", jumlah_nilai={"tinggi": 24, "rendah": 72})
    case = started(clocked, by_risk)
    clocked.office.do(case, "a", risiko="tinggi")
    clocked.office.do(case, "b", risiko="rendah")
    clocked.declare(by_risk | {"sampai": ["c"]})
    assert clocked.tasks(case) == {"c": ("2026-04-07 09:00", "batas")}
    assert clocked.heard(case) == []
    clocked.declare(by_risk | {"jumlah_nilai": {"tinggi": 36, "rendah": 48}})
    assert clocked.tasks(case) == {"c": ("2026-04-08 09:00", "batas")}, "other amounts, by the answer of now"
    clocked.office.opens(case, "c")


def test_what_another_shape_of_a_clock_lets_be_missed_is_told_and_what_was_told_not_twice(
    clocked: ClockedOffice,
) -> None:
    hours = jam(jenis="jam_kalender", jumlah=24)
    case = started(clocked, hours)
    assert clocked.ring("2026-04-07 03:00") == 1
    clocked.declare(hours | {"sampai": ["c"]})
    assert clocked.ring("2026-04-07 03:00") == 0, "the warning was told before"
    clocked.declare(jam(jenis="menit_kerja", jumlah=60))
    assert (clocked.due(case), clocked.ring("2026-04-07 03:01")) == ("2026-04-06 10:00", 1)
    told = [("deadline_warning", "batas"), ("deadline_breach", "batas")]
    assert clocked.told("petugas") == told
    clocked.declare(jam(jenis="menit_kerja", jumlah=60, sampai=["c"]))
    assert (clocked.ring("2026-04-07 03:02"), clocked.told("petugas")) == (0, told)


def test_cases_from_before_there_were_clocks_get_them_from_their_history(clocked: ClockedOffice) -> None:
    by_risk = {"jumlah_menurut": "risiko", "jumlah_nilai": {"tinggi": 24}, "jenis": "jam_kalender"}
    clocks = (
        jam(),
        jam("menit", jenis="menit_kerja", jumlah=75, berjalan_pada=["a", "c"]),
        jam("risiko", **by_risk),
        jam("selesai", sampai=["a"]),
    )
    case = started(clocked, *clocks)
    clocked.now("2026-04-06 09:30")
    clocked.office.do(case, "a", risiko="tinggi")
    clocked.now("2026-04-07 15:30")
    clocked.office.do(case, "b")
    kept = clocked.views(case), clocked.tasks(case), clocked.case_due(case)
    clocked.office.start()
    with writing(clocked.office.database) as tx:
        for table in (CaseClock, Job):
            tx.execute(delete(table))
    assert desk.keep_clocks(clocked.office.database) == 2
    assert desk.keep_clocks(clocked.office.database) == 0
    assert (clocked.views(case), clocked.tasks(case), clocked.case_due(case)) == kept
    assert len(clocked.jobs(case)) == 2, "the risk's deadline has passed, and is no news"
    clocked.office.opens(case, "c")
    clocked.ring("2026-04-07 15:31")
    assert clocked.told("manajer") == []


def test_a_stopped_case_goes_on_with_its_clocks_and_its_people_hear_of_it(clocked: ClockedOffice) -> None:
    case = started(clocked, HOURS)
    manager = clocked.office.user("manajer")
    engine.suspend_instance(clocked.office.database, manager, case.id)
    assert clocked.ring("2026-04-07 09:00") == 1
    assert clocked.told("manajer") == [("deadline_breach", "batas")]
    engine.activate_instance(clocked.office.database, manager, case.id)
    assert clocked.tasks(case) == {"a": ("2026-04-07 09:00", "batas")}
    clocked.office.opens(case, "a")


def test_clocks_follow_a_case_to_another_version_and_back(clocked: ClockedOffice) -> None:
    office = clocked.office
    source = office.deploy(drawn(process(tasks("a", "b"), "s > a > b > e"))).definitions[0].id
    target = office.deploy(drawn(process(tasks("x", "b", "c"), "s > x > c > b > e")))
    clocked.declare(
        jam("menit", jenis="menit_kerja", jumlah=75, berjalan_pada=["a"]),
        jam("lewat", jenis="jam_kalender", jumlah=1, sampai=["b"]),
    )
    old = engine.start_instance(office.database, office.user("petugas"), HOME, "p", {}, definition_id=source)
    before = clocked.tasks(old), clocked.jobs(old)
    clocked.now("2026-04-06 09:30")
    moved = engine.migrate_instances(
        office.database, office.user("manajer"), source, target.definitions[0].id, mapping={"a": "x"}
    )
    assert [done.instance_id for done in moved.done] == [old.id]
    assert clocked.views(old)["menit"].stand == "paused"
    assert clocked.tasks(old) == {"x": ("2026-04-06 10:00", "lewat")}
    office.opens(old, "x")
    clocked.now("2026-04-06 09:40")
    engine.undo_migration(office.database, office.user("manajer"), moved.batch_id)
    office.opens(old, "a")
    assert clocked.due(old, "menit") == "2026-04-06 10:25", "ten minutes it stood still"
    assert clocked.tasks(old) == before[0]
    assert set(before[1]) > set(clocked.jobs(old)) - {"2026-04-06 10:06"}


def test_a_task_that_has_another_id_since_a_migration_keeps_its_clocks_deadline(
    clocked: ClockedOffice,
) -> None:
    office = clocked.office
    source = office.deploy(drawn(process(tasks("a", "b"), "s > a > b > e"))).definitions[0].id
    target = office.deploy(drawn(process(tasks("x", "b"), "s > x > b > e"))).definitions[0].id
    clocked.declare(jam(jenis="menit_kerja", jumlah=75, sampai=["b"], berjalan_pada=["a", "x"]))
    old = engine.start_instance(office.database, office.user("petugas"), HOME, "p", {}, definition_id=source)
    before = clocked.tasks(old)["a"]
    manager = office.user("manajer")
    engine.migrate_instances(office.database, manager, source, target, mapping={"a": "x"})
    assert clocked.tasks(old) == {"x": before}


def test_an_erased_case_keeps_its_clocks(clocked: ClockedOffice) -> None:
    case = started(clocked)
    for step in "abc":
        clocked.office.do(case, step)
    engine.add_user(clocked.office.database, SYSTEM, "manajer2@uji", "Manajer", "-", [(HOME, "manajer")])
    first, second = clocked.office.user("manajer"), clocked.office.user("manajer2@uji")
    asked = engine.request_erasure(clocked.office.database, first, case.id, "putusan")
    engine.agree_to_erasure(clocked.office.database, second, asked.id)
    assert clocked.views(case)["batas"].outcome == "met"


@pytest.mark.parametrize("many", [12])
def test_many_cases_are_moved_in_batches(
    clocked: ClockedOffice, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.deadlines.BATCH", 5)
    started(clocked)
    cases = [clocked.office.start() for _ in range(many - 1)]
    closed(clocked, "2026-04-08")
    assert {clocked.due(case) for case in cases} == {"2026-04-14 16:00"}


def test_a_change_of_the_nations_calendar_is_told_of_many_cases_at_once_and_provable(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_record(database, RecordPlace.within(tmp_path / "log"))
    begin_record(database)
    clocked = with_clocks(open_office(database), monkeypatch)
    started(clocked, jam(), jam("hari", jumlah=2), jam("jam", jenis="jam_kalender", jumlah=9))
    cases = [clocked.office.start() for _ in range(20)]
    asked = list[str]()

    def note(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        asked.append(" ".join(sql.split()))

    event.listen(database, "before_cursor_execute", note)
    entry = CalendarEntry(date(2026, 4, 8), date(2026, 4, 8), EntryKind.HOLIDAY, "Libur bersama")
    desk.put_calendar_day(database, SYSTEM, None, entry, "SKB perubahan")
    event.remove(database, "before_cursor_execute", note)
    told = [sql for sql in asked if sql.startswith(("INSERT INTO history_entry", "INSERT INTO access_entry"))]
    assert len(told) == 3, "one for the histories, one for the log, one for the change itself"
    moved = [("deadline_moved", "batas"), ("deadline_moved", "hari")]
    for case in cases:
        assert [(kind, details["clock"]) for kind, details in clocked.heard(case)] == moved
    with reading(database) as tx:
        rows = tx.execute(select(HistoryEntry.seq, HistoryEntry.instance_id)).all()
        entries = tx.execute(select(AccessEntry.history_seq, AccessEntry.instance_id)).all()
    assert {(row.seq, row.instance_id) for row in rows} <= {(e.history_seq, e.instance_id) for e in entries}
    link_entries(database)
    found = list[object]()
    verify_record(database, found.append)
    assert found == []


def test_a_dispatcher_of_a_server_that_was_restarted_tells_once_what_was_missed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = PROFILE | {"jam": [jam(jenis="jam_kalender", jumlah=24)]}
    engine.put_agency(office.database, SYSTEM, HOME, "Uji", profile)
    office.deploy(drawn(LINE))
    received = clock.now() - timedelta(hours=25)
    with monkeypatch.context() as then:
        then.setattr(clock, "now", lambda: received)
        case = office.start()
    url = office.database.url
    office.database.dispose()
    manager = office.user("manajer")
    for _ in range(2):
        restarted = open_database(url)
        with at_work(restarted):
            until(lambda: desk.list_notifications(office.database, manager))
        restarted.dispose()
    assert [n.kind for n in desk.list_notifications(office.database, manager)] == ["deadline_breach"]
    assert [h.kind for h in office.history(case)].count("deadline_breached") == 1
