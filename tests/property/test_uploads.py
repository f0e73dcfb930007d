"""Spoilt files of the five agencies, uploaded: refused in a sentence or deployed, at little cost, and never a
500 (issue 5).

TITIAN_UPLOADS sets how many are tried (1000; `make fuzz N=...`).
"""

import os
import shutil
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.property.uploads import spoilt
from tests.support.effort import effort
from tests.support.seeds import SEED
from tests.support.service import Caller, Service

UPLOADS = int(os.environ.get("TITIAN_UPLOADS", "1000"))
MOST = 1_000
"""Yardsticks of `tests.support.effort` for one upload: about two seconds."""


@pytest.fixture
def loaded_url(loaded_sqlite: Path, tmp_path: Path) -> str:
    """SQLite alone: what a file costs is no matter of the database."""
    file = tmp_path / "titian.db"
    shutil.copyfile(loaded_sqlite, file)
    return f"sqlite:///{file}"


def send(analyst: Caller, data: dict[str, Any]) -> TestResponse:
    return analyst.post("/deployment/create", json=None, data=data, content_type="multipart/form-data")


def read_back(analyst: Caller, deployed: dict[str, Any]) -> list[int]:
    """Statuses of everything that can be read of what was deployed."""
    statuses = []
    for kind, name in (("process", "Process"), ("decision", "Decision")):
        for id in deployed[f"deployed{name}Definitions"] or ():
            statuses.append(analyst.get(f"/{kind}-definition/{id}/xml").status_code)
            if kind == "process":
                statuses.append(analyst.get(f"/process-definition/{id}/startForm").status_code)
    return statuses


def test_a_spoilt_file_is_refused_in_a_sentence_or_taken_and_costs_little(
    service: Service, record_property: Any
) -> None:
    statuses: Counter[int] = Counter()
    slowest = 0.0
    for number in range(UPLOADS):
        path, content = spoilt(number, SEED)
        analyst = service.caller(f"analis@{path.parent.name}")
        data = {"deployment-name": "uji", path.name: (BytesIO(content), path.name)}
        answers: list[TestResponse] = []
        spent = effort(lambda: answers.append(send(analyst, data)))  # noqa: B023 - called at once
        [answer] = answers
        what = f"upload {number} of seed {SEED}, {path.name}: {answer.status_code}, {spent:.0f} yardsticks"
        assert answer.status_code in (200, 400), what
        assert spent < MOST, what
        if answer.status_code == 400:
            assert answer.json["message"], what
        else:
            assert set(read_back(analyst, answer.json)) <= {200}, what
        statuses[answer.status_code] += 1
        slowest = max(slowest, spent)
    record_property("statuses", dict(statuses))
    record_property("slowest", round(slowest))
    assert set(statuses) == {200, 400}, "both must happen, or nothing is tried"
