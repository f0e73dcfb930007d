"""Drafts: kept as typed, their writer's alone, nothing lost between devices, gone when they have done their
work.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

import engine
from engine import clock, desk
from engine.commands.draft_chores import KEPT_AFTER_END, KEPT_CLOSED, KEPT_UNSENT, sweep_drafts
from engine.commands.drafts import MOST_VERSIONS
from engine.desk import DraftPlace, DraftView, OfStart, OfTask, SavedDraft, SentDraft
from engine.errors import (
    ActionForbidden,
    DefinitionNotFound,
    DraftClosed,
    DraftNotFound,
    FormInvalid,
    QueryInvalid,
    SecondPersonNeeded,
    TaskClosed,
    TaskNotFound,
    VariableInvalid,
)
from engine.secrecy import keys_of
from engine.store import reading
from engine.store.tables import Draft, ProcessInstance
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, form, task
from tests.integration.engine.test_races import race
from tests.support.keys import key_place
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import START as START_EVENT
from tests.unit.interpreter.diagrams import process

FORM = form(
    "isian",
    {"key": "nama", "properties": {"rahasia": "ya"}},
    {"key": "umur", "type": "number", "validate": {"required": True, "max": 17}},
    {"key": "nomor", "readonly": True},
)
WITH_FORM = START_EVENT.replace("/>", ' camunda:formRef="isian"/>')
FOUR_EYES = (
    '<bpmn:extensionElements><camunda:properties><camunda:property name="empat_mata" value="a"/>'
    "</camunda:properties></bpmn:extensionElements>"
)
NAME = "Kenanga Ayuningtyas"
START = OfStart(HOME, "p")


class Page:
    """A form that is open in a browser, and saves what is typed in it as its script does."""

    def __init__(self, office: Office, place: DraftPlace, by: str = "petugas", device: str = "") -> None:
        self.office, self.place, self.by, self.device = office, place, by, device
        self.id, self.revision = uuid4().hex, 0
        view = self.read()
        self.draft_id, self.known = (view.version.id, view.version.revision) if view else (self.id, 0)

    def read(self, draft_id: str | None = None) -> DraftView | None:
        return desk.read_draft(self.office.database, self.office.user(self.by), self.place, draft_id)

    def sent(self, before: Mapping[str, Any] | None = None, **values: Any) -> SentDraft:
        self.revision = max(self.revision, self.known) + 1
        return SentDraft(self.draft_id, self.id, self.known, self.revision, values, before or {}, self.device)

    def save(self, sent: SentDraft) -> SavedDraft:
        return desk.save_draft(self.office.database, self.office.user(self.by), self.place, sent)

    def type(self, before: Mapping[str, Any] | None = None, **values: Any) -> SavedDraft:
        """Save what stands in the form, and take over what the server answers."""
        saved = self.save(self.sent(before, **values))
        self.draft_id, self.known = saved.version.id, saved.version.revision
        return saved

    def choose(self, draft_id: str) -> None:
        desk.choose_draft(self.office.database, self.office.user(self.by), self.place, draft_id)

    def discard(self) -> None:
        desk.discard_draft(self.office.database, self.office.user(self.by), self.place, self.draft_id)

    @property
    def values(self) -> Mapping[str, Any]:
        view = self.read()
        assert view is not None
        return view.values


@pytest.fixture
def case(office: Office) -> InstanceView:
    steps = task("a", formRef="isian") + task("b", FOUR_EYES, formRef="isian") + task("c")
    begun = process(steps, "s > a > b > c > e").replace(START_EVENT, WITH_FORM)
    office.deploy(drawn(begun), isian_form=FORM)
    return office.start(umur=10)


def task_of(office: Office, case: InstanceView) -> OfTask:
    return OfTask(office.tasks(case.id)[0].id)


def rows(office: Office) -> int:
    return office.counts()["draft"]


def test_what_is_typed_is_there_again_however_incomplete_and_nothing_else(
    office: Office, case: InstanceView
) -> None:
    history = office.history(case)
    page = Page(office, task_of(office, case), device="Chrome, Android")
    page.type({"umur": 10}, nama=NAME, umur="belas", nomor="7", bukan_isian=1)
    again = Page(office, page.place).read()
    assert again is not None
    assert again.values == {"nama": NAME, "umur": "belas"}
    assert again.before == {"nama": None, "umur": 10}
    assert again.words == [("nama", NAME), ("umur", "belas")]
    assert (again.version.device, again.rivals, again.aside) == ("Chrome, Android", [], [])
    page.type(nama="Kenanga")
    assert page.values == {"nama": "Kenanga"}
    assert office.history(case) == history
    assert office.variables(case)["umur"] == 10


def test_a_draft_is_its_writers_alone(office: Office, case: InstanceView) -> None:
    place = task_of(office, case)
    mine = Page(office, place)
    mine.type(nama=NAME)
    assert Page(office, place, "petugas2").read() is None
    with pytest.raises(DraftNotFound):
        Page(office, place, "petugas2").read(mine.draft_id)
    with pytest.raises(ActionForbidden):
        desk.read_draft(office.database, office.user("manajer"), place)
    for stranger in ("peksos", "analis", "auditor", "petugas@lain", "manajer@lain"):
        with pytest.raises(TaskNotFound):
            desk.read_draft(office.database, office.user(stranger), place)
        assert desk.list_own_drafts(office.database, office.user(stranger)) == []
    with pytest.raises(DefinitionNotFound):
        desk.read_draft(office.database, office.user("petugas@lain"), START)


def test_who_leaves_the_group_reads_it_no_more(office: Office, case: InstanceView) -> None:
    page = Page(office, task_of(office, case))
    page.type(nama=NAME)
    engine.set_memberships(office.database, SYSTEM, "petugas@uji", [(HOME, "peksos")])
    with pytest.raises(TaskNotFound):
        page.read()
    with pytest.raises(TaskNotFound):
        page.type(nama=NAME)
    assert desk.list_own_drafts(office.database, office.user("petugas")) == []


def test_who_drafted_the_letter_begins_no_signature(office: Office, case: InstanceView) -> None:
    office.do(case, "a", umur=10)
    with pytest.raises(SecondPersonNeeded):
        Page(office, task_of(office, case))


def test_a_page_that_saves_over_another_gets_a_version_of_its_own(office: Office, case: InstanceView) -> None:
    place = task_of(office, case)
    desktop, phone = Page(office, place, device="Firefox, Windows"), Page(office, place, device="Chrome")
    assert desktop.type(nama="meja").rivals == []
    saved = phone.type(nama="ponsel")
    assert [rival.device for rival in saved.rivals] == ["Firefox, Windows"]
    assert desktop.type(nama="meja lagi").rivals[0].id == phone.draft_id
    for page, typed in ((desktop, "meja lagi"), (phone, "ponsel")):
        view = page.read(page.draft_id)
        assert view is not None
        assert view.values == {"nama": typed}
    phone.choose(phone.draft_id)
    view = Page(office, place).read()
    assert view is not None
    assert view.values == {"nama": "ponsel"}
    assert [(version.id, version.set_aside) for version in view.aside] == [(desktop.draft_id, True)]
    assert [rival.id for rival in desktop.type(nama="meja tetap").rivals] == [phone.draft_id]
    assert phone.values == {"nama": "ponsel"}
    desktop.choose(desktop.draft_id)
    assert phone.values == {"nama": "meja tetap"}


def test_a_page_goes_on_with_what_another_began_and_the_other_hears_of_it(
    office: Office, case: InstanceView
) -> None:
    first = Page(office, task_of(office, case))
    first.type(nama="satu")
    second = Page(office, first.place)
    assert second.type(nama="satu dua").rivals == []
    assert rows(office) == 1
    assert len(first.type(nama="satu tiga").rivals) == 1
    assert rows(office) == 2
    assert first.draft_id != second.draft_id


def test_a_try_that_got_no_answer_is_made_again_and_a_late_one_changes_nothing(
    office: Office, case: InstanceView
) -> None:
    page = Page(office, task_of(office, case))
    first, second = page.sent(nama="a"), page.sent(nama="ab")
    page.save(second)
    page.save(first)  # overtaken on its way
    assert page.save(second).rivals == []
    assert (page.values, rows(office)) == ({"nama": "ab"}, 1)


def test_what_was_thrown_away_does_not_come_back(office: Office, case: InstanceView) -> None:
    page = Page(office, task_of(office, case))
    page.type(nama=NAME)
    late, never_saved = page.sent(nama=NAME), Page(office, page.place)
    page.discard()
    page.discard()
    with pytest.raises(DraftClosed):
        page.save(late)
    first = never_saved.sent(nama=NAME)
    never_saved.discard()
    with pytest.raises(DraftClosed):
        never_saved.save(first)
    assert Page(office, page.place).read() is None
    with pytest.raises(DraftClosed):
        page.choose(page.draft_id)


def test_a_completed_task_has_no_draft_and_gets_none(office: Office, case: InstanceView) -> None:
    page = Page(office, task_of(office, case))
    page.type(nama=NAME)
    late = page.sent(nama=NAME)
    office.do(case, "a", nama=NAME, umur=10)
    assert rows(office) == 0
    with pytest.raises(TaskClosed):
        page.save(late)
    assert rows(office) == 0


def test_a_task_that_another_ends_keeps_the_draft_for_a_week(office: Office, case: InstanceView) -> None:
    page, now = Page(office, task_of(office, case)), clock.now()
    page.type(nama=NAME)
    office.do(case, "a", by="petugas2", umur=10)
    with pytest.raises(TaskClosed):
        page.type(nama=NAME)
    view = page.read()
    assert view is not None
    assert view.words == [("nama", NAME)]
    [left] = desk.list_own_drafts(office.database, office.user("petugas"))
    assert (left.business_key, left.name, left.ended_by) == (case.business_key, "Kerjakan a", "petugas2@uji")
    sweep_drafts(office.database, now + KEPT_AFTER_END - timedelta(hours=1))
    assert page.read() is not None
    sweep_drafts(office.database, clock.now() + KEPT_AFTER_END)
    assert rows(office) == 0


def test_a_case_that_was_started_leaves_no_draft_and_its_key_is_destroyed(
    office: Office, case: InstanceView
) -> None:
    page, other = Page(office, START), Page(office, START)
    page.type(nama=NAME)
    key_id = keys(office)[0]
    assert keys_of(office.database).find(key_id) is not None
    other.type(nama="kasus lain")
    petugas = office.user("petugas")
    late = page.sent(nama=NAME)
    engine.start_instance(
        office.database, petugas, HOME, "p", {"nama": NAME, "umur": 9}, draft_id=page.draft_id
    )
    with pytest.raises(DraftClosed):
        page.save(late)
    assert page.read() is None
    view = other.read(other.draft_id)
    assert view is not None
    assert view.values == {"nama": "kasus lain"}
    assert sweep_drafts(office.database) == 1
    assert keys_of(office.database).find(key_id) is None
    sweep_drafts(office.database, clock.now() + KEPT_CLOSED)
    assert rows(office) == 1


def test_a_start_that_fails_keeps_the_draft(office: Office, case: InstanceView) -> None:
    page = Page(office, START)
    page.type(nama=NAME)
    petugas = office.user("petugas")
    with pytest.raises(FormInvalid):
        engine.start_instance(office.database, petugas, HOME, "p", {"umur": 99}, draft_id=page.draft_id)
    assert page.values == {"nama": NAME}


def test_an_unsent_start_form_is_forgotten_after_a_month(office: Office, case: InstanceView) -> None:
    page, now = Page(office, START), clock.now()
    page.type(nama=NAME)
    key_id = keys(office)[0]
    sweep_drafts(office.database, now + KEPT_UNSENT - timedelta(hours=1))
    assert page.values == {"nama": NAME}
    sweep_drafts(office.database, clock.now() + KEPT_UNSENT)
    assert page.read() is None
    assert keys_of(office.database).find(key_id) is None


def test_no_byte_of_the_database_says_what_was_typed(
    office: Office, case: InstanceView, database_url: str, tmp_path: Path
) -> None:
    for place in (task_of(office, case), START):
        Page(office, place).type(nama=NAME)
    with reading(office.database) as tx:
        contents = list(tx.scalars(select(Draft.content)))
        key_id = tx.scalars(select(ProcessInstance.key_id).where(ProcessInstance.id == case.id)).one()
    assert len(contents) == 2
    assert not any(NAME.encode() in (content or b"") for content in contents)
    assert key_id not in keys(office), "a case's key is the case's alone"
    files = [*tmp_path.rglob("*"), *Path(str(key_place().file)).parent.iterdir()]
    assert not any(NAME.encode() in file.read_bytes() for file in files if file.is_file())


def test_an_erased_case_has_no_draft_left(office: Office, case: InstanceView) -> None:
    engine.add_user(office.database, SYSTEM, "manajer2@uji", "M", "-", [(HOME, "manajer")])
    page = Page(office, task_of(office, case))
    page.type(nama=NAME)
    manager = office.user("manajer")
    engine.cancel_instance(office.database, manager, case.id, "uji")
    assert rows(office) == 1
    asked = engine.request_erasure(office.database, manager, case.id, "uji")
    engine.agree_to_erasure(office.database, office.user("manajer2"), asked.id)
    assert rows(office) == 0
    with pytest.raises(TaskClosed):
        page.type(nama=NAME)


def test_what_no_form_can_hold_is_refused(office: Office, case: InstanceView) -> None:
    page = Page(office, task_of(office, case))
    with pytest.raises(VariableInvalid, match="bytes are more than"):
        page.type(nama="x" * 1_000_001)
    deep: Any = "x"
    for _ in range(40):
        deep = [deep]
    with pytest.raises(FormInvalid):
        page.type(nama=deep)
    sent = page.sent(nama=NAME)
    for wrong in ({"page_id": "../x"}, {"draft_id": ""}, {"base": -1}, {"revision": 0}, {"revision": 2**40}):
        with pytest.raises(QueryInvalid):
            page.save(SentDraft(**{**vars(sent), **wrong}))
    assert rows(office) == 0


def test_a_task_without_a_form_takes_no_draft(office: Office, case: InstanceView) -> None:
    office.do(case, "a", umur=10)
    office.do(case, "b", by="petugas2", umur=10)
    with pytest.raises(VariableInvalid, match="no form"):
        Page(office, task_of(office, case)).type(nama=NAME)


def test_nobody_fills_the_table_with_versions(office: Office, case: InstanceView) -> None:
    place = task_of(office, case)
    for page in [Page(office, place) for _ in range(MOST_VERSIONS)]:
        page.type(nama="x")
    late = Page(office, place)
    late.draft_id, late.known = late.id, 0
    with pytest.raises(VariableInvalid, match="too many versions"):
        late.type(nama="x")


@pytest.mark.parametrize("rounds", [12])
def test_a_saving_and_a_completion_at_once_leave_nothing_behind(
    office: Office, case: InstanceView, rounds: int
) -> None:
    for _ in range(rounds):
        fresh = office.start(umur=10)
        page = Page(office, task_of(office, fresh))
        page.type(nama="a")
        sent, task_id = page.sent(nama=NAME), office.tasks(fresh.id)[0].id
        petugas = office.user("petugas")

        def complete(task_id: str = task_id, petugas: engine.Actor = petugas) -> object:
            return engine.complete_task(office.database, petugas, task_id, {"umur": 10})

        def save(page: Page = page, sent: SentDraft = sent) -> object:
            return page.save(sent)

        assert race(complete, save)[0]
        assert rows(office) == 0


@pytest.mark.parametrize("rounds", [12])
def test_two_devices_at_once_lose_nothing(office: Office, case: InstanceView, rounds: int) -> None:
    for _ in range(rounds):
        fresh = office.start(umur=10)
        pages = [Page(office, task_of(office, fresh)) for _ in range(3)]
        sent = [page.sent(nama=f"perangkat {number}") for number, page in enumerate(pages)]
        saves = [
            lambda page=page, draft=draft: page.save(draft) for page, draft in zip(pages, sent, strict=True)
        ]
        assert race(*saves) == [True] * 3
        view = pages[0].read()
        assert view is not None
        assert len(view.rivals) == 2


def keys(office: Office) -> list[str]:
    """Ids of the keys that drafts have of their own."""
    with reading(office.database) as tx:
        return [key for key in tx.scalars(select(Draft.key_id).where(Draft.key_id.is_not(None))) if key]


def test_what_no_longer_fits_the_form_is_left_out(office: Office, case: InstanceView) -> None:
    group = {"type": "group", "path": "wali", "components": [{"type": "textfield", "id": "n", "key": "nik"}]}
    rows = {
        "type": "dynamiclist",
        "path": "temu",
        "components": [{"type": "textfield", "id": "h", "key": "h"}],
    }
    content = form("isian", {"key": "nama"}, {"key": "w", **group}, {"key": "t", **rows})
    page = Page(office, START)
    page.type(nama=NAME, umur=3)
    office.deploy(isian_form=content)
    assert page.values == {"nama": NAME}
    for wali, temu in (("x", []), ({"nik": 1}, {"h": 1}), (["x"], ["y"]), ({"nik": 1}, [{"h": 1}, {}])):
        page.type(nama=NAME, wali=wali, temu=temu)
    assert page.values == {"nama": NAME, "wali": {"nik": 1}, "temu": [{"h": 1}, {}]}
    page.type(nama=NAME, wali="x", temu={"h": 1})
    assert page.values == {"nama": NAME}
