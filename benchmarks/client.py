"""A client that costs little: one kept connection a thread, standard library only."""

import base64
import json
from http.client import HTTPConnection
from typing import Any


class Client:
    """Speaks to one server as one or many users; not shared by threads."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers: dict[str, dict[str, str]] = {}

    def get(self, path: str, user: str | None = None) -> Any:
        """The JSON of an answer. Raises ``AssertionError`` for any other status than 200."""
        return self._ask("GET", path, None, user)

    def post(self, path: str, body: Any, user: str | None = None) -> Any:
        """The JSON of an answer, None where it has none. Raises ``AssertionError`` where it failed."""
        return self._ask("POST", path, json.dumps(body), user)

    def _ask(self, method: str, path: str, body: str | None, user: str | None) -> Any:
        self._connection.request(method, path, body, self._headers_of(user))
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status in (200, 204), (method, path, answer.status, content[:500])
        return json.loads(content) if content else None

    def _headers_of(self, user: str | None) -> dict[str, str]:
        """Of a demo user (HTTP Basic), or of nobody."""
        if user is None:
            return {"Content-Type": "application/json"}
        if user not in self._headers:
            token = base64.b64encode(f"{user}:titian-demo".encode()).decode()
            self._headers[user] = self._headers_of(None) | {"Authorization": f"Basic {token}"}
        return self._headers[user]
