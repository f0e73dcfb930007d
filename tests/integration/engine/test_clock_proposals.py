"""A clock whose amount is only proposed so far: it warns, it says so, and it binds nothing."""

import pytest

import engine
from engine.commands.clock_mending import mend_clocks
from engine.types import InstanceView
from tests.integration.engine.models import drawn, tasks
from tests.integration.engine.test_clock_mending import unheard
from tests.support.clocks import ClockedOffice, clocked, jam
from tests.unit.interpreter.diagrams import process

__all__ = ["clocked"]

LINE = process(tasks("a", "b", "c"), "s > a > b > c > e")
BY_RISK = jam(
    jenis="jam_kalender",
    jumlah_menurut="risiko",
    jumlah_nilai={"tinggi": 24, "sedang": 48, "rendah": 72},
    sampai=["c", "selesai"],
)
PROPOSED = BY_RISK | {"sementara_menurut": "usulan"}


@pytest.fixture
def proposed(clocked: ClockedOffice) -> ClockedOffice:
    """``clocked`` with a clock that a proposal sets until somebody decides."""
    clocked.declare(PROPOSED)
    clocked.office.deploy(drawn(LINE))
    return clocked


def answered(clocked: ClockedOffice, case: InstanceView, **variables: str | None) -> str:
    """When the clock is due after a manager has put in these variables."""
    manager = clocked.office.user("manajer")
    engine.set_variables(clocked.office.database, manager, case.id, variables)
    return clocked.due(case)


def test_a_proposal_sets_the_deadline_the_warning_and_the_name_of_the_clock(proposed: ClockedOffice) -> None:
    case = proposed.office.start(usulan="tinggi")
    assert proposed.tasks(case) == {"a": ("2026-04-07 09:00", "batas")}
    assert (proposed.case_due(case), proposed.jobs(case)) == ("2026-04-07 09:00", ["2026-04-07 03:00"])
    view = proposed.views(case)["batas"]
    assert (view.stand, view.proposed_by, view.waits_for) == ("running", "usulan", "risiko")
    assert view.why is not None
    assert view.why.amount == 24
    proposed.office.opens(case, "a")


def test_who_decides_otherwise_is_not_bound_by_it_and_hears_of_the_later_deadline_too(
    proposed: ClockedOffice,
) -> None:
    case = proposed.office.start(usulan="tinggi")
    for moment in ("2026-04-07 03:00", "2026-04-07 09:00"):
        assert proposed.ring(moment) == 1
    told = [("deadline_warning", "batas"), ("deadline_breach", "batas")]
    assert proposed.told("petugas") == told
    proposed.now("2026-04-07 10:00")
    proposed.office.do(case, "a", risiko="rendah")
    assert proposed.tasks(case) == {"b": ("2026-04-09 09:00", "batas")}
    assert proposed.views(case)["batas"].proposed_by is None
    for moment in ("2026-04-08 15:00", "2026-04-09 09:00"):
        assert proposed.ring(moment) == 1
    assert proposed.told("petugas") == told * 2
    missed, moved, again = (details for _, details in proposed.heard(case))
    assert (missed["provisional"], moved["why"]) == (True, "proposal")
    assert "provisional" not in again
    assert answered(proposed, case, risiko="tinggi") == "2026-04-07 09:00"
    assert answered(proposed, case, risiko="rendah") == "2026-04-07 09:00", "what was decided binds"


def test_a_deadline_that_has_passed_already_when_it_is_decided_is_told_too(proposed: ClockedOffice) -> None:
    """What was told before was the miss of the proposal, a day after the report."""
    case = proposed.office.start(usulan="tinggi")
    proposed.ring("2026-04-07 09:00")
    before = proposed.told("petugas")
    proposed.now("2026-04-09 10:00")
    proposed.office.do(case, "a", risiko="rendah")  # due an hour ago
    assert proposed.ring("2026-04-09 10:01") == 1
    assert proposed.told("petugas") == [*before, ("deadline_breach", "batas")]
    kind, details = proposed.heard(case)[-1]
    assert (kind, "provisional" in details) == ("deadline_breached", False)


def test_who_decides_as_proposed_moves_nothing_and_nobody_is_told_twice(proposed: ClockedOffice) -> None:
    case = proposed.office.start(usulan="tinggi")
    proposed.ring("2026-04-07 09:00")
    proposed.office.do(case, "a", risiko="tinggi")
    assert proposed.tasks(case) == {"b": ("2026-04-07 09:00", "batas")}
    assert proposed.jobs(case) == []
    assert [kind for kind, _ in proposed.heard(case)] == ["deadline_breached"]
    assert proposed.told("petugas") == [("deadline_breach", "batas")]


def test_another_proposal_takes_the_place_of_one_and_none_that_of_a_decision(proposed: ClockedOffice) -> None:
    case = proposed.office.start(usulan="tinggi")
    assert answered(proposed, case, usulan="rendah") == "2026-04-09 09:00"
    assert answered(proposed, case, usulan=None) == "-"
    assert proposed.jobs(case) == []
    assert answered(proposed, case, usulan="sedang") == "2026-04-08 09:00"
    assert answered(proposed, case, risiko="rendah") == "2026-04-09 09:00"
    assert answered(proposed, case, usulan="tinggi") == "2026-04-09 09:00"
    assert answered(proposed, case, risiko=None) == "2026-04-09 09:00"


@pytest.mark.parametrize("moment", ["2026-04-07 08:00", "2026-04-07 10:00"])
def test_what_was_only_proposed_is_neither_kept_nor_missed(proposed: ClockedOffice, moment: str) -> None:
    done, cancelled, moved = (proposed.office.start(usulan="tinggi") for _ in range(3))
    manager = proposed.office.user("manajer")
    proposed.now(moment)
    for step in "abc":
        proposed.office.do(done, step)
    engine.cancel_instance(proposed.office.database, manager, cancelled.id, "salah")
    [task] = proposed.office.tasks(moved.id)
    steps = [
        engine.Instruction("startAfterActivity", element_id="c"),
        engine.Instruction("cancel", token_id=task.id),
    ]
    engine.modify_instance(proposed.office.database, manager, moved.id, steps, "keliru")
    outcomes = [proposed.views(case)["batas"].outcome for case in (done, cancelled, moved)]
    assert outcomes == ["unset", "cancelled", "unset"]
    assert [proposed.heard(case) for case in (done, cancelled)] == [[], []]


def test_a_profile_that_learns_of_proposals_brings_them_to_open_cases_and_keeps_what_was_decided(
    clocked: ClockedOffice,
) -> None:
    clocked.declare(BY_RISK)
    clocked.office.deploy(drawn(LINE))
    waiting = clocked.office.start(usulan="sedang")
    decided = clocked.office.start(usulan="sedang", risiko="tinggi")
    assert answered(clocked, decided, risiko=None) == "2026-04-07 09:00"
    assert clocked.due(waiting) == "-"
    unheard(clocked, PROPOSED)
    assert mend_clocks(clocked.office.database) == 1
    assert [clocked.due(case) for case in (waiting, decided)] == ["2026-04-08 09:00", "2026-04-07 09:00"]
    assert clocked.tasks(waiting) == {"a": ("2026-04-08 09:00", "batas")}
    assert clocked.jobs(waiting) == ["2026-04-07 21:00"]
    assert [details["why"] for _, details in clocked.heard(waiting)] == ["profile"]
    assert mend_clocks(clocked.office.database) == 0
    clocked.declare(BY_RISK)
    assert [clocked.due(case) for case in (waiting, decided)] == ["-", "2026-04-07 09:00"]
    clocked.office.opens(waiting, "a")
