"""What happens to accounts, said once: to the log, as one line that a program can read, and to the user.

Whoever keeps a record of its own hangs it in here: every login, failure and change of a factor passes.
"""

import json
import logging
from enum import StrEnum

from flask import g, has_request_context, request

from engine import note_account, note_failed_login, note_sign_in_event
from engine.errors import N_
from engine.types import RecordAction
from webapp.db import database

_log = logging.getLogger("titian.sign_in")


class Event(StrEnum):
    """Every event; the value is what the user reads of it."""

    LOGIN = N_("Signed in")
    LOGIN_FAILED = N_("Sign-in failed")
    FACTOR_FAILED = N_("A second factor was wrong")
    LOGOUT = N_("Signed out")
    LOGINS_ENDED = N_("Other logins were ended")
    PASSWORD_CHANGED = N_("The password was changed")
    TOTP_ADDED = N_("An authenticator app was set up")
    TOTP_REMOVED = N_("The authenticator app was removed")
    PASSKEY_ADDED = N_("A passkey was added")
    PASSKEY_REMOVED = N_("A passkey was removed")
    PASSKEY_COPIED = N_("A passkey was refused: there seems to be a copy of it")
    CODES_MADE = N_("New recovery codes were made")
    CODE_USED = N_("A recovery code was used")
    FACTORS_RESET = N_("An administrator removed all second factors")
    TOKEN_MADE = N_("An API token was made")
    TOKEN_REVOKED = N_("An API token was revoked")
    ADDRESS_CHANGED = N_("The e-mail address for notifications was changed")
    ADDRESS_CONFIRMED = N_("The e-mail address for notifications was confirmed")
    BROWSER_ADDED = N_("A browser was added to which notifications go")
    IDENTITY_LINKED = N_("An outside account was linked")
    IDENTITY_UNLINKED = N_("An outside account was unlinked")
    ACCOUNT_MADE = N_("The account was made at the first sign-in from outside")


_ACTIONS = {
    Event.LOGIN: RecordAction.LOGIN,
    Event.LOGOUT: RecordAction.LOGOUT,
    Event.LOGINS_ENDED: RecordAction.LOGOUT,
}
_RECORDED_BY_THE_COMMAND = frozenset(
    {Event.PASSWORD_CHANGED, Event.FACTORS_RESET, Event.ACCOUNT_MADE, Event.ADDRESS_CHANGED}
)
_FAILURES = frozenset({Event.LOGIN_FAILED, Event.FACTOR_FAILED})
_ONLY_LOGGED = frozenset({Event.LOGIN_FAILED, Event.FACTOR_FAILED, Event.LOGOUT})
"""Not told to the user. A failed login must take equally long for users that there are and that there are
not: the access log gets an entry for either."""


def signed(event: Event, user_id: str, *, by: str = "", **details: object) -> None:
    """Say that ``event`` happened to the account ``user_id``; ``by``: who did it, the user where empty.

    ``details`` go to the log; they hold no secret. Of a failed login the user id is what was
    typed, and is kept nowhere unless there is such a user: it may have been a password.
    """
    address = (request.remote_addr or "") if has_request_context() else ""
    if event in _FAILURES:
        user_id = note_failed_login(database(), user_id)
    by = by or user_id
    line = {"event": event.name.lower(), "user": user_id, "by": by, "address": address, **details}
    _log.info("%s", json.dumps(line, ensure_ascii=True, sort_keys=True, default=str))
    if event not in _FAILURES and event not in _RECORDED_BY_THE_COMMAND and not g.get("database_away"):
        action = _ACTIONS.get(event, RecordAction.CHANGE_USER)
        what = str(details.get("method", "")) if event is Event.LOGIN else event.name.lower()
        note_account(database(), by, action, user_id, what)
    if event not in _ONLY_LOGGED and not g.get("database_away"):
        note_sign_in_event(database(), user_id, event.name.lower(), by, address)
