"""A report is half typed, and the next child's is begun: each is there as it was left, and nothing mixes."""

import pytest

import engine
from engine import desk
from engine.errors import DraftClosed
from tests.integration.engine.test_drafts import Page
from tests.integration.engine.test_left_drafts import (
    OTHER,
    START,
    end,
    left,
    open_with,
    with_start_form,
)
from tests.support.erasing import erase
from tests.support.office import Office


@pytest.fixture
def office(office: Office) -> Office:
    return with_start_form(office)


@pytest.fixture
def first(office: Office) -> Page:
    """A report that is half typed."""
    page = Page(office, START)
    page.type(nama=OTHER)
    return page


def another(office: Office) -> Page:
    """The page of the next report; something is typed in it."""
    desk.begin_another(office.database, office.user("petugas"), START)
    page = Page(office, START)
    assert page.draft_id == page.id, "it is empty"
    assert page.type(nama="anak kedua").rivals == []
    return page


def shown(page: Page) -> dict[str, object]:
    view = page.read(page.draft_id)
    assert view is not None
    assert view.rivals == []
    return dict(view.values)


def test_both_are_there_and_neither_is_filled_in_by_itself(office: Office, first: Page) -> None:
    assert first.values == {"nama": OTHER}, "of one alone it is clear which is meant"
    second = another(office)
    assert Page(office, START).read() is None
    assert (shown(first), shown(second)) == ({"nama": OTHER}, {"nama": "anak kedua"})
    own = desk.list_own_drafts(office.database, office.user("petugas"))
    assert [(draft.process_key, draft.count) for draft in own] == [("p", 2)]
    assert desk.list_own_drafts(office.database, office.user("petugas2")) == []
    assert desk.list_unsent(office.database, office.user("petugas2"), START) == []


def test_the_first_page_goes_on_beside_the_second(office: Office, first: Page) -> None:
    desk.begin_another(office.database, office.user("petugas"), START)
    assert first.type(nama=f"{OTHER} binti").rivals == [], "typed before anything stands in the second"
    second = Page(office, START)
    second.type(nama="anak kedua")
    assert first.type(nama=OTHER, umur=9).rivals == []
    assert second.type(nama="anak kedua", umur=8).rivals == []
    assert shown(first) == {"nama": OTHER, "umur": 9}


def test_two_pages_that_were_empty_are_not_taken_for_one_report(office: Office, first: Page) -> None:
    other = Page(office, START)
    other.draft_id, other.known = other.id, 0
    assert len(other.type(nama="anak kedua").rivals) == 1
    assert Page(office, START).read() is None
    other.choose(other.draft_id)
    assert (first.type(nama=OTHER).rivals, other.type(nama="anak kedua").rivals) == ([], [])


@pytest.mark.parametrize("sent_first", [True, False])
def test_a_case_is_opened_with_one_and_the_other_is_not_of_that_case(
    office: Office, first: Page, sent_first: bool
) -> None:
    second = another(office)
    sent, kept = (first, second) if sent_first else (second, first)
    case, before = open_with(sent), shown(kept)
    assert [version.case for version in left(office)] == ([] if sent_first else [None])
    erase(office, end(office, case))
    assert shown(kept) == before
    kept.type(nama="masih ditulis")
    assert [draft.count for draft in desk.list_own_drafts(office.database, office.user("petugas"))] == [1]
    with pytest.raises(DraftClosed):
        sent.type(nama="terlambat")


def test_another_page_that_is_behind_makes_no_rival_of_a_third(office: Office, first: Page) -> None:
    behind = Page(office, START)
    first.type(nama=OTHER, umur=9)
    second = another(office)
    saved = behind.type(nama="dari ponsel")
    assert saved.version.id != first.draft_id
    assert second.type(nama="anak kedua").rivals == []
    assert shown(first) == {"nama": OTHER, "umur": 9}
    assert len(desk.list_unsent(office.database, office.user("petugas"), START)) == 3


def test_what_may_not_be_started_is_not_begun_either(office: Office, first: Page) -> None:
    engine.put_agency(office.database, engine.SYSTEM, "lain", "Lain", {})
    engine.add_user(office.database, engine.SYSTEM, "tamu@lain", "T", "-", [("lain", "petugas")])
    guest = engine.get_actor(office.database, "tamu@lain")
    assert guest is not None
    with pytest.raises(engine.errors.DefinitionNotFound):
        desk.begin_another(office.database, guest, START)
    assert first.values == {"nama": OTHER}


def behind(page: Page) -> Page:
    """The same report on another device, as it was before ``page`` saved it once more."""
    device = Page(page.office, page.place, device="Chrome, Android")
    device.draft_id, device.known = page.draft_id, page.known
    page.type(nama=OTHER, umur=9)
    return device


def told(office: Office) -> dict[str, str | None]:
    """Id of what is not sent -> the case that its writer is told was opened without it."""
    unsent = desk.list_unsent(office.database, office.user("petugas"), START)
    return {view.version.id: view.version.case for view in unsent}


@pytest.mark.parametrize("sent_first", [True, False])
@pytest.mark.parametrize("set_aside", ["before", "after"])
def test_of_two_versions_of_one_report_neither_is_lost_and_the_one_that_is_not_sent_is_told_so(
    office: Office, first: Page, set_aside: str, sent_first: bool
) -> None:
    phone = behind(first)
    if set_aside == "before":
        next_one = another(office)
        phone.type(nama="dari ponsel")
    else:
        assert len(phone.type(nama="dari ponsel").rivals) == 1, "its writer does not say whether they are two"
        next_one = another(office)
    assert (shown(first), shown(phone)) == ({"nama": OTHER, "umur": 9}, {"nama": "dari ponsel"})
    sent, kept = (first, phone) if sent_first else (phone, first)
    before, case = shown(kept), open_with(sent)
    assert told(office) == {kept.draft_id: case.business_key, next_one.draft_id: None}
    assert shown(kept) == before
    assert kept.type(**before).version.case == case.business_key, "its open page is told as well"
    own = desk.list_own_drafts(office.database, office.user("petugas"))
    assert [draft.count for draft in own] == [1], "only the next child's is work that is not done"
    assert shown(next_one) == {"nama": "anak kedua"}
    erase(office, end(office, case))
    assert told(office) == {next_one.draft_id: None}


def test_two_pages_that_were_empty_stay_undecided_when_a_third_report_is_begun(
    office: Office, first: Page
) -> None:
    other = Page(office, START)
    other.draft_id, other.known = other.id, 0
    other.type(nama="dari ponsel")
    third = another(office)
    case = open_with(other)
    assert told(office) == {first.draft_id: case.business_key, third.draft_id: None}


@pytest.mark.parametrize("same_report", [True, False])
@pytest.mark.parametrize("sent_first", [True, False])
def test_what_its_writer_calls_two_reports_are_two_whatever_is_sent(
    office: Office, first: Page, same_report: bool, sent_first: bool
) -> None:
    phone = behind(first)
    if not same_report:
        phone.draft_id, phone.known = phone.id, 0
    assert len(phone.type(nama="anak kedua").rivals) == 1
    phone.choose(phone.draft_id)
    sent, kept = (first, phone) if sent_first else (phone, first)
    before, case = shown(kept), open_with(sent)
    assert told(office) == {kept.draft_id: None}
    erase(office, end(office, case))
    assert shown(kept) == before


def test_of_three_that_were_undecided_the_one_that_is_called_another_stands_apart(
    office: Office, first: Page
) -> None:
    phone = behind(first)
    third = Page(office, START)
    third.draft_id, third.known = third.id, 0
    phone.type(nama="dari ponsel")
    third.type(nama="anak kedua")
    third.choose(third.draft_id)
    case = open_with(first)
    assert told(office) == {third.draft_id: None, phone.draft_id: case.business_key}


def test_what_is_used_for_another_case_is_of_no_other_report(office: Office, first: Page) -> None:
    phone = behind(first)
    next_one = another(office)
    phone.type(nama="dari ponsel")
    open_with(first)
    phone.choose(phone.draft_id)
    open_with(phone)
    assert told(office) == {next_one.draft_id: None}
