"""What is confidential, in the cockpit: opened for a purpose, and erased by two managers."""

import re

import pytest
from sqlalchemy import delete, select

import engine
from engine.secrecy import keys_of
from engine.secrecy.store import KEY
from engine.store import reading
from engine.store.tables import ProcessInstance
from engine.types import SYSTEM
from tests.integration.web.conftest import REPORT, Visitor, Visitors

SECRET = REPORT["uraian"]


@pytest.fixture
def case(visitors: Visitors) -> str:
    """The id of a new case of Natuna, with something confidential in it."""
    visitors.open_case()
    [found] = engine.list_instances(visitors.service.database, SYSTEM)
    return found.id


@pytest.fixture
def second() -> str:
    """Another manager of Natuna."""
    return "manajer2@natuna"


def end(visitor: Visitor, case: str) -> None:
    visitor.get(f"/cockpit/instances/{case}")
    assert visitor.send(f"/cockpit/instances/{case}/cancel", reason="Salah agensi").status_code == 303


def test_the_identity_is_opened_for_a_purpose_and_the_case_tells_who_looked(
    visitors: Visitors, case: str
) -> None:
    manager, place = visitors("manajer@natuna"), f"/cockpit/instances/{case}/identity"
    assert "Buka identitas" in manager.get(f"/cockpit/instances/{case}").text
    asked = manager.get(place)
    assert SECRET not in asked.text
    assert asked.headers["Cache-Control"] == "no-store"
    opened = manager.send(place, reason="Menjawab surat pengadilan nomor 12")
    assert opened.status_code == 200
    assert SECRET in opened.text
    assert opened.headers["Cache-Control"] == "no-store"
    assert SECRET not in manager.get(f"/cockpit/instances/{case}").text
    worker = visitors("petugas@natuna").get(f"/cases/{case}").text
    assert "membuka identitas" in worker
    assert "surat pengadilan" not in worker


@pytest.mark.parametrize("purpose", ["", "  ", "cek", "x" * 2001])
def test_without_a_purpose_nothing_is_opened(visitors: Visitors, case: str, purpose: str) -> None:
    manager = visitors("manajer@natuna")
    place = f"/cockpit/instances/{case}/identity"
    manager.get(place)
    refused = manager.send(place, reason=purpose)
    assert refused.status_code == 400
    assert SECRET not in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert "membuka identitas" not in visitors("petugas@natuna").get(f"/cases/{case}").text


@pytest.mark.parametrize("user", ["manajer@lumajang", "petugas@natuna", "analis@natuna", "admin@titian"])
def test_nobody_else_opens_it(visitors: Visitors, case: str, user: str) -> None:
    visitor = visitors(user)
    visitor.get("/")
    for part in ("identity", "erasure"):
        for answer in (
            visitor.get(f"/cockpit/instances/{case}/{part}"),
            visitor.send(f"/cockpit/instances/{case}/{part}", reason="Menjawab surat pengadilan"),
        ):
            assert answer.status_code in (403, 404)
            assert SECRET not in answer.text


def test_two_managers_erase_a_case_and_read_the_certificate(
    visitors: Visitors, case: str, second: str
) -> None:
    first, place = visitors("manajer@natuna"), f"/cockpit/instances/{case}/erasure"
    assert "masih berjalan" in first.get(place).text
    end(first, case)
    assert "Hapus isian rahasia" in first.get(f"/cockpit/instances/{case}").text
    first.get(place)
    assert first.send(place, reason="").status_code == 400
    assert first.send(place, reason="Permintaan subjek data 7").status_code == 303
    waiting = first.get(place).text
    assert "Manajer lain harus menyetujui" in waiting
    assert "hapus selamanya" not in waiting
    assert first.send(f"{place}/agree").status_code == 409
    other = visitors(second)
    assert f"/cockpit/instances/{case}/erasure" in other.get("/cockpit").text
    assert "hapus selamanya" in other.get(place).text
    assert other.send(f"{place}/agree").status_code == 303
    certificate = other.get(place).text
    assert "Berita acara penghapusan" in certificate
    assert "Manajer kedua" in certificate
    assert len(re.findall(r"\b[0-9a-f]{64}\b", certificate)) == 2
    assert "Uraian laporan" in certificate  # not the variable's name
    assert "sudah dihapus" in first.get(f"/cockpit/instances/{case}").text
    assert "sudah dihapus" in first.get(f"/cockpit/instances/{case}/identity").text
    worker = visitors("petugas@natuna").get(f"/cases/{case}").text
    assert SECRET not in worker
    assert "sudah dihapus" in worker
    assert first.send(place, reason="Lagi sekali").status_code == 409


def test_a_certificate_says_that_the_key_had_been_lost(visitors: Visitors, case: str, second: str) -> None:
    first, other, place = visitors("manajer@natuna"), visitors(second), f"/cockpit/instances/{case}/erasure"
    end(first, case)
    first.get(place)
    first.send(place, reason="Permintaan subjek data 7")
    with reading(visitors.service.database) as tx:
        key_id = tx.scalars(select(ProcessInstance.key_id).where(ProcessInstance.id == case)).one()
    with keys_of(visitors.service.database)._store(writing=True) as store:
        store.execute(delete(KEY).where(KEY.c.id == key_id))
    other.get(place)
    assert other.send(f"{place}/agree").status_code == 303
    assert "Kunci itu sudah hilang sebelumnya" in other.get(place).text


def test_a_request_can_be_refused(visitors: Visitors, case: str, second: str) -> None:
    first, other, place = visitors("manajer@natuna"), visitors(second), f"/cockpit/instances/{case}/erasure"
    end(first, case)
    first.get(place)
    first.send(place, reason="Permintaan subjek data 7")
    assert "Jangan hapus" in other.get(place).text
    assert other.send(f"{place}/withdraw").status_code == 303
    assert other.send(f"{place}/withdraw").status_code == 409
    assert "Minta penghapusan" in other.get(place).text
    assert SECRET in visitors("petugas@natuna").get(f"/cases/{case}").text


def test_lists_and_pages_name_a_case_by_its_pseudonym(visitors: Visitors, case: str) -> None:
    name = engine.types.pseudonym_of(case)
    assert re.fullmatch(r"[A-Z][a-z]+ \d\d", name)
    assert name == engine.types.pseudonym_of(case)
    assert len({engine.types.pseudonym_of(str(n)) for n in range(1000)}) > 800
    manager, worker = visitors("manajer@natuna"), visitors("petugas@natuna")
    for page in (
        manager.get("/cockpit"),
        manager.get(f"/cockpit/instances/{case}"),
        worker.get("/?tab=all"),
        worker.get(f"/cases/{case}"),
    ):
        assert name in page.text
