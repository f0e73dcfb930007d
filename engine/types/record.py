"""The access log: what it knows of each deed, and where the deeds of this moment come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RecordAction(StrEnum):
    """What can have been done: a closed vocabulary, so that a search finds all of a kind.

    Reads come before changes, and what concerns no case last.
    """

    OPEN_CASE = "open_case"
    OPEN_TASK = "open_task"
    READ_VARIABLES = "read_variables"
    READ_HISTORY = "read_history"
    READ_ATTACHMENT = "read_attachment"
    READ_DIAGRAM = "read_diagram"
    READ_RECORD = "read_record"
    READ_REGISTER = "read_register"
    REVEAL_IDENTITY = "reveal_identity"
    EXPORT = "export"
    CHANGE_CASE = "change_case"
    SHARE = "share"
    ERASE = "erase"
    CHANGE_REGISTER = "change_register"
    CHANGE_USER = "change_user"
    CHANGE_AGENCY = "change_agency"
    CHANGE_CALENDAR = "change_calendar"
    DEPLOY = "deploy"
    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOGOUT = "logout"
    BACKUP = "backup"
    RESTORE = "restore"
    RECORD_BEGUN = "record_begun"


class Channel(StrEnum):
    """How somebody came in: a page's session, HTTP Basic, a token, the command line; or the engine itself."""

    BROWSER = "browser"
    BASIC = "basic"
    TOKEN = "token"  # noqa: S105 - a kind, no secret
    CLI = "cli"
    ENGINE = "engine"


@dataclass(frozen=True)
class Origin:
    """Where a deed comes from. ``address``: of the network; at the command line the name of the login."""

    channel: Channel = Channel.ENGINE
    address: str = ""


_ENGINE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=_ENGINE)


def origin() -> Origin:
    """Where what is done now comes from; the engine itself outside of ``acting_from``."""
    return _origin.get()


def set_origin(value: Origin) -> None:
    """Say where what this thread does from now on comes from: at the beginning of each request."""
    _origin.set(value)


@contextmanager
def acting_from(value: Origin) -> Iterator[None]:
    """Let everything in the block come from ``value``."""
    token = _origin.set(value)
    try:
        yield
    finally:
        _origin.reset(token)


@dataclass(frozen=True)
class Access:
    """One deed to be recorded. ``subject``: kind and id (``task:...``, names of variables asked for), never a
    value and never a person's name; ``purpose``: the reader's own words, which may say more."""

    action: RecordAction
    agency_id: str | None = None
    instance_id: str | None = None
    subject: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class AccessView:
    """One entry of the log; ``business_key`` where the case is there. ``user_id`` is empty for a failed login
    of nobody who exists."""

    id: int
    at: datetime
    agency_id: str | None
    user_id: str
    instance_id: str | None
    business_key: str | None
    action: RecordAction
    subject: str
    purpose: str
    channel: Channel
    address: str


@dataclass(frozen=True)
class AccessFilter:
    """What narrows a search of the log; what is None or empty does not narrow. ``until`` is not in it."""

    agency_id: str | None = None
    user_id: str | None = None
    instance_id: str | None = None
    business_key: str | None = None
    action: RecordAction | None = None
    since: datetime | None = None
    until: datetime | None = None
