"""A note that is being written is its writer's alone, sealed, and gone once sent or the case is erased."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, delete, text, update

import engine
from engine import clock, desk
from engine.commands.case_keys import key_of_case
from engine.commands.draft_chores import KEPT_UNSENT, sweep_drafts
from engine.desk import NotePlace, SentNote
from engine.errors import (
    CommentRefused,
    InstanceErased,
    InstanceNotFound,
    QueryInvalid,
    TaskClosed,
    TaskNotFound,
)
from engine.store import reading
from engine.store.tables import NoteDraft, ProcessInstance
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, task
from tests.support.keys import open_database
from tests.support.office import HOME, Office, open_office
from tests.support.waiting import while_held
from tests.unit.interpreter.diagrams import process

WORDS = "Kenanga takut pulang; tolong"
PAGE = "a" * 32


@pytest.fixture
def case(office: Office) -> InstanceView:
    office.deploy(drawn(process(task("a"), "s > a > e")))
    return office.start()


def save(
    office: Office,
    place: NotePlace,
    words: str = WORDS,
    revision: int = 1,
    page: str = PAGE,
    by: str = "petugas",
) -> None:
    desk.save_note(office.database, office.user(by), place, SentNote(words, page, revision))


def read(office: Office, place: NotePlace, by: str = "petugas") -> str | None:
    found = desk.read_note(office.database, office.user(by), place)
    return found.message if found else None


def own_task(office: Office, case: InstanceView) -> str:
    [found] = office.tasks(case.id)
    engine.claim_task(office.database, office.user("petugas"), found.id)
    return found.id


def test_only_its_writer_reads_it_and_nowhere_it_is_written_open(office: Office, case: InstanceView) -> None:
    place, history = NotePlace(case.id), office.history(case)
    save(office, place)
    assert read(office, place) == WORDS
    for colleague in ("petugas2", "manajer"):
        assert read(office, place, colleague) is None
    for stranger in ("peksos", "analis", "petugas@lain"):
        with pytest.raises(InstanceNotFound):
            read(office, place, stranger)
        with pytest.raises(InstanceNotFound):
            save(office, place, by=stranger)
    with reading(office.database) as tx:
        assert "Kenanga" not in str(tx.execute(text("SELECT * FROM note_draft")).all())
    assert office.history(case) == history
    assert desk.list_comments(office.database, office.user("petugas"), case.id) == []


def test_what_was_typed_last_counts_and_nothing_typed_is_nothing_kept(
    office: Office, case: InstanceView
) -> None:
    place = NotePlace(case.id)
    save(office, place, "lama", 2)
    save(office, place, "lebih lama", 1)  # was on its way for long
    assert read(office, place) == "lama"
    save(office, place, "di ponsel", 1, "b" * 32)
    assert read(office, place) == "di ponsel"
    save(office, place, " ", 2, "b" * 32)
    assert read(office, place) is None
    save(office, place, "di ponsel", 1, "b" * 32)
    assert read(office, place) is None, "on its way for long"


def test_a_comment_on_the_page_takes_its_own_note_away_and_no_other(
    office: Office, case: InstanceView
) -> None:
    task_id, user = own_task(office, case), office.user("petugas")
    of_case, of_task = NotePlace(case.id), NotePlace(case.id, task_id)
    save(office, of_case)
    save(office, of_task, "untuk rekan")
    save(office, of_case, "punya rekan", by="petugas2")
    desk.add_comment(office.database, user, case.id, "dari program")
    assert read(office, of_case) == WORDS
    with pytest.raises(CommentRefused):
        desk.add_comment(office.database, user, case.id, "@x@y", typed=True)
    assert read(office, of_case) == WORDS
    desk.add_comment(office.database, user, case.id, WORDS, typed=True)
    assert read(office, of_case) is None
    save(office, of_case)
    assert read(office, of_case) is None, "this saving was on its way for long: the note was sent"
    save(office, of_case, "yang berikut", page="c" * 32)
    assert read(office, of_case) == "yang berikut"
    assert read(office, of_task) == "untuk rekan"
    assert read(office, of_case, "petugas2") == "punya rekan"


def test_giving_a_task_takes_the_note_away_and_a_refusal_does_not(office: Office, case: InstanceView) -> None:
    task_id = own_task(office, case)
    place, user = NotePlace(case.id, task_id), office.user("petugas")
    save(office, place)
    with pytest.raises(CommentRefused):
        desk.delegate_task(office.database, user, task_id, "petugas2@uji", "@x@y")
    assert read(office, place) == WORDS
    desk.delegate_task(office.database, user, task_id, "petugas2@uji", WORDS)
    assert read(office, place) is None
    save(office, place, by="petugas2")
    desk.resolve_task(office.database, office.user("petugas2"), task_id, WORDS)
    assert read(office, place, "petugas2") is None
    engine.complete_task(office.database, user, task_id, {})
    with pytest.raises(TaskClosed):
        desk.resolve_task(office.database, user, task_id, WORDS)


def test_what_is_no_note_of_a_case_is_refused(office: Office, case: InstanceView) -> None:
    other = office.start()
    with pytest.raises(TaskNotFound):
        save(office, NotePlace(case.id, office.tasks(other.id)[0].id))
    with pytest.raises(CommentRefused):
        save(office, NotePlace(case.id), "x" * (desk.LONGEST_COMMENT + 1))
    for page, revision in (("x", 1), (PAGE, 0), (PAGE, 2**31)):
        with pytest.raises(QueryInvalid):
            save(office, NotePlace(case.id), revision=revision, page=page)


def test_an_erased_case_keeps_no_note_and_takes_none(office: Office, case: InstanceView) -> None:
    save(office, NotePlace(case.id))
    office.do(case, "a")
    engine.add_user(office.database, SYSTEM, f"manajer2@{HOME}", "M", "-", [(HOME, "manajer")])
    asked = engine.request_erasure(office.database, office.user("manajer"), case.id, "uji")
    engine.agree_to_erasure(office.database, office.user("manajer2"), asked.id)
    assert office.counts()["note_draft"] == 0
    with pytest.raises(InstanceErased):
        save(office, NotePlace(case.id))


def test_a_note_that_nobody_sends_is_kept_for_a_month(office: Office, case: InstanceView) -> None:
    save(office, NotePlace(case.id))
    sweep_drafts(office.database, clock.now() + KEPT_UNSENT - timedelta(hours=1))
    assert read(office, NotePlace(case.id)) == WORDS
    sweep_drafts(office.database, clock.now() + KEPT_UNSENT + timedelta(hours=1))
    assert read(office, NotePlace(case.id)) is None


def test_a_saving_that_has_waited_for_the_erasure_of_its_case_keeps_nothing(postgresql_only: str) -> None:
    office = open_office(open_database(postgresql_only))
    office.deploy(drawn(process(task("a"), "s > a > e")))
    place = NotePlace(office.start().id)
    save(office, place, by="petugas2")

    def erase(tx: Connection) -> None:
        tx.execute(update(ProcessInstance).values(erased_at=clock.now()))
        tx.execute(delete(NoteDraft))

    with pytest.raises(InstanceErased), while_held(office.database, erase, lambda: save(office, place)):
        pass
    assert office.counts()["note_draft"] == 0
    office.database.dispose()


def test_a_note_that_is_sent_while_it_is_saved_waits_for_that(postgresql_only: str) -> None:
    office = open_office(open_database(postgresql_only))
    office.deploy(drawn(process(task("a"), "s > a > e")))
    case, user = office.start(), office.user("petugas")
    task_id = own_task(office, case)
    save(office, NotePlace(case.id, task_id))
    send = partial(desk.hand_over_task, office.database, user, task_id, "petugas2@uji", WORDS)
    with while_held(office.database, lambda tx: key_of_case(tx, case.id), send) as saving:
        saving.execute(update(NoteDraft).values(revision=2))
    assert read(office, NotePlace(case.id, task_id)) is None
    assert office.tasks(case.id)[0].assignee == "petugas2@uji"
    office.database.dispose()
