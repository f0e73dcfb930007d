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
from urllib.parse import urlsplit

from sqlalchemy import make_url

from engine import KeyPlace, RecordPlace
from engine.desk import UploadLimits
from webapp.relay import Relay, relay_of

MEBIBYTE = 1024 * 1024
PREFIX = "TITIAN_"
SECRET_LENGTH = 32
MOST_UPLOADED = 25
"""MiB of one file: it is held in memory as a whole, here and in front of a browser."""

MOST_TOGETHER = 1024 * 1024
"""MiB of many files: a terabyte, for who wants no limit."""

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
    master_key: str = _setting(
        "",
        "The master key of the cases' keys, in base64; while it is changed, the new one and the old one,"
        " separated by a space. Empty: in a file.",
    )
    master_key_file: str = _setting(
        "",
        "The file with the master key. Empty: `keys/master.key` in the data folder, made at the first start.",
    )
    keys_url: str = _setting(
        "",
        "SQLAlchemy URL of the key store, a database of its own. Empty: SQLite, `keys/case-keys.db` in the"
        " data folder; several machines need a PostgreSQL database here.",
    )
    demo: bool = _setting(False, "Demo mode: known users with a known password, on this machine only.")
    session_hours: int = _setting(12, "Hours until a login ends.")
    idle_minutes: int = _setting(120, "Minutes without a request after which a login ends.")
    second_factor: str = _setting(
        "admin kepala_dinas manajer",
        "Roles and groups that need a second factor, outside demo mode; `admin` for administrators.",
    )
    origin: str = _setting(
        "",
        "Public address, such as `https://titian.example.go.id`: where passkeys and the OpenID provider "
        "belong to. Empty: the address that was asked for.",
    )
    oidc_issuer: str = _setting("", "Address of an OpenID provider that users may sign in through.")
    oidc_client_id: str = _setting("", "What the OpenID provider calls this server.")
    oidc_client_secret: str = _setting("", "The secret that the OpenID provider has given to this server.")
    oidc_name: str = _setting("OpenID", "What users call the OpenID provider: it stands on the button.")
    oidc_scopes: str = _setting("openid profile", "What is asked of the OpenID provider.")
    oidc_groups_claim: str = _setting("groups", "The claim that holds a user's groups.")
    oidc_groups: str = _setting(
        "",
        "Which value of that claim means which group: `value=agency:group`, separated by semicolons.",
    )
    smtp_url: str = _setting(
        "",
        "Where mails are handed in, such as `smtp+starttls://user:password@mail.example.go.id:587`; also"
        " `smtps://` and, inside the house, `smtp://`. Empty: no mails.",
    )
    mail_from: str = _setting("", "The address that mails come from. Required with `TITIAN_SMTP_URL`.")
    push_services: str = _setting(
        "fcm.googleapis.com *.push.services.mozilla.com *.notify.windows.com *.push.apple.com",
        "Hosts of push services that browsers may name; `*.` for all below. With `TITIAN_ORIGIN` set, users"
        " can have their browser tell them. Empty: no push.",
    )
    upload_mebibytes: int = _setting(
        10, "How large a file may be that is attached to a case, in MiB; at most 25."
    )
    upload_mebibytes_a_day: int = _setting(
        250,
        "How much one person may attach to cases within 24 hours, in MiB, with what lies in forms that are"
        " not sent yet; what was removed again does not count.",
    )
    upload_mebibytes_of_a_case: int = _setting(
        500, "How large the files of one case may be together, in MiB."
    )
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

    @property
    def upload_limits(self) -> UploadLimits:
        """How much may be attached to cases, in bytes."""
        return UploadLimits(
            file=self.upload_mebibytes * MEBIBYTE,
            of_person=self.upload_mebibytes_a_day * MEBIBYTE,
            of_case=self.upload_mebibytes_of_a_case * MEBIBYTE,
        )

    @property
    def relay(self) -> Relay | None:
        """Where mails are handed in; None where there are none."""
        return relay_of(self.smtp_url) if self.smtp_url else None

    @property
    def push(self) -> bool:
        """Whether browsers can be told by push: a push service wants to know who we are (RFC 8292)."""
        return bool(self.origin and self.push_services.split())

    @property
    def key_place(self) -> KeyPlace:
        """Where the keys of the cases are: the key store, and the master key."""
        folder = (self.data / "keys").resolve()
        file = Path(self.master_key_file).resolve() if self.master_key_file else folder / "master.key"
        url = self.keys_url or KeyPlace.in_folder(folder).url
        return KeyPlace(url, file, tuple(self.master_key.split()))


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
    if not 1 <= settings.upload_mebibytes <= MOST_UPLOADED:
        raise SettingsInvalid(f"{PREFIX}UPLOAD_MEBIBYTES is from 1 to {MOST_UPLOADED}")
    for name in ("upload_mebibytes_a_day", "upload_mebibytes_of_a_case"):
        if not settings.upload_mebibytes <= getattr(settings, name) <= MOST_TOGETHER:
            least = f"{PREFIX}UPLOAD_MEBIBYTES"
            raise SettingsInvalid(f"{PREFIX}{name.upper()} is from {least} to {MOST_TOGETHER}")
    _check_sign_in(settings)
    _check_mail(settings)
    return settings


def _check_mail(settings: Settings) -> None:
    if not settings.smtp_url:
        return
    try:
        relay_of(settings.smtp_url)
    except ValueError as wrong:
        raise SettingsInvalid(f"{PREFIX}SMTP_URL {wrong}") from None
    local, at, host = settings.mail_from.partition("@")
    if not (local and at and host and settings.mail_from.isascii() and settings.mail_from.isprintable()):
        raise SettingsInvalid(f"{PREFIX}MAIL_FROM is the address that mails come from, such as titian@go.id")
    if not settings.origin:
        raise SettingsInvalid(f"{PREFIX}SMTP_URL needs {PREFIX}ORIGIN: mails link to it")


def _check_sign_in(settings: Settings) -> None:
    if settings.session_hours < 1 or settings.idle_minutes < 1:
        raise SettingsInvalid(f"{PREFIX}SESSION_HOURS and {PREFIX}IDLE_MINUTES are at least 1")
    origin = urlsplit(settings.origin)
    if settings.origin and (not is_safe_address(settings.origin) or origin.path or origin.query):
        raise SettingsInvalid(f"{PREFIX}ORIGIN is https:// and a host, and nothing behind it")
    if not settings.oidc_issuer:
        return
    if not is_safe_address(settings.oidc_issuer):
        raise SettingsInvalid(f"{PREFIX}OIDC_ISSUER begins with https://")
    if not settings.oidc_client_id or not settings.oidc_client_secret:
        raise SettingsInvalid(
            f"{PREFIX}OIDC_ISSUER needs {PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_CLIENT_SECRET"
        )
    group_mapping(settings)


def is_safe_address(text: str) -> bool:
    """Whether this is an address that nobody on the way can listen to: https, or this machine itself."""
    parts = urlsplit(text)
    here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or here)


def group_mapping(settings: Settings) -> dict[str, set[tuple[str, str]]]:
    """What the values of the OpenID provider's claim stand for: (agency id, group). Raises
    ``SettingsInvalid``."""
    found: dict[str, set[tuple[str, str]]] = {}
    for entry in filter(None, (part.strip() for part in settings.oidc_groups.split(";"))):
        value, equals, pair = entry.rpartition("=")
        agency_id, colon, group = pair.strip().partition(":")
        if not (equals and colon and value.strip() and agency_id and group):
            raise SettingsInvalid(f"{PREFIX}OIDC_GROUPS: '{entry}' is not of the form value=agency:group")
        found.setdefault(value.strip(), set()).add((agency_id, group))
    return found


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
