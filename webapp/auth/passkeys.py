"""Passkeys (WebAuthn), by py_webauthn: what the browser is asked, and whether its answer is right.

Each question is kept by the server and answered once. A passkey always asks who holds it (user verification:
a finger, a PIN), so that it is two factors by itself: something that one has, and is or knows.
"""

import ipaddress
import json
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from engine import add_passkey, find_passkey, put_challenge, take_challenge, use_passkey
from engine.types import Actor
from engine.types.sign_in import Factors, PasskeyView
from webapp.auth.events import Event, signed
from webapp.db import database

SECONDS = 300
"""So long may the browser take."""

_KEY = "passkey"
_WRONG = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What the library raises for an answer that is none: its own errors, and Python's for odd JSON and CBOR."""


def origin() -> str:
    """The address that passkeys belong to."""
    return current_app.config["SETTINGS"].origin or request.host_url.rstrip("/")


def passkeys_work() -> bool:
    """Whether a browser makes passkeys for the address of this request: a name, over https or at home."""
    parts = urlsplit(origin())
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return parts.scheme == "https" or parts.hostname == "localhost"
    return False


def ask(purpose: str, has: Factors | None = None) -> Any:
    """What to ask a browser for that is to prove who its user is; of one user where ``has`` is given."""
    options = generate_authentication_options(
        rp_id=_rp_id(),
        allow_credentials=[_described(passkey) for passkey in has.passkeys] if has else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(purpose, options.challenge)
    return json.loads(options_to_json(options))


def answered(purpose: str, credential: Any) -> PasskeyView | None:
    """Whose passkey has answered; None where the answer is not right, or nothing was asked."""
    challenge = _taken(purpose)
    if challenge is None or not isinstance(credential, dict):
        return None
    try:
        known = find_passkey(database(), base64url_to_bytes(credential["id"]))
        if known is None or not _is_owner(credential, known.user_id):
            return None
        proved = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=origin(),
            credential_public_key=known.public_key,
            credential_current_sign_count=0,  # ours to compare, in one statement with keeping the new one
            require_user_verification=True,
        )
    except _WRONG:
        return None
    if not use_passkey(database(), known.id, proved.new_sign_count):
        signed(Event.PASSKEY_COPIED, known.user_id)
        return None
    return known


def ask_for_new(actor: Actor, has: Factors) -> Any:
    """What to ask a browser for that is to make a passkey."""
    options = generate_registration_options(
        rp_id=_rp_id(),
        rp_name="Titian",
        user_name=actor.user_id,
        user_display_name=actor.name or actor.user_id,
        user_id=_handle(actor.user_id),
        exclude_credentials=[_described(passkey) for passkey in has.passkeys],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    _keep(f"new {actor.user_id}", options.challenge)
    return json.loads(options_to_json(options))


def add_answered(actor: Actor, label: str, credential: Any) -> bool:
    """Add the passkey that a browser has made. False where the answer is not right."""
    challenge = _taken(f"new {actor.user_id}")
    if challenge is None or not isinstance(credential, dict):
        return False
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=origin(),
            require_user_verification=True,
        )
        transports = [AuthenticatorTransport(each).value for each in credential.get("transports") or []]
    except _WRONG:
        return False
    key, counter = made.credential_public_key, made.sign_count
    add_passkey(database(), actor, label, made.credential_id, key, counter, transports[:8])
    return True


def _rp_id() -> str:
    return urlsplit(origin()).hostname or ""


def _handle(user_id: str) -> bytes:
    """What an authenticator keeps of the user: tells nobody the user's name."""
    return sha256(f"titian user {user_id}".encode()).digest()


def _is_owner(credential: dict[str, Any], user_id: str) -> bool:
    told = credential["response"].get("userHandle")
    return told is None or base64url_to_bytes(told) == _handle(user_id)


def _described(passkey: PasskeyView) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(each) for each in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports or None)


def _keep(purpose: str, challenge: bytes) -> None:
    kept = bytes_to_base64url(challenge)
    session[_KEY] = put_challenge(database(), _purpose(purpose), kept, SECONDS)


def _taken(purpose: str) -> bytes | None:
    secret = session.pop(_KEY, None)
    kept = take_challenge(database(), _purpose(purpose), secret) if secret else None
    return base64url_to_bytes(kept) if kept else None


def _purpose(purpose: str) -> str:
    """In 64 characters, whatever the length of a user id."""
    return sha256(f"passkey {purpose}".encode()).hexdigest()
