"""The pages of a PDF: read without saving it, by those who may read the file, as one look in the log."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from werkzeug.test import TestResponse

import engine
from engine.queries.attachments import OPENED_FOR
from engine.types import SYSTEM, AccessFilter, RecordAction
from tests.integration.web.conftest import NATUNA, Later, Visitor, Visitors
from tests.support.files import bomb, noise, pdf, stream
from tests.support.service import Service
from webapp.inbox import sheets

LETTER = pdf(stream(b"0 0 0 rg 100 100 100 100 re f"), page=b"/Contents 10 0 R", pages=3)
PURPOSE = "menjawab surat pengadilan nomor 12"

Attach = Callable[..., str]


@pytest.fixture
def worker(visitors: Visitors) -> Visitor:
    return visitors("petugas@natuna")


@pytest.fixture
def task(visitors: Visitors, worker: Visitor) -> str:
    address = visitors.open_case()
    worker.get(address)
    worker.send(f"{address}/claim")
    return address


def attached(worker: Visitor, place: str, content: bytes = LETTER, name: str = "surat.pdf") -> str:
    """The address of a file that was attached at a task or a start."""
    data = {"csrf_token": worker.token, "file": (io.BytesIO(content), name)}
    answer = worker.client.post(
        f"{place}/attachments",
        data=data,
        content_type="multipart/form-data",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200, answer.text
    return f"/attachments/{answer.json['ids'][0]}"


def pictures(page: TestResponse) -> list[str]:
    """Addresses of the pages that a page shows, each loaded when one comes to it."""
    return re.findall(r'<img src="(/attachments/\w+/pages/\d+)"[^>]* loading="lazy"', page.text)


def looks(service: Service, file: str) -> int:
    """How often the log says that a file was opened."""
    found = engine.list_accesses(service.database, SYSTEM, AccessFilter(action=RecordAction.READ_ATTACHMENT))
    return len([each for each in found if each.subject == f"attachment:{file.rsplit('/', 1)[1]}"])


@pytest.mark.every_database
@pytest.mark.parametrize("of_start", [False, True])
def test_a_pdf_is_read_on_its_page_in_one_look(
    worker: Visitor, task: str, service: Service, of_start: bool
) -> None:
    file = attached(worker, NATUNA if of_start else task)
    shown = pictures(worker.get(file))
    assert shown == [f"{file}/pages/{number}" for number in (1, 2, 3)]
    for picture in shown:
        answer = worker.get(picture)
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == (
            "no-store",
            "nosniff",
        )
        assert Image.open(io.BytesIO(answer.data)).width > 1000
    assert looks(service, file) == 1


@pytest.mark.every_database
@pytest.mark.parametrize("of_start", [False, True])
def test_a_page_that_is_asked_for_without_its_file_is_a_look_of_its_own(
    worker: Visitor, task: str, service: Service, later: Later, of_start: bool
) -> None:
    file, elsewhere = attached(worker, NATUNA if of_start else task), {"REMOTE_ADDR": "192.0.2.7"}
    seen = []
    for _ in range(2):
        worker.get(f"{file}/pages/1")
        seen.append(looks(service, file))
    worker.get(f"{file}/pages/2", environ_base=elsewhere)
    seen.append(looks(service, file))
    later(OPENED_FOR + timedelta(seconds=1))
    worker.get(f"{file}/pages/3")
    seen.append(looks(service, file))
    assert seen == [1, 1, 2, 3]


def test_the_look_of_another_file_or_person_does_not_count(
    visitors: Visitors, worker: Visitor, task: str, service: Service
) -> None:
    file, other = attached(worker, task), attached(worker, task)
    case = re.search(r'href="(/cases/([^"/]+))"', worker.get(task).text)
    assert case
    worker.get(other)
    worker.get(f"{file}/pages/1")
    assert (looks(service, file), looks(service, other)) == (1, 1)
    manager = visitors("manajer@natuna")
    assert manager.get(f"{file}/pages/1").status_code == 403
    manager.get(f"/cockpit/instances/{case[2]}")
    manager.send(f"/cockpit/instances/{case[2]}/identity", reason=PURPOSE)
    assert manager.get(f"{file}/pages/1").status_code == 200
    assert looks(service, file) == 2


def test_a_long_file_is_shown_some_pages_at_a_time(worker: Visitor, task: str) -> None:
    file = attached(worker, task, pdf(pages=45))
    first = worker.get(file)
    assert "Halaman 1 sampai 20 dari 45" in first.text
    found = {}
    for asked in ("", "?page=20", "?page=21", "?page=45", "?page=99", "?page=-3", "?page=x"):
        page = worker.get(f"{file}{asked}")
        numbers = [int(address.rsplit("/", 1)[1]) for address in pictures(page)]
        further = re.findall(r'rel="(\w+)" href="[^"]+page=(\d+)#pages"', page.text)
        found[asked] = (numbers[0], numbers[-1], dict(further))
    start, middle, end = (
        (1, 20, {"next": "21"}),
        (21, 40, {"prev": "1", "next": "41"}),
        (41, 45, {"prev": "21"}),
    )
    assert list(found.values()) == [start, start, middle, end, end, start, start]


def test_what_has_no_such_page_has_none(worker: Visitor, task: str) -> None:
    letter, photo = attached(worker, task), attached(worker, task, noise((300, 200)), "foto.jpg")
    assert pictures(worker.get(photo)) == []
    for address in (f"{letter}/pages/0", f"{letter}/pages/4", f"{letter}/pages/x", f"{photo}/pages/1"):
        assert worker.get(address).status_code == 404


def test_a_file_that_cannot_be_drawn_says_so_and_is_saved(
    worker: Visitor, task: str, service: Service
) -> None:
    file = attached(worker, task, bomb())
    page = worker.get(file)
    assert "Halaman ini tidak dapat ditampilkan" in page.text
    assert f'href="{file}/file"' in page.text
    refused = worker.get(f"{file}/pages/1")
    assert (refused.status_code, "Simpan berkasnya untuk membacanya" in refused.text) == (404, True)
    assert worker.get(f"{file}/file").data == bomb()


def test_a_list_shows_the_first_page(worker: Visitor, task: str) -> None:
    attached(worker, task)
    assert re.search(r'attachment-paper" src="data:image/jpeg;base64,', worker.get(task).text)


@pytest.mark.parametrize("user", ["peksos@natuna", "analis@natuna", "admin@titian", "petugas@bintan"])
def test_for_others_there_is_no_page(visitors: Visitors, worker: Visitor, task: str, user: str) -> None:
    assert visitors(user).get(f"{attached(worker, task)}/pages/1").status_code == 404


def test_who_reads_leaves_threads_to_those_who_work(worker: Visitor, task: str, service: Service) -> None:
    file = attached(worker, task)
    service.app.config["SETTINGS"] = replace(service.app.config["SETTINGS"], threads=2)
    with service.app.app_context(), sheets._place():
        busy = worker.get(f"{file}/pages/1")
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
        assert "Coba sebentar lagi" in busy.text
        assert worker.get(task).status_code == 200
    assert worker.get(f"{file}/pages/1").status_code == 200
