"""``/tenant``, ``/engine`` and ``/version``."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine.errors import AgencyNotFound
from webapp.db import database
from webapp.rest.gate import caller
from webapp.rest.listing import is_like, ordered, part
from webapp.rest.operation import PAGING, SORTING, Query, operation, texts

FILTERS = texts("id", "name", "nameLike")


def _found(query: Query) -> list[dict[str, str]]:
    return [
        {"id": agency.id, "name": agency.name}
        for agency in engine.list_agencies(database(), caller())
        if query.get("id") in (None, agency.id)
        and query.get("name") in (None, agency.name)
        and is_like(query.get("nameLike"), agency.name)
    ]


@operation("GET", "/tenant", "The agencies that the caller belongs to", query=(*FILTERS, *SORTING, *PAGING))
def listed(query: Query) -> ResponseReturnValue:
    found = ordered(_found(query), query, {"id": lambda a: a["id"], "name": lambda a: a["name"]})
    return jsonify(part(found, query))


@operation("GET", "/tenant/count", "How many agencies", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=len(_found(query)))


@operation("GET", "/tenant/<id>", "One agency", answers={200: "The agency", 404: "None of the caller's"})
def one(id: str, query: Query) -> ResponseReturnValue:
    for agency in engine.list_agencies(database(), caller()):
        if agency.id == id:
            return jsonify(id=agency.id, name=agency.name)
    raise AgencyNotFound(id=id)


@operation("GET", "/engine", "The process engines: one")
def engines(query: Query) -> ResponseReturnValue:
    return jsonify([{"name": "default"}])


@operation("GET", "/version", "The release of Titian")
def version(query: Query) -> ResponseReturnValue:
    try:
        return jsonify(version=installed_version("titian"))
    except PackageNotFoundError:  # run from a checkout that is not installed
        return jsonify(version="0")
