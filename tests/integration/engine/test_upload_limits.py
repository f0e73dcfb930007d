"""How much may be attached: by one person within a day, and to one case, whatever was sent already."""

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from engine import clock, desk
from engine.commands import attachments
from engine.desk import AttachmentView, UploadLimits
from engine.errors import AttachmentRefused
from engine.types import InstanceView
from tests.integration.engine.models import drawn, task
from tests.integration.engine.test_races import race
from tests.support.files import noise, pdf
from tests.support.office import Office
from tests.unit.interpreter.diagrams import process

PDF = pdf()
TWO_OF_A_PERSON = UploadLimits(of_person=2 * len(PDF))
TWO_OF_A_CASE = UploadLimits(of_case=2 * len(PDF))
DAY = "within 24 hours"
CASE = "files of this case"


@pytest.fixture
def office(office: Office) -> Office:
    office.deploy(drawn(process(task("a"), "s > a > e")), drawn(process(task("a"), "s > a > e", "q")))
    return office


def attach(
    office: Office, case: InstanceView, limits: UploadLimits, by: str = "petugas", content: bytes = PDF
) -> AttachmentView:
    [found] = office.tasks(case.id)
    return desk.attach_to_task(office.database, office.user(by), found.id, content, "a.pdf", limits=limits)


def upload(office: Office, limits: UploadLimits, by: str = "petugas", key: str = "p") -> AttachmentView:
    return desk.attach_to_start(office.database, office.user(by), "uji", key, PDF, "a.pdf", limits=limits)


def test_a_day_of_a_person_counts_every_case_and_those_that_are_not_open_yet(office: Office) -> None:
    upload(office, TWO_OF_A_PERSON)
    attach(office, office.start(), TWO_OF_A_PERSON)
    case = office.start()
    with pytest.raises(AttachmentRefused, match=DAY):
        attach(office, case, TWO_OF_A_PERSON)
    with pytest.raises(AttachmentRefused, match=DAY):
        upload(office, TWO_OF_A_PERSON, key="q")
    attach(office, case, TWO_OF_A_PERSON, by="petugas2")
    upload(office, TWO_OF_A_PERSON, by="petugas2")


def test_a_day_later_there_is_room_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case, now = office.start(), clock.now()
    for _ in range(2):
        attach(office, case, TWO_OF_A_PERSON)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=23))
    with pytest.raises(AttachmentRefused, match=DAY):
        attach(office, case, TWO_OF_A_PERSON)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=24, minutes=5))
    attach(office, case, TWO_OF_A_PERSON)


def test_what_was_removed_again_makes_room(office: Office) -> None:
    case, who = office.start(), office.user("petugas")
    for limits in (TWO_OF_A_PERSON, TWO_OF_A_CASE):
        files = [attach(office, case, limits), upload(office, limits)]
        for file in files:
            desk.remove_attachment(office.database, who, file.id)
        files = [upload(office, limits), upload(office, limits)]
        for file in files:
            desk.remove_attachment(office.database, who, file.id)


def test_the_files_of_a_case_have_a_limit_together_whoever_attaches_them(office: Office) -> None:
    case, other = office.start(), office.start()
    for by in ("petugas", "petugas2"):
        attach(office, case, TWO_OF_A_CASE, by)
        with pytest.raises(AttachmentRefused, match=CASE):
            attach(office, case, TWO_OF_A_CASE, by, content=noise((400, 300)))
    with pytest.raises(AttachmentRefused, match=CASE):
        attach(office, case, TWO_OF_A_CASE)
    attach(office, other, TWO_OF_A_CASE)


def test_what_waits_for_new_cases_has_the_limit_of_a_case(office: Office) -> None:
    for key in ("p", "q"):
        upload(office, TWO_OF_A_CASE, key=key)
    with pytest.raises(AttachmentRefused, match=CASE):
        upload(office, TWO_OF_A_CASE)
    upload(office, TWO_OF_A_CASE, by="petugas2")


@pytest.mark.parametrize("limits", [TWO_OF_A_PERSON, TWO_OF_A_CASE])
def test_who_has_no_room_left_gives_the_decoders_nothing_to_do(
    office: Office, limits: UploadLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, looked = office.start(), list[int]()
    for _ in range(2):
        attach(office, case, limits)
        upload(office, UploadLimits(), by="petugas2")
    look = attachments.inspect

    def count(content: bytes, largest: int) -> attachments.Clean:
        looked.append(len(content))
        return look(content, largest)

    monkeypatch.setattr(attachments, "inspect", count)
    with pytest.raises(AttachmentRefused):
        attach(office, case, limits)
    with pytest.raises(AttachmentRefused):
        upload(office, limits, by="petugas2")
    assert looked == []


def test_files_that_come_together_do_not_slip_past_the_limit(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits, cases = UploadLimits(of_person=len(PDF)), [office.start() for _ in range(2)]
    both, write = threading.Barrier(2), attachments._insert

    def write_together(*what: Any) -> str:
        with suppress(threading.BrokenBarrierError):  # who had to wait for the other does not come
            both.wait(1)
        return write(*what)

    monkeypatch.setattr(attachments, "_insert", write_together)

    def taken(case: InstanceView | None) -> bool:
        try:
            attach(office, case, limits) if case else upload(office, limits)
        except AttachmentRefused:
            return False
        return True

    assert sum(race(*(partial(taken, case) for case in (*cases, None, None)))) == 1
