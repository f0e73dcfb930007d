"""What mails say: plain text, in the language of who gets them. Called with that language in force.

The subject is the same for every case. Whoever gets a mail by mistake learns that there is a Titian.
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from engine import clock
from engine.desk import CODE_GOOD, DigestView, NotificationView, Parcel
from engine.types import TaskView, pseudonym_of
from webapp.agencies import zone_of
from webapp.config import Settings
from webapp.i18n import current_language, gettext, ngettext
from webapp.notifications.words import sentence
from webapp.times import moment

CHOICES = "/account/notifications"
_INDENT = "  "


def told_letter(settings: Settings, parcel: Parcel, told: NotificationView) -> EmailMessage:
    """A mail about one thing, with the way to it."""
    lines = [
        sentence(told, outside=True),
        "",
        gettext("Open it in Titian:"),
        f"{settings.origin}/notifications/{told.id}",
    ]
    return _letter(settings, parcel.email, parcel.id, gettext("Titian: something for you"), lines)


def digest_letter(settings: Settings, parcel: Parcel, digest: DigestView) -> EmailMessage:
    """The daily mail: what is late, what is soon due, what is new."""
    parts = [
        (gettext("Late"), [_task(task) for task in digest.late]),
        (gettext("Due soon"), [_task(task) for task in digest.soon]),
        (gettext("Notifications that you have not read"), [sentence(n, outside=True) for n in digest.told]),
    ]
    lines = []
    for title, found in parts:
        if found:
            lines += [f"{title} ({len(found)})", *(f"{_INDENT}- {line}" for line in found), ""]
    if digest.queued:
        new = ngettext(
            "%(num)d new task in the queues of your groups.",
            "%(num)d new tasks in the queues of your groups.",
            digest.queued,
        )
        lines += [new, ""]
    lines += [gettext("Open Titian:"), f"{settings.origin}/"]
    return _letter(settings, parcel.email, parcel.id, gettext("Titian: your day"), lines)


def code_letter(settings: Settings, email: str, letter_id: str, code: str) -> EmailMessage:
    """The mail with the code that shows that an address is its user's."""
    minutes = int(CODE_GOOD.total_seconds() // 60)
    lines = [
        gettext("Somebody with an account in Titian has entered this address. The code is:"),
        "",
        f"{_INDENT}{code[:4]} {code[4:]}",
        "",
        gettext("Type it at the place where you entered the address, within %(num)s minutes.", num=minutes),
        gettext("If it was not you, do nothing: without the code nothing more comes here."),
    ]
    return _letter(settings, email, letter_id, gettext("Titian: your code"), lines, chosen=False)


def _task(task: TaskView) -> str:
    case = f"{task.business_key} ({pseudonym_of(task.instance_id)})"
    due = moment(task.due_at, zone_of(task.agency_id)) if task.due_at else ""
    return f"{case}: {task.name}, {gettext('due on %(when)s', when=due)}"


def _letter(
    settings: Settings, email: str, letter_id: str, subject: str, lines: list[str], *, chosen: bool = True
) -> EmailMessage:
    """A mail with its headers; ``chosen``: it says where one may choose otherwise. ``email`` was checked to
    be one address when it was entered, and the header classes refuse a line break."""
    choices = f"{settings.origin}{CHOICES}"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Titian", addr_spec=settings.mail_from)
    mail["To"] = Address(addr_spec=email)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{letter_id}@{urlsplit(settings.origin).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine replies
    mail["X-Auto-Response-Suppress"] = "All"
    if chosen:
        foot = gettext("You get this because you chose so. Choose anew, or stop it:")
        lines = [*lines, "", "-- ", foot, choices]
        mail["List-Unsubscribe"] = f"<{choices}>"  # RFC 2369
    mail.set_content("\n".join([*lines, ""]))
    mail["Content-Language"] = current_language()
    return mail
