"""Clocks that a change of the calendar or the profile has missed are found and set right."""

from datetime import date

import pytest
from sqlalchemy import event, insert, select, update

import engine
from engine.catalog import change_catalog
from engine.commands.calendars import day_values
from engine.commands.clock_mending import mend_clocks
from engine.commands.incidents import open_incident
from engine.deadlines import CalendarEntry, EntryKind
from engine.errors import VariableInvalid
from engine.jobs.chores import Chores
from engine.store import writing
from engine.store.tables import Agency, CalendarDay, CaseClock, Job
from tests.integration.engine.models import drawn, tasks
from tests.support.clocks import ClockedOffice, clocked, jam
from tests.support.office import AWAY, HOME, PROFILE
from tests.unit.interpreter.diagrams import process

__all__ = ["clocked"]

FREE = {"jam": dict.fromkeys(("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"), "")}
LINE = process(tasks("a", "b", "c"), "s > a > b > c > e")


def missed(clocked: ClockedOffice, day: str) -> None:
    """The agency is closed on a day, of which the cases that are open have not heard."""
    entry = CalendarEntry(date.fromisoformat(day), date.fromisoformat(day), EntryKind.CLOSED, "Tutup")
    row = day_values(entry) | {"id": "tutup", "agency_id": HOME, "revision": 1, "removed": False}
    with writing(clocked.office.database) as tx:
        change_catalog(tx)
        tx.execute(insert(CalendarDay).values(**row))


def test_the_hourly_chore_moves_what_a_change_of_the_calendar_has_missed_and_nothing_else(
    clocked: ClockedOffice,
) -> None:
    clocked.declare(jam(), jam("jauh", jenis="bulan_kalender", jumlah=3))
    clocked.office.deploy(drawn(LINE))
    case, ended = clocked.office.start(), clocked.office.start()
    for step in "abc":
        clocked.office.do(ended, step)
    missed(clocked, "2026-04-08")
    late = clocked.office.start()
    before = clocked.office.counts()
    Chores().run(clocked.office.database)
    assert clocked.tasks(case) == {"a": ("2026-04-14 16:00", "batas")}
    assert (clocked.case_due(case), clocked.jobs(case)[0]) == ("2026-04-14 16:00", "2026-04-13 14:07")
    assert [(kind, told["clock"], told["why"]) for kind, told in clocked.heard(case)] == [
        ("deadline_moved", "batas", "calendar")
    ]
    assert (clocked.due(ended), clocked.heard(late)) == ("2026-04-13 16:00", [])
    after = clocked.office.counts()
    assert {name: after[name] - count for name, count in before.items() if after[name] != count} == {
        "history_entry": 1,
        "access_entry": 1,
    }
    assert mend_clocks(clocked.office.database) == 0
    assert clocked.office.counts() == after
    clocked.office.opens(case, "a")


def test_a_profile_that_is_not_valid_holds_up_no_other_agency(
    clocked: ClockedOffice, caplog: pytest.LogCaptureFixture
) -> None:
    clocked.declare(jam())
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    missed(clocked, "2026-04-08")
    broken = PROFILE | {"jam": [jam()], "zona": "Asia/Jakrta"}
    with writing(clocked.office.database) as tx:
        change_catalog(tx)
        tx.execute(update(Agency).where(Agency.id == AWAY).values(profile=broken))
    assert mend_clocks(clocked.office.database) == 1
    assert clocked.due(case) == "2026-04-14 16:00"
    assert f"the clocks of {AWAY} cannot be looked at" in caplog.text


@pytest.mark.parametrize(
    "wrong", [{"zona": "Asia/Jakrta"}, {"zona": 7}, {"zona": "../etc/passwd"}, {"kalender": FREE}]
)
def test_a_profile_without_a_time_zone_or_a_day_of_work_is_not_taken_up(
    clocked: ClockedOffice, wrong: dict[str, object]
) -> None:
    with pytest.raises(VariableInvalid, match=r"zona|kalender"):
        clocked.declare(jam(), **wrong)


def test_many_are_set_right_a_batch_at_a_time(
    clocked: ClockedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.deadlines.BATCH", 3)
    monkeypatch.setattr("engine.commands.clock_mending.BATCH", 2)
    clocked.declare(jam())
    clocked.office.deploy(drawn(LINE))
    cases = [clocked.office.start() for _ in range(7)]
    missed(clocked, "2026-04-08")
    assert mend_clocks(clocked.office.database) == 7
    assert {clocked.due(case) for case in cases} == {"2026-04-14 16:00"}
    assert [len(clocked.heard(case)) for case in cases] == [1] * 7


def unheard(clocked: ClockedOffice, *clocks: dict[str, object]) -> None:
    """Another profile, of which the cases that are open have not heard."""
    with writing(clocked.office.database) as tx:
        change_catalog(tx)
        tx.execute(update(Agency).where(Agency.id == HOME).values(profile=PROFILE | {"jam": list(clocks)}))


def test_a_clock_of_another_shape_than_the_profile_says_is_worked_out_anew_from_its_case(
    clocked: ClockedOffice,
) -> None:
    minutes = jam(jenis="menit_kerja", jumlah=75)
    clocked.declare(minutes)
    clocked.office.deploy(drawn(LINE))
    case, ended = clocked.office.start(), clocked.office.start()
    clocked.now("2026-04-06 09:30")
    for each in (case, ended):
        clocked.office.do(each, "a")
    clocked.office.do(ended, "b")
    clocked.office.do(ended, "c")
    unheard(clocked, minutes | {"berjalan_pada": ["b", "c"], "sampai": ["c"]})
    assert mend_clocks(clocked.office.database) == 1
    assert clocked.tasks(case) == {"b": ("2026-04-06 10:45", "batas")}
    moment = {"from": "2026-04-06T03:15:00+00:00", "to": "2026-04-06T03:45:00+00:00"}
    told = {"clock": "batas", "why": "profile", **moment}
    assert clocked.heard(case) == [("deadline_moved", told)]
    assert (clocked.due(ended), clocked.heard(ended)) == ("2026-04-06 10:15", [])
    counts = clocked.office.counts()
    assert (mend_clocks(clocked.office.database), clocked.office.counts()) == (0, counts)
    clocked.office.opens(case, "b")


@pytest.mark.parametrize("wrong", ["shape", "amount", "lacking"])
def test_no_more_cases_than_a_batch_are_held_at_a_time(
    clocked: ClockedOffice, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    clocked.declare(*([] if wrong == "lacking" else [jam()]))
    clocked.office.deploy(drawn(LINE))
    cases = [clocked.office.start() for _ in range(5)]
    changed: dict[str, dict[str, object]] = {"shape": {"sampai": ["a"]}, "amount": {"jumlah": 6}}
    unheard(clocked, jam(**changed.get(wrong, {})))
    monkeypatch.setattr("engine.commands.clock_mending.BATCH", 2)
    commits = list[object]()
    event.listen(clocked.office.database, "commit", commits.append)
    mend_clocks(clocked.office.database)
    assert len(commits) == 3
    due = "2026-04-14 16:00" if wrong == "amount" else "2026-04-13 16:00"
    assert {clocked.due(case) for case in cases} == {due}
    whys = {told["why"] for case in cases for _, told in clocked.heard(case)}
    assert whys == ({"profile"} if wrong == "amount" else set())


def test_where_all_is_well_the_chore_writes_nothing_whatever_clocks_have_gone_through(
    clocked: ClockedOffice,
) -> None:
    amounts = {"tinggi": 24, "rendah": 72}
    by_risk = {"jenis": "jam_kalender", "jumlah_menurut": "risiko", "jumlah_nilai": amounts}
    clocked.declare(
        jam(),
        jam("risiko", **by_risk),
        jam("jeda", jenis="menit_kerja", jumlah=75, berjalan_pada=["a", "c"]),
        jam("nanti", dari="c"),
    )
    clocked.office.deploy(drawn(LINE))
    cases = [clocked.office.start() for _ in range(3)]
    clocked.now("2026-04-06 10:30")
    for case in cases[1:]:
        clocked.office.do(case, "a", risiko="rendah")
    clocked.ring("2026-04-09 15:00")
    clocked.office.do(cases[2], "b", risiko="tinggi")
    clocked.ring("2026-12-31 23:59")
    before, views = clocked.office.counts(), [clocked.views(case) for case in cases]
    assert mend_clocks(clocked.office.database) == 0
    assert clocked.office.counts() == before
    assert [clocked.views(case) for case in cases] == views


def test_what_had_failed_of_a_clock_that_is_no_more_needs_nobody_any_more(clocked: ClockedOffice) -> None:
    database = clocked.office.database
    clocked.declare(jam(), jam("lain", jenis="jam_kalender", jumlah=72))
    clocked.office.deploy(drawn(LINE))
    clocked.office.start()
    with writing(database) as tx:
        for job_id in tx.scalars(select(Job.id)).all():
            open_incident(tx, "failedJob", agency_id=HOME, subject_id=job_id, message="gagal")
    manager = clocked.office.user("manajer")
    assert len(engine.list_incidents(database, manager, engine.IncidentFilter(open=True))) == 2
    clocked.declare(jam())
    assert len(engine.list_incidents(database, manager, engine.IncidentFilter(open=True))) == 1


def test_a_clock_that_the_profile_has_brought_or_dropped_meanwhile_comes_or_goes(
    clocked: ClockedOffice,
) -> None:
    clocked.declare(jam())
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    with writing(clocked.office.database) as tx:  # as if it had begun by the profile before
        tx.execute(update(CaseClock).values(clock_id="dulu"))
    assert mend_clocks(clocked.office.database) == 1
    assert [(told["clock"], told["why"]) for _, told in clocked.heard(case)] == [("dulu", "dropped")]
    assert list(clocked.views(case)) == ["batas"]
    assert clocked.tasks(case) == {"a": ("2026-04-13 16:00", "batas")}
    assert len(clocked.jobs(case)) == 1
    clocked.office.opens(case, "a")
