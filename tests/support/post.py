"""A real SMTP server for tests (aiosmtpd), and certificates that only its tests trust."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from time import sleep
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.ports import free_port

USER, PASSWORD = "titian", "kata/sandi@surel"
TAKEN = "250 OK"


@dataclass
class Post:
    """What the server has taken. ``at_recipient`` and ``at_data`` are what it answers next, one a time, then
    ``TAKEN`` again; ``seconds`` it thinks before it takes a mail."""

    mails: list[EmailMessage] = field(default_factory=list)
    at_recipient: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    seconds: float = 0.0
    url: str = ""
    authority: Path | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.at_recipient.pop(0) if self.at_recipient else TAKEN
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        sleep(self.seconds)
        answer = self.at_data.pop(0) if self.at_data else TAKEN
        if answer == "break":
            server.transport.close()
        elif answer == TAKEN:
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert envelope.rcpt_tos == [mail["To"]]
            self.mails.append(mail)
        return answer

    def texts(self) -> list[str]:
        """The bodies of what was taken."""
        return [str(mail.get_content()) for mail in self.mails]


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)  # the server answers 535 then


@contextmanager
def post_office(scheme: str = "smtp", folder: Path | None = None) -> Iterator[Post]:
    """A server on a port of this machine; with ``smtp+starttls`` and ``smtps`` it wants a password, and its
    certificate's authority is a file in ``folder``."""
    post, port = Post(), free_port()
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": port}
    if scheme == "smtp":
        post.url = f"smtp://127.0.0.1:{port}"
    else:
        assert folder is not None
        context, post.authority = certificate(folder)
        options |= {
            "authenticator": _authenticate,
            "auth_required": True,
            "auth_require_tls": scheme != "smtps",
        }
        options |= {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
        options |= {"require_starttls": True} if scheme == "smtp+starttls" else {}
        post.url = f"{scheme}://{USER}:kata%2Fsandi%40surel@localhost:{port}"
    controller = Controller(post, **options)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server on ``localhost`` proves itself with, and the file of whoever vouches for it."""
    authority = trustme.CA()
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context, file
