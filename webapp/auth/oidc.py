"""An OpenID provider's side of a login, by Authlib: the way there, and what came back.

Authorization code flow with PKCE (S256), state and nonce; the ID token's signature, issuer, audience, time
and nonce are checked (OpenID Connect Core 1.0, 3.1.3.7). What is kept between the two ways is kept by the
server and used once.
"""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata
from flask import current_app
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from webapp.config import Settings, is_safe_address

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Of signatures that only the provider can make: no ``none``, and nothing made with our own client secret."""

LEEWAY = 60
"""Seconds that the provider's clock may differ."""

_TIMEOUT = 10
_KEPT = 3600
_STRONG = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "sc", "pop"})
"""Values of ``amr`` (RFC 8176) that say: not only with a password."""


class ProviderFailed(Exception):
    """The provider cannot be reached, or says what it must not. The message is for the log."""


@dataclass(frozen=True)
class Claims:
    """Who has signed in there. ``groups``: the values of the claim that the settings name."""

    issuer: str
    subject: str
    name: str
    user_name: str
    groups: frozenset[str]
    strong: bool


@dataclass(frozen=True)
class _Known:
    issuer: str
    until: float
    metadata: dict[str, Any]
    keys: KeySet


_known: list[_Known] = []
_lock = Lock()


def begin(redirect_uri: str, nonce: str, verifier: str) -> tuple[str, str]:
    """The address to send a browser to, and the state that it must bring back. Raises ``ProviderFailed``."""
    provider = _provider(current_app.config["SETTINGS"])
    with _client(redirect_uri) as client:
        address, state = client.create_authorization_url(
            provider.metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
    return str(address), str(state)


def finish(arguments: dict[str, str], redirect_uri: str, nonce: str, verifier: str) -> Claims:
    """Who the browser that came back with ``arguments`` belongs to. Raises ``ProviderFailed``."""
    settings = current_app.config["SETTINGS"]
    provider = _provider(settings)
    # RFC 9207: the answer must be this provider's, where the answer says whose it is.
    said = arguments.get("iss")
    if said is None and provider.metadata.get("authorization_response_iss_parameter_supported"):
        raise ProviderFailed("the answer does not say which provider it is from")
    if said is not None and said != provider.metadata["issuer"]:
        raise ProviderFailed("the answer is from another provider")
    if "code" not in arguments:
        raise ProviderFailed(f"no code, but: {arguments.get('error', '')[:100]}")
    try:
        with _client(redirect_uri) as client:
            token = client.fetch_token(
                provider.metadata["token_endpoint"],
                code=arguments["code"],
                code_verifier=verifier,
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        return _claims(settings, _checked(settings, provider, token, nonce))
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, TypeError, KeyError) as error:
        raise ProviderFailed(f"{type(error).__name__}: {error}") from error


def _client(redirect_uri: str) -> OAuth2Session:
    settings = current_app.config["SETTINGS"]
    return OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret,
        scope=settings.oidc_scopes,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",
    )


def _checked(settings: Settings, provider: _Known, token: dict[str, Any], nonce: str) -> dict[str, Any]:
    """The claims of the ID token, when all is right with it."""
    try:
        read = jwt.decode(token["id_token"], provider.keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError:  # the provider has changed its keys
        read = jwt.decode(token["id_token"], _provider(settings, fresh=True).keys, algorithms=ALGORITHMS)
    claims = CodeIDToken(
        read.claims,
        read.header,
        {
            "iss": {"essential": True, "value": provider.metadata["issuer"]},
            "aud": {"essential": True, "value": settings.oidc_client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        },
        {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": token.get("access_token")},
    )
    claims.validate(leeway=LEEWAY)
    return dict(claims)


def _claims(settings: Settings, claims: dict[str, Any]) -> Claims:
    groups, ways = _texts(claims.get(settings.oidc_groups_claim)), _texts(claims.get("amr"))
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) < 256 or "\0" in subject:
        raise ValueError("the subject is none")
    user_name = "".join(_texts(claims.get("preferred_username")))
    name = "".join(_texts(claims.get("name"))) or user_name or subject
    return Claims(
        claims["iss"],
        subject,
        name.replace("\0", "")[:255],
        user_name,
        groups,
        not _STRONG.isdisjoint(ways),
    )


def _texts(claim: Any) -> frozenset[str]:
    """The texts of a claim that is a text or a list of texts; what is neither says nothing."""
    if isinstance(claim, str):
        return frozenset({claim})
    return (
        frozenset(each for each in claim if isinstance(each, str)) if isinstance(claim, list) else frozenset()
    )


def _provider(settings: Settings, *, fresh: bool = False) -> _Known:
    """What the provider says of itself, and its keys; asked once an hour, or when a key is not known."""
    with _lock:
        for known in _known:
            if known.issuer == settings.oidc_issuer and time.monotonic() < known.until and not fresh:
                return known
        found = _asked(settings.oidc_issuer)
        _known[:] = [found]
        return found


def _asked(issuer: str) -> _Known:
    try:
        said = _get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        metadata = OpenIDProviderMetadata(said)
        if metadata.get("issuer") != issuer:
            raise ValueError(f"it calls itself {metadata.get('issuer')}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe_address(str(metadata.get(name, ""))):
                raise ValueError(f"{name} is missing or not https")
        keys = KeySet.import_key_set(_get(metadata["jwks_uri"]))
    except (requests.RequestException, JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderFailed(f"{issuer}: {error}") from error
    return _Known(issuer, time.monotonic() + _KEPT, dict(metadata), keys)


def _get(address: str) -> Any:
    answer = requests.get(address, timeout=_TIMEOUT, allow_redirects=False)
    answer.raise_for_status()
    return answer.json()
