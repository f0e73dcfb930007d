"""The clocks of a case, step by step: started, paused, moved and stopped in the step's own transaction."""

import pytest
from sqlalchemy import event

import engine
from engine import desk
from engine.errors import InstanceNotFound, ProfileInvalid
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, task, tasks
from tests.support.clocks import ClockedOffice, clocked, jam
from tests.support.office import HOME, PROFILE
from tests.unit.interpreter.diagrams import boundary, many, parallel, process, timer

__all__ = ["clocked"]

BY_CLOCK = (
    '<bpmn:extensionElements><camunda:properties><camunda:property name="jam" value="batas"/>'
    "</camunda:properties></bpmn:extensionElements>"
)
LINE = process(tasks("a", "b", "c"), "s > a > b > c > e")


def test_a_clock_runs_from_the_receipt_to_the_completion_of_a_step(clocked: ClockedOffice) -> None:
    clocked.declare(jam(sampai=["b", "selesai"]))
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    assert clocked.tasks(case) == {"a": ("2026-04-13 16:00", "batas")}
    assert clocked.case_due(case) == "2026-04-13 16:00"
    clocked.office.do(case, "a")
    assert clocked.tasks(case) == {"b": ("2026-04-13 16:00", "batas")}
    clocked.now("2026-04-08 10:00")
    clocked.office.do(case, "b")
    assert clocked.tasks(case) == {"c": ("-", None)}, "what comes after it has no deadline of it"
    assert clocked.case_due(case) == "-"
    assert clocked.jobs(case) == []
    view = clocked.views(case)["batas"]
    assert (view.stand, view.outcome) == ("ended", "met")
    clocked.office.opens(case, "c")


def test_a_clock_that_is_stopped_too_late_says_so_and_so_does_the_history(clocked: ClockedOffice) -> None:
    clocked.declare(jam())
    clocked.office.deploy(drawn(process(tasks("a"), "s > a > e")))
    case = clocked.office.start()
    clocked.now("2026-04-13 16:01")
    clocked.office.do(case, "a")
    assert clocked.views(case)["batas"].outcome == "late"
    assert clocked.heard(case) == [
        ("deadline_breached", {"clock": "batas", "due": "2026-04-13T09:00:00+00:00"})
    ]
    clocked.office.opens(case, "DONE")


def test_a_clock_of_minutes_runs_only_at_its_steps(clocked: ClockedOffice) -> None:
    clocked.declare(jam(jenis="menit_kerja", jumlah=75, sampai=["c", "selesai"], berjalan_pada=["a", "c"]))
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    assert clocked.tasks(case) == {"a": ("2026-04-06 10:15", "batas")}
    clocked.now("2026-04-06 09:30")
    clocked.office.do(case, "a")
    assert clocked.tasks(case) == {"b": ("-", None)}
    assert clocked.views(case)["batas"].stand == "paused"
    assert clocked.jobs(case) == []
    clocked.office.opens(case, "b")
    clocked.now("2026-04-07 15:50")
    clocked.office.do(case, "b")
    assert clocked.tasks(case) == {"c": ("2026-04-08 08:05", "batas")}, "45 minutes are left"
    assert clocked.jobs(case) == ["2026-04-08 07:46"], "at three quarters: 26 minutes on"
    clocked.now("2026-04-08 08:00")
    clocked.office.do(case, "c")
    assert clocked.views(case)["batas"].outcome == "met"


def test_a_variable_chooses_the_amount_and_only_ever_brings_it_forward(clocked: ClockedOffice) -> None:
    amounts = {"tinggi": 24, "sedang": 48, "rendah": 72}
    by_risk = jam(jenis="jam_kalender", jumlah_menurut="risiko", jumlah_nilai=amounts, sampai=["c"])
    clocked.declare(by_risk)
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    assert clocked.views(case)["batas"].stand == "no_amount"
    assert clocked.tasks(case) == {"a": ("-", "batas")}
    clocked.now("2026-04-06 12:00")
    clocked.office.do(case, "a", risiko="rendah")
    assert clocked.tasks(case) == {"b": ("2026-04-09 09:00", "batas")}, "counted from the receipt"
    manager = clocked.office.user("manajer")
    due = "2026-04-08 09:00"
    for risk in ("sedang", "rendah", "?"):
        engine.set_variables(clocked.office.database, manager, case.id, {"risiko": risk})
        assert clocked.tasks(case) == {"b": (due, "batas")}
        assert clocked.case_due(case) == due
        clocked.office.opens(case, "b")
    clocked.office.do(case, "b", risiko="tinggi")
    assert clocked.due(case) == "2026-04-07 09:00"
    told = [(kind, d["why"], d["from"][:10], d["to"][:10]) for kind, d in clocked.heard(case)]
    assert told == [
        ("deadline_moved", "variable", "2026-04-09", "2026-04-08"),
        ("deadline_moved", "variable", "2026-04-08", "2026-04-07"),
    ]


def test_the_more_urgent_of_the_diagrams_own_time_and_the_clock_counts(clocked: ClockedOffice) -> None:
    clocked.declare(jam(), jam("dekat", jenis="jam_kalender", jumlah=30, sampai=["b"]))
    model = task("a", dueDate="PT2H") + task("b", dueDate="P9D") + task("c", dueDate="P9D")
    clocked.office.deploy(drawn(process(model, "s > a > b > c > e")))
    case = clocked.office.start()
    assert clocked.tasks(case) == {"a": ("2026-04-06 11:00", None)}
    clocked.office.do(case, "a")
    assert clocked.tasks(case) == {"b": ("2026-04-07 15:00", "dekat")}
    clocked.office.do(case, "b")
    assert clocked.tasks(case) == {"c": ("2026-04-13 16:00", "batas")}
    clocked.office.opens(case, "c")


def test_a_clock_counts_for_the_steps_that_lead_to_its_end_and_for_others_when_these_are_gone(
    clocked: ClockedOffice,
) -> None:
    clocked.declare(jam(sampai=["b", "selesai"]))
    model = tasks("a", "b", "sisi") + parallel("g", "j")
    clocked.office.deploy(drawn(process(model, "s > g > a > b > j; g > sisi > j; j > e")))
    case = clocked.office.start()
    assert clocked.tasks(case) == {"a": ("2026-04-13 16:00", "batas"), "sisi": ("-", None)}
    clocked.office.do(case, "a")
    clocked.office.opens(case, "b sisi")
    manager = clocked.office.user("manajer")
    [task_id] = [t.id for t in clocked.office.tasks(case.id, "b")]
    cancel = engine.Instruction("cancel", token_id=task_id)
    engine.modify_instance(clocked.office.database, manager, case.id, [cancel], "keliru")
    assert clocked.tasks(case) == {"sisi": ("2026-04-13 16:00", "batas")}
    clocked.office.opens(case, "sisi")


def test_a_clock_may_begin_at_a_step_and_ends_when_the_last_of_several_items_is_done(
    clocked: ClockedOffice,
) -> None:
    clocked.declare(jam(dari="b", sampai=["b"], jenis="bulan_kalender", jumlah=1))
    model = tasks("a", "c") + task("b", many(cardinality="2"))
    clocked.office.deploy(drawn(process(model, "s > a > b > c > e")))
    case = clocked.office.start()
    assert clocked.views(case) == {}
    clocked.now("2026-04-07 10:00")
    clocked.office.do(case, "a")
    assert clocked.due(case) == "2026-05-07 10:00"
    clocked.office.do(case, "b")
    assert clocked.views(case)["batas"].stand == "running"
    clocked.office.do(case, "b")
    assert clocked.views(case)["batas"].outcome == "met"


def test_a_deadline_beyond_the_published_calendar_is_not_guessed(clocked: ClockedOffice) -> None:
    clocked.declare(jam())
    clocked.office.deploy(drawn(LINE))
    clocked.now("2027-12-28 09:00")
    case = clocked.office.start()
    view = clocked.views(case)["batas"]
    assert (view.stand, view.due_at) == ("no_calendar", None)
    assert view.why is not None
    assert str(view.why.unknown_from) == "2028-01-01"
    assert clocked.tasks(case) == {"a": ("-", "batas")}
    clocked.office.opens(case, "a")
    for step in "abc":
        clocked.office.do(case, step)
    assert clocked.views(case)["batas"].outcome == "unset"


def test_a_case_that_is_cancelled_takes_its_clocks_with_it(clocked: ClockedOffice) -> None:
    clocked.declare(jam(), jam("lain", sampai=["b"]))
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    engine.cancel_instance(clocked.office.database, clocked.office.user("manajer"), case.id, "salah")
    assert {view.outcome for view in clocked.views(case).values()} == {"cancelled"}
    assert clocked.jobs(case) == []
    clocked.office.opens(case, "DONE")


def test_a_timer_of_the_diagram_that_is_a_clocks_has_its_time(clocked: ClockedOffice) -> None:
    amounts = {"tinggi": 24, "rendah": 72}
    clocked.declare(jam(jenis="jam_kalender", jumlah_menurut="risiko", jumlah_nilai=amounts, sampai=["b"]))
    alarm = boundary("t", "b", BY_CLOCK + timer("P30D"), cancel=False)
    model = tasks("a", "b", "c", "d1", "sisi") + parallel("g") + alarm
    flows = "s > a > g > b > c > e; g > d1 > e; t > sisi > e"
    clocked.office.deploy(drawn(process(model, flows)))
    case = clocked.office.start()
    clocked.office.do(case, "a", risiko="rendah")
    assert clocked.jobs(case, "timer") == ["2026-04-09 09:00"]
    clocked.office.do(case, "d1", risiko="tinggi")
    assert clocked.jobs(case, "timer") == ["2026-04-07 09:00"]
    clocked.office.opens(case, "b")
    assert clocked.ring("2026-04-07 09:00") == 2
    clocked.office.opens(case, "b sisi")


def test_a_timer_that_repeats_keeps_its_own_rounds(clocked: ClockedOffice) -> None:
    clocked.declare(jam(jenis="jam_kalender", jumlah=24, sampai=["a"]))
    often = BY_CLOCK + timer("R/PT48H", "timeCycle")
    model = tasks("a", "sisi") + boundary("t", "a", often, cancel=False)
    clocked.office.deploy(drawn(process(model, "s > a > e; t > sisi > e")))
    case = clocked.office.start()
    assert clocked.jobs(case, "timer") == ["2026-04-08 09:00"]
    clocked.ring("2026-04-08 09:00")
    assert clocked.jobs(case, "timer") == ["2026-04-10 09:00"], "not at once, and again, without end"


def test_a_timer_of_a_clock_that_has_ended_keeps_the_diagrams_own_time(clocked: ClockedOffice) -> None:
    clocked.declare(jam(jenis="jam_kalender", jumlah=24, sampai=["b"]))
    model = tasks("a", "b", "c", "sisi") + boundary("t", "a", BY_CLOCK + timer("P30D"), cancel=False)
    clocked.office.deploy(drawn(process(model + parallel("g"), "s > g > a > e; g > b > c > e; t > sisi > e")))
    case = clocked.office.start()
    assert clocked.jobs(case, "timer") == ["2026-04-07 09:00"]
    clocked.office.do(case, "b")
    assert clocked.jobs(case, "timer") == ["2026-05-06 09:00"]
    clocked.office.opens(case, "a c")


def test_a_process_without_clocks_pays_nothing_and_one_with_clocks_a_reading(clocked: ClockedOffice) -> None:
    clocked.office.deploy(drawn(LINE))
    without = statements(clocked)
    clocked.declare(jam(sampai=["c", "selesai"]))
    asked = [s for s in statements(clocked) if s not in without]
    assert not any("INTO case_clock" in s or s.startswith("SELECT case_clock") for s in without)
    assert [s[: len("SELECT case_clock")] for s in asked] == ["SELECT case_clock"], asked


def statements(clocked: ClockedOffice) -> list[str]:
    """What completing a step asks of the database that changes no clock."""
    for _ in range(2):  # the first fills what is remembered
        case, seen = clocked.office.start(), list[str]()
        clocked.office.do(case, "a")
        actor = clocked.office.user("petugas")
        [found] = clocked.office.tasks(case.id)

        def note(_connection: object, _cursor: object, sql: str, *_: object, seen: list[str] = seen) -> None:
            seen.append(" ".join(sql.split()))

        event.listen(clocked.office.database, "before_cursor_execute", note)
        engine.complete_task(clocked.office.database, actor, found.id, {})
        event.remove(clocked.office.database, "before_cursor_execute", note)
    return seen


def test_a_profile_with_an_impossible_clock_is_refused(clocked: ClockedOffice) -> None:
    with pytest.raises(ProfileInvalid, match=r"clock batas .*'jumlah' must be a whole number"):
        clocked.declare(jam(jumlah=0))
    found = {agency.id: agency.profile for agency in engine.list_agencies(clocked.office.database, SYSTEM)}
    assert found[HOME] == PROFILE


def test_somebody_of_another_agency_sees_no_clock(clocked: ClockedOffice) -> None:
    clocked.declare(jam())
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    for user in ("petugas@lain", "analis", "petugas_data"):
        with pytest.raises(InstanceNotFound):
            desk.case_clocks(clocked.office.database, clocked.office.user(user), case.id)
    assert desk.case_clocks(clocked.office.database, clocked.office.user("petugas"), case.id)
