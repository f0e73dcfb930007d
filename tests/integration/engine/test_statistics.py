"""Statistics: what is counted, in whose months, and that nothing is told by which one would know a child."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

import engine
from engine import clock
from engine.errors import ActionForbidden, AgencyNotFound, QueryInvalid
from engine.queries.case_table import withheld
from engine.types import InstanceView
from tests.integration.engine.models import drawn, form, rule, table, task
from tests.support.office import AWAY, HOME, Office
from tests.unit.interpreter.diagrams import node, process

NOON = datetime(2026, 3, 10, 5, tzinfo=UTC)
BRANCH = node("exclusiveGateway", "g", name="Jalur?", default="g__e")
OTHER_END = node("endEvent", "rj_selesai", name="RJ selesai")
FIELDS = (
    {
        "key": "jalur",
        "label": "Jalur",
        "type": "select",
        "values": [{"value": v, "label": v.upper()} for v in ("rj", "diversi")],
    },
    {"key": "nama", "label": "Nama", "properties": {"rahasia": "ya"}},
    {"key": "catatan", "label": "Catatan"},
    {"key": "skor", "label": "Skor", "type": "number"},
)


@pytest.fixture
def when(monkeypatch: pytest.MonkeyPatch):
    """Puts the clock to a moment."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return put


@pytest.fixture
def service(office: Office, when) -> Office:
    """A service whose only step chooses ``jalur``, on which the end depends; a table judges ``skor``."""
    when(NOON - timedelta(days=100))
    model = task("a", formRef="isian") + rule("t", "tingkat", "tingkat") + BRANCH + OTHER_END
    flows = 's > a > t > g > e; g > rj_selesai if jalur = "rj"'
    content = process(model, flows).replace('name="p"', "")
    office.deploy(
        drawn(content),
        isian_form=form("isian", *FIELDS),
        tingkat_dmn=table("tingkat", "tingkat", tinggi="> 5", rendah="<= 5"),
    )
    return office


def finish(
    office: Office, when, began: datetime, days: float = 1.0, jalur: str = "rj", skor: int = 1
) -> InstanceView:
    when(began)
    case = office.start()
    when(began + timedelta(days=days))
    answers = {"nama": "Kenari", "catatan": "Elang", "jalur": jalur, "skor": skor}
    office.do(case, "a", **answers)
    return case


def asked(office: Office, year: int = 2026, by: str = "petugas_data", agency: str = HOME):
    return engine.statistics(office.database, office.user(by), agency, year)


def test_cases_are_counted_by_the_months_of_the_agencys_own_clocks(service: Office, when) -> None:
    midnight = datetime(2026, 2, 28, 17, 30, tzinfo=UTC)  # 00.30 on 1 March in Jakarta
    for _ in range(3):
        finish(service, when, midnight)
    for _ in range(4):
        finish(service, when, NOON)
    when(NOON + timedelta(days=40))
    for _ in range(5):
        service.start()
    [found] = asked(service)
    assert found.open == 5
    assert [(m.month, m.opened, m.closed) for m in found.months] == [
        (date(2026, 1, 1), None, None),
        (date(2026, 2, 1), None, None),
        (date(2026, 3, 1), 7, 7),
        (date(2026, 4, 1), 5, None),
    ]
    [before] = asked(service, 2025)
    assert {(m.opened, m.closed) for m in before.months} == {(None, None)}
    assert len(before.months) == 12


def test_durations_are_the_median_and_the_ninetieth_percentile_by_nearest_rank(service: Office, when) -> None:
    for days in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100):
        finish(service, when, NOON - timedelta(days=days), days)
    [found] = asked(service)
    assert (found.median_days, found.p90_days) == (5, 9)


@pytest.mark.parametrize(
    ("days", "told"),
    [((), (None, None)), ((3, 4), (None, None)), ((3, 5, 9), (5, 9)), ((2, 4, 6, 8), (4, 8))],
)
def test_few_durations_tell_nothing(
    service: Office, when, days: Sequence[float], told: tuple[int | None, int | None]
) -> None:
    for each in days:
        finish(service, when, NOON, each)
    when(NOON + timedelta(days=50))
    service.start()
    [found] = asked(service)
    assert (found.median_days, found.p90_days) == told


@pytest.mark.parametrize(("number", "told"), [(0, None), (1, None), (2, None), (3, 3)])
def test_fewer_than_three_are_nowhere_a_number(service: Office, when, number: int, told: int | None) -> None:
    for _ in range(number):
        finish(service, when, NOON)
    when(NOON)
    for _ in range(number):
        service.start()
    [found] = asked(service)
    assert found.open == told
    assert found.months[2].opened == (None if number < 2 else 2 * number)
    assert found.months[2].closed == told


def test_outcomes_are_the_ends_of_the_diagram_and_rare_ones_are_together(service: Office, when) -> None:
    for jalur in ("rj", "rj", "rj", "rj", "diversi", "diversi"):
        finish(service, when, NOON, jalur=jalur)
    when(NOON)
    cancelled = service.start()
    engine.cancel_instance(service.database, service.user("manajer"), cancelled.id, "ganda")
    [found] = asked(service)
    told = [(each.label, each.count, each.cancelled, each.other) for each in found.outcomes]
    assert told == [("RJ selesai", 4, False, False), ("", 3, False, True)]


def test_only_data_officers_and_managers_count_and_only_their_agency(service: Office) -> None:
    for by in ("petugas", "analis", "auditor", "layanan"):
        for ask in (engine.statistics, engine.case_table):
            with pytest.raises(ActionForbidden):
                ask(service.database, service.user(by), HOME, 2026)
    for by in ("petugas_data@lain", "manajer@lain", "petugas_data"):
        for ask in (engine.statistics, engine.case_table):
            with pytest.raises(AgencyNotFound):
                ask(service.database, service.user(by), HOME if "lain" in by else AWAY, 2026)
            with pytest.raises(AgencyNotFound):
                ask(service.database, service.user(by), "tiada", 2026)
    assert asked(service, by="manajer")
    for year in (0, 1999, 3000):
        with pytest.raises(QueryInvalid):
            asked(service, year)


def rows_of(office: Office, year: int = 2026) -> tuple[tuple[str, ...], list[tuple]]:
    found = engine.case_table(office.database, office.user("petugas_data"), HOME, year)
    return found.columns, list(found.rows)


def test_a_row_has_months_classes_and_decisions_and_nobodys_name(service: Office, when) -> None:
    for _ in range(3):
        finish(service, when, NOON, 10, skor=9)
    when(NOON)
    for _ in range(3):
        service.start()
    columns, rows = rows_of(service)
    assert columns == ("service", "opened", "state", "days", "closed", "jalur", "tingkat")
    assert rows == [
        *[("p", "2026-03", "RJ selesai", "8–30", "2026-03", "rj", "tinggi")] * 3,
        *[("p", "2026-03", "open", "", "", "", "")] * 3,
    ]
    assert not any(word in repr(rows) for word in ("Kenari", "Elang", "petugas", "2026-03-"))


def test_a_decision_that_is_sealed_is_no_column(service: Office, when) -> None:
    sealed = ({**FIELDS[0], "properties": {"rahasia": "ya"}}, *FIELDS[1:])
    for _ in range(3):
        finish(service, when, NOON)
    assert "jalur" in rows_of(service)[0]
    service.deploy(isian_form=form("isian", *sealed))
    columns, rows = rows_of(service)
    assert columns == ("service", "opened", "state", "days", "closed", "tingkat")
    assert "rj" not in repr(rows).replace("RJ", "")


def test_what_somebody_wrote_oneself_is_no_decision(service: Office, when) -> None:
    for _ in range(3):
        case = finish(service, when, NOON, jalur="diversi")
        assert case
    when(NOON)
    manager = service.user("manajer")
    for _ in range(3):
        case = service.start()
        engine.set_variables(service.database, manager, case.id, {"jalur": "Kenari"}, reason="uji")
    assert "Kenari" not in repr(rows_of(service))


def test_a_row_tells_what_at_least_three_share_with_it() -> None:
    full = ("a", "2026-01", "RJ")
    rows = [full] * 3 + [("a", "2026-01", "diversi")] * 2 + [("a", "2026-02", "RJ")] + [("b", "x", "y")] * 2
    assert sorted(withheld(rows), key=str) == sorted([*[full] * 3, *[("a", None, None)] * 3], key=str)
    rows = [full] * 3 + [("a", "2026-01", f"z{n}") for n in range(3)]
    assert sorted(withheld(rows), key=str) == sorted([*[full] * 3, *[("a", "2026-01", None)] * 3], key=str)
    assert list(withheld([])) == []


def test_a_service_with_two_cases_is_not_in_the_table(service: Office, when) -> None:
    for _ in range(2):
        finish(service, when, NOON)
    assert rows_of(service)[1] == []
