"""Erasing a case: two people, a certificate, and bytes that nobody can open any more, in old backups too."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from sqlalchemy import insert, select, text

import engine
from engine import KeyPlace
from engine.commands import erasing
from engine.commands.erasing import finish_erasures
from engine.commands.job_rows import job_row
from engine.commands.retention import months_before
from engine.errors import (
    ActionForbidden,
    ErasureNotFound,
    ErasureRefused,
    InstanceErased,
    InstanceNotFound,
)
from engine.queries.erasures import get_erasure
from engine.secrecy import Keys, keys_of
from engine.store import reading, writing
from engine.store.tables import Job, ProcessInstance
from engine.types import SYSTEM, AccessFilter, HistoryKind
from tests.integration.engine.models import drawn, task
from tests.support.erasing import NAME, REASON, SECRET, ended, erase
from tests.support.office import HOME, PROFILE, Office
from tests.unit.interpreter.diagrams import process


def test_two_people_erase_and_what_was_open_stays(apart: Office) -> None:
    case = ended(apart)
    before = engine.get_instance(apart.database, SYSTEM, case.id)
    activities = engine.count_activities(apart.database, SYSTEM, engine.ActivityFilter(instance_id=case.id))
    done = erase(apart, case)
    after = engine.get_instance(apart.database, SYSTEM, case.id)
    assert (after.started_at, after.ended_at, after.outcome) == (
        before.started_at,
        before.ended_at,
        before.outcome,
    )
    assert after.erased_at == done.agreed_at
    assert apart.variables(case) == {"nama": None, "kota": "Natuna"}
    assert apart.sealed(case) == {"nama"}
    assert activities == engine.count_activities(
        apart.database, SYSTEM, engine.ActivityFilter(instance_id=case.id)
    )
    worker = apart.user("petugas")
    facts = engine.facts(apart.database, worker, case.id)
    assert {(f.element_id, f.key, f.display) for f in facts} >= {("a", "nama", None), ("a", "kota", "Natuna")}
    kinds = [event.kind for event in apart.history(case)]
    assert kinds[-2:] == [HistoryKind.ERASURE_REQUESTED, HistoryKind.INSTANCE_ERASED]


def test_the_certificate_says_what_when_who_and_proves_itself(apart: Office) -> None:
    case = ended(apart)
    with reading(apart.database) as tx:
        [secrets] = tx.scalars(select(ProcessInstance.secrets).where(ProcessInstance.id == case.id))
    done = erase(apart, case)
    said = dict(done.certificate or {})
    assert said.pop("hash") == sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
    assert (said["case"], said["instance"], said["sealed_fields"]) == (case.business_key, case.id, ["nama"])
    assert (said["requested_by"], said["agreed_by"]) == (f"manajer@{HOME}", f"manajer2@{HOME}")
    assert said["reason"] == REASON
    assert said["requested_at"] <= said["agreed_at"] <= said["key_destroyed_at"]
    assert secrets is not None
    assert len(said["sealed_data_sha256"]) == 64
    assert get_erasure(apart.database, apart.user("manajer"), done.id) == done
    assert NAME not in str(done)


def test_bytes_before_and_after(apart: Office, tmp_path: Path) -> None:
    """The name stands nowhere in the open, ever; a backup of before has what was sealed, and nobody opens
    it.
    """
    case, backup = ended(apart, reason=f"{NAME} pindah ke Batam"), tmp_path / "backup.db"
    engine.back_up(apart.database, backup)
    with reading(apart.database) as tx:
        key_id, secrets = tx.execute(
            select(ProcessInstance.key_id, ProcessInstance.secrets).where(ProcessInstance.id == case.id)
        ).one()
    key = keys_of(apart.database).find(key_id)
    assert key is not None
    assert NAME.encode() in key.open("variables", secrets)
    wrapped = _wrapped(tmp_path, key_id)
    assert secrets in backup.read_bytes()
    assert wrapped in _files(tmp_path / "keys")
    assert wrapped not in backup.read_bytes()
    assert NAME.encode() not in _files(tmp_path)
    erase(apart, case)
    assert wrapped not in _files(tmp_path)
    old = engine.open_database(f"sqlite:///{backup}", keys=KeyPlace.in_folder(tmp_path / "keys"))
    office = Office(old)
    assert engine.get_instance(old, SYSTEM, case.id).erased_at is None
    assert engine.get_instance(old, SYSTEM, case.id).reason is None
    assert office.variables(case) == {"nama": None, "kota": "Natuna"}
    facts = engine.facts(old, office.user("petugas"), case.id)
    assert [f.display for f in facts if f.key == "nama"] == [None]
    old.dispose()


def test_an_open_case_from_an_old_backup_does_not_go_on_without_its_key(
    apart: Office, tmp_path: Path
) -> None:
    case = apart.start()
    apart.do(case, "a", nama=NAME, kota="Natuna")
    engine.back_up(apart.database, tmp_path / "backup.db")
    apart.do(case, "b", nama=NAME, kota="Natuna")
    erase(apart, case)
    old = engine.open_database(f"sqlite:///{tmp_path}/backup.db", keys=KeyPlace.in_folder(tmp_path / "keys"))
    with pytest.raises(InstanceErased):
        Office(old).do(case, "b", kota="Natuna")
    old.dispose()


def test_an_older_copy_of_the_key_store_is_useless_after_a_rotation(apart: Office, tmp_path: Path) -> None:
    case, folder = ended(apart), tmp_path / "keys"
    copy = (folder / "case-keys.db").read_bytes()
    erase(apart, case)
    keys_of(apart.database).rotate()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "case-keys.db").write_bytes(copy)
    (tmp_path / "old" / "master.key").write_bytes((folder / "master.key").read_bytes())
    with pytest.raises(engine.errors.KeysUnavailable, match="needs the master key"):
        Keys(KeyPlace.in_folder(tmp_path / "old")).view()


def test_nobody_agrees_to_the_own_request(apart: Office) -> None:
    case, manager = ended(apart), apart.user("manajer")
    asked = engine.request_erasure(apart.database, manager, case.id, REASON)
    with pytest.raises(ErasureRefused, match="another person"):
        engine.agree_to_erasure(apart.database, manager, asked.id)
    assert apart.variables(case)["nama"] == NAME
    assert [e.id for e in engine.pending_erasures(apart.database, manager)] == [asked.id]


def test_a_request_is_made_once_and_can_be_taken_back(apart: Office) -> None:
    case, manager, second = ended(apart), apart.user("manajer"), apart.user("manajer2")
    asked = engine.request_erasure(apart.database, manager, case.id, REASON)
    with pytest.raises(ErasureRefused, match="already"):
        engine.request_erasure(apart.database, second, case.id, REASON)
    taken_back = engine.withdraw_erasure(apart.database, second, asked.id)
    assert taken_back.withdrawn_by == second.user_id
    for again in (engine.withdraw_erasure, engine.agree_to_erasure):
        with pytest.raises(ErasureRefused, match="decided"):
            again(apart.database, second, asked.id)
    assert engine.pending_erasures(apart.database, manager) == []
    assert erase(apart, case).certified_at is not None
    with pytest.raises(InstanceErased):
        engine.request_erasure(apart.database, manager, case.id, REASON)


def test_who_may_not(apart: Office) -> None:
    case, ask = ended(apart), engine.request_erasure
    for who, error in (
        ("petugas", ActionForbidden),
        ("analis", InstanceNotFound),
        ("manajer@lain", InstanceNotFound),
    ):
        with pytest.raises(error):
            ask(apart.database, apart.user(who), case.id, REASON)
    with pytest.raises(engine.errors.VariableInvalid, match="reason"):
        ask(apart.database, apart.user("manajer"), case.id, "  ")
    asked = ask(apart.database, apart.user("manajer"), case.id, REASON)
    for who in ("petugas", "manajer@lain", "analis"):
        with pytest.raises(ErasureNotFound):
            engine.agree_to_erasure(apart.database, apart.user(who), asked.id)
        assert engine.pending_erasures(apart.database, apart.user(who)) == []


def test_an_open_case_is_not_erased(apart: Office) -> None:
    case = apart.start()
    with pytest.raises(ErasureRefused, match="still open"):
        engine.request_erasure(apart.database, apart.user("manajer"), case.id, REASON)


@pytest.mark.parametrize("place", ["destroy", "certificate"])
def test_an_erasure_that_was_interrupted_goes_through(
    apart: Office, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Between agreeing and destroying the key, and between that and the certificate."""
    case = ended(apart)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        if place == "destroy":
            broken.setattr(Keys, "destroy", stop)
        else:
            broken.setattr(erasing, "_certificate", stop)
        with pytest.raises(KeyboardInterrupt):
            erase(apart, case)
    [begun] = engine.erasures_of(apart.database, apart.user("manajer"), case.id)
    assert begun.agreed_at is not None
    assert begun.certificate is None
    assert apart.variables(case)["nama"] is None
    assert finish_erasures(apart.database) == 1
    assert finish_erasures(apart.database) == 0
    [done] = engine.erasures_of(apart.database, apart.user("manajer"), case.id)
    assert done.certificate is not None
    with reading(apart.database) as tx:
        key_id = tx.scalars(text("SELECT key_id FROM process_instance")).one()
    assert keys_of(apart.database).find(key_id) is None


def test_a_retention_rule_erases_what_ended_long_ago_and_nothing_else(apart: Office) -> None:
    case, young, open_ = ended(apart), ended(apart), apart.start()
    other = drawn(process(task("a", formRef="isian"), "s > a > e", "lain"))
    apart.deploy(other, isian_form=SECRET)
    elsewhere = apart.start("lain")
    apart.do(elsewhere, "a", nama=NAME, kota="Natuna")
    now = engine.get_instance(apart.database, SYSTEM, case.id).ended_at
    assert now is not None
    later = now + timedelta(days=400)
    assert engine.erase_expired(apart.database, later) == 0  # no rule, nothing happens
    rules = {"retensi": {"p": 12, "semua": 24, "salah": "x", "nol": 0}}
    engine.put_agency(apart.database, SYSTEM, HOME, "Uji", {**PROFILE, **rules})
    with apart.database.begin() as tx:
        move = text("UPDATE process_instance SET ended_at = :at WHERE id = :id")
        tx.execute(
            move.bindparams(at=(later - timedelta(days=1)).replace(tzinfo=None), id=young.id)
            if tx.dialect.name == "sqlite"
            else move.bindparams(at=later - timedelta(days=1), id=young.id)
        )
    assert engine.erase_expired(apart.database, later) == 1
    assert engine.erase_expired(apart.database, later) == 0
    [done] = engine.erasures_of(apart.database, apart.user("manajer"), case.id)
    assert (done.rule, done.requested_by, done.agreed_by) == ("retensi.p = 12", "system", "system")
    assert done.certificate is not None
    assert done.certificate["rule"] == "retensi.p = 12"
    for kept in (young, elsewhere):
        assert apart.variables(kept)["nama"] == NAME
    assert engine.get_instance(apart.database, SYSTEM, open_.id).erased_at is None
    assert engine.erase_expired(apart.database, now + timedelta(days=800)) == 2
    assert apart.variables(elsewhere)["nama"] is None


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-12-15", 12, "2025-12-15"),
        ("2026-01-31", 1, "2025-12-31"),
        ("2026-12-31", 6, "2026-06-30"),
        ("2026-05-05", 60, "2021-05-05"),
    ],
)
def test_months_are_the_calendars(day: str, months: int, earlier: str) -> None:
    assert (
        months_before(datetime.fromisoformat(day).replace(tzinfo=UTC), months).date().isoformat() == earlier
    )


def _wrapped(tmp_path: Path, key_id: str) -> bytes:
    keys = Keys(KeyPlace.in_folder(tmp_path / "keys"))
    with keys._store() as tx:
        return bytes(tx.scalars(text("SELECT wrapped FROM case_key WHERE id = :id"), {"id": key_id}).one())


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_the_shares_of_an_erased_case_are_ended_and_the_log_says_erased(apart: Office) -> None:
    case = ended(apart)
    shared = engine.share_case(
        apart.database,
        apart.user("manajer"),
        case.id,
        to_agency_id="lain",
        to_group="peksos",
        fields=["kota"],
        until=engine.clock.now() + timedelta(days=30),
        consent="Persetujuan wali",
    )
    erase(apart, case)
    assert engine.list_received_shares(apart.database, apart.user("peksos@lain")) == []
    [view] = engine.list_shares(apart.database, apart.user("manajer"), case.id)
    assert (view.revoked_by, view.consent, view.revoke_reason) == (f"manajer2@{HOME}", "", "")
    assert engine.revoke_share(apart.database, apart.user("manajer"), shared.id, "lagi").revoked_at
    with reading(apart.database) as tx:
        actions = set(tx.scalars(text("SELECT action FROM access_entry")))
    assert {"share", "erase"} <= actions


@pytest.mark.parametrize("purpose", ["—" * 4000, "🔒" * 2000], ids=["three bytes", "four bytes"])
def test_a_long_purpose_is_read_by_the_auditor_until_the_case_is_erased(apart: Office, purpose: str) -> None:
    case = ended(apart)
    engine.open_identity(apart.database, apart.user("manajer"), case.id, purpose)
    auditor, wanted = apart.user("auditor"), AccessFilter(instance_id=case.id)
    read = [e.purpose for e in engine.list_accesses(apart.database, auditor, wanted) if e.purpose]
    assert read == [purpose]
    with reading(apart.database) as tx:
        assert purpose[0] not in str(tx.scalars(text("SELECT purpose FROM access_entry")).all())
    erase(apart, case)
    assert not any(e.purpose for e in engine.list_accesses(apart.database, auditor, wanted))


def test_a_key_that_an_older_key_store_has_brought_back_is_destroyed_again(
    apart: Office, tmp_path: Path
) -> None:
    case, folder = ended(apart), tmp_path / "keys"
    copy = (folder / "case-keys.db").read_bytes()
    done = erase(apart, case)
    keys_of(apart.database).close()
    (folder / "case-keys.db").write_bytes(copy)
    key_id = (done.certificate or {})["key"]
    assert keys_of(apart.database).find(key_id) is not None
    engine.erase_expired(apart.database)
    assert keys_of(apart.database).find(key_id) is None


def test_a_message_that_was_given_up_does_not_hold_up_an_erasure(apart: Office) -> None:
    case = ended(apart)
    with writing(apart.database) as tx:
        for retries in (0, 1):
            row = job_row("message", f"j{retries}", HOME, engine.clock.now(), instance_id=case.id)
            tx.execute(insert(Job).values(row | {"retries": retries}))
    manager = apart.user("manajer")
    with pytest.raises(ErasureRefused, match="not arrived"):
        engine.request_erasure(apart.database, manager, case.id, REASON)
    with writing(apart.database) as tx:
        tx.execute(text("DELETE FROM job WHERE retries = 1"))
    assert erase(apart, case).certificate is not None
    with reading(apart.database) as tx:
        assert tx.scalars(select(Job.id)).all() == []
