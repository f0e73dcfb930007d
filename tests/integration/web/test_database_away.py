"""What people and programs see while the database is away: a clear 503, in the reader's language."""

from pathlib import Path

import pytest

from tests.integration.web.conftest import NATUNA, REPORT, Visitors
from tests.support.service import Service
from webapp.db import db


@pytest.fixture
def file(service: Service) -> Path:
    """The database's file; there is none of PostgreSQL, whose faults are those of `test_faults.py`."""
    return Path(str(service.database.url.database))


def away(service: Service, file: Path) -> list[Path]:
    """Take the files away; where they are now."""
    with service.app.app_context():
        db.engine.dispose()
    parts = [part for suffix in ("", "-wal", "-shm") if (part := Path(f"{file}{suffix}")).exists()]
    return [part.rename(part.with_name(f"away-{part.name}")) for part in parts]


def back(parts: list[Path]) -> None:
    for part in parts:
        part.rename(part.with_name(part.name.removeprefix("away-")))


@pytest.mark.parametrize("loaded_url", ["sqlite"], indirect=True)
def test_people_get_a_page_and_programs_get_json_until_the_database_is_back(
    service: Service, visitors: Visitors, file: Path
) -> None:
    worker = visitors("petugas@natuna")
    caller = service.caller("petugas@natuna")
    assert caller.get("/task").status_code == 200
    parts = away(service, file)
    page = worker.get("/")
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "Basis data sedang tidak tersedia. Tidak ada yang disimpan." in page.text
    assert "Traceback" not in page.text
    sent = worker.submit(NATUNA, REPORT)
    assert sent.status_code == 503
    assert sent.json["message"] == "Basis data sedang tidak tersedia. Tidak ada yang disimpan."
    answer = caller.get("/task")
    assert answer.status_code == 503
    assert answer.json["type"] == "DatabaseUnavailable"
    assert answer.headers["Retry-After"] == "5"
    assert service.app.test_client().get("/healthz").status_code == 503
    back(parts)
    assert service.app.test_client().get("/healthz").status_code == 200
    assert worker.submit(NATUNA, REPORT).status_code == 200
    assert worker.get("/").status_code == 200
