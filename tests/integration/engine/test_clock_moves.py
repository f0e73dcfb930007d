"""What clocks do when somebody moves the tokens of a case by hand."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete

import engine
from engine import desk
from engine.desk import CalendarEntry, EntryKind
from engine.store import writing
from engine.store.tables import CaseClock, Job
from engine.types import InstanceView
from tests.integration.engine.models import drawn, task, tasks
from tests.support.clocks import ClockedOffice, clocked, jam
from tests.support.office import HOME
from tests.unit.interpreter.diagrams import exclusive, flows_of, node, parallel, process

__all__ = ["clocked"]

LINE = process(tasks("a", "b", "c"), "s > a > b > c > e")
DUE = "2026-04-13 16:00"
STOPPED = ("clock_stopped", {"clock": "batas"})
STARTED = ("clock_started", {"clock": "batas", "due": "2026-04-13T09:00:00+00:00"})


def started(clocked: ClockedOffice, *clocks: dict[str, object], model: str = LINE) -> InstanceView:
    clocked.declare(*(clocks or (jam(sampai=["b"]),)))
    clocked.office.deploy(drawn(model))
    return clocked.office.start()


def start(clocked: ClockedOffice, case: InstanceView, step: str) -> None:
    """Start before a step, beside what is open."""
    modify(clocked, case, engine.Instruction("startBeforeActivity", element_id=step))


def cancel(clocked: ClockedOffice, case: InstanceView, step: str) -> None:
    modify(clocked, case, engine.Instruction("cancel", element_id=step))


def move(clocked: ClockedOffice, case: InstanceView, step: str, to: str) -> None:
    """Put the token at one step to another, in one go."""
    begin = engine.Instruction("startBeforeActivity", element_id=to)
    modify(clocked, case, begin, engine.Instruction("cancel", element_id=step))


def modify(clocked: ClockedOffice, case: InstanceView, *instructions: engine.Instruction) -> None:
    manager = clocked.office.user("manajer")
    engine.modify_instance(clocked.office.database, manager, case.id, instructions, "keliru")


def heard(clocked: ClockedOffice, case: InstanceView) -> list[tuple[str, dict[str, object]]]:
    return [(h.kind, h.details) for h in clocked.office.history(case) if h.kind.startswith("clock_")]


def test_a_clock_stops_when_its_case_is_moved_past_what_stops_it(clocked: ClockedOffice) -> None:
    case = started(clocked, jam(sampai=["b", "selesai"]))
    clocked.now("2026-04-08 10:00")
    move(clocked, case, "a", "c")
    view = clocked.views(case)["batas"]
    assert (view.stand, view.outcome) == ("ended", "skipped"), "neither kept nor missed"
    assert (clocked.tasks(case), clocked.jobs(case)) == ({"c": ("-", None)}, [])
    assert (clocked.case_due(case), heard(clocked, case)) == ("-", [STOPPED])
    clocked.office.opens(case, "c")
    clocked.office.do(case, "c")
    assert clocked.views(case)["batas"] == view, "the end of the case does not end it again"


def test_one_that_is_moved_past_too_late_was_missed(clocked: ClockedOffice) -> None:
    case = started(clocked)
    clocked.now("2026-04-13 16:01")
    move(clocked, case, "a", "c")
    assert clocked.views(case)["batas"].outcome == "late"
    assert [kind for kind, _ in clocked.heard(case)] == ["deadline_breached"]
    assert heard(clocked, case) == [STOPPED]


def test_it_stops_too_where_the_step_that_stops_it_was_open(clocked: ClockedOffice) -> None:
    case = started(clocked)
    clocked.office.do(case, "a")
    move(clocked, case, "b", "c")
    assert clocked.views(case)["batas"].outcome == "skipped"
    clocked.office.opens(case, "c")


def test_it_stops_when_the_last_token_before_its_step_goes(clocked: ClockedOffice) -> None:
    case = started(clocked)
    start(clocked, case, "c")
    assert clocked.views(case)["batas"].stand == "running", "one is still on its way"
    cancel(clocked, case, "a")
    assert clocked.views(case)["batas"].outcome == "skipped"
    assert heard(clocked, case) == [STOPPED]
    clocked.office.opens(case, "c")


def test_it_runs_again_from_its_first_start_when_its_case_is_moved_back_before_what_stopped_it(
    clocked: ClockedOffice,
) -> None:
    case = started(clocked, jam(sampai=["b", "selesai"]))
    for step in "ab":
        clocked.office.do(case, step)
    assert (clocked.views(case)["batas"].outcome, clocked.tasks(case)) == ("met", {"c": ("-", None)})
    clocked.now("2026-04-08 10:00")
    move(clocked, case, "c", "a")
    assert clocked.tasks(case) == {"a": (DUE, "batas")}, "counted from the receipt"
    assert (clocked.case_due(case), clocked.jobs(case)) == (DUE, ["2026-04-10 14:37"])
    assert heard(clocked, case) == [STARTED]
    clocked.office.opens(case, "a")
    for step in "ab":
        clocked.office.do(case, step)
    assert clocked.views(case)["batas"].outcome == "met"
    assert heard(clocked, case) == [STARTED]
    clocked.office.opens(case, "c")


def test_one_that_was_skipped_runs_again_too_and_by_the_calendar_of_now(clocked: ClockedOffice) -> None:
    case = started(clocked)
    move(clocked, case, "a", "c")
    day = date(2026, 4, 8)
    entry = CalendarEntry(day, day, EntryKind.CLOSED, "Tutup")
    desk.put_calendar_day(clocked.office.database, clocked.office.user("manajer"), HOME, entry, "Listrik")
    move(clocked, case, "c", "b")
    assert clocked.tasks(case) == {"b": ("2026-04-14 16:00", "batas")}
    assert [kind for kind, _ in heard(clocked, case)] == ["clock_stopped", "clock_started"]
    clocked.office.opens(case, "b")


def test_a_deadline_that_has_passed_meanwhile_is_told_at_once(clocked: ClockedOffice) -> None:
    case = started(clocked)
    for step in "ab":
        clocked.office.do(case, step)
    clocked.now("2026-04-20 09:00")
    move(clocked, case, "c", "b")
    assert clocked.ring("2026-04-20 09:00") == 1
    assert clocked.told("manajer") == [("deadline_breach", "batas")]


def test_a_pausing_clock_goes_on_with_what_it_had_used(clocked: ClockedOffice) -> None:
    case = started(clocked, jam(jenis="menit_kerja", jumlah=75, sampai=["b"], berjalan_pada=["a", "b"]))
    clocked.now("2026-04-06 09:30")
    move(clocked, case, "a", "c")
    assert clocked.views(case)["batas"].outcome == "skipped"
    clocked.now("2026-04-06 14:00")
    move(clocked, case, "c", "a")
    assert clocked.tasks(case) == {"a": ("2026-04-06 14:45", "batas")}
    clocked.office.opens(case, "a")


def test_a_clock_begins_when_its_case_is_moved_past_what_starts_it(clocked: ClockedOffice) -> None:
    case = started(clocked, jam(dari="b", sampai=["c"]), jam("kedua", dari="b", sampai=["b"]))
    move(clocked, case, "a", "c")
    assert list(clocked.views(case)) == ["batas"], "what is over before it began does not begin"
    assert clocked.tasks(case) == {"c": (DUE, "batas")}
    assert heard(clocked, case) == [STARTED]
    clocked.office.opens(case, "c")
    move(clocked, case, "c", "a")
    assert clocked.tasks(case) == {"a": (DUE, "batas")}, "what has begun goes on"
    clocked.office.do(case, "a")
    clocked.office.do(case, "b")
    clocked.office.do(case, "c")
    assert clocked.views(case)["batas"].outcome == "met"


def test_it_begins_too_when_its_case_comes_back_between_its_ends_from_behind_both(
    clocked: ClockedOffice,
) -> None:
    model = process(tasks("a", "b", "c", "k"), "s > a > b > c > k > e")
    case = started(clocked, jam(dari="b", sampai=["c"]), model=model)
    move(clocked, case, "a", "k")
    assert clocked.views(case) == {}
    move(clocked, case, "k", "a")
    assert clocked.views(case) == {}, "before the step that starts it"
    move(clocked, case, "a", "k")
    move(clocked, case, "k", "c")
    assert clocked.tasks(case) == {"c": (DUE, "batas")}
    assert heard(clocked, case) == [STARTED]
    clocked.office.opens(case, "c")


def test_what_a_path_of_the_diagram_does_too_changes_no_clock(clocked: ClockedOffice) -> None:
    model = tasks("a", "b", "c", "h") + exclusive("x", "x__b") + exclusive("y", "y__e")
    flows = "s > a > x > b > y > e; x > c if =ke = 1; c > h > e; y > a if =ke = 2"
    case = started(clocked, jam(sampai=["b", "selesai"]), model=process(model, flows))
    move(clocked, case, "a", "h")
    assert clocked.tasks(case) == {"h": (DUE, "batas")}, "it waits for the end on this path"
    move(clocked, case, "h", "a")
    clocked.office.do(case, "a")
    assert clocked.tasks(case) == {"b": (DUE, "batas")}
    assert heard(clocked, case) == []
    clocked.office.opens(case, "b")


@pytest.mark.parametrize("suspended", [False, True])
def test_it_runs_again_when_the_token_that_has_left_the_step_waits_for_a_job(
    clocked: ClockedOffice, suspended: bool
) -> None:
    model = process(tasks("a", "c") + task("b", asyncAfter="true"), "s > a > b > c > e")
    case = started(clocked, model=model)
    for step in "ab":
        clocked.office.do(case, step)
    assert (clocked.views(case)["batas"].outcome, clocked.tasks(case)) == ("met", {})
    database, manager = clocked.office.database, clocked.office.user("manajer")
    if suspended:
        engine.suspend_instance(database, manager, case.id)
    move(clocked, case, "b", "a")
    if suspended:
        engine.activate_instance(database, manager, case.id)
    assert clocked.tasks(case) == {"a": (DUE, "batas")}
    assert heard(clocked, case) == [STARTED]
    for step in "ab":
        clocked.office.do(case, step)
    engine.run_due_jobs(database)
    assert clocked.views(case)["batas"].outcome == "met"
    clocked.office.opens(case, "c")


def test_other_branches_are_not_past_it(clocked: ClockedOffice) -> None:
    model = process(tasks("a", "b", "sisi") + parallel("g", "j"), "s > g > a > b > j; g > sisi > j; j > e")
    case = started(clocked, jam(sampai=["b", "selesai"]), model=model)
    cancel(clocked, case, "a")
    assert clocked.tasks(case) == {"sisi": (DUE, "batas")}
    assert heard(clocked, case) == []
    clocked.office.opens(case, "sisi")


def test_it_stops_too_where_a_case_is_moved_past_the_join_of_its_branch(clocked: ClockedOffice) -> None:
    model = tasks("a", "b", "akhir") + parallel("g", "j")
    case = started(clocked, jam(sampai=["a"]), model=process(model, "s > g > a > j > akhir > e; g > b > j"))
    gone = [engine.Instruction("cancel", element_id=step) for step in "ab"]
    modify(clocked, case, engine.Instruction("startBeforeActivity", element_id="akhir"), *gone)
    assert clocked.views(case)["batas"].outcome == "skipped"
    clocked.office.opens(case, "akhir")


def test_tokens_inside_of_a_called_process_and_of_a_sub_process_stand_where_these_are(
    clocked: ClockedOffice,
) -> None:
    inner = node("startEvent", "s9") + tasks("i") + node("endEvent", "e9") + flows_of("s9 > i > e9")
    model = tasks("a", "b") + node("subProcess", "sp", inner) + node("callActivity", "k", calledElement="q")
    called = process(tasks("dalam"), "s > dalam > e", "q")
    clocked.declare(jam(sampai=["b"]))
    clocked.office.deploy(drawn(process(model, "s > a > sp > b > k > e"), called))
    case = clocked.office.start()
    move(clocked, case, "a", "i")
    assert clocked.tasks(case) == {"i": (DUE, "batas")}
    move(clocked, case, "i", "k")
    assert clocked.views(case)["batas"].outcome == "skipped"
    clocked.office.opens(case, "dalam")
    move(clocked, case, "k", "i")
    assert clocked.tasks(case) == {"i": (DUE, "batas")}
    clocked.office.opens(case, "i")


@pytest.mark.parametrize("way", ["ac", "acb", "abcia", "acia"])
def test_a_story_that_is_told_again_ends_alike(clocked: ClockedOffice, way: str) -> None:
    """Moves ``a`` to ``c``, and so on; ``i``: what is open is done as far as ``c``."""
    case, place = started(clocked), "a"
    for number, step in enumerate(way[1:], 10):
        clocked.now(f"2026-04-06 {number}:00")
        if step == "i":
            while place < "c":
                clocked.office.do(case, place)
                place = chr(ord(place) + 1)
            continue
        if step != place:
            move(clocked, case, place, step)
        place = step
    kept = clocked.views(case)
    with writing(clocked.office.database) as tx:
        for table in (CaseClock, Job):
            tx.execute(delete(table))
    assert desk.keep_clocks(clocked.office.database) == 1
    assert {key: replace(view, warn_at=None) for key, view in clocked.views(case).items()} == {
        key: replace(view, warn_at=None) for key, view in kept.items()
    }
    clocked.office.opens(case, place)


@pytest.mark.parametrize(("until", "outcome"), [(["c", "selesai"], "met"), (["b"], "cancelled")])
def test_a_case_that_is_moved_to_its_end_takes_its_clock_with_it(
    clocked: ClockedOffice, until: list[str], outcome: str
) -> None:
    case = started(clocked, jam(sampai=until))
    end = engine.Instruction("startAfterActivity", element_id="c")
    modify(clocked, case, end, engine.Instruction("cancel", element_id="a"))
    assert (clocked.views(case)["batas"].outcome, clocked.jobs(case)) == (outcome, [])
    clocked.office.opens(case, "DONE")
