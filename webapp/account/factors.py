"""The second factor: an authenticator app, and recovery codes for when it is lost."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from engine import confirm_totp, factors, offer_totp, put_recovery_codes, remove_totp
from engine.types.sign_in import Factors
from webapp.account.part import blueprint, to
from webapp.auth import current_actor, recovery, totp
from webapp.auth.events import Event, signed
from webapp.auth.limits import count, factor_counts, require_few
from webapp.auth.part import next_page
from webapp.auth.passkeys import passkeys_work
from webapp.auth.proof import needs_proof
from webapp.auth.requirement import Lack, requires_factor
from webapp.auth.sealing import app_key
from webapp.auth.sessions import half_way, lacking, signing_in, strengthen
from webapp.db import database
from webapp.i18n import gettext


@blueprint.get("/enrol")
@half_way(Lack.ENROLMENT)
def enrol() -> str | Response:
    """Setting up the second factor that one needs before anything else."""
    return redirect(next_page()) if lacking() is Lack.NOTHING else _page()


@blueprint.get("/factors", endpoint="factors")
def own_factors() -> str:
    """What one proves with besides the password."""
    return _page()


@blueprint.post("/totp")
@half_way(Lack.ENROLMENT)
@needs_proof("account.factors")
def begin_totp() -> Response:
    """Make a key for an authenticator app. It counts once the app has shown a right code."""
    actor = signing_in()
    offer_totp(database(), actor, totp.new_key())
    return to("show_totp")


@blueprint.get("/totp")
@half_way(Lack.ENROLMENT)
@needs_proof("account.factors")
def show_totp() -> str | Response:
    """The key that is being set up, as a picture and in letters."""
    return _key_page()


@blueprint.post("/totp/confirm")
@half_way(Lack.ENROLMENT)
@needs_proof("account.factors")
def check_totp() -> tuple[str, int] | str | Response:
    """Count the app from now on, if ``code`` is right. The first factor comes with recovery codes."""
    actor = signing_in()
    counts = factor_counts(actor.user_id)
    require_few(counts)
    key = app_key(actor.user_id, confirmed=False)
    if key is None:
        return to("enrol" if lacking() else "factors")
    step = totp.step_of(key, request.form.get("code", "")[:64])
    if step is None:
        count(counts)
        answer = _key_page(
            gettext("This code is not right. Check the clock of your phone, and try the next one.")
        )
        return answer if isinstance(answer, Response) else (answer, 400)
    confirm_totp(database(), actor, step)
    signed(Event.TOTP_ADDED, actor.user_id)
    strengthen("totp")
    if not factors(database(), actor.user_id).recovery_codes:
        return _new_codes()
    flash(gettext("Your authenticator app is set up."), "success")
    return to("factors")


@blueprint.post("/totp/remove")
@needs_proof("account.factors")
def drop_totp() -> Response:
    """Remove the authenticator app, unless it is the last factor of somebody who needs one."""
    actor = current_actor()
    has = factors(database(), actor.user_id)
    if not has.passkeys and requires_factor(actor):
        flash(gettext("You need a second factor. Add a passkey first, then remove the app."), "error")
    elif remove_totp(database(), actor):
        signed(Event.TOTP_REMOVED, actor.user_id)
        flash(gettext("The authenticator app is removed."), "success")
    return to("factors")


@blueprint.post("/codes")
@needs_proof("account.factors")
def make_codes() -> str | Response:
    """Make recovery codes, and show them for the only time. Older ones are worth nothing any more."""
    return _new_codes() if factors(database(), current_actor().user_id) else to("factors")


def _new_codes() -> str:
    actor, codes = current_actor(), recovery.new_codes()
    put_recovery_codes(database(), actor, [recovery.plain(code) for code in codes])
    signed(Event.CODES_MADE, actor.user_id)
    return render_template("account/codes.html", codes=codes, next=next_page())


def _key_page(problem: str = "") -> str | Response:
    user_id = signing_in().user_id
    key = app_key(user_id, confirmed=False)
    if key is None:
        return to("enrol" if lacking() else "factors")
    return render_template(
        "account/totp.html",
        picture=totp.picture(key, user_id),
        address=totp.address(key, user_id),
        spoken=totp.spoken(key),
        problem=problem,
        enrolling=bool(lacking()),
    )


def _page() -> str:
    has: Factors = factors(database(), signing_in().user_id)
    return render_template(
        "account/factors.html",
        has=has,
        enrolling=bool(lacking()),
        passkeys_work=passkeys_work(),
        next=next_page() if not lacking() else "",
        bundle="sign-in",
    )
