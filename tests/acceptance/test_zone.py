"""'Today' in a diagram, a form or a table is the agency's, not the server's."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from engine import clock, evaluate_decision_definition, get_actor, get_definition, start_instance
from tests.support.service import Service

EARLY = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
"""Half past one in the morning of 2 March in Jakarta; still 1 March in UTC."""


@pytest.fixture(autouse=True)
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: EARLY)


def test_a_form_accepts_the_day_that_has_begun_in_jakarta(service: Service) -> None:
    petugas = get_actor(service.database, "petugas@natuna")
    assert petugas is not None
    answers = {"kanal": "langsung", "jenis_pelapor": "anak", "uraian": "x", "tanggal_kejadian": "2026-03-02"}
    started = start_instance(service.database, petugas, "natuna", "natuna_pendampingan_abh_ampk", answers)
    assert started.business_key == "NATUNA-2026-0001"


def test_a_table_asks_the_agencys_calendar(service: Service) -> None:
    answer = deploy_table(service)
    analyst = get_actor(service.database, "analis@natuna")
    assert analyst is not None
    found = get_definition(service.database, analyst, "decision", key="hari_ini", agency_id="natuna")
    assert answer == 200
    assert evaluate_decision_definition(service.database, analyst, found.id, {}) == [{"hari": "2026-03-02"}]


def deploy_table(service: Service) -> int:
    data = {"deployment-name": "uji", "tenant-id": "natuna", "t.dmn": (BytesIO(TABLE), "t.dmn")}
    answer = service.caller("analis@natuna").post("/deployment/create", json=None, data=data)
    return answer.status_code


TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="hari_ini" name="Hari ini">
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i"><inputExpression id="ie"><text>1</text></inputExpression></input>
      <output id="o" name="hari" />
      <rule id="r"><inputEntry id="c"><text>-</text></inputEntry>
        <outputEntry id="e"><text>string(today())</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
