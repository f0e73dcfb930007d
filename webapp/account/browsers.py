"""One's own browsers that tell by push: the page's script subscribes, and tells us where."""

from flask import current_app, flash, jsonify, request, url_for
from werkzeug.wrappers import Response

from engine.desk import MOST_BROWSERS, subscribe_browser, unsubscribe_browser
from engine.errors import StateConflict
from webapp.account.part import blueprint, to
from webapp.auth import current_actor
from webapp.auth.devices import device_secret
from webapp.auth.events import Event, signed
from webapp.auth.proof import needs_proof
from webapp.auth.sessions import current_login
from webapp.db import database
from webapp.delivery import BrowserKeyInvalid, browser_keys, is_push_service
from webapp.i18n import gettext


@blueprint.post("/browsers")
@needs_proof("account.notifications")
def add_browser() -> Response | tuple[Response, int]:
    """Tell by the browser that asks: its ``PushSubscription`` as JSON. 400 for what is none, or for a push
    service that the settings do not name."""
    settings, sent = current_app.config["SETTINGS"], request.get_json(silent=True)
    sent = sent if isinstance(sent, dict) else {}
    keys = sent.get("keys")
    keys = keys if isinstance(keys, dict) else {}
    endpoint, p256dh, auth = sent.get("endpoint"), keys.get("p256dh"), keys.get("auth")
    if not (isinstance(endpoint, str) and isinstance(p256dh, str) and isinstance(auth, str)):
        return _refused(gettext("The browser has sent nothing to tell it by."))
    if not settings.push or not is_push_service(settings, endpoint):
        return _refused(gettext("This server does not send to the push service of this browser."))
    try:
        browser_keys(p256dh, auth)
    except BrowserKeyInvalid:
        return _refused(gettext("The browser has sent nothing to tell it by."))
    actor, agent = current_actor(), request.user_agent.string
    try:
        place = {"login_id": current_login().id, "device": device_secret()}
        subscribe_browser(database(), actor, endpoint, p256dh, auth, agent, **place)
    except StateConflict:
        return _refused(gettext("At most %(most)s browsers: remove one first.", most=MOST_BROWSERS))
    signed(Event.BROWSER_ADDED, actor.user_id)
    flash(gettext("This browser tells you from now on."), "success")
    return jsonify(next=url_for("account.notifications"))


@blueprint.post("/browsers/<browser_id>/remove")
def remove_browser(browser_id: str) -> Response:
    """Tell by this browser no more."""
    if unsubscribe_browser(database(), current_actor(), browser_id):
        flash(gettext("The browser tells you no more."), "success")
    return to("notifications")


def _refused(message: str) -> tuple[Response, int]:
    return jsonify(type="BrowserRefused", message=message), 400
