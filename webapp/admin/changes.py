"""What an administrator changes: add a user, groups, password, address, lock out and let in.

Each asks for a fresh proof: who finds the browser of an administrator open must not get a way in for good.
"""

import re

from flask import flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from engine import add_user, reset_factors, set_active, set_memberships, set_password
from engine.desk import put_email
from engine.errors import N_, ActionForbidden, AddressInvalid, NameTaken
from webapp.admin.membership import chosen
from webapp.admin.part import blueprint, known_user
from webapp.admin.users import new_page, user_page
from webapp.auth import current_actor
from webapp.auth.events import Event, signed
from webapp.auth.password_rules import password_problem
from webapp.auth.passwords import hash_password
from webapp.auth.proof import needs_proof
from webapp.db import database
from webapp.i18n import gettext

_USER_ID = re.compile(r"[a-z0-9][a-z0-9._-]*@[a-z0-9][a-z0-9._-]*")
LONGEST_ID, LONGEST_NAME = 64, 255

Answer = Response | tuple[str, int]


@blueprint.post("/users")
@needs_proof("admin.new")
def add() -> Answer:
    """Add a user; the form comes back with every problem where something is wrong."""
    user_id, name = (request.form.get(field, "").strip() for field in ("user_id", "name"))
    password = request.form.get("password", "")
    memberships = _memberships(())
    checks = {
        "user_id": _id_problem(user_id),
        "name": _name_problem(name),
        "password": password_problem(password, user_id, name),
    }
    problems = {field: problem for field, problem in checks.items() if problem}
    if not problems:
        try:
            add_user(database(), current_actor(), user_id, name, hash_password(password), memberships)
        except NameTaken:
            problems["user_id"] = gettext("This user name is taken. Choose another one.")
    if problems:
        return new_page(user_id=user_id, name=name, held=memberships, problems=problems), 400
    flash(gettext("%(name)s can sign in now as %(id)s.", name=name, id=user_id), "success")
    return _to(user_id)


@blueprint.post("/users/<user_id>/groups")
@needs_proof("admin.user", "user_id")
def groups(user_id: str) -> Answer:
    """Replace the groups and roles of a user."""
    view = known_user(user_id)
    set_memberships(database(), current_actor(), user_id, _memberships(view.memberships))
    flash(gettext("The groups of %(name)s are saved.", name=view.name), "success")
    return _to(user_id)


@blueprint.post("/users/<user_id>/password")
@needs_proof("admin.user", "user_id")
def password(user_id: str) -> Answer:
    """Give a user a new password; ends the user's logins."""
    view = known_user(user_id)
    wanted = request.form.get("password", "")
    if problem := password_problem(wanted, user_id, view.name):
        return user_page(view, {"password": problem}), 400
    set_password(database(), current_actor(), user_id, hash_password(wanted))
    signed(Event.PASSWORD_CHANGED, user_id, by=current_actor().user_id)
    flash(gettext("%(name)s has a new password.", name=view.name), "success")
    return _to(user_id)


@blueprint.post("/users/<user_id>/email")
@needs_proof("admin.user", "user_id")
def email(user_id: str) -> Answer:
    """Enter or (empty) take away the e-mail address of a user, who has to confirm it before mails come."""
    view, wanted = known_user(user_id), request.form.get("email", "").strip()
    try:
        put_email(database(), current_actor(), user_id, wanted)
    except AddressInvalid:
        wrong = gettext("Write an e-mail address like name@example.go.id.")
        return user_page(view, {"email": wrong}), 400
    signed(Event.ADDRESS_CHANGED, user_id, by=current_actor().user_id)
    said = N_("%(name)s can confirm the address now.") if wanted else N_("%(name)s has no e-mail address.")
    flash(gettext(said, name=view.name), "success")
    return _to(user_id)


@blueprint.post("/users/<user_id>/active")
@needs_proof("admin.user", "user_id")
def active(user_id: str) -> Answer:
    """Lock a user out (``active`` 0) or let the user in again (1)."""
    view, wanted = known_user(user_id), request.form.get("active")
    if wanted not in {"0", "1"}:
        raise BadRequest
    if wanted == "0" and user_id == current_actor().user_id:
        raise ActionForbidden(action=N_("lock yourself out"))
    set_active(database(), current_actor(), user_id, wanted == "1")
    said = N_("%(name)s can sign in again.") if wanted == "1" else N_("%(name)s is locked out.")
    flash(gettext(said, name=view.name), "success")
    return _to(user_id)


@blueprint.post("/users/<user_id>/factors/reset")
@needs_proof("admin.user", "user_id")
def reset(user_id: str) -> Answer:
    """Remove all second factors of a user who has lost them; the user reads so in the account."""
    view = known_user(user_id)
    if user_id == current_actor().user_id:
        raise ActionForbidden(action=N_("reset your own second factor"))
    reset_factors(database(), current_actor(), user_id)
    signed(Event.FACTORS_RESET, user_id, by=current_actor().user_id)
    flash(gettext("%(name)s has no second factor any more and is signed out.", name=view.name), "success")
    return _to(user_id)


def _id_problem(user_id: str) -> str:
    if not _USER_ID.fullmatch(user_id):
        return gettext("Write the user name like name@agency: small letters, digits, and . _ - only.")
    if len(user_id) > LONGEST_ID:
        return gettext("The user name has at most %(most)s characters.", most=LONGEST_ID)
    return ""


def _name_problem(name: str) -> str:
    if not name:
        return gettext("Write the name that others will read.")
    if len(name) > LONGEST_NAME:
        return gettext("The name has at most %(most)s characters.", most=LONGEST_NAME)
    return ""


def _memberships(held: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The groups that the form has ticked. Raises ``BadRequest`` for one that was not offered."""
    found = chosen(request.form.getlist("membership"), held)
    if found is None:
        raise BadRequest
    return found


def _to(user_id: str) -> Response:
    return redirect(url_for("admin.user", user_id=user_id), 303)
