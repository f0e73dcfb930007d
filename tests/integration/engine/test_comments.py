"""Comments on a case: sealed words for who works on it, people named in them, and what is left of one."""

from datetime import timedelta

import pytest
from sqlalchemy import text

import engine
from engine import desk
from engine.errors import (
    ActionForbidden,
    CommentNotFound,
    CommentRefused,
    InstanceErased,
    InstanceNotFound,
    TaskNotFound,
)
from engine.store import reading
from engine.types import SYSTEM, HistoryKind, InstanceView
from engine.types.comments import mentioned_in, parts_of
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, task
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import process

WORDS = "Kenanga setuju; kunjungan besok pukul 9"


@pytest.fixture
def case(office: Office) -> InstanceView:
    office.deploy(drawn(process(task("a") + task("b", group="peksos"), "s > a > b > e")))
    return office.start()


def say(office: Office, case: InstanceView, words: str = WORDS, by: str = "petugas") -> desk.CommentView:
    return desk.add_comment(office.database, office.user(by), case.id, words)


def read(office: Office, case: InstanceView, by: str) -> list[str | None]:
    return [c.message for c in desk.list_comments(office.database, office.user(by), case.id)]


def told(office: Office, user_id: str) -> list[tuple[str, str | None]]:
    found = desk.list_notifications(office.database, office.user(user_id))
    return [(each.kind, each.instance_id) for each in found]


def test_the_words_are_for_who_works_on_the_case_and_for_nobody_else(
    office: Office, case: InstanceView
) -> None:
    say(office, case)
    assert read(office, case, "petugas2") == [WORDS]
    assert read(office, case, "manajer") == [None]
    for stranger in ("peksos", "analis", "auditor", "petugas@lain", "manajer@lain"):
        with pytest.raises(InstanceNotFound):
            read(office, case, stranger)
        with pytest.raises(InstanceNotFound):
            say(office, case, by=stranger)
    with reading(office.database) as tx:
        everything = str(tx.execute(text("SELECT * FROM comment")).all())
    assert "Kenanga" not in everything
    assert "Kenanga" not in str(office.history(case))


def test_a_manager_writes_and_reads_what_was_written_after_giving_a_purpose(
    office: Office, case: InstanceView
) -> None:
    say(office, case)
    say(office, case, "Mohon dipercepat", by="manajer")
    assert read(office, case, "manajer") == [None, "Mohon dipercepat"]
    purpose = "Menjawab surat pengadilan nomor 12"
    opened = engine.open_identity(office.database, office.user("manajer"), case.id, purpose)
    assert [comment.message for comment in opened.comments] == [WORDS, "Mohon dipercepat"]
    assert read(office, case, "manajer") == [None, "Mohon dipercepat"]


def test_who_is_named_is_told_once_and_without_a_word_of_it(office: Office, case: InstanceView) -> None:
    words = "@petugas2@uji dan @manajer@uji: lihat. @petugas2@uji, @petugas@uji"
    made = say(office, case, words)
    assert made.mentions == ("petugas2@uji", "manajer@uji", "petugas@uji")
    assert told(office, "petugas2") == told(office, "manajer") == [("mentioned", case.id)]
    assert told(office, "petugas") == []
    [about] = [n.about for n in desk.list_notifications(office.database, office.user("manajer"))]
    assert about == {"by": "petugas@uji"}


@pytest.mark.parametrize("who", ["peksos@uji", "petugas@lain", "tidak.ada@uji", "analis@uji"])
def test_nobody_is_named_who_cannot_see_the_case(office: Office, case: InstanceView, who: str) -> None:
    with pytest.raises(CommentRefused, match="somebody whom you name with @ cannot see this case"):
        say(office, case, f"Tolong @{who}")
    assert read(office, case, "petugas") == []
    if who in ("peksos@uji", "analis@uji"):
        assert told(office, who) == []


def test_whom_one_can_name_grows_with_the_case_and_ends_with_a_membership(
    office: Office, case: InstanceView
) -> None:
    def nameable() -> list[str]:
        return [p.id for p in desk.case_people(office.database, office.user("petugas"), case.id)]

    assert nameable() == ["manajer@uji", "petugas2@uji"]
    office.do(case, "a")
    assert nameable() == ["manajer@uji", "peksos@uji", "petugas2@uji"]
    engine.set_memberships(office.database, SYSTEM, "petugas2@uji", [(HOME, "analis")])
    engine.set_active(office.database, SYSTEM, "peksos@uji", False)
    assert nameable() == ["manajer@uji"]


def test_a_comment_stands_at_a_task_of_its_case_and_of_no_other(office: Office, case: InstanceView) -> None:
    [open_task] = office.tasks(case.id)
    user, database = office.user("petugas"), office.database
    made = desk.add_comment(database, user, case.id, "Sudah dihubungi", open_task.id)
    say(office, case)
    assert (made.task_id, made.task_name) == (open_task.id, "Kerjakan a")
    assert [c.id for c in desk.list_comments(database, user, case.id, open_task.id)] == [made.id]
    [other] = office.tasks(office.start().id)
    with pytest.raises(TaskNotFound):
        desk.add_comment(database, user, case.id, "x", other.id)
    office.do(case, "a")
    events = [e for e in office.history(case) if e.kind == HistoryKind.COMMENT_ADDED]
    assert [(e.element_id, e.user_id) for e in events] == [("a", "petugas@uji"), (None, "petugas@uji")]


@pytest.mark.parametrize("words", ["", " \n ", "x" * 4001])
def test_an_empty_comment_and_a_novel_are_refused(office: Office, case: InstanceView, words: str) -> None:
    with pytest.raises(CommentRefused):
        say(office, case, words)


def test_its_writer_removes_a_comment_within_an_hour_and_it_shows(
    office: Office, case: InstanceView, later: Later
) -> None:
    made, database = say(office, case), office.database
    for other in ("petugas2", "manajer"):
        with pytest.raises(ActionForbidden):
            desk.remove_comment(database, office.user(other), made.id)
    with pytest.raises(CommentNotFound):
        desk.remove_comment(database, office.user("petugas@lain"), made.id)
    later(timedelta(minutes=59))
    assert desk.list_comments(database, office.user("petugas"), case.id)[0].removable
    gone = desk.remove_comment(database, office.user("petugas"), made.id)
    assert desk.remove_comment(database, office.user("petugas"), made.id) == gone
    assert (gone.message, gone.removable, gone.removed_at is not None) == (None, False, True)
    kinds = [e.kind for e in office.history(case)][-2:]
    assert kinds == [HistoryKind.COMMENT_ADDED, HistoryKind.COMMENT_REMOVED]


def test_after_an_hour_a_comment_belongs_to_the_record(
    office: Office, case: InstanceView, later: Later
) -> None:
    made = say(office, case)
    later(timedelta(minutes=61))
    with pytest.raises(ActionForbidden):
        desk.remove_comment(office.database, office.user("petugas"), made.id)
    assert read(office, case, "petugas") == [WORDS]


def test_an_erasure_leaves_who_wrote_and_when_and_no_word(office: Office, case: InstanceView) -> None:
    database = office.database
    say(office, case)
    engine.add_user(database, SYSTEM, "manajer2@uji", "M", "-", [(HOME, "manajer")])
    engine.cancel_instance(database, office.user("manajer"), case.id, "uji")
    say(office, case, "Setelah selesai")  # people still talk about an ended case
    asked = engine.request_erasure(database, office.user("manajer"), case.id, "Permintaan nomor 7")
    engine.agree_to_erasure(database, office.user("manajer2"), asked.id)
    assert read(office, case, "petugas") == [None, None]
    with reading(database) as tx:
        assert tx.scalars(text("SELECT message FROM comment")).all() == [None, None]
    with pytest.raises(InstanceErased):
        say(office, case)


def test_only_an_at_sign_before_a_user_names_somebody() -> None:
    words = "(@a.b@uji) ya, @c@uji. Bukan surat@kantor.id, @Rp5.000, @@x@y atau a@b@c"
    assert mentioned_in(words) == ("a.b@uji", "c@uji")
    assert "".join(text or f"@{user}" for text, user in parts_of(words)) == words
