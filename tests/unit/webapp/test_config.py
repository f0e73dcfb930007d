"""Settings: what the environment may say, what demo mode allows, and the table that documents them."""

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from webapp import create_app
from webapp.config import (
    Settings,
    SettingsInvalid,
    misspelt,
    read_settings,
    require_loopback,
    secret_of,
)

TABLE = Path(__file__).parents[3] / "docs/reference/settings.md"


def test_without_any_variable_the_defaults_hold() -> None:
    assert read_settings({}) == Settings()


def test_each_kind_of_setting_is_read() -> None:
    environment = {
        "TITIAN_PORT": "8080",
        "TITIAN_DEMO": "ya",
        "TITIAN_DATA": "/srv/titian",
        "TITIAN_HOST": "::1",
    }
    assert read_settings(environment) == Settings(port=8080, demo=True, data=Path("/srv/titian"), host="::1")


def test_an_option_of_the_command_line_wins_over_the_environment() -> None:
    assert read_settings({"TITIAN_PORT": "8080"}, {"port": 9000}).port == 9000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TITIAN_PORT", "http"),
        ("TITIAN_PORT", "-1"),
        ("TITIAN_DEMO", "maybe"),
        ("TITIAN_UPLOAD_MEBIBYTES", "0"),
        ("TITIAN_UPLOAD_MEBIBYTES", "26"),
        ("TITIAN_UPLOAD_MEBIBYTES_A_DAY", "9"),
        ("TITIAN_UPLOAD_MEBIBYTES_OF_A_CASE", "9999999"),
    ],
)
def test_text_that_does_not_fit_names_its_variable(name: str, text: str) -> None:
    with pytest.raises(SettingsInvalid, match=name):
        read_settings({name: text})


def test_a_misspelt_variable_is_found() -> None:
    assert misspelt({"TITIAN_PROT": "1", "TITIAN_PORT": "1", "PATH": "/bin"}) == ["TITIAN_PROT"]


def test_the_database_is_a_file_in_the_data_folder_unless_named() -> None:
    assert Settings(data=Path("/srv")).url == "sqlite:////srv/titian.db"


def test_a_relative_file_means_the_current_folder_and_not_that_of_the_code() -> None:
    assert Settings(database_url="sqlite:///x.db").url == f"sqlite:///{Path('x.db').resolve()}"


def test_postgresql_is_reached_by_psycopg_with_its_password() -> None:
    assert Settings(database_url="postgresql://u:p@db/t").url == "postgresql+psycopg://u:p@db/t"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_demo_mode_listens_on_this_machine(host: str) -> None:
    require_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "titian.go.id", ""])
def test_demo_mode_refuses_every_other_address(host: str) -> None:
    with pytest.raises(SettingsInvalid, match="demo mode"):
        create_app(Settings(demo=True, host=host))


def test_outside_demo_mode_a_secret_is_required_and_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"(?s)TITIAN_SECRET_KEY is not set.*secrets.token_urlsafe"):
        create_app(Settings(data=tmp_path))


def test_a_short_secret_is_refused_in_every_mode(tmp_path: Path) -> None:
    for demo in (False, True):
        with pytest.raises(SettingsInvalid, match="at least 32"):
            create_app(Settings(demo=demo, secret_key="x" * 31, data=tmp_path))


def test_demo_mode_makes_a_secret_for_the_owner_only_and_keeps_it(tmp_path: Path) -> None:
    settings = Settings(demo=True, data=tmp_path / "var")
    first = secret_of(settings)
    assert len(first) >= 32
    assert secret_of(settings) == first
    assert stat.S_IMODE((tmp_path / "var/secret").stat().st_mode) == 0o600


def test_a_broken_secret_file_is_refused_instead_of_signing_with_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")
    with pytest.raises(SettingsInvalid, match="no usable secret"):
        secret_of(Settings(demo=True, data=tmp_path))


def test_the_documented_table_is_the_settings() -> None:
    rows = re.findall(r"^\| `(TITIAN_\w+)` \| (.*?) \| (.*?) \|$", TABLE.read_text(), re.MULTILINE)
    assert rows == [
        (f"TITIAN_{f.name.upper()}", _shown(f.default), f.metadata["doc"]) for f in fields(Settings)
    ]


def _shown(default: object) -> str:
    text = str(int(default)) if isinstance(default, bool) else str(default)
    return f"`{text}`" if text else ""
