"""The second factor, after the password: a code of an authenticator app, a passkey, or a recovery code."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from engine import factors, use_recovery_code, use_totp
from webapp.auth import recovery, totp
from webapp.auth.events import Event, signed
from webapp.auth.limits import count, factor_counts, require_few
from webapp.auth.part import blueprint, next_page
from webapp.auth.passkeys import passkeys_work
from webapp.auth.requirement import Lack
from webapp.auth.sealing import app_key
from webapp.auth.sessions import half_way, lacking, signing_in, strengthen
from webapp.auth.targets import safe_target
from webapp.db import database
from webapp.i18n import gettext


@blueprint.get("/login/second")
@half_way(Lack.FACTOR)
def second() -> str | Response:
    """The page that asks for the second factor; whoever has shown it goes on."""
    return redirect(next_page()) if lacking() is Lack.NOTHING else _page()


@blueprint.post("/login/second")
@half_way(Lack.FACTOR)
def check_second() -> tuple[str, int] | Response:
    """Check ``code``: of the authenticator app, or a recovery code. 401 where it is wrong."""
    if lacking() is Lack.NOTHING:
        return redirect(next_page())
    user_id, code = signing_in().user_id, request.form.get("code", "")[:64]
    counts = factor_counts(user_id)
    require_few(counts)
    # Recovery codes first: they help, too, where the key store is away.
    how = "code" if _is_recovery_code(user_id, code) else "totp" if is_right_code(user_id, code) else ""
    if not how:
        count(counts)
        signed(Event.FACTOR_FAILED, user_id)
        return _page(gettext("This code is not right, or was used before. Wait for the next one.")), 401
    strengthen(how)
    if how == "code":
        signed(Event.CODE_USED, user_id)
    return redirect(next_page())


def is_right_code(user_id: str, code: str) -> bool:
    """Whether this is a code of the user's authenticator app right now; it is used up then."""
    key = app_key(user_id, confirmed=True)
    step = totp.step_of(key, code) if key else None
    return step is not None and use_totp(database(), user_id, step)


def _is_recovery_code(user_id: str, code: str) -> bool:
    plain = recovery.plain(code)
    return bool(plain) and use_recovery_code(database(), user_id, plain)


def _page(problem: str = "") -> str:
    has = factors(database(), signing_in().user_id)
    return render_template(
        "auth/second.html",
        problem=problem,
        has=has,
        passkeys=bool(has.passkeys) and passkeys_work(),
        next=safe_target(request.values.get("next"), ""),
        bundle="sign-in",
    )
