"""Mailing the code of a new address: at once, since somebody waits for it on the page."""

from flask import current_app
from uuid_utils import uuid7

from webapp.config import Settings
from webapp.delivery.letters import code_letter
from webapp.delivery.mailing import Answer, Mailer


def send_code(email: str, code: str) -> Answer:
    """Hand in the mail with the code, in the reader's language. ``LATER`` also where mail is off."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.relay is None:
        return Answer.LATER
    with Mailer(settings.relay) as mailer:
        return mailer.send(code_letter(settings, email, uuid7().hex, code))
