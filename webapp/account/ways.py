"""How one is told outside the app: which kinds by mail and by push, and when the digest comes."""

from flask import current_app, flash, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from engine.desk import ChoiceView, MailChoice, NotificationKind, choose_ways, get_choice, list_browsers
from engine.errors import N_
from webapp.account.agents import described
from webapp.account.part import blueprint, to
from webapp.auth import current_actor
from webapp.config import Settings
from webapp.db import database
from webapp.delivery import public_key
from webapp.i18n import gettext
from webapp.notifications.words import KINDS

MAIL_CHOICES = {
    MailChoice.NOW: N_("at once"),
    MailChoice.DIGEST: N_("in the daily summary"),
    MailChoice.NONE: N_("no e-mail"),
}


@blueprint.get("/notifications")
def notifications() -> str:
    """The address, the choices, and the browsers."""
    return ways_page()


@blueprint.post("/notifications")
def choose() -> Response:
    """Keep what was chosen: ``mail-<kind>``, ``push`` (several), ``summary``, ``hour``.

    Raises ``BadRequest`` for what the form does not offer.
    """
    form = request.form
    hour = form.get("hour", "")
    if hour not in map(str, range(24)):
        raise BadRequest
    actor, before = current_actor(), get_choice(database(), current_actor())
    try:
        mail = {kind: MailChoice(form.get(f"mail-{kind}", before.mail[kind])) for kind in NotificationKind}
        push = [NotificationKind(kind) for kind in form.getlist("push")]
    except ValueError:
        raise BadRequest from None
    choose_ways(
        database(), actor, mail=mail, push=push, summary=form.get("summary") == "1", digest_hour=int(hour)
    )
    flash(gettext("Your choice is saved."), "success")
    return to("notifications")


def ways_page(problems: dict[str, str] | None = None, email: str | None = None) -> str:
    """The page; ``problems``: field -> what is wrong with it, ``email``: what was typed."""
    actor, settings = current_actor(), _settings()
    choice: ChoiceView = get_choice(database(), actor)
    return render_template(
        "account/notifications.html",
        choice=choice,
        email=choice.email if email is None else email,
        kinds=[(kind, gettext(KINDS.get(kind, kind.value))) for kind in NotificationKind],
        mail_choices=[(value, gettext(text)) for value, text in MAIL_CHOICES.items()],
        mails=settings.relay is not None,
        pushes=settings.push,
        push_key=public_key(database()) if settings.push else "",
        browsers=[(each, described(each.agent)) for each in list_browsers(database(), actor)],
        problems=problems or {},
    )


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
