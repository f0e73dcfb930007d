"""Telling people outside the app: mails over SMTP and messages to browsers (Web Push), beside the jobs.

The engine says what is to be sent, to whom and how often to try (``engine.desk``); here are the words and the
wires. Nothing of a case but its number, pseudonym, step and clock goes out, and nobody's name.
"""

from webapp.delivery.codes import send_code
from webapp.delivery.keys import public_key
from webapp.delivery.mailing import Answer
from webapp.delivery.places import is_push_service
from webapp.delivery.rounds import deliver_mails, deliver_pushes
from webapp.delivery.running import delivering, words_app
from webapp.delivery.sealing import BrowserKeyInvalid, browser_keys

__all__ = [
    "Answer",
    "BrowserKeyInvalid",
    "browser_keys",
    "deliver_mails",
    "deliver_pushes",
    "delivering",
    "is_push_service",
    "public_key",
    "send_code",
    "words_app",
]
