"""`titian loadgen` multiplies cases that were worked, and the copies are cases like others."""

import pytest
from sqlalchemy import func, select

from engine.store import reading
from engine.store.copies import copy_instances
from engine.store.tables import HistoryEntry, ProcessInstance, UserTask
from tests.support.case import Case, begin
from tests.support.invariants import check_invariants
from tests.support.service import Service

KEY = "natuna_pendampingan_abh_ampk"


def worked(service: Service) -> tuple[Case, Case]:
    """An open case after its first step, and one that was cancelled."""
    cases = [begin(service, "natuna", KEY, "petugas") for _ in range(2)]
    manager = service.caller("manajer@natuna")
    assert manager.delete(f"/process-instance/{cases[1].id}").status_code == 204
    return cases[0], cases[1]


def count(service: Service, *conditions: object) -> int:
    with reading(service.database) as tx:
        return tx.scalar(select(func.count()).select_from(ProcessInstance).where(*conditions)) or 0


def test_copies_are_counted_dated_and_numbered_on_their_own(service: Service) -> None:
    worked(service)
    told: list[int] = []
    copy_instances(service.database, finished=25, open=7, tell=told.append)
    copy_instances(service.database, finished=5, open=0, tell=told.append)
    assert told == [25, 32, 5]
    assert count(service, ProcessInstance.ended_at.is_(None)) == 1 + 7
    assert count(service, ProcessInstance.ended_at.is_not(None)) == 1 + 30
    with reading(service.database) as tx:
        starts = tx.scalars(select(ProcessInstance.started_at).distinct()).all()
        tasks = tx.scalar(select(func.count()).select_from(UserTask))
        entries = tx.scalar(select(func.count()).select_from(HistoryEntry))
    assert len(starts) > 30
    assert tasks == 39
    assert entries == 1 + 7 + 2 * 31
    check_invariants(service.database)


def test_an_open_copy_is_worked_like_any_other_case(service: Service) -> None:
    worked(service)
    copy_instances(service.database, finished=0, open=3, tell=lambda done: None)
    manager = service.caller("manajer@natuna")
    found = {case["businessKey"]: case["id"] for case in manager.get("/process-instance").json}
    assert len(found) == 4
    for number, case_id in found.items():
        copy = Case(service, "natuna", case_id, number)
        copy.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
        copy.waits_for("langkah_3_asesmen")
    check_invariants(service.database)


def test_without_a_case_to_copy_it_says_so(service: Service) -> None:
    with pytest.raises(LookupError, match="finished"):
        copy_instances(service.database, finished=1, open=0, tell=lambda done: None)
