"""The web application: parse a request, call one engine command or query, render the answer.

A folder is a persona's part and exports ``blueprint``. No rule of a process, no right and no SQL lives here.
"""

from flask import Flask, g
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.types import Actor, pseudonym_of
from webapp import (
    account,
    admin,
    audit,
    auth,
    calendar,
    cockpit,
    inbox,
    modeler,
    notifications,
    rest,
    site,
    statistics,
)
from webapp.agencies import agency_name, clock_name, group_name, group_names, zone_of
from webapp.assets import init_assets
from webapp.auth.csrf import csrf
from webapp.bodies import init_bodies
from webapp.clocks import task_state
from webapp.config import Settings, read_settings, require_loopback, secret_of
from webapp.counts import counted
from webapp.db import init_db
from webapp.errors import init_errors
from webapp.headers import init_headers
from webapp.i18n import init_languages
from webapp.navigation import navigation
from webapp.people import away_until, last_day, person
from webapp.recording import init_recording, note_origin
from webapp.times import bare_time, due_state, moment, short_moment

PARTS = (
    site,
    auth,
    account,
    inbox,
    notifications,
    cockpit,
    statistics,
    calendar,
    modeler,
    admin,
    audit,
    rest,
)
BLUEPRINTS = tuple(part.blueprint for part in PARTS)


def create_app(settings: Settings | None = None) -> Flask:
    """The application as ``settings`` say (from the environment where None).

    Raises ``SettingsInvalid`` where it must not run: outside demo mode without a secret, in demo mode on an
    address that others can reach.
    """
    settings = settings or read_settings()
    if settings.demo:
        require_loopback(settings.host)
    app = Flask(__name__)
    app.config.update(_flask_settings(settings))
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    init_db(app, settings.url, settings.key_place, settings.record_place)
    init_headers(app)
    init_assets(app)
    init_languages(app)
    init_bodies(app)
    app.before_request(note_origin)  # the first: what others do before a view is recorded too
    auth.init_auth(app)
    csrf.init_app(app)
    init_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_recording(app)
    _init_templates(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": secret_of(settings),
        # The login's own row ends it; the cookie outlives it, so that an open page can still be sent after
        # signing in again.
        "PERMANENT_SESSION_LIFETIME": (settings.session_hours + 24) * 3600,
        "SESSION_COOKIE_NAME": "titian" if settings.demo else "__Host-titian",
        "SESSION_COOKIE_SECURE": not settings.demo,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: nobody loses a long form to the clock
        # A page elsewhere must not reach the demo's known passwords by giving its own name our address.
        "TRUSTED_HOSTS": ["localhost", "127.0.0.1", "[::1]"] if settings.demo else None,
    }


def _init_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        navigation=navigation,
        agency_name=agency_name,
        group_name=group_name,
        group_names=group_names,
        person=person,
        away_until=away_until,
        last_day=last_day,
        pseudonym=pseudonym_of,
        due_state=due_state,
        task_state=task_state,
        clock_name=clock_name,
        counted=counted,
        unread_count=notifications.unread_count,
        moment=lambda value, agency_id: moment(value, zone_of(agency_id)),
        short_moment=lambda value, agency_id: short_moment(value, zone_of(agency_id)),
        bare_time=lambda value, agency_id: bare_time(value, zone_of(agency_id)),
    )
    app.context_processor(_about_the_reader)


def _about_the_reader() -> dict[str, object]:
    """``actor``; and ``own_agency`` where there is but one, for the colour of pages about no single case."""
    actor: Actor | None = g.get("actor")
    agencies = sorted(actor.by_agency) if actor else []
    return {"actor": actor, "own_agency": agencies[0] if len(agencies) == 1 else ""}
