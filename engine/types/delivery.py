"""How people are told outside the app: by which way, what they chose, and what is to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.types.notifications import NotificationKind, NotificationView
from engine.types.views import TaskView, UserView


class Channel(StrEnum):
    """The ways out of the app. A digest is a mail about many things."""

    MAIL = "mail"
    DIGEST = "digest"
    PUSH = "push"


class MailChoice(StrEnum):
    """When somebody is mailed of a kind: at once, in the daily digest, or not at all."""

    NOW = "now"
    DIGEST = "digest"
    NONE = "none"


class DeliveryOutcome(StrEnum):
    """How a delivery ended: taken by the other side; refused, or not taken for a day; or not needed any more
    (read in the app, nobody to tell, nothing to say)."""

    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


DEFAULT_MAIL: Mapping[NotificationKind, MailChoice] = {
    NotificationKind.TASK_ASSIGNED: MailChoice.NOW,
    NotificationKind.TASK_HANDED_OVER: MailChoice.NOW,
    NotificationKind.TASK_RETURNED: MailChoice.NOW,
    NotificationKind.DEADLINE_BREACH: MailChoice.NOW,
    NotificationKind.DEADLINE_WARNING: MailChoice.DIGEST,
    NotificationKind.MENTIONED: MailChoice.DIGEST,
}
"""What somebody gets who has confirmed an address and chosen nothing yet; other kinds come in the digest."""

DEFAULT_HOUR = 7


def default_mail() -> dict[NotificationKind, MailChoice]:
    """``DEFAULT_MAIL`` for every kind."""
    return {kind: DEFAULT_MAIL.get(kind, MailChoice.DIGEST) for kind in NotificationKind}


@dataclass(frozen=True)
class ChoiceView:
    """What a user chose. ``email`` "" where none is known; it gets nothing while ``confirmed`` is False;
    ``code_sent``: a code was mailed there and may still be typed. ``digest_hour``: on the agency's clocks."""

    email: str
    confirmed: bool
    code_sent: bool
    mail: Mapping[NotificationKind, MailChoice]
    push: frozenset[NotificationKind]
    summary: bool
    digest_hour: int


@dataclass(frozen=True)
class BrowserView:
    """A browser that is told by push; ``agent`` as it calls itself."""

    id: str
    agent: str
    created_at: datetime


@dataclass(frozen=True)
class PushTarget:
    """Where and with which keys a browser is reached (RFC 8291; keys in base64url)."""

    id: str
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Parcel:
    """One delivery that is to be tried now: to ``email`` or ``target``, about ``told`` or, as a digest, about
    all since ``since``. ``id`` stays the same at every try."""

    id: str
    channel: Channel
    user: UserView
    email: str
    told: NotificationView | None
    target: PushTarget | None
    since: datetime
    created_at: datetime


@dataclass(frozen=True)
class DigestView:
    """What a digest tells: open tasks of one's own that are late or soon due, how many tasks are new in the
    queues, and what was kept for the digest. Empty lists and 0 where there is nothing."""

    late: Sequence[TaskView]
    soon: Sequence[TaskView]
    queued: int
    told: Sequence[NotificationView]

    def __bool__(self) -> bool:
        return bool(self.late or self.soon or self.queued or self.told)
