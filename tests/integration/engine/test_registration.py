"""Registration numbers: an agency's own, by the year of its clocks, without a gap."""

from datetime import UTC, datetime

import pytest

import engine
from engine.errors import ExecutionFailed
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, tasks
from tests.support.office import AWAY, HOME, Office
from tests.unit.interpreter.diagrams import call, process


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("engine.clock.now", lambda: moment)


def test_the_year_turns_when_it_turns_in_the_agency(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = engine.get_agency(office.database, SYSTEM, AWAY).profile | {"zona": "Asia/Jayapura"}
    engine.put_agency(office.database, SYSTEM, AWAY, "Lain", profile)
    for agency in (HOME, AWAY):
        office.deploy(drawn(process(tasks("a"), "s > a > e")), agency=agency)
    drawn_numbers = []
    for hour, minute in ((14, 59), (15, 0), (16, 59), (17, 0)):
        at(monkeypatch, datetime(2026, 12, 31, hour, minute, tzinfo=UTC))
        drawn_numbers.append([office.start(by=f"petugas@{a}").business_key for a in (HOME, AWAY)])
    assert drawn_numbers == [
        ["UJI-2026-0001", "LAIN-2026-0001"],
        ["UJI-2026-0002", "LAIN-2027-0001"],
        ["UJI-2026-0003", "LAIN-2027-0002"],
        ["UJI-2027-0001", "LAIN-2027-0003"],
    ]
    received = [
        v.value
        for case in engine.list_instances(office.database, SYSTEM)
        for v in engine.instance_variables(office.database, SYSTEM, case.id)
        if v.name == "waktu_diterima"
    ]
    assert {"2027-01-01T00:00:00+07:00", "2027-01-01T00:00:00+09:00"} <= set(received)


def test_a_start_that_fails_leaves_no_gap(office: Office) -> None:
    calls = call("c", "q", 'in sourceExpression="=1" target="x"')
    split = '<bpmn:exclusiveGateway id="g" name="Lanjut?"/>'
    office.deploy(
        drawn(process(split + calls, "s > g; g > c if lanjut = true; g > e if lanjut = false; c > e")),
        drawn(process(tasks("b"), "s > b > e", "q")),
    )
    first = office.start(lanjut=True).business_key
    before = office.counts()
    with pytest.raises(ExecutionFailed):
        office.start(lanjut="mungkin")
    assert office.counts() == before
    second = office.start(lanjut=False).business_key
    assert int(second[-4:]) == int(first[-4:]) + 1
