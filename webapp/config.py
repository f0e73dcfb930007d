"""Settings: one frozen value, read from the environment once, when the program starts.

Each field documents itself (``doc``); ``docs/reference/settings.md`` shows the same table, and a test holds
the two equal.
"""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from engine import RecordPlace

PREFIX = "TITIAN_"
SECRET_LENGTH = 32
DEMO_PASSWORD = "titian-demo"  # noqa: S105 - public on purpose: demo mode listens on loopback only
_TRUE = frozenset({"1", "true", "yes", "on", "ya"})
_FALSE = frozenset({"", "0", "false", "no", "off", "tidak"})


WORKERS = ("embedded", "external")


class SettingsInvalid(Exception):
    """The environment does not say what the server needs to know. The message says what to do."""


def _setting(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


_VAR = Path("var")


@dataclass(frozen=True)
class Settings:
    """How this server runs. The environment variable of a field is ``TITIAN_`` and its name in capitals."""

    host: str = _setting("127.0.0.1", "Address to listen on. Demo mode accepts loopback addresses only.")
    port: int = _setting(8000, "Port to listen on.")
    data: Path = _setting(_VAR, "Folder for the SQLite database and, in demo mode, the secret.")  # noqa: RUF009
    database_url: str = _setting(
        "", "SQLAlchemy URL, such as `postgresql://titian@db/titian`. Empty: SQLite in the data folder."
    )
    secret_key: str = _setting(
        "", "Signs sessions; at least 32 random characters. Required, but demo mode makes its own."
    )
    demo: bool = _setting(False, "Demo mode: known users with a known password, on this machine only.")
    session_hours: int = _setting(12, "Hours until a login ends.")
    threads: int = _setting(8, "Threads that answer requests.")
    worker: str = _setting(
        "embedded",
        "Who runs timers and other jobs: the server itself, or (`external`) `titian worker`.",
    )
    worker_timeout: int = _setting(
        15, "Seconds of silence after which a worker counts as dead, and others take over its jobs."
    )
    proxies: int = _setting(
        0, "Number of reverse proxies in front whose `X-Forwarded-*` headers are to be believed."
    )

    log_key: str = _setting(
        "", "File with the access log's key; made when missing. Empty: `log/log.key` in the data folder."
    )
    log_heads: str = _setting(
        "", "Folder for the heads of the access log's chain. Empty: `log` in the data folder."
    )

    @property
    def record_place(self) -> RecordPlace:
        """Where the access log's key and heads are."""
        folder = (self.data / "log").resolve()
        key = Path(self.log_key).resolve() if self.log_key else folder / "log.key"
        return RecordPlace(key, Path(self.log_heads).resolve() if self.log_heads else folder)

    @property
    def url(self) -> str:
        """The database's URL, complete: default filled in, SQLite paths absolute, psycopg as the driver."""
        if not self.database_url:
            return f"sqlite:///{(self.data / 'titian.db').resolve()}"
        url = make_url(self.database_url)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        elif url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
            url = url.set(database=str(Path(url.database or "").resolve()))
        return url.render_as_string(hide_password=False)


def read_settings(
    environment: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Settings from ``environment`` (the process's own where None); ``overrides`` by field name win.

    Raises ``SettingsInvalid`` for text that does not fit its field.
    """
    environment = os.environ if environment is None else environment
    values = {
        field.name: _parse(name, environment[name], field.default)
        for name, field in _by_variable().items()
        if name in environment
    }
    settings = Settings(**{**values, **(overrides or {})})
    if settings.worker not in WORKERS:
        raise SettingsInvalid(f"{PREFIX}WORKER is {' or '.join(WORKERS)}, not '{settings.worker}'")
    if settings.worker_timeout < 1:
        raise SettingsInvalid(f"{PREFIX}WORKER_TIMEOUT is at least 1")
    return settings


def misspelt(environment: Mapping[str, str]) -> list[str]:
    """Variables ``TITIAN_...`` that nobody reads: worth a warning, since a misspelt setting does nothing."""
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in _by_variable())


def _by_variable() -> dict[str, Field[Any]]:
    return {PREFIX + field.name.upper(): field for field in fields(Settings)}


def _parse(name: str, text: str, default: Any) -> Any:
    text = text.strip()
    if isinstance(default, bool):
        if text.lower() not in _TRUE | _FALSE:
            raise SettingsInvalid(f"{name} must be 1 or 0, not '{text}'")
        return text.lower() in _TRUE
    if isinstance(default, int):
        if not text.isascii() or not text.isdigit():
            raise SettingsInvalid(f"{name} must be a whole number, not '{text}'")
        return int(text)
    return Path(text) if isinstance(default, Path) else text


def secret_of(settings: Settings) -> str:
    """The key that signs sessions.

    Demo mode makes one at its first start and keeps it, readable by the owner only. Raises
    ``SettingsInvalid`` where it is missing or short outside demo mode.
    """
    if settings.secret_key:
        if len(settings.secret_key) < SECRET_LENGTH:
            raise SettingsInvalid(f"{PREFIX}SECRET_KEY must have at least {SECRET_LENGTH} characters")
        return settings.secret_key
    if not settings.demo:
        raise SettingsInvalid(
            f"{PREFIX}SECRET_KEY is not set. Make one with\n"
            '  python -c "import secrets; print(secrets.token_urlsafe(48))"\n'
            "and keep it: a new one ends all logins. Only demo mode (--demo) does without."
        )
    return _kept_secret(settings.data / "secret")


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if len(kept) < SECRET_LENGTH:
            raise SettingsInvalid(f"{path} holds no usable secret; delete it to get a new one") from None
        return kept
    with os.fdopen(descriptor, "w") as file:
        file.write(secret := secrets.token_urlsafe(48))
    return secret


def require_loopback(host: str) -> None:
    """Raise ``SettingsInvalid`` unless ``host`` is this machine alone: demo mode has a public password."""
    if host == "localhost":
        return
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise SettingsInvalid(
            f"demo mode listens on this machine only (127.0.0.1 or ::1), not on '{host}',"
            " because its password is public"
        )
