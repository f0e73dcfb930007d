"""`titian`, as an administrator types it."""

import getpass
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import (
    add_passkey,
    clock,
    credentials,
    factors,
    find_user,
    get_actor,
    list_accesses,
    list_agencies,
    list_definitions,
    list_sign_in_events,
    login_actor,
    make_token,
    open_login,
    token_bearer,
)
from engine.types import SYSTEM, AccessFilter, Actor, RecordAction
from tests.support.keys import open_database
from webapp.auth.passwords import check_password
from webapp.cli import main
from webapp.config import DEMO_PASSWORD

ROOT = Path(__file__).parents[3]
Titian = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout with one agency, Natuna."""
    for part in ("processes", "forms"):
        shutil.copytree(ROOT / part / "natuna", tmp_path / part / "natuna")
    return tmp_path


@pytest.fixture
def titian(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Titian:
    """Runs the command in that folder; fails where the command does, unless `fails` says so."""
    monkeypatch.chdir(folder)
    for name in ("TITIAN_DATA", "TITIAN_DATABASE_URL", "TITIAN_DEMO", "TITIAN_SECRET_KEY", "TITIAN_HOST"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str, typed: str | None = None, fails: bool = False) -> Result:
        result = CliRunner().invoke(main, arguments, input=typed)
        assert (result.exit_code != 0) is fails, result.output
        return result

    return run


def test_help_reads_well(titian: Titian) -> None:
    for arguments in ([], ["serve"], ["worker"], ["init"], ["deploy"], ["user"], ["user", "add"], ["agency"]):
        text = titian(*arguments, "--help").output
        assert "Usage: " in text
        commands = text.partition("Commands:")[2]
        assert "..." not in commands, "a summary is cut off"


def test_init_makes_a_whole_demo_and_a_second_time_nothing(titian: Titian, folder: Path) -> None:
    first = titian("init", "--demo").output
    assert "natuna: 9 new definitions" in first
    assert "users: 10 new" in first
    assert "natuna: up to date\nusers: 0 new" in titian("init", "--demo").output
    database = open_database(f"sqlite:///{folder}/var/titian.db")
    analyst = Actor.of("analis@natuna", "natuna", ["analis"])
    assert [d.version for d in list_definitions(database, analyst)] == [1]
    assert check_password(credentials(database, "admin@titian")[0], DEMO_PASSWORD)


def test_init_without_demo_makes_no_user(titian: Titian) -> None:
    titian("init")
    assert titian("user", "list").output == ""


def test_init_takes_up_what_has_changed(titian: Titian, folder: Path) -> None:
    titian("init")
    profile = folder / "processes/natuna/agency.toml"
    profile.write_text(profile.read_text().replace("Dinsos Natuna", "Dinsos Kabupaten Natuna"))
    form = folder / "forms/natuna/natuna_langkah_1_laporan.form"
    form.write_text(form.read_text().replace("Tempat kejadian", "Di mana kejadiannya?"))
    assert "natuna: 1 new definitions" in titian("init").output
    database = open_database(f"sqlite:///{folder}/var/titian.db")
    (agency,) = list_agencies(database, SYSTEM)
    assert agency.profile["nama_pendek"] == "Dinsos Kabupaten Natuna"


def test_a_refused_deployment_names_its_element_and_changes_nothing(titian: Titian, folder: Path) -> None:
    titian("init")
    diagram = folder / "processes/natuna/natuna_pendampingan_abh_ampk.bpmn"
    diagram.write_text(diagram.read_text().replace('formRef="natuna_langkah_7', 'formRef="tidak_ada'))
    output = titian("deploy", "processes/natuna", fails=True).output
    assert "refused" in output
    assert "langkah_7_pendampingan" in output
    assert "Traceback" not in output
    diagram.unlink()
    shutil.copy(ROOT / "processes/natuna" / diagram.name, diagram)
    assert titian("deploy", "processes/natuna").output == "nothing has changed\n"


def test_a_profile_whose_diagrams_are_refused_is_not_taken_up_either(titian: Titian, folder: Path) -> None:
    titian("init")
    profile = folder / "processes/natuna/agency.toml"
    profile.write_text(profile.read_text().replace("Dinsos Natuna", "Dinsos Kabupaten Natuna"))
    diagram = folder / "processes/natuna/natuna_pendampingan_abh_ampk.bpmn"
    good = diagram.read_text()
    diagram.write_text(good.replace('formRef="natuna_langkah_7', 'formRef="tidak_ada'))
    assert "refused" in titian("init", fails=True).output
    database = open_database(f"sqlite:///{folder}/var/titian.db")
    (agency,) = list_agencies(database, SYSTEM)
    assert agency.profile["nama_pendek"] == "Dinsos Natuna"
    diagram.write_text(good)
    titian("init")
    (agency,) = list_agencies(database, SYSTEM)
    assert agency.profile["nama_pendek"] == "Dinsos Kabupaten Natuna"


def test_deploy_says_what_it_made(titian: Titian, folder: Path) -> None:
    titian("init")
    form = folder / "forms/natuna/natuna_langkah_1_laporan.form"
    form.write_text(form.read_text().replace("Tempat kejadian", "Di mana kejadiannya?"))
    assert titian("deploy", "processes/natuna").output == "form natuna_langkah_1_laporan, version 2\n"


def test_deploying_an_empty_folder_says_so(titian: Titian, folder: Path) -> None:
    assert "holds no .bpmn" in titian("deploy", str(folder), fails=True).output


def test_a_user_is_added_changed_and_locked_out(titian: Titian, folder: Path) -> None:
    titian("init")
    password = "kata-sandi-panjang\nkata-sandi-panjang\n"
    titian("user", "add", "siti", "natuna:peksos", "--name", "Siti Aminah", typed=password)
    assert "natuna:peksos" in titian("user", "groups", "siti").output
    titian("user", "groups", "siti", "natuna:petugas", "natuna:manajer")
    titian("user", "disable", "siti")
    line = titian("user", "list", "--agency", "natuna").output
    assert line.split() == ["siti", "Siti", "Aminah", "natuna:manajer", "natuna:petugas", "locked", "out"]
    titian("user", "disable", "siti", "--undo")
    titian("user", "password", "siti", typed="yang-baru-sekali\nyang-baru-sekali\n")
    database = open_database(f"sqlite:///{folder}/var/titian.db")
    assert find_user(database, "siti").active
    assert check_password(credentials(database, "siti")[0], "yang-baru-sekali")


def test_the_second_factor_of_who_has_lost_it_is_removed_on_the_server(titian: Titian, folder: Path) -> None:
    titian("init")
    password = "kata-sandi-panjang\nkata-sandi-panjang\n"
    titian("user", "add", "siti", "natuna:manajer", "--name", "Siti Aminah", typed=password)
    database = open_database(f"sqlite:///{folder}/var/titian.db")
    siti = get_actor(database, "siti")
    assert siti
    add_passkey(database, siti, "ponsel", b"1", b"2", 0)
    login = open_login(database, "siti", 8)
    assert factors(database, "siti")
    titian("user", "reset", "siti")
    assert not factors(database, "siti")
    assert login_actor(database, login) is None
    assert [event.event for event in list_sign_in_events(database, siti)] == ["factors_reset"]
    assert "There is no user" in titian("user", "reset", "tidak-ada", fails=True).output


def test_a_common_password_is_refused_here_too(titian: Titian) -> None:
    titian("init")
    answer = titian("user", "add", "siti", "--name", "Siti", "--password", "qwertyuiop", fails=True)
    assert "tried first" in answer.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["user", "add", "x", "--name", "X", "--password", "pendek"], "10 to 1024 characters"),
        (["user", "add", "x", "natuna", "--name", "X", "--password", "panjang-sekali"], "agency:group"),
        (["user", "add", "x", "desa:a", "--name", "X", "--password", "panjang-sekali"], "no agency desa"),
        (["user", "groups", "siapa"], "no user siapa"),
        (["user", "disable", "siapa"], "no user siapa"),
        (["deploy", "forms/natuna", "--agency", "desa"], "no agency desa"),
        (["init", "--processes", "forms"], "holds no agency"),
    ],
)
def test_a_mistake_gets_one_line_that_names_it(titian: Titian, arguments: list[str], words: str) -> None:
    titian("init")
    output = titian(*arguments, fails=True).output
    assert words in output
    assert "Traceback" not in output


def test_agencies_are_listed(titian: Titian) -> None:
    titian("init")
    assert titian("agency", "list").output == "natuna       Dinas Sosial Kabupaten Natuna\n"


def test_the_server_does_not_start_without_a_secret(titian: Titian) -> None:
    assert "TITIAN_SECRET_KEY is not set" in titian("serve", fails=True).output


def test_a_demo_is_not_served_to_others(titian: Titian) -> None:
    assert "on this machine only" in titian("serve", "--demo", "--host", "0.0.0.0", fails=True).output


def test_an_empty_database_is_not_served_but_explained(titian: Titian) -> None:
    assert "run `titian init --demo`" in titian("serve", "--demo", fails=True).output


@pytest.mark.parametrize(("name", "value"), [("WORKER", "keduanya"), ("WORKER_TIMEOUT", "0")])
def test_a_setting_that_means_nothing_is_refused(
    titian: Titian, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"TITIAN_{name}", value)
    assert f"TITIAN_{name} is" in titian("worker", fails=True).output


def test_a_misspelt_setting_is_pointed_out(titian: Titian, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TITIAN_PROT", "1")
    assert "TITIAN_PROT is not a setting" in titian("serve", "--demo", fails=True).output


def test_everything_is_backed_up_and_restored(titian: Titian, folder: Path) -> None:
    titian("init", "--demo")
    told = titian("backup", "malam.db").output
    assert "1 agencies" in told
    assert "10 users" in told
    assert "exists already" in titian("backup", "malam.db", fails=True).output
    titian("user", "disable", "admin@titian")
    assert "holds data already" in titian("restore", "malam.db", fails=True).output
    again = titian("restore", "malam.db", "--force").output.splitlines()
    assert again[:-2] == told.splitlines()[:-1]
    assert again[-1] == "ended 0 logins and revoked 0 API tokens"
    assert "locked out" not in titian("user", "list").output
    (folder / "malam.db").write_text("rusak")
    refused = titian("restore", "malam.db", "--force", fails=True).output
    assert "no backup of Titian" in refused
    assert "Traceback" not in refused


def test_who_restores_is_told_what_has_ended_unless_it_is_kept(titian: Titian, folder: Path) -> None:
    titian("init", "--demo")
    database = open_database(f"sqlite:///{folder}/var/titian.db")
    actor = get_actor(database, "petugas@natuna")
    assert actor
    open_login(database, actor.user_id, 12)
    token = make_token(database, actor, "surat", ["read"], clock.now() + timedelta(days=30))
    titian("backup", "malam.db")
    database.dispose()
    kept = titian("restore", "malam.db", "--force", "--keep-logins").output
    assert "kept 1 logins and 1 API tokens, also those ended since the backup" in kept
    assert token_bearer(database, token)
    database.dispose()
    told = titian("restore", "malam.db", "--force").output
    assert "ended 1 logins and revoked 1 API tokens\nservices that used one need a new token\n" in told
    assert token_bearer(database, token) is None
    database.dispose()


def test_the_access_log_is_proved_and_its_head_carried_away(titian: Titian, folder: Path) -> None:
    titian("init")
    head = titian("audit", "head").output
    (folder / "head.json").write_text(head)
    assert json.loads(head)["number"] == 1
    told = titian("audit", "verify", "--head", str(folder / "head.json")).output
    assert "in 1 blocks, 0 not chained yet" in told
    assert "0 findings" in told
    with sqlite3.connect(folder / "var" / "titian.db") as raw:
        raw.execute("DROP TRIGGER access_entry_update")
        raw.execute("UPDATE access_entry SET user_id = 'lain' WHERE id = (SELECT max(id) FROM access_entry)")
    told = titian("audit", "verify", fails=True).output
    assert "is not as it was written" in told
    assert "1 findings" in told
    (folder / "head.json").write_text("{}")
    assert "is no head" in titian("audit", "verify", "--head", str(folder / "head.json"), fails=True).output


def test_what_the_command_line_does_is_recorded_with_who_is_logged_in(titian: Titian, folder: Path) -> None:
    titian("init")
    database = open_database(f"sqlite:///{folder}/var/titian.db")
    found = list_accesses(database, SYSTEM, AccessFilter(action=RecordAction.CHANGE_AGENCY))
    assert {(entry.user_id, entry.channel, entry.address) for entry in found} == {
        ("system", "cli", getpass.getuser())
    }
