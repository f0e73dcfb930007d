"""One round: take what is due, send it, and note how it went. A failure is one parcel's own."""

import http.client
import json
import logging
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial

from flask_babel import force_locale
from sqlalchemy import Engine

from engine.desk import (
    Channel,
    DeliveryOutcome,
    Parcel,
    drop_browser,
    end_delivery,
    plan_digests,
    put_off_delivery,
    read_digest,
    take_deliveries,
)
from webapp.config import Settings
from webapp.delivery.keys import own_key
from webapp.delivery.letters import digest_letter, told_letter
from webapp.delivery.mailing import Answer, Mailer
from webapp.delivery.places import Door, PlaceRefused, door
from webapp.delivery.sealing import BrowserKeyInvalid, sealed_message, signature
from webapp.i18n import DEFAULT, LANGUAGES
from webapp.notifications.words import case_of, short_words

_TTL = 24 * 3600
"""Seconds that a push service keeps a message for a browser that is away: as long as we try a mail."""

_GONE = frozenset({404, 410})
"""The subscription is no more (RFC 8030, 7.3)."""

_log = logging.getLogger(__name__)


def deliver_mails(database: Engine, settings: Settings) -> int:
    """Send the mails and digests that are due; returns how many were taken. Needs an application context.

    Where mail is off, what was to be mailed is dropped: it stands in the app.
    """
    plan_digests(database)
    parcels = take_deliveries(database, (Channel.MAIL, Channel.DIGEST))
    if not parcels or settings.relay is None:
        for parcel in parcels:
            end_delivery(database, parcel.id, DeliveryOutcome.DROPPED)
        return 0
    with Mailer(settings.relay) as mailer:
        return sum(
            _settle(database, parcel, lambda p: _mail(database, settings, mailer, p)) for parcel in parcels
        )


def _mail(database: Engine, settings: Settings, mailer: Mailer, parcel: Parcel) -> DeliveryOutcome | None:
    mail = _letter(database, settings, parcel)
    if mail is None:
        return DeliveryOutcome.DROPPED
    return _ANSWERS[mailer.send(mail)]


def _letter(database: Engine, settings: Settings, parcel: Parcel) -> EmailMessage | None:
    """What a parcel says; None where there is nothing to say."""
    with force_locale(_language(parcel)):
        if parcel.told is not None:
            return told_letter(settings, parcel, parcel.told)
        digest = read_digest(database, parcel)
        return digest_letter(settings, parcel, digest) if digest else None


def deliver_pushes(database: Engine, settings: Settings, way_out: Door | None = None) -> int:
    """Send the push messages that are due; returns how many were taken. Needs an application context.

    ``way_out``: how services are reached, by default as the settings say.
    """
    parcels = take_deliveries(database, (Channel.PUSH,))
    if not parcels or not settings.push:
        for parcel in parcels:
            end_delivery(database, parcel.id, DeliveryOutcome.DROPPED)
        return 0
    send = partial(_push, database, settings, way_out or door(settings))
    return sum(_settle(database, parcel, send) for parcel in parcels)


def _push(database: Engine, settings: Settings, out: Door, parcel: Parcel) -> DeliveryOutcome | None:
    if parcel.target is None or parcel.told is None:
        return DeliveryOutcome.DROPPED
    subject = f"mailto:{settings.mail_from}" if settings.mail_from else settings.origin
    try:
        headers = {
            "Authorization": signature(parcel.target.endpoint, subject, *own_key(database)),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_TTL),
        }
        status = out.post(parcel.target.endpoint, headers, sealed_message(parcel.target, push_text(parcel)))
    except (PlaceRefused, BrowserKeyInvalid):
        drop_browser(database, parcel.target)
        return DeliveryOutcome.DROPPED
    except (OSError, http.client.HTTPException) as broken:
        _log.warning("push message %s was not taken: %s", parcel.id, type(broken).__name__)
        return None
    if status in _GONE:
        drop_browser(database, parcel.target)
        return DeliveryOutcome.DROPPED
    if 200 <= status < 300:
        return DeliveryOutcome.SENT
    _log.warning("push message %s was not taken: the service says %d", parcel.id, status)
    return None if status == 429 or status >= 500 else DeliveryOutcome.FAILED


def push_text(parcel: Parcel) -> bytes:
    """What the browser shows, on a locked screen too: the kind, the number and the pseudonym, no more."""
    assert parcel.told is not None
    with force_locale(_language(parcel)):
        shown = {
            "title": short_words(parcel.told),
            "body": case_of(parcel.told),
            "url": f"/notifications/{parcel.told.id}",
            "tag": parcel.told.id,
            "lang": _language(parcel),
        }
    return json.dumps(shown, ensure_ascii=False).encode()


def _settle(database: Engine, parcel: Parcel, send: Callable[[Parcel], DeliveryOutcome | None]) -> bool:
    """Send one parcel and note how it ended (None: not yet). Whether it was taken."""
    try:
        outcome = send(parcel)
    except Exception:  # noqa: BLE001 - one that cannot be sent must not hold up all the others
        _log.exception("delivery %s failed", parcel.id)
        outcome = None
    if outcome is None:
        if not put_off_delivery(database, parcel.id):
            _log.error("delivery %s to %s is given up after a day", parcel.id, parcel.user.id)
        return False
    if outcome is DeliveryOutcome.FAILED:
        _log.error("delivery %s to %s was refused for good", parcel.id, parcel.user.id)
    end_delivery(database, parcel.id, outcome)
    return outcome is DeliveryOutcome.SENT


def _language(parcel: Parcel) -> str:
    return parcel.user.language if parcel.user.language in LANGUAGES else DEFAULT


_ANSWERS = {Answer.TAKEN: DeliveryOutcome.SENT, Answer.LATER: None, Answer.REFUSED: DeliveryOutcome.FAILED}
