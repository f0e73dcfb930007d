"""Sharing a case: to a group of another agency, named fields only, for a time, on a consent, revocable."""

from datetime import timedelta
from typing import Any

import pytest

import engine
from engine import clock
from engine.errors import (
    ActionForbidden,
    AgencyNotFound,
    InstanceNotFound,
    ShareNotFound,
    ShareRefused,
    TaskNotFound,
)
from engine.types import SYSTEM, InstanceView, ShareView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, form, task
from tests.support.office import AWAY, HOME, Office
from tests.unit.interpreter.diagrams import process

DAY = timedelta(days=1)
FIELDS = (
    {"key": "nama", "label": "Nama anak", "properties": {"rahasia": "ya"}},
    {"key": "kota", "label": "Kota"},
    {"key": "catatan", "label": "Catatan", "properties": {"rahasia": "ya"}},
)
ANSWERS = {"nama": "Kenari", "kota": "Natuna", "catatan": "Elang"}


@pytest.fixture
def case(office: Office) -> InstanceView:
    """A case of ``uji`` whose first step has been filled in, two of three fields confidential."""
    model = process(task("a", formRef="isian") + task("b"), "s > a > b > e")
    office.deploy(drawn(model), isian_form=form("isian", *FIELDS))
    found = office.start()
    office.do(found, "a", **ANSWERS)
    return found


def share(office: Office, case: InstanceView, *fields: str, by: str = "manajer", **other: Any) -> ShareView:
    wanted = {
        "to_agency_id": AWAY,
        "to_group": "peksos",
        "fields": fields or ("nama", "kota"),
        "until": clock.now() + DAY,
        "consent": "Persetujuan wali, 12 November 2026",
    }
    return engine.share_case(office.database, office.user(by), case.id, **wanted | other)


def test_the_group_reads_exactly_the_fields_that_are_named(office: Office, case: InstanceView) -> None:
    made, database = share(office, case), office.database
    assert (made.fields, made.shared_by, made.agency_id) == (("kota", "nama"), "manajer@uji", HOME)
    reader = office.user("peksos@lain")
    [listed] = engine.list_received_shares(database, reader)
    assert (listed.id, listed.agency_id, listed.to_group) == (made.id, HOME, "peksos")
    opened = engine.open_share(database, reader, made.id)
    assert [(v.label, v.value, v.sealed) for v in opened.values] == [
        ("Kota", "Natuna", False),
        ("Nama anak", "Kenari", True),
    ]
    assert "Elang" not in repr(opened)
    assert case.id not in repr(opened)
    assert case.business_key not in repr(opened)


def test_the_same_fields_are_not_shared_twice(office: Office, case: InstanceView) -> None:
    """An answer that was lost is asked for again; the second share outlived the end of the first."""
    made, database, manager = share(office, case), office.database, office.user("manajer")
    with pytest.raises(ShareRefused) as refused:
        share(office, case, "kota", "nama")
    assert refused.value.parameters["reason"].startswith("this group reads just these fields already")
    share(office, case, "kota")
    engine.revoke_share(database, manager, made.id, "izin dicabut")
    assert len(engine.list_received_shares(database, office.user("peksos@lain"))) == 1
    share(office, case)
    engine.list_received_shares(database, office.user("peksos@lain"))


def test_a_share_opens_nothing_else_of_the_case(office: Office, case: InstanceView) -> None:
    share(office, case)
    reader, database = office.user("peksos@lain"), office.database
    [open_task] = office.tasks(case.id)
    for look in (engine.get_instance, engine.history, engine.facts, engine.instance_variables):
        with pytest.raises(InstanceNotFound):
            look(database, reader, case.id)
    with pytest.raises(TaskNotFound):
        engine.get_task(database, reader, open_task.id)
    assert engine.list_instances(database, reader) == engine.list_tasks(database, reader) == []
    assert engine.history_variables(database, reader, instance_ids=[case.id]) == []


@pytest.mark.parametrize(
    "who", ["petugas@lain", "manajer@lain", "analis@lain", "petugas", "peksos", "manajer", "analis"]
)
def test_nobody_but_the_group_reads_a_share(office: Office, case: InstanceView, who: str) -> None:
    made = share(office, case)
    assert engine.list_received_shares(office.database, office.user(who)) == []
    with pytest.raises(ShareNotFound):
        engine.open_share(office.database, office.user(who), made.id)


def test_what_is_read_is_what_the_fields_hold_now(office: Office, case: InstanceView) -> None:
    made, manager = share(office, case, "kota"), office.user("manajer")
    engine.set_variables(office.database, manager, case.id, {"kota": "Bintan"}, reason="salah tulis")
    [value] = engine.open_share(office.database, office.user("peksos@lain"), made.id).values
    assert value.value == "Bintan"


def test_a_revoked_share_is_gone_at_the_next_look(office: Office, case: InstanceView) -> None:
    made, other, database = share(office, case), share(office, case, "kota"), office.database
    reader, manager = office.user("peksos@lain"), office.user("manajer")
    assert engine.open_share(database, reader, made.id).values
    ended = engine.revoke_share(database, manager, made.id, " Wali menarik persetujuan ")
    assert (ended.revoked_by, ended.revoke_reason) == ("manajer@uji", "Wali menarik persetujuan")
    with pytest.raises(ShareNotFound):
        engine.open_share(database, reader, made.id)
    assert [each.id for each in engine.list_received_shares(database, reader)] == [other.id]
    assert engine.revoke_share(database, manager, made.id, "lagi").revoke_reason == ended.revoke_reason
    assert [each.id for each in engine.list_shares(database, manager, case.id)] == [other.id, made.id]


def test_a_share_runs_out_to_the_second(office: Office, case: InstanceView, later: Later) -> None:
    made, reader, database = share(office, case), office.user("peksos@lain"), office.database
    later(DAY - timedelta(seconds=2))
    assert engine.open_share(database, reader, made.id).values
    later(DAY + timedelta(seconds=2))
    with pytest.raises(ShareNotFound):
        engine.open_share(database, reader, made.id)
    assert engine.list_received_shares(database, reader) == []


def test_who_leaves_the_group_reads_no_more(office: Office, case: InstanceView) -> None:
    made = share(office, case)
    engine.set_memberships(office.database, SYSTEM, "peksos@lain", [(AWAY, "petugas")])
    with pytest.raises(ShareNotFound):
        engine.open_share(office.database, office.user("peksos@lain"), made.id)


@pytest.mark.parametrize(
    ("by", "error"),
    [
        ("petugas", ActionForbidden),  # works on the case, and may yet not share it
        ("peksos", InstanceNotFound),
        ("analis", InstanceNotFound),
        ("manajer@lain", InstanceNotFound),
    ],
)
def test_only_the_owning_agencys_manager_shares_lists_and_revokes(
    office: Office, case: InstanceView, by: str, error: type[Exception]
) -> None:
    made, database, actor = share(office, case), office.database, office.user(by)
    with pytest.raises(error):
        share(office, case, by=by)
    with pytest.raises(error):
        engine.list_shares(database, actor, case.id)
    with pytest.raises(ActionForbidden if error is ActionForbidden else ShareNotFound):
        engine.revoke_share(database, actor, made.id, "alasan")
    assert engine.open_share(database, office.user("peksos@lain"), made.id).values


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"to_agency_id": "tiada"}, AgencyNotFound),
        ({"to_agency_id": HOME}, ShareRefused),
        ({"to_group": "tiada"}, ShareRefused),
        ({"to_group": "manajer"}, ShareRefused),
        ({"fields": ()}, ShareRefused),
        ({"fields": ("nama", "tiada")}, ShareRefused),
        ({"consent": "  "}, ShareRefused),
        ({"consent": "x" * 4001}, ShareRefused),
        ({"until": clock.now() - DAY}, ShareRefused),
        ({"until": clock.now() + 400 * DAY}, ShareRefused),
    ],
)
def test_a_share_that_is_not_explicit_is_refused(
    office: Office, case: InstanceView, wrong: dict[str, Any], error: type[Exception]
) -> None:
    before = office.counts()
    with pytest.raises(error):
        share(office, case, **wrong)
    assert office.counts() == before


def test_a_share_is_not_revoked_without_a_reason(office: Office, case: InstanceView) -> None:
    made = share(office, case)
    with pytest.raises(ShareRefused):
        engine.revoke_share(office.database, office.user("manajer"), made.id, " ")
    assert engine.open_share(office.database, office.user("peksos@lain"), made.id).values


def test_nobody_opens_confidential_values_to_oneself(office: Office, case: InstanceView) -> None:
    held = [(HOME, "manajer"), (AWAY, "peksos")]
    engine.set_memberships(office.database, SYSTEM, "manajer@uji", held)
    with pytest.raises(ShareRefused, match="another manager"):
        share(office, case, "nama")
    with pytest.raises(ShareRefused, match="another manager"):
        share(office, case, "kota", "catatan")
    assert share(office, case, "kota").fields == ("kota",)


def test_the_history_says_to_whom_and_which_fields_and_no_value(office: Office, case: InstanceView) -> None:
    made = share(office, case)
    engine.revoke_share(office.database, office.user("manajer"), made.id, "Selesai")
    told, ended = office.history(case)[-2:]
    assert (told.kind, told.user_id) == ("case_shared", "manajer@uji")
    assert told.details == {
        "share": made.id,
        "agency": AWAY,
        "group": "peksos",
        "fields": ["kota", "nama"],
        "until": made.expires_at.isoformat(),
    }
    assert ended.kind == "share_revoked"
    assert not any(word in repr([told, ended]) for word in ("Kenari", "Natuna", "wali", "Selesai"))


def test_a_case_that_has_ended_can_be_shared_and_stays_ended(office: Office, case: InstanceView) -> None:
    office.do(case, "b")
    made = share(office, case)
    assert engine.open_share(office.database, office.user("peksos@lain"), made.id).values
    office.opens(case, "DONE")
