"""What people and programs see while the database is away: a clear 503, in the reader's language."""

from pathlib import Path

import pytest
from sqlalchemy import text

from engine.store import connect, writing
from tests.integration.web.conftest import NATUNA, REPORT, Visitors
from tests.support.service import Service, typed
from webapp.db import db


@pytest.fixture
def file(service: Service) -> Path:
    """The database's file; there is none of PostgreSQL, whose faults are those of `test_faults.py`."""
    return Path(str(service.database.url.database))


def forget_connections(service: Service) -> None:
    """The application connects anew, as the settings are now."""
    with service.app.app_context():
        db.engine.dispose()


def away(service: Service, file: Path) -> list[Path]:
    """Take the files away; where they are now."""
    forget_connections(service)
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


def test_who_waits_too_long_for_a_lock_is_told_to_try_again_and_pages_go_on(
    service: Service, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = visitors.open_case()
    task_id = task.rsplit("/", 1)[1]
    caller, worker = service.caller("petugas@natuna"), visitors("petugas@natuna")
    monkeypatch.setattr(connect, "BUSY_SECONDS", 0.2)
    forget_connections(service)
    path, body = f"/task/{task_id}/complete", {"variables": typed({"memenuhi_persyaratan": True})}
    headers = {"Idempotency-Key": "sekali"}
    with writing(service.database) as tx:
        tx.execute(text("UPDATE process_instance SET reason = reason"))
        answer = caller.post(path, body, headers=headers)
        assert (answer.status_code, answer.json["type"]) == (503, "DatabaseUnavailable")
        assert answer.headers["Retry-After"] == "5"
        assert worker.get("/").status_code == caller.get("/task").status_code == 200
        if service.database.dialect.name == "sqlite":  # what cannot be recorded is not shown
            assert worker.get(task).status_code == caller.get(f"/task/{task_id}").status_code == 503
        assert service.app.test_client().get("/healthz").status_code == 200
    assert [caller.post(path, body, headers=headers).status_code for _ in range(2)] == [204, 204]
    assert caller.get(f"/task/{task_id}").status_code == 404
