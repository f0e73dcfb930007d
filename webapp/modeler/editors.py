"""The editors: a version is opened, changed and deployed as the next one; or a new file is begun."""

from typing import Any

import orjson
from flask import render_template, request, url_for

from engine import definition_content, get_definition, list_definitions
from engine.definitions import text_of_file
from engine.errors import QueryInvalid
from webapp.agencies import profile
from webapp.auth import current_actor
from webapp.db import database
from webapp.modeler.beginnings import beginning, is_id
from webapp.modeler.part import Kind, blueprint, kind_of, own_agencies, require_own


@blueprint.get("/<kind>/<id>")
def edit(kind: str, id: str) -> str:
    """A version in its editor."""
    which = kind_of(kind)
    definition = get_definition(database(), current_actor(), which.id, id=id)
    agency_id = require_own(definition.agency_id)
    content = text_of_file(definition_content(database(), current_actor(), which.id, id))
    page = _page_data(which, agency_id, definition.resource_name, content)
    return _render(which, agency_id, definition.name, page, version=definition.version, key=definition.key)


@blueprint.get("/<kind>/new")
def new(kind: str) -> str:
    """An empty file in its editor; ``agency`` and ``id`` say for whom and what it will be called."""
    which = kind_of(kind)
    agency_id = require_own(request.args.get("agency", own_agencies()[0]))
    key = request.args.get("id", "").strip() or f"{agency_id}_baru"
    if not is_id(key):
        raise QueryInvalid(reason="an id begins with a letter and holds letters, digits, - and _")
    page = _page_data(which, agency_id, f"{key}.{which.ending}", beginning(which.id, key))
    return _render(which, agency_id, key, page, version=None, key=key)


def _page_data(kind: Kind, agency_id: str, name: str, content: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": name,
        "deployUrl": url_for("modeler.deploy", agency_id=agency_id),
        "lintUrl": url_for("modeler.check", agency_id=agency_id),
    }
    if kind.id == "form":
        return data | {"schema": orjson.loads(content)}
    data["xml"] = content
    if kind.id == "decision":
        data["tryUrl"] = url_for("modeler.try_out")
    if kind.id == "process":
        for name_, of in (("forms", "form"), ("decisions", "decision"), ("processes", "process")):
            found = list_definitions(database(), current_actor(), of, agency_ids=[agency_id])
            data[name_] = [definition.key for definition in found]
        data["groups"] = list(profile(agency_id).get("kelompok", {}))
    return data


def _render(
    kind: Kind, agency_id: str, name: str, page: dict[str, Any], *, version: int | None, key: str
) -> str:
    return render_template(
        "modeler/editor.html",
        kind=kind,
        agency_id=agency_id,
        name=name,
        page_data=page,
        version=version,
        key=key,
    )
