"""A real push service for tests, over https on this machine, and browsers that read what comes."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.post import certificate
from webapp.delivery.places import Door
from webapp.delivery.sealing import to_base64url


@dataclass
class Browser:
    """A browser's subscription, with what it keeps to itself."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = bytes(range(16))

    @property
    def keys(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": to_base64url(point), "auth": to_base64url(self.secret)}

    def reads(self, body: bytes) -> dict[str, str]:
        found: dict[str, str] = json.loads(
            http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret)
        )
        return found


@dataclass
class PushService:
    """``answers``: the statuses that it gives next, then 201. ``door``: the way to it, for these tests."""

    url: str
    door: Door
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def of(self, names: list[str]) -> list[tuple[str, bytes]]:
        """What came, with the one of the names that stands at the end of the address it came to."""
        pairs = zip(self.paths, self.got, strict=True)
        return [(name, body) for path, (_, body) in pairs for name in names if path.endswith(f"/{name}")]


@contextmanager
def push_service(folder: Path) -> Iterator[PushService]:
    context, authority = certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.paths.append(self.path)
            service.got.append((dict(self.headers), body))
            self.send_response(service.answers.pop(0) if service.answers else 201)
            self.send_header("Location", "https://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(authority))
    door = Door(urlsplit, lambda host, port: "127.0.0.1", trusting)
    service = PushService(f"https://localhost:{server.server_port}/push/1", door)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
