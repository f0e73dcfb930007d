"""A real OpenID provider for tests, of Authlib's server side: ``python -m tests.support.provider PORT``.

It answers over HTTP in a process of its own: discovery, keys, authorization codes with PKCE, ID tokens. The
header ``X-User`` says who is signed in there, ``X-Tamper`` what is to be wrong with the ID token.
"""

import base64
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.support.ports import free_port

CLIENT_ID, CLIENT_SECRET = "titian-uji", "rahasia-klien-untuk-pengujian"
USERS: dict[str, dict[str, Any]] = {
    "siti": {"sub": "a-1", "name": "Siti Aminah", "groups": ["abh-petugas"], "email": "petugas@natuna"},
    "siti-lain": {"sub": "a-2", "preferred_username": "petugas@natuna", "groups": ["abh-petugas"]},
    "pindah": {"sub": "a-1", "name": "Siti Aminah", "groups": ["abh-bintan"]},
    "keluar": {"sub": "a-1", "name": "Siti Aminah", "groups": []},
    "bos": {"sub": "b-1", "name": "Bos", "groups": ["abh-manajer"], "amr": ["pwd"]},
    "bos-kuat": {"sub": "b-1", "name": "Bos", "groups": ["abh-manajer"], "amr": ["pwd", "mfa"]},
    "asing": {"sub": "c-1", "name": "Orang Asing", "groups": ["lain"]},
    "aneh": {"sub": "d-1", "name": ["?"], "groups": {"abh-petugas": 1}, "amr": [["mfa"], 1]},
}


class Client(ClientMixin):  # type: ignore[misc]
    """The one client that the provider knows."""

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/login/oidc/back")

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, CLIENT_SECRET)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code:
    """An authorization code, until it is used."""

    user: str
    tamper: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class State:
    """What the provider keeps, in memory."""

    issuer: str
    codes: dict[str, Code] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=list)

    def new_key(self) -> None:
        self.keys[:] = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})]


def provider(issuer: str) -> Flask:
    """The provider as a Flask application."""
    app, state = Flask("provider"), State(issuer)
    state.new_key()
    server = AuthorizationServer(app, lambda id: Client() if id == CLIENT_ID else None, lambda *_: None)

    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, given: Any) -> None:
            data = given.payload.data
            state.codes[code] = Code(
                request.headers["X-User"],
                request.headers.get("X-Tamper", ""),
                given.payload.redirect_uri,
                given.payload.scope,
                data.get("nonce", ""),
                data.get("code_challenge", ""),
                data.get("code_challenge_method", ""),
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return state.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            state.codes = {key: kept for key, kept in state.codes.items() if kept is not authorization_code}

        def authenticate_user(self, authorization_code: Code) -> Code:
            return authorization_code

    class OpenID(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, given: Any) -> bool:
            return False

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            return {"iss": state.issuer, "aud": [CLIENT_ID]}

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return state.keys[0]

        def get_encode_header(self, client: Client) -> dict[str, Any]:
            return {"alg": "RS256", "kid": state.keys[0].kid}

        def generate_user_info(self, user: Code, scope: str) -> UserInfo:
            return UserInfo(USERS[user.user])

        def encode_id_token(self, token: Any, given: Any) -> str:
            signed = super().encode_id_token(token, given)
            tamper = given.user.tamper
            return tampered(signed, tamper, state.keys[0]) if tamper else str(signed)

    server.register_grant(Grant, [OpenID(require_nonce=True), CodeChallenge(required=True)])
    _routes(app, state, server)
    return app


def _routes(app: Flask, state: State, server: AuthorizationServer) -> None:
    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        base = state.issuer
        return jsonify(
            issuer=base,
            authorization_endpoint=f"{base}/authorize",
            token_endpoint=f"{base}/token",
            jwks_uri=f"{base}/keys",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256", "none", "HS256"],
        )

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(keys=[key.as_dict(private=False) for key in state.keys])

    @app.get("/authorize")
    def authorize() -> Any:
        user = request.headers["X-User"]
        try:
            grant = server.get_consent_grant(end_user=user)
        except OAuth2Error as error:
            return jsonify(dict(error.get_body())), 400
        return server.create_authorization_response(grant_user=user, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.post("/rotate")
    def rotate() -> str:
        state.new_key()
        return ""


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def tampered(token: str, how: str, key: RSAKey) -> str:
    """An ID token with something wrong in it."""
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    header = {"alg": "RS256", "kid": key.kid}
    now = int(time.time())
    changes: dict[str, dict[str, Any]] = {
        "audience": {"aud": ["lain"]},
        "issuer": {"iss": "http://127.0.0.1:1"},
        "nonce": {"nonce": "bukan-ini"},
        "no-nonce": {"nonce": None},
        "expired": {"exp": now - 300, "iat": now - 900},
        "no-subject": {"sub": None},
        "long-subject": {"sub": "x" * 300},
        "other-party": {"aud": [CLIENT_ID, "lain"], "azp": "lain"},
        "at-hash": {"at_hash": "c2FsYWg"},
    }
    claims = {name: value for name, value in (claims | changes.get(how, {})).items() if value is not None}
    if how == "unsigned":
        return f"{_part({'alg': 'none'})}.{_part(claims)}."
    if how == "client-secret":  # signed with what we know too
        return str(jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET), ["HS256"]))
    if how == "public-key":  # the classic: an HMAC whose secret is the public key
        pem = key.as_pem(private=False)
        return str(jwt.encode({"alg": "HS256", "kid": key.kid}, claims, OctKey.import_key(pem), ["HS256"]))
    if how == "other-key":
        return str(jwt.encode(header, claims, RSAKey.generate_key(2048), ["RS256"]))
    if how == "changed":
        head, _, signature = token.split(".")
        return f"{head}.{_part(claims | {'groups': ['abh-manajer']})}.{signature}"
    return str(jwt.encode(header, claims, key, ["RS256"]))


@contextmanager
def running_provider() -> Iterator[str]:
    """The provider in a process of its own; gives its issuer."""
    port = free_port()
    command = [sys.executable, "-m", "tests.support.provider", str(port)]
    environment = os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{issuer}/keys", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, "the provider has ended"
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(30)


def allow(address: str, user: str, tamper: str = "") -> str:
    """What a browser does in which ``user`` is signed in at the provider; where it is sent back to."""
    headers = {"X-User": user, "X-Tamper": tamper}
    answer = requests.get(address, headers=headers, allow_redirects=False, timeout=30)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


if __name__ == "__main__":
    port = int(sys.argv[1])
    provider(f"http://127.0.0.1:{port}").run("127.0.0.1", port)
