"""Where push messages may go: to the services that the settings name, and never into our own network.

A browser tells us the address that we are to call, so whoever holds an account could have us call anything
(server-side request forgery). Hence: https on its own port, a host of the list, and the connection goes to
the very address that was looked up and found to be a public one.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from webapp.config import Settings

TIMEOUT = 10.0
LONGEST = 2048
_MOST_READ = 4096


class PlaceRefused(Exception):
    """An address that push messages do not go to."""


def is_push_service(settings: Settings, endpoint: str) -> bool:
    """Whether a browser may name this address."""
    try:
        _checked(endpoint, settings.push_services.split())
    except PlaceRefused:
        return False
    return True


def _checked(endpoint: str, services: Sequence[str]) -> SplitResult:
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        raise PlaceRefused from None
    plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    host = (parts.hostname or "").lower()
    if len(endpoint) > LONGEST or not plain or parts.scheme != "https" or parts.username or not host:
        raise PlaceRefused
    if port not in (None, 443) or not any(_matches(host, service.lower()) for service in services):
        raise PlaceRefused
    return parts


def _matches(host: str, service: str) -> bool:
    return host.endswith(service[1:]) if service.startswith("*.") else host == service


def public_address(host: str, port: int) -> str:
    """One of the addresses of a host, where all of them are public ones.

    Raises ``PlaceRefused`` where one of them is not, ``OSError`` where there is none.
    """
    found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for address in found:
        known = ipaddress.ip_address(address)
        if not known.is_global or known.is_multicast:
            raise PlaceRefused
    return sorted(found, key=lambda address: (":" in address, address))[0]


@dataclass(frozen=True)
class Door:
    """The one way out for push messages. ``check`` raises ``PlaceRefused`` for an address that it does not
    take; ``look_up`` gives the network address to call."""

    check: Callable[[str], SplitResult]
    look_up: Callable[[str, int], str] = public_address
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def post(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status that the service answers with. No redirection is followed.

        Raises ``PlaceRefused``, ``OSError``, ``HTTPException``.
        """
        parts = self.check(endpoint)
        host, port = str(parts.hostname), parts.port or 443
        raw = socket.create_connection((self.look_up(host, port), port), TIMEOUT)
        connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=self.context)
        try:
            connection.sock = self.context.wrap_socket(raw, server_hostname=host)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target or "/", body, dict(headers))
            answer = connection.getresponse()
            answer.read(_MOST_READ)
            return answer.status
        finally:
            connection.close()
            raw.close()


def door(settings: Settings) -> Door:
    """The way out that the settings leave open."""
    services = settings.push_services.split()
    return Door(lambda endpoint: _checked(endpoint, services))
