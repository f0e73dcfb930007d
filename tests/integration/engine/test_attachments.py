"""Files of a case: who may attach, read and remove them, and that nothing of them lies open anywhere."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

import engine
from engine import clock, desk
from engine.commands import attachments
from engine.definitions.forms import Files
from engine.errors import (
    ActionForbidden,
    AttachmentNotFound,
    AttachmentRefused,
    FormInvalid,
    TaskClosed,
    TaskNotFound,
    TitianError,
)
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.copying import copy_to_file
from engine.store.tables import Attachment, AttachmentPart
from engine.types import SYSTEM, HistoryKind, InstanceView
from engine.types.attachments import AttachmentView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, form, task
from tests.support.files import noise, pdf, photo
from tests.support.office import Office
from tests.unit.interpreter.diagrams import process

NAME = "Kenanga Ayuningtyas"
PDF = pdf(b"(%s)" % NAME.encode())
PURPOSE = "menjawab surat pengadilan nomor 12"


@pytest.fixture
def office(office: Office) -> Office:
    office.deploy(drawn(process(task("a") + task("b", group="peksos"), "s > a > b > e")))
    return office


def attach(
    office: Office, case: InstanceView, by: str = "petugas", content: bytes = PDF, name: str = f"{NAME}.PDF"
) -> AttachmentView:
    task_id = office.tasks(case.id)[0].id
    return desk.attach_to_task(office.database, office.user(by), task_id, content, name, f"foto {NAME}")


def upload(office: Office, by: str = "petugas", content: bytes = PDF) -> AttachmentView:
    return desk.attach_to_start(office.database, office.user(by), "uji", "p", content, f"{NAME}.pdf")


def start(office: Office, *files: AttachmentView, by: str = "petugas") -> InstanceView:
    ids = [file.id for file in files]
    return engine.start_instance(office.database, office.user(by), "uji", "p", {}, attachments=ids)


def content(office: Office, file: AttachmentView, by: str = "petugas") -> bytes:
    found = desk.get_attachment(office.database, office.user(by), file.id)
    return b"".join(desk.attachment_content(office.database, found))


def names(office: Office, case: InstanceView, by: str = "petugas") -> list[str | None]:
    return [file.name for file in desk.list_attachments(office.database, office.user(by), case.id)]


def kinds(office: Office, case: InstanceView) -> list[str]:
    return [event.kind for event in office.history(case) if event.kind.startswith("attachment")]


def refused(what: Callable[[], object]) -> str:
    """Name of the error that an action raises; empty where it raises none."""
    try:
        what()
    except TitianError as error:
        return type(error).__name__
    return ""


def test_what_is_attached_comes_back_as_it_was_to_who_works_on_the_case(office: Office) -> None:
    case = office.start()
    large = noise((2400, 2000))  # of several parts
    first, second = attach(office, case), attach(office, case, content=large, name=f"C:\\foto\\{NAME}.png")
    assert content(office, first) == PDF
    assert content(office, second)[:3] == b"\xff\xd8\xff"
    assert len(content(office, second)) == second.size > 600_000
    assert (first.name, first.description, first.pages) == (f"{NAME}.pdf", f"foto {NAME}", 1)
    assert (second.name, second.content_type, second.step) == (f"{NAME}.jpg", "image/jpeg", "Kerjakan a")
    assert second.preview
    office.do(case, "a")
    assert names(office, case, by="peksos") == [f"{NAME}.jpg", f"{NAME}.pdf"]
    assert content(office, first, by="peksos") == PDF
    assert kinds(office, case) == [HistoryKind.ATTACHMENT_ADDED] * 2


def test_nothing_of_a_file_lies_open_anywhere(office: Office, tmp_path: Path) -> None:
    case = start(office, upload(office))
    attach(office, case)
    attach(office, case, content=photo(says=NAME))
    assert len(names(office, case)) == 3
    copy_to_file(office.database, tmp_path / "copy.db")
    files = [tmp_path / "copy.db"]
    if office.database.dialect.name == "sqlite":
        database = Path(str(office.database.url.database))
        files += [database, database.with_name(f"{database.name}-wal")]
    bytes_of_all = b"".join(file.read_bytes() for file in files if file.exists())
    for open_word in (NAME.encode(), b"%PDF-", b"\xff\xd8\xff\xe0", b".pdf"):
        assert open_word not in bytes_of_all
    assert f"{case.business_key}".encode() in bytes_of_all


def test_who_may_complete_the_task_may_attach_and_nobody_else(office: Office) -> None:
    case = office.start()
    task_id = office.tasks(case.id)[0].id

    def attaching(by: str) -> str:
        who = office.user(by)
        return refused(lambda: desk.attach_to_task(office.database, who, task_id, PDF, "a.pdf"))

    people = ("petugas", "petugas2", "peksos", "manajer", "analis", "petugas@lain")
    assert {by: attaching(by) for by in people} == {
        "petugas": "",
        "petugas2": "",
        "peksos": "TaskNotFound",
        "manajer": "ActionForbidden",
        "analis": "TaskNotFound",
        "petugas@lain": "TaskNotFound",
    }
    office.do(case, "a")
    assert attaching("petugas") == "TaskClosed"
    engine.suspend_instance(office.database, office.user("manajer"), case.id)
    with pytest.raises(TitianError, match="suspended"):
        attach(office, case, by="peksos")


def test_a_manager_reads_files_for_a_while_after_saying_what_for(office: Office, later: Later) -> None:
    case = office.start()
    file = attach(office, case)
    assert names(office, case, by="manajer") == [None]
    with pytest.raises(ActionForbidden):
        content(office, file, by="manajer")
    engine.open_identity(office.database, office.user("manajer"), case.id, PURPOSE)
    assert names(office, case, by="manajer") == [None]
    opened = desk.list_attachments(office.database, office.user("manajer"), case.id, revealed=True)
    assert [each.name for each in opened] == [f"{NAME}.pdf"]
    assert content(office, file, by="manajer") == PDF
    later(timedelta(minutes=16))
    with pytest.raises(ActionForbidden):
        content(office, file, by="manajer")


@pytest.mark.parametrize("by", ["peksos", "analis", "auditor", "petugas@lain", "manajer@lain"])
def test_for_others_there_is_no_such_file(office: Office, by: str) -> None:
    case = office.start()
    for file in (attach(office, case), upload(office)):
        with pytest.raises(AttachmentNotFound):
            content(office, file, by=by)
        with pytest.raises(AttachmentNotFound):
            desk.remove_attachment(office.database, office.user(by), file.id)


def test_who_works_there_no_more_does_not_see_what_they_have_uploaded(office: Office) -> None:
    """A role says nothing of working with children; what was uploaded waits for the worker's return."""
    file, worker = upload(office), [("uji", "petugas")]
    for held in ([("uji", "analis")], []):
        engine.set_memberships(office.database, SYSTEM, "petugas@uji", held)
        assert desk.start_attachments(office.database, office.user("petugas"), "uji", "p") == []
        with pytest.raises(AttachmentNotFound):
            content(office, file)
        with pytest.raises(AttachmentNotFound):
            desk.remove_attachment(office.database, office.user("petugas"), file.id)
    engine.set_memberships(office.database, SYSTEM, "petugas@uji", worker)
    assert content(office, file) == PDF


def test_a_file_can_be_removed_while_its_task_is_open_and_never_after(office: Office) -> None:
    case = office.start()
    wrong, right = attach(office, case), attach(office, case)
    desk.remove_attachment(office.database, office.user("petugas"), wrong.id)
    assert [file.id for file in desk.list_attachments(office.database, SYSTEM, case.id)] == [right.id]
    with pytest.raises(AttachmentNotFound):
        content(office, wrong)
    assert kinds(office, case)[-1] == HistoryKind.ATTACHMENT_REMOVED
    engine.open_identity(office.database, office.user("manajer"), case.id, PURPOSE)
    with pytest.raises(ActionForbidden):  # a manager who reads it may not thin out the record
        desk.remove_attachment(office.database, office.user("manajer"), right.id)
    office.do(case, "a")
    with pytest.raises(TaskClosed):
        desk.remove_attachment(office.database, office.user("petugas"), right.id)
    assert content(office, right) == PDF
    with reading(office.database) as tx:
        assert set(tx.scalars(select(AttachmentPart.attachment_id))) == {right.id}


def test_a_new_case_takes_over_what_was_uploaded_for_it(office: Office) -> None:
    kept, dropped = upload(office), upload(office, content=photo())
    who = office.user("petugas")
    assert [f.id for f in desk.start_attachments(office.database, who, "uji", "p")] == [dropped.id, kept.id]
    desk.remove_attachment(office.database, who, dropped.id)
    case = start(office, kept)
    assert desk.start_attachments(office.database, who, "uji", "p") == []
    assert [(f.id, f.step) for f in desk.list_attachments(office.database, who, case.id)] == [(kept.id, "")]
    assert kinds(office, case) == [HistoryKind.ATTACHMENT_ADDED]
    with pytest.raises(TaskClosed):
        desk.remove_attachment(office.database, who, kept.id)
    # its own key is destroyed, and what it has sealed is sealed with the case's
    assert desk.sweep_attachments(office.database) == 2
    assert desk.sweep_attachments(office.database) == 0
    assert content(office, kept) == PDF


def test_a_case_takes_nothing_that_is_not_its_own(office: Office) -> None:
    mine, anothers, of_a_case = upload(office), upload(office, by="petugas2"), attach(office, office.start())
    taken = start(office, mine)
    before = office.counts()
    for file in (mine, anothers, of_a_case):
        with pytest.raises(AttachmentNotFound):
            start(office, file)
    with pytest.raises(ActionForbidden):
        upload(office, by="analis")
    assert office.counts() == before
    assert names(office, taken) == [f"{NAME}.pdf"]


def test_what_waits_too_long_for_its_case_is_swept_away_with_its_key(office: Office, later: Later) -> None:
    old = upload(office)
    with reading(office.database) as tx:
        [key_id] = tx.scalars(select(Attachment.key_id))
    later(timedelta(days=30))
    fresh = upload(office)
    assert desk.sweep_attachments(office.database) == 0
    later(timedelta(days=32))
    assert desk.sweep_attachments(office.database) == 1
    assert keys_of(office.database).find(str(key_id)) is None
    with pytest.raises(AttachmentNotFound):
        start(office, old)
    assert names(office, start(office, fresh)) == [f"{NAME}.pdf"]


def test_an_erasure_makes_every_copy_of_a_file_unreadable(office: Office, tmp_path: Path) -> None:
    engine.add_user(office.database, SYSTEM, "manajer2@uji", "M", "-", [("uji", "manajer")])
    case = start(office, upload(office))
    file = attach(office, case)
    for element_id, by in (("a", "petugas"), ("b", "peksos")):
        office.do(case, element_id, by=by)
    copy_to_file(office.database, tmp_path / "before.db")
    asked = engine.request_erasure(office.database, office.user("manajer"), case.id, "Permintaan nomor 7")
    engine.agree_to_erasure(office.database, office.user("manajer2"), asked.id)
    left = desk.list_attachments(office.database, office.user("petugas"), case.id)
    assert [(f.erased, f.name, f.preview, f.pages) for f in left] == [(True, None, None, 1)] * 2
    with pytest.raises(AttachmentNotFound):
        content(office, file)
    with reading(office.database) as tx:
        assert tx.scalar(select(func.count()).select_from(AttachmentPart)) == 0
    # a backup from before holds the sealed file, and no key of it is anywhere
    with engine.open_database(f"sqlite:///{tmp_path / 'before.db'}").connect() as copy:
        rows = copy.execute(select(Attachment.secrets, Attachment.key_id)).all()
        assert all(row.secrets for row in rows)
    loose = [row.key_id for row in rows if row.key_id]
    assert len(loose) == 1
    assert keys_of(office.database).find(str(loose[0])) is None


def test_a_case_holds_a_number_of_files_and_no_more(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_OF_A_CASE", 2)
    monkeypatch.setattr(attachments, "MOST_AT_A_START", 1)
    case = office.start()
    for _ in range(2):
        attach(office, case)
    with pytest.raises(AttachmentRefused, match="as many"):
        attach(office, case)
    upload(office)
    with pytest.raises(AttachmentRefused, match="as many"):
        upload(office)
    upload(office, by="petugas2")


def test_a_file_with_a_part_missing_is_not_handed_out(office: Office) -> None:
    file = attach(office, office.start(), content=noise((1600, 1600)))
    with writing(office.database) as tx:
        last = select(func.max(AttachmentPart.number)).scalar_subquery()
        tx.execute(delete(AttachmentPart).where(AttachmentPart.number == last))
    with pytest.raises(TitianError, match="cannot be opened"):
        content(office, file)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("surat\r\nX: 1.pdf", "surat X: 1.pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
        ("", "lampiran.pdf"),
        ("a" * 400, "a" * 116 + ".pdf"),
        (".pdf", "pdf.pdf"),
    ],
)
def test_a_name_is_a_name_and_nothing_else(office: Office, sent: str, kept: str) -> None:
    assert attach(office, office.start(), name=sent).name == kept


def test_what_is_sent_again_because_its_answer_was_lost_is_attached_once(office: Office) -> None:
    case, drawn_id = office.start(), "0123456789abcdef" * 2
    task_id = office.tasks(case.id)[0].id

    def send(by: str) -> tuple[str, str]:
        who, sent = office.user(by), (PDF, "a.pdf")
        of_task = desk.attach_to_task(office.database, who, task_id, *sent, upload_id=drawn_id)
        of_start = desk.attach_to_start(office.database, who, "uji", "p", *sent, upload_id=drawn_id[::-1])
        return of_task.id, of_start.id

    assert send("petugas") == send("petugas") == (drawn_id, drawn_id[::-1])
    assert not {drawn_id, drawn_id[::-1]}.intersection(send("petugas2"))  # another person's are others
    assert names(office, case) == ["a.pdf"] * 2


def test_a_retry_that_comes_while_the_first_is_looked_at_attaches_nothing_twice(office: Office) -> None:
    case = office.start()
    [task], who, drawn_id = office.tasks(case.id), office.user("petugas"), "0123456789abcdef" * 2

    def send() -> str:
        return desk.attach_to_task(office.database, who, task.id, PDF, "a.pdf", upload_id=drawn_id).id

    with ThreadPoolExecutor(2) as tries:
        assert {attempt.result() for attempt in [tries.submit(send) for _ in range(2)]} == {drawn_id}
    assert names(office, case) == ["a.pdf"]


def test_a_share_with_another_agency_opens_no_file(office: Office) -> None:
    case = office.start()
    file, manager = attach(office, case), office.user("manajer")
    terms = {"fields": ["nomor_registrasi"], "until": clock.now() + timedelta(days=3), "consent": "uji"}
    engine.share_case(office.database, manager, case.id, to_agency_id="lain", to_group="petugas", **terms)
    with pytest.raises(AttachmentNotFound):
        content(office, file, by="petugas@lain")


def test_a_task_that_is_not_there_takes_nothing(office: Office) -> None:
    with pytest.raises(TaskNotFound):
        desk.attach_to_task(office.database, office.user("petugas"), "0" * 32, PDF, "a.pdf")


def test_a_form_can_ask_for_files_and_takes_those_that_are_attached(office: Office) -> None:
    asked = {"key": "bukti", "type": "filepicker", "label": "Bukti", "validate": {"required": True}}
    office.deploy(
        drawn(process(task("a", formRef="isian"), "s > a > e", "q")), isian_form=form("isian", asked)
    )
    case, other = office.start("q"), office.start()
    with pytest.raises(FormInvalid):
        office.do(case, "a", bukti=[])
    file, foreign = attach(office, case), attach(office, other)
    with pytest.raises(FormInvalid) as refused:
        office.do(case, "a", bukti=[file.id, foreign.id])
    assert "not attached any more" in str(refused.value.fields[0])
    office.do(case, "a", bukti=[file.id])
    [fact] = engine.facts(office.database, office.user("petugas"), case.id)
    assert (fact.label, fact.display) == ("Bukti", Files(1))
    assert office.variables(case) == {"bukti": [file.id]}
