"""`titian keys` and `titian erase`, as an administrator types them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

import engine
from engine import KeyPlace, clock
from engine.store import writing
from engine.store.tables import Totp
from engine.types import SYSTEM, Actor, InstanceView
from tests.support.guests import SECRET
from tests.support.keys import sealed_by
from webapp.cli import main

ROOT = Path(__file__).parents[3]
Titian = Callable[..., Result]
PASSWORD = "kata-sandi-panjang"
NAME = "Kenanga Ayuningtyas"


@pytest.fixture
def titian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Titian:
    """Runs the command in a folder with Natuna's files; it fails where `fails` says so, and only there."""
    for part in ("processes", "forms"):
        shutil.copytree(ROOT / part / "natuna", tmp_path / part / "natuna")
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "DATABASE_URL", "DEMO", "SECRET_KEY", "KEYS_URL", "MASTER_KEY_FILE", "MASTER_KEY"):
        monkeypatch.delenv(f"TITIAN_{name}", raising=False)

    def run(*arguments: str, typed: str | None = None, fails: bool = False) -> Result:
        result = CliRunner().invoke(main, arguments, input=typed)
        assert (result.exit_code != 0) is fails, result.output
        assert "Traceback" not in result.output
        return result

    return run


def cancelled_case(folder: Path) -> InstanceView:
    """A case with a name in it that has ended, and two managers."""
    place = KeyPlace.in_folder(folder / "var" / "keys")
    database = engine.open_database(f"sqlite:///{folder}/var/titian.db", keys=place)
    actor = Actor.of("p", "natuna", ["petugas"])
    answers = {"kanal": "telepon", "uraian": f"{NAME} dilaporkan", "jenis_pelapor": "masyarakat"}
    case = engine.start_instance(database, actor, "natuna", "natuna_pendampingan_abh_ampk", answers)
    engine.cancel_instance(database, Actor.of("m", "natuna", ["manajer"]), case.id, "salah agensi")
    database.dispose()
    return case


def facts(folder: Path, case: InstanceView) -> dict[str, object]:
    place = KeyPlace.in_folder(folder / "var" / "keys")
    database = engine.open_database(f"sqlite:///{folder}/var/titian.db", keys=place)
    found = engine.facts(database, SYSTEM, case.id)
    database.dispose()
    return {fact.key: fact.display for fact in found}


def test_the_drill_a_lost_master_key_comes_back_from_two_halves(titian: Titian, tmp_path: Path) -> None:
    titian("init")
    case, key_file = cancelled_case(tmp_path), tmp_path / "var/keys/master.key"
    assert titian("keys", "escrow", "satu", "dua").output.startswith("satu and dua")
    assert (tmp_path / "satu").stat().st_mode & 0o777 == 0o600
    titian("keys", "escrow", "satu", "tiga", fails=True)
    assert "opens all 64 keys" in titian("keys", "drill", "dua", "satu").output
    kept = key_file.read_text()
    key_file.unlink()
    assert "needs the master key" in titian("keys", "show", fails=True).output
    with pytest.raises(engine.errors.KeysUnavailable):
        facts(tmp_path, case)
    assert "opens all 64 keys" in titian("keys", "restore", "satu", "dua").output
    assert key_file.read_text() == kept
    assert facts(tmp_path, case)["uraian"] == f"{NAME} dilaporkan"


def test_keys_of_apps_that_the_servers_secret_has_sealed_are_sealed_anew_by_init(
    titian: Titian, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TITIAN_SECRET_KEY", SECRET)
    titian("init")
    titian("user", "add", "sari@natuna", "natuna:petugas", "--name", "Sari", "--password", PASSWORD)
    database = engine.open_database(f"sqlite:///{tmp_path}/var/titian.db")
    row = {"user_id": "sari@natuna", "sealed_key": sealed_by(SECRET, "sari@natuna", b"kunci")}
    with writing(database) as tx:
        tx.execute(insert(Totp).values(row | {"created_at": clock.now(), "last_step": 0}))
    database.dispose()
    assert "1 keys of authenticator apps are sealed anew" in titian("init").output
    assert "sealed anew" not in titian("init").output


def test_halves_of_before_a_rotation_open_nothing_any_more(titian: Titian, tmp_path: Path) -> None:
    titian("init")
    cancelled_case(tmp_path)
    titian("keys", "escrow", "satu", "dua")
    assert "64 keys are wrapped by the master key" in titian("keys", "rotate").output
    assert "is wrapped by the master key" in titian("keys", "drill", "satu", "dua", fails=True).output
    titian("keys", "restore", "satu", "dua", fails=True)
    shown = titian("keys", "show").output
    assert "64 keys, 0 destroyed" in shown
    assert shown.count("wraps") == 1


def test_a_half_that_was_mistyped_is_refused(titian: Titian, tmp_path: Path) -> None:
    titian("init")
    titian("keys", "escrow", "satu", "dua")
    half = (tmp_path / "satu").read_text().rstrip()
    wrong = "A" if half[-2] != "A" else "B"  # not the last letter: two of its bits say nothing
    (tmp_path / "satu").write_text(half[:-2] + wrong + half[-1])
    assert "half 1 is damaged" in titian("keys", "drill", "satu", "dua", fails=True).output


def test_a_key_store_of_another_database_is_refused(titian: Titian, tmp_path: Path) -> None:
    titian("init")
    shutil.rmtree(tmp_path / "var/keys")
    assert "belongs to the key store" in titian("init", fails=True).output
    assert "belongs to the key store" in titian("worker", fails=True).output


def test_two_managers_erase_and_get_the_certificate(titian: Titian, tmp_path: Path) -> None:
    titian("init")
    case = cancelled_case(tmp_path)
    for user in ("m1", "m2"):
        titian("user", "add", user, "natuna:manajer", "--name", user, "--password", PASSWORD)
    number = case.business_key
    titian("erase", number, "--certificate", fails=True)
    titian("erase", number, "--agree", "--as", "m2", typed=PASSWORD, fails=True)
    asked = titian("erase", number, "--reason", "permintaan 7", "--as", "m1", typed=PASSWORD)
    assert "asked for" in asked.output
    for user, password, why in (
        ("m1", PASSWORD, "another person"),
        ("m2", "salah", "do not belong together"),
        ("tidak-ada", PASSWORD, "do not belong together"),
    ):
        refused = titian("erase", number, "--agree", "--as", user, typed=password, fails=True)
        assert why in refused.output
    assert facts(tmp_path, case)["uraian"] == f"{NAME} dilaporkan"
    done = titian("erase", number, "--agree", "--as", "m2", typed=PASSWORD).output
    said = json.loads(done[done.index("{") :])
    assert (said["case"], said["requested_by"], said["agreed_by"]) == (number, "m1", "m2")
    assert json.loads(titian("erase", number, "--certificate").output) == said
    assert facts(tmp_path, case)["uraian"] is None


def test_erase_says_what_it_needs(titian: Titian) -> None:
    titian("init")
    for arguments in (
        [],
        ["X"],
        ["X", "--reason", "a", "--agree"],
        ["X", "--expired"],
        ["X", "--reason", "a"],
    ):
        assert titian("erase", *arguments, fails=True).exit_code in (1, 2)
    assert titian("erase", "--expired").output == "0 cases erased\n"
