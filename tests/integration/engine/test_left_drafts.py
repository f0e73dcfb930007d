"""What stood on other pages when a case was opened: kept, told, filled in by choice only, erased with it."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, update

import engine
from engine import clock, desk
from engine.commands.draft_chores import clear_drafts, sweep_drafts
from engine.commands.spent_keys import erased_keys
from engine.commands.taking_over import sweep_attachments
from engine.desk import DraftVersion, OfStart
from engine.errors import AttachmentNotFound, DraftClosed
from engine.secrecy import keys_of
from engine.store import reading
from engine.store.tables import Draft, ProcessInstance
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, task
from tests.integration.engine.test_drafts import FORM, NAME, WITH_FORM, Page, keys
from tests.support.erasing import erase
from tests.support.files import pdf
from tests.support.keys import open_database
from tests.support.office import HOME, Office, open_office
from tests.support.waiting import while_held
from tests.unit.interpreter.diagrams import START as START_EVENT
from tests.unit.interpreter.diagrams import process

START = OfStart(HOME, "p")
OTHER = "Melur Anggraini"


def with_start_form(office: Office) -> Office:
    """With a process whose start form asks for a name, and two managers."""
    office.deploy(drawn(process(task("a"), "s > a > e").replace(START_EVENT, WITH_FORM)), isian_form=FORM)
    engine.add_user(office.database, SYSTEM, f"manajer2@{HOME}", "M", "-", [(HOME, "manajer")])
    return office


def typed_on_a_phone(office: Office) -> Page:
    """A page that has saved beside the one with which the case is opened."""
    page = Page(office, START, device="Chrome, Android")
    page.type(nama=OTHER, umur=9)
    return page


@pytest.fixture
def office(office: Office) -> Office:
    return with_start_form(office)


@pytest.fixture
def phone(office: Office) -> Page:
    return typed_on_a_phone(office)


def open_with(page: Page) -> InstanceView:
    office = page.office
    values = {"nama": NAME, "umur": 10}
    petugas = office.user("petugas")
    return engine.start_instance(office.database, petugas, HOME, "p", values, draft_id=page.draft_id)


def beside(phone: Page) -> InstanceView:
    """The case that is opened with another page."""
    desktop = Page(phone.office, START)
    desktop.draft_id, desktop.known = desktop.id, 0  # it was opened before the phone had saved
    desktop.type(nama=NAME)
    return open_with(desktop)


def left(office: Office) -> list[DraftVersion]:
    unsent = desk.list_unsent(office.database, office.user("petugas"), START)
    return [view.version for view in unsent if view.version.set_aside]


def end(office: Office, case: InstanceView) -> InstanceView:
    engine.cancel_instance(office.database, office.user("manajer"), case.id, "uji")
    return case


def test_the_next_form_is_empty_and_says_what_was_left(office: Office, phone: Page) -> None:
    tab = Page(office, START)
    tab.draft_id, tab.known = tab.id, 0
    tab.type(nama="tab lain")
    phone.choose(phone.draft_id)  # the tab steps aside
    case = beside(phone)
    assert Page(office, START).read() is None
    told = {version.id: (version.device, version.case) for version in left(office)}
    assert told == {
        phone.draft_id: ("Chrome, Android", case.business_key),
        tab.draft_id: ("", None),
    }
    view = phone.read(phone.draft_id)
    assert view is not None
    assert (view.values["nama"], view.version.case, view.rivals) == (OTHER, case.business_key, [])
    assert [draft.count for draft in desk.list_own_drafts(office.database, office.user("petugas"))] == [1]


def test_what_was_thrown_away_leaves_its_other_versions_out_of_the_next_form(
    office: Office, phone: Page
) -> None:
    desktop = Page(office, START)
    desktop.draft_id, desktop.known = desktop.id, 0
    desktop.type(nama=NAME)
    desktop.choose(desktop.draft_id)
    desktop.discard()
    assert Page(office, START).read() is None
    assert [(version.id, version.case) for version in left(office)] == [(phone.draft_id, None)]


def test_a_page_that_goes_on_hears_of_the_case_and_keeps_what_it_types(office: Office, phone: Page) -> None:
    case, later = beside(phone), Page(office, START)
    later.type(nama="anak berikutnya")
    saved = phone.type(nama=OTHER, umur=8)
    assert (saved.version.case, saved.rivals) == (case.business_key, [])
    assert later.values == {"nama": "anak berikutnya"}
    again = phone.read(phone.draft_id)
    assert again is not None
    assert again.values == {"nama": OTHER, "umur": 8}


def test_what_goes_on_beside_another_page_is_left_as_well(office: Office, phone: Page) -> None:
    case, desktop = beside(phone), Page(office, START)
    desktop.draft_id, desktop.known = phone.draft_id, phone.known  # opened there by choice
    phone.type(nama=OTHER)
    saved = desktop.type(nama=f"{OTHER} binti")
    assert (saved.version.case, saved.rivals) == (case.business_key, [])
    assert saved.version.id != phone.draft_id
    assert Page(office, START).read() is None
    assert len(left(office)) == 2


def test_one_that_is_chosen_is_of_another_case(office: Office, phone: Page) -> None:
    case = beside(phone)
    phone.choose(phone.draft_id)
    assert phone.values == {"nama": OTHER, "umur": 9}
    assert left(office) == []
    assert phone.type(nama=OTHER).version.case is None
    erase(office, end(office, case))
    assert phone.values == {"nama": OTHER}
    open_with(phone)
    assert Page(office, START).read() is None


def test_it_stays_with_the_first_case_that_was_opened_beside_it(office: Office, phone: Page) -> None:
    first = beside(phone)
    page = Page(office, START)
    page.type(nama="anak berikutnya")
    open_with(page)
    assert [version.case for version in left(office)] == [first.business_key]


def test_the_erasure_of_the_case_destroys_what_was_left(office: Office, phone: Page) -> None:
    case = end(office, beside(phone))
    sweep_drafts(office.database)  # the key of the one that was sent
    [key_id] = keys(office)
    with reading(office.database) as tx:
        content = tx.scalars(select(Draft.content).where(Draft.id == phone.draft_id)).one()
    key = keys_of(office.database).find(key_id)
    assert key is not None
    late = phone.sent(nama=OTHER)
    erase(office, case)
    assert keys_of(office.database).find(key_id) is None
    with reading(office.database) as tx:
        assert content not in tx.scalars(select(Draft.content)).all()
    assert left(office) == []
    with pytest.raises(DraftClosed):
        phone.save(late)
    sweep_drafts(office.database)
    assert keys(office) == []
    with reading(office.database) as tx:  # or an older key store would bring it back
        assert erased_keys(tx, [case.id]) == [key_id]


@pytest.mark.parametrize("same_page", [True, False])
def test_a_saving_that_has_waited_for_the_erasure_keeps_nothing(
    postgresql_only: str, same_page: bool
) -> None:
    office = with_start_form(open_office(open_database(postgresql_only)))
    page = typed_on_a_phone(office)
    case = beside(page)
    if not same_page:
        other, page = page, Page(office, START)
        page.draft_id = other.draft_id  # it was opened there before it was saved last

    def clear(tx: Connection) -> None:
        tx.execute(update(ProcessInstance).values(erased_at=clock.now()))
        clear_drafts(tx, case.id, clock.now())

    save = partial(page.save, page.sent(nama=OTHER))
    with pytest.raises(DraftClosed), while_held(office.database, clear, save):
        pass
    with reading(office.database) as tx:
        assert set(tx.scalars(select(Draft.content))) == {None}
    office.database.dispose()


def test_a_retention_rule_destroys_what_was_left(office: Office, phone: Page, later: Later) -> None:
    case = end(office, beside(phone))
    later(timedelta(days=29))
    phone.type(nama=OTHER)
    sweep_drafts(office.database)
    [key_id] = keys(office)
    engine.put_agency(office.database, SYSTEM, HOME, "Uji", {"retensi": {"p": 1}})
    assert engine.erase_expired(office.database, later(timedelta(days=40))) == 1
    assert left(office) == []
    assert engine.erasures_of(office.database, office.user("manajer"), case.id)[0].certificate is not None
    assert keys_of(office.database).find(key_id) is None


def test_only_throwing_away_the_one_in_use_ends_its_use(office: Office, phone: Page) -> None:
    petugas, database = office.user("petugas"), office.database
    beside(phone)
    page = Page(office, START)
    page.type(nama="anak berikutnya")
    assert not desk.discard_draft(database, petugas, START, phone.draft_id)
    assert desk.discard_draft(database, petugas, START, page.draft_id)
    assert desk.discard_draft(database, petugas, START, page.draft_id), "asked again, answered alike"


def test_files_stay_as_long_as_the_draft_that_they_belong_to(
    office: Office, phone: Page, later: Later
) -> None:
    petugas = office.user("petugas")
    other = office.user("petugas2")
    mine = desk.attach_to_start(office.database, petugas, HOME, "p", pdf(b"(x)"), "x.pdf")
    lone = desk.attach_to_start(office.database, other, HOME, "p", pdf(b"(y)"), "y.pdf")
    later(timedelta(days=29))
    phone.type(nama=OTHER)
    later(timedelta(days=32))
    sweep_drafts(office.database)
    sweep_attachments(office.database)
    assert phone.values == {"nama": OTHER}
    assert [file.id for file in desk.start_attachments(office.database, petugas, HOME, "p")] == [mine.id]
    with pytest.raises(AttachmentNotFound):
        desk.get_attachment(office.database, other, lone.id)
    later(timedelta(days=60))
    sweep_drafts(office.database)
    sweep_attachments(office.database)
    assert desk.start_attachments(office.database, petugas, HOME, "p") == []


def test_files_do_not_wait_with_what_was_left(office: Office, phone: Page, later: Later) -> None:
    beside(phone)
    petugas = office.user("petugas")
    desk.attach_to_start(office.database, petugas, HOME, "p", pdf(b"(x)"), "x.pdf")
    later(timedelta(days=29))
    phone.type(nama=OTHER)
    later(timedelta(days=32))
    sweep_attachments(office.database)
    assert desk.start_attachments(office.database, petugas, HOME, "p") == []
