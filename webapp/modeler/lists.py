"""What is deployed: definitions by kind, and the versions of one."""

from io import BytesIO

from flask import Response, render_template, send_file

from engine import definition_content, get_definition, list_definitions
from engine.types import DefinitionView
from webapp.auth import current_actor
from webapp.db import database
from webapp.modeler.part import KINDS, Kind, blueprint, kind_of, own_agencies, require_own


@blueprint.get("/")
def index() -> str:
    """The newest version of everything in the analyst's agencies."""
    agencies = own_agencies()
    found: list[tuple[Kind, list[DefinitionView]]] = [
        (kind, list_definitions(database(), current_actor(), kind.id, agency_ids=agencies))
        for kind in KINDS.values()
    ]
    return render_template("modeler/index.html", found=found, agencies=agencies)


@blueprint.get("/<kind>/versions/<agency_id>/<key>")
def versions(kind: str, agency_id: str, key: str) -> str:
    """Every version of one definition, the newest first."""
    which = kind_of(kind)
    found = list_definitions(
        database(), current_actor(), which.id, agency_ids=[require_own(agency_id)], key=key, latest=False
    )
    newest = get_definition(database(), current_actor(), which.id, key=key, agency_id=agency_id)
    return render_template("modeler/versions.html", kind=which, found=found, newest=newest)


@blueprint.get("/<kind>/<id>/file")
def download(kind: str, id: str) -> Response:
    """The file of a version, byte for byte."""
    which = kind_of(kind)
    definition = get_definition(database(), current_actor(), which.id, id=id)
    require_own(definition.agency_id)
    content = definition_content(database(), current_actor(), which.id, id)
    return send_file(
        BytesIO(content), which.media, as_attachment=True, download_name=definition.resource_name, etag=False
    )
