"""Files of a case over the pages: sent, shown, handed out, refused in a sentence, on no disk meanwhile."""

import io
import re
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import quote

import pytest
from PIL import Image
from werkzeug.test import TestResponse

import engine
from engine.commands import attachments
from engine.types import SYSTEM, AccessFilter, RecordAction
from tests.integration.web.conftest import NATUNA, REPORT, Visitor, Visitors
from tests.support.files import noise, pdf, photo
from tests.support.service import Service
from webapp.config import Settings
from webapp.headers import CONTENT_SECURITY_POLICY

SAYS = "Kenari bertengger"
PURPOSE = "menjawab surat pengadilan nomor 12"


def send(visitor: Visitor, path: str, content: bytes, name: str = "foto.jpg", **more: str) -> TestResponse:
    """What the script does with a chosen file."""
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(content), name), **more}
    headers = {"Accept": "application/json"}
    return visitor.client.post(path, data=data, content_type="multipart/form-data", headers=headers)


@pytest.fixture
def worker(visitors: Visitors) -> Visitor:
    return visitors("petugas@natuna")


@pytest.fixture
def task(visitors: Visitors) -> str:
    """The address of a task that its worker has taken."""
    address = visitors.open_case()
    visitors("petugas@natuna").send(f"{address}/claim")
    return address


def attached(visitor: Visitor, task: str, content: bytes, name: str, **more: str) -> str:
    """The address of a file that was attached."""
    answer = send(visitor, f"{task}/attachments", content, name, **more)
    assert answer.status_code == 200, answer.text
    return f"/attachments/{answer.json['ids'][0]}"


def deeds(service: Service, address: str) -> list[tuple[str, str]]:
    """Who has opened a file, by the access log."""
    wanted = AccessFilter(action=RecordAction.READ_ATTACHMENT)
    subject = f"attachment:{address.rsplit('/', 1)[1]}"
    found = engine.list_accesses(service.database, SYSTEM, wanted)
    return [(each.user_id, each.agency_id or "") for each in found if each.subject == subject]


def test_a_photo_is_attached_shown_and_handed_out_without_its_place(
    worker: Visitor, task: str, service: Service
) -> None:
    file = attached(worker, task, photo(says=SAYS), "IMG_1.JPG", description="luka di lengan kiri")
    page = worker.get(task).text
    assert "IMG_1.jpg" in page
    assert "luka di lengan kiri" in page
    assert 'src="data:image/jpeg;base64,' in page
    assert f'action="{file}/remove"' in page
    one = worker.get(file)
    assert f'<img class="attachment-photo" src="{file}/file"' in one.text
    saved = worker.get(f"{file}/file")
    assert saved.mimetype == "image/jpeg"
    assert saved.headers["Content-Disposition"] == "attachment; filename=IMG_1.jpg"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert saved.headers["Content-Security-Policy"] == f"{CONTENT_SECURITY_POLICY}; sandbox"
    assert saved.headers["Cache-Control"] == "no-store"
    assert not dict(Image.open(io.BytesIO(saved.data)).getexif())
    assert SAYS.encode() not in saved.data
    assert deeds(service, file) == [("petugas@natuna", "natuna")] * 2


@pytest.mark.parametrize(
    "name", ["Ibu\u2019s KTP", "Akta \u2013 kelahiran", "Foto \u201cBudi\u201d", "\u65e5\u672c \U0001f600"]
)
def test_a_name_in_any_letters_is_handed_out_in_a_header_of_plain_ascii(
    worker: Visitor, task: str, name: str
) -> None:
    """The server writes headers in Latin-1: any other letter was an error 500, and the photo lost."""
    file = attached(worker, task, photo(), f"{name}.jpg")
    saved = worker.get(f"{file}/file")
    assert saved.status_code == 200
    assert saved.headers["Content-Disposition"].isascii()
    assert f"filename*=UTF-8''{quote(name)}.jpg" in saved.headers["Content-Disposition"]


def test_what_is_attached_stands_on_the_page_of_the_case(worker: Visitor, task: str) -> None:
    attached(worker, task, pdf(pages=3), "surat polisi.pdf")
    case = re.search(r'href="(/cases/[^"/]+)"', worker.get(task).text)
    assert case
    page = worker.get(case[1]).text
    assert "surat polisi.pdf" in page
    assert "PDF, 3 halaman" in page
    assert "melampirkan berkas" in page
    assert "/remove" not in page


def test_the_form_works_without_a_script(worker: Visitor, task: str) -> None:
    worker.get(task)
    data = {"csrf_token": worker.token, "file": [(io.BytesIO(pdf()), "a.pdf"), (io.BytesIO(pdf()), "b.pdf")]}
    answer = worker.client.post(f"{task}/attachments", data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.location) == (303, f"{task}#attach")
    page = worker.get(task).text
    assert "2 berkas terlampir." in page
    remove = re.search(r'action="(/attachments/\w+/remove)"', page)
    assert remove
    assert worker.send(remove[1]).location == f"{task}#attach"
    assert len(re.findall(r"/remove", worker.get(task).text)) == 1


@pytest.mark.parametrize(
    ("content", "name", "status", "why"),
    [
        (b"<html><script>alert(1)</script>", "foto.jpg", 400, "bukan foto"),
        (noise((800, 600))[:5000], "foto.jpg", 400, "rusak"),
        (pdf(b"<< /S /JavaScript /JS (1) >>"), "a.pdf", 400, "skrip"),
        (b"", "a.pdf", 400, "kosong"),
        (b"%PDF-" + b"0" * (10 * 2**20), "a.pdf", 400, "lebih besar"),
        (b"0" * (11 * 2**20), "a.pdf", 413, "lebih kecil"),
        (b"x", "", 400, "belum dipilih"),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(
    worker: Visitor, task: str, content: bytes, name: str, status: int, why: str
) -> None:
    answer = send(worker, f"{task}/attachments", content, name)
    assert (answer.status_code, why in answer.json["message"]) == (status, True), answer.text
    assert "/remove" not in worker.get(task).text


def test_who_has_attached_as_much_as_a_day_allows_is_told_so(
    worker: Visitor, task: str, service: Service
) -> None:
    usual: Settings = service.app.config["SETTINGS"]
    large = pdf(b"%%" + b"0" * 900_000)
    service.app.config["SETTINGS"] = replace(usual, upload_mebibytes_a_day=1)
    attached(worker, task, large, "a.pdf")
    for place in (task, NATUNA):
        answer = send(worker, f"{place}/attachments", large, "b.pdf")
        assert answer.status_code == 400
        assert "lampiran Anda dalam 24 jam melebihi batas server ini" in answer.json["message"]
    service.app.config["SETTINGS"] = replace(usual, upload_mebibytes_of_a_case=1)
    answer = send(worker, f"{task}/attachments", large, "b.pdf")
    assert answer.status_code == 400
    assert "seluruh berkas kasus ini melebihi batas server ini" in answer.json["message"]
    attached(worker, NATUNA, large, "b.pdf")


@pytest.mark.every_database
def test_a_retry_while_the_first_try_is_looked_at_attaches_one_file_to_a_new_case(
    visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, look = threading.Barrier(2), attachments.inspect

    def look_together(content: bytes, largest: int) -> attachments.Clean:
        both.wait(60)  # neither has been kept when the other is looked at
        return look(content, largest)

    monkeypatch.setattr(attachments, "inspect", look_together)
    tries, drawn = [visitors("petugas@natuna"), visitors("petugas@natuna")], "0123456789abcdef" * 2
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(send, one, f"{NATUNA}/attachments", pdf(), upload_id=drawn) for one in tries]
    answers = [each.result() for each in sent]
    assert [(answer.status_code, answer.json["ids"]) for answer in answers] == [(200, [drawn])] * 2
    assert tries[0].get(NATUNA).text.count(f"/attachments/{drawn}/remove") == 1
    assert len(re.findall("/attachments/[0-9a-f]+/remove", tries[0].get(NATUNA).text)) == 1


def test_a_retry_that_comes_when_the_case_is_open_leaves_no_file_for_the_next_one(worker: Visitor) -> None:
    drawn = "0123456789abcdef" * 2
    first = send(worker, f"{NATUNA}/attachments", pdf(), upload_id=drawn)
    headers = {"X-CSRFToken": worker.token, "Accept": "application/json"}
    body = {"variables": REPORT, "attachments": first.json["ids"]}
    assert worker.client.post(NATUNA, json=body, headers=headers).status_code == 200
    again = send(worker, f"{NATUNA}/attachments", pdf(), upload_id=drawn)
    assert (again.status_code, again.json["ids"]) == (200, [drawn])
    assert "/remove" not in worker.get(NATUNA).text


def test_a_new_case_takes_the_files_that_its_form_names(worker: Visitor) -> None:
    first, second = (send(worker, f"{NATUNA}/attachments", pdf(), name).json for name in ("a.pdf", "b.pdf"))
    page = worker.get(NATUNA).text
    assert "a.pdf" in page
    assert "b.pdf" in page
    kept = f"/attachments/{first['ids'][0]}"
    assert worker.get(f"{kept}/file").data == pdf()
    worker.send(f"/attachments/{second['ids'][0]}/remove")
    headers = {"X-CSRFToken": worker.token, "Accept": "application/json"}
    body = {"variables": REPORT, "attachments": first["ids"]}
    answer = worker.client.post(NATUNA, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    page = worker.get(answer.json["next"]).text
    assert "a.pdf" in page
    assert "b.pdf" not in page
    assert "a.pdf" not in worker.get(NATUNA).text
    again = worker.client.post(NATUNA, json=body, headers=headers)
    assert (again.status_code, again.json["type"]) == (409, "AttachmentsChanged")
    left = send(worker, f"{NATUNA}/attachments", pdf(), "foto anak lain.pdf").json
    without = worker.client.post(NATUNA, json={"variables": REPORT, "attachments": []}, headers=headers)
    assert without.status_code == 409, "a file that the page did not show would go with the next case"
    worker.send(f"/attachments/{left['ids'][0]}/remove")
    wrong = {"variables": REPORT, "attachments": first["ids"][0]}
    assert worker.client.post(NATUNA, json=wrong, headers=headers).status_code == 400


def test_a_manager_reads_a_file_after_saying_what_for(visitors: Visitors, worker: Visitor, task: str) -> None:
    file, manager = attached(worker, task, photo(), f"{SAYS}.jpg"), visitors("manajer@natuna")
    case = re.search(r"/cases/([^\"/]+)", worker.get(task).text)
    assert case
    cockpit = f"/cockpit/instances/{case[1]}"
    seen = manager.get(cockpit).text
    assert SAYS not in seen
    assert "foto ·" in seen
    assert [manager.get(path).status_code for path in (file, f"{file}/file")] == [403, 403]
    opened = manager.send(f"{cockpit}/identity", reason=PURPOSE).text
    assert f"{SAYS}.jpg" in opened
    assert "data:image/jpeg;base64," in opened
    assert manager.get(f"{file}/file").status_code == 200
    assert SAYS not in manager.get(cockpit).text


@pytest.mark.parametrize("user", ["peksos@natuna", "analis@natuna", "admin@titian", "petugas@bintan"])
def test_for_others_there_is_no_file(visitors: Visitors, worker: Visitor, task: str, user: str) -> None:
    file, other = attached(worker, task, pdf(), "a.pdf"), visitors(user)
    asked = [other.get(file), other.get(f"{file}/file"), other.send(f"{file}/remove")]
    assert [answer.status_code for answer in asked] == [404] * 3
    assert send(other, f"{task}/attachments", pdf()).status_code == 404


def test_what_is_uploaded_never_lies_in_a_temporary_file(
    worker: Visitor, task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Callable[[], None]:
        raise AssertionError("a photo would lie on the disk unsealed")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
        monkeypatch.setattr(f"werkzeug.formparser.{name}", refuse, raising=False)
    large = noise((2200, 2000), quality=95)
    assert len(large) > 2_000_000
    attached(worker, task, large, "besar.jpg")
