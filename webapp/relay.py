"""Where mails are handed in: an SMTP server, as one address says it."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Relay:
    """An SMTP server. ``scheme``: ``smtp`` in the open, ``smtp+starttls`` (RFC 3207) or ``smtps``
    (RFC 8314); ``user`` "" where it asks for none."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Relay({self.scheme}://{self.host}:{self.port})"


def relay_of(text: str) -> Relay:
    """The server of ``smtp+starttls://user:password@host:587``; user and password percent-encoded.

    Raises ``ValueError``, whose message says what is wrong and not what is secret.
    """
    parts = urlsplit(text)
    if parts.scheme not in _PORTS:
        raise ValueError(f"begins with {', '.join(f'{scheme}://' for scheme in _PORTS)}")
    if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("is a scheme, a host and a port, and nothing behind them")
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise ValueError("has a port between 1 and 65535") from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and parts.scheme == "smtp" and parts.hostname not in _HERE:
        raise ValueError("sends no password in the open: use smtp+starttls:// or smtps://")
    return Relay(parts.scheme, parts.hostname, port, user, password)
