"""One's own e-mail address: entered here, and good for nothing before what was mailed there is typed."""

from flask import current_app, flash, request
from werkzeug.wrappers import Response

from engine.desk import begin_email, confirm_email, put_email
from engine.errors import AddressInvalid
from webapp.account.part import blueprint, to
from webapp.account.ways import ways_page
from webapp.auth import current_actor
from webapp.auth.events import Event, signed
from webapp.auth.limits import code_counts, count, require_few
from webapp.auth.proof import needs_proof
from webapp.db import database
from webapp.delivery import Answer, send_code
from webapp.i18n import gettext


@blueprint.post("/notifications/address")
@needs_proof("account.notifications")
def enter_address() -> tuple[str, int] | Response:
    """Keep ``email`` and mail a code to it; the page comes back where it cannot be."""
    actor, email = current_actor(), request.form.get("email", "")
    if current_app.config["SETTINGS"].relay is None:
        return ways_page({"email": gettext("This server sends no e-mails.")}, email), 400
    counts = code_counts(actor.user_id)
    require_few(counts)
    try:
        code = begin_email(database(), actor, email)
    except AddressInvalid:
        wrong = gettext("Write an e-mail address like name@example.go.id.")
        return ways_page({"email": wrong}, email), 400
    count(counts)
    signed(Event.ADDRESS_CHANGED, actor.user_id)
    answer = send_code(email.strip(), code)
    if answer is Answer.REFUSED:
        return ways_page({"email": gettext("The mail server does not take this address. Check it.")}), 400
    if answer is Answer.LATER:
        away = gettext("The mail server does not answer. The code was not sent; try again in a few minutes.")
        return ways_page({"email": away}), 400
    flash(gettext("A code is on its way to %(email)s. Type it here.", email=email.strip()), "success")
    return to("notifications")


@blueprint.post("/notifications/confirm")
def confirm_address() -> tuple[str, int] | Response:
    """Check ``code``: from then on mails go to the address."""
    actor = current_actor()
    if not confirm_email(database(), actor, request.form.get("code", "")[:64]):
        wrong = gettext("This is not the code, or it is too old. After five wrong ones, send a new code.")
        return ways_page({"code": wrong}), 400
    signed(Event.ADDRESS_CONFIRMED, actor.user_id)
    flash(gettext("Your address is confirmed."), "success")
    return to("notifications")


@blueprint.post("/notifications/address/remove")
def remove_address() -> Response:
    """Take the address away: no more mails."""
    actor = current_actor()
    put_email(database(), actor, actor.user_id, "")
    signed(Event.ADDRESS_CHANGED, actor.user_id)
    flash(gettext("Your address is removed. No more e-mails come."), "success")
    return to("notifications")
