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
