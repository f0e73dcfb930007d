"""What belongs to no persona: the health check, the agencies' colours, the service worker."""

from flask import Blueprint, Response, jsonify, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from webapp.accent import accent_rules
from webapp.agencies import agencies
from webapp.assets import bundle_file
from webapp.auth import public
from webapp.db import answers, database

blueprint = Blueprint("site", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 once the database answers and has its tables, else 503."""
    ready = answers(database())
    return jsonify(status="ok" if ready else "unavailable"), 200 if ready else 503


@blueprint.get("/agencies.css")
@public
def agency_styles() -> AnyResponse:
    """One accent per agency, from the profiles: no agency is written in the front end's own stylesheet."""
    colours = {agency.id: str(agency.profile.get("warna", "")) for agency in agencies().values()}
    response = Response(accent_rules(colours), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/sw.js")
@public
def service_worker() -> AnyResponse:
    """What shows push messages while no page is open. It keeps no page and answers no request; at the root,
    or it could not open the page of a message."""
    return send_file(bundle_file("sw.js"), mimetype="text/javascript")
