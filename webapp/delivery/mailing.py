"""Handing mails to the SMTP server, several over one connection."""

import logging
import smtplib
import ssl
from email.message import EmailMessage
from enum import Enum
from types import TracebackType

from webapp.relay import Relay

TIMEOUT = 10.0
"""Seconds that the server may take for each of its answers."""

_log = logging.getLogger(__name__)


class Answer(Enum):
    """What the other side made of it: it is theirs now; not now; never."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"


class Mailer:
    """A connection to the server, made when it is first needed and again where it broke. A server that cannot
    be reached is not asked again by the same mailer."""

    def __init__(self, relay: Relay, timeout: float = TIMEOUT) -> None:
        self._relay, self._timeout = relay, timeout
        self._smtp: smtplib.SMTP | None = None
        self._away = False

    def __enter__(self) -> "Mailer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._smtp.close()

    def send(self, mail: EmailMessage) -> Answer:
        """Hand in one mail. What goes wrong is logged without the address, and not raised."""
        if self._away:
            return Answer.LATER
        if self._smtp is None and not self._connected():
            return Answer.LATER
        assert self._smtp is not None
        try:
            self._smtp.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            return _said(mail, codes[0] if codes else 0)
        except smtplib.SMTPDataError as refused:
            return _said(mail, refused.smtp_code)
        except (OSError, smtplib.SMTPException) as broken:
            _log.warning("mail %s was not taken: %s", mail["Message-ID"], type(broken).__name__)
            self._drop()
            return Answer.LATER
        return Answer.TAKEN

    def _connected(self) -> bool:
        try:
            self._smtp = connect(self._relay, self._timeout)
        except (OSError, smtplib.SMTPException) as away:
            _log.warning("the mail server %s does not take mails: %s", self._relay, type(away).__name__)
            self._away = True
            return False
        return True

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _said(mail: EmailMessage, code: int) -> Answer:
    """5xx is for good, all else may change (RFC 5321, 4.2.1)."""
    _log.warning("mail %s was not taken: the server says %d", mail["Message-ID"], code)
    return Answer.REFUSED if 500 <= code < 600 else Answer.LATER


def connect(relay: Relay, timeout: float = TIMEOUT) -> smtplib.SMTP:
    """A connection to the server, with its certificate checked and the user signed in.

    Raises ``OSError`` and ``SMTPException``.
    """
    if relay.scheme == "smtps":
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=timeout, context=context)
    else:
        smtp = smtplib.SMTP(relay.host, relay.port, timeout=timeout)
    try:
        if relay.scheme == "smtp+starttls":
            smtp.starttls(context=ssl.create_default_context())
        if relay.user:
            smtp.login(relay.user, relay.password)
    except BaseException:
        smtp.close()
        raise
    return smtp
