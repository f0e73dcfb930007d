"""What an erasure does where the key store is another one, or does not know a key, or one of many fails."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row

import engine
from engine import KeyPlace
from engine.commands import erasing
from engine.commands.erasing import finish_erasures
from engine.errors import KeyLost, KeysUnavailable
from engine.secrecy import Keys, keys_of, with_keys
from engine.types import HistoryKind
from tests.support.erasing import NAME, REASON, ended, erase, older_key_store, put_retention
from tests.support.office import Office


def test_nothing_is_certified_where_the_key_store_is_another_one(apart: Office, tmp_path: Path) -> None:
    case = ended(apart)
    asked = engine.request_erasure(apart.database, apart.user("manajer"), case.id, REASON)
    with_keys(apart.database, Keys(KeyPlace.in_folder(tmp_path / "other")))
    put_retention(apart)
    for erases in (
        lambda: engine.agree_to_erasure(apart.database, apart.user("manajer2"), asked.id),
        lambda: engine.erase_expired(apart.database, engine.clock.now() + timedelta(days=90)),
    ):
        with pytest.raises(KeysUnavailable, match="belongs to the key store"):
            erases()
    [waiting] = engine.erasures_of(apart.database, apart.user("manajer"), case.id)
    assert (waiting.agreed_at, waiting.certificate) == (None, None)
    with_keys(apart.database, Keys(KeyPlace.in_folder(tmp_path / "keys")))
    assert apart.variables(case)["nama"] == NAME
    done = engine.agree_to_erasure(apart.database, apart.user("manajer2"), asked.id)
    assert done.certificate is not None
    assert done.certificate["keys_not_found"] == []


def test_a_lost_key_hides_one_case_and_stops_no_other(apart: Office, tmp_path: Path) -> None:
    """A copy of the key store from before the case: its open part stays, and it can be ended and erased."""
    other = ended(apart, "pindah")
    with older_key_store(apart, tmp_path):
        case = apart.start()
        apart.do(case, "a", nama=NAME, kota="Natuna")
    manager = apart.user("manajer")
    assert {view.id for view in engine.list_instances(apart.database, manager)} == {case.id, other.id}
    assert apart.variables(case) == {"nama": None, "kota": "Natuna"}
    with pytest.raises(KeyLost):
        apart.do(case, "b", nama="Melur", kota="Ranai")
    engine.cancel_instance(apart.database, manager, case.id, "kunci hilang")
    assert apart.history(case)[-1].kind == HistoryKind.INSTANCE_CANCELLED
    assert apart.variables(other) == {"nama": NAME, "kota": "Natuna"}
    certificate = erase(apart, case).certificate or {}
    assert (certificate["key_destroyed_at"], certificate["keys_not_found"]) == (None, [certificate["key"]])
    assert engine.erase_expired(apart.database) == 0


def test_a_lost_key_holds_up_no_retention_of_others(apart: Office, tmp_path: Path) -> None:
    """Those of its own batch and those that end later are erased and certified, and so is the lost one."""
    cases = [ended(apart)]
    with older_key_store(apart, tmp_path):
        lost = ended(apart)
    cases += [ended(apart) for _ in range(2)]
    put_retention(apart)
    late = engine.clock.now() + timedelta(days=90)
    assert engine.erase_expired(apart.database, late) == 4
    later = ended(apart)
    assert engine.erase_expired(apart.database, late + timedelta(days=90)) == 1
    for case in (*cases, later, lost):
        [done] = engine.erasures_of(apart.database, apart.user("manajer"), case.id)
        assert done.certificate is not None
        assert bool(done.certificate["keys_not_found"]) is (case is lost)
        assert keys_of(apart.database).readable(done.certificate["key"]) is None


def test_an_erasure_that_fails_holds_up_no_other(apart: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, case = ended(apart), ended(apart)
    put_retention(apart)
    certify = erasing._certificate

    def stumble(erasure: Row[Any], row: Row[Any], *rest: Any) -> bytes:
        if row.id == broken.id:
            raise ArithmeticError
        return certify(erasure, row, *rest)

    with monkeypatch.context() as stumbling:
        stumbling.setattr(erasing, "_certificate", stumble)
        late = engine.clock.now() + timedelta(days=90)
        assert engine.erase_expired(apart.database, late) == 1
        assert engine.erase_expired(apart.database, late) == 0
    manager = apart.user("manajer")
    assert [
        bool(engine.erasures_of(apart.database, manager, each.id)[0].certificate) for each in (broken, case)
    ] == [
        False,
        True,
    ]
    assert finish_erasures(apart.database) == 1
