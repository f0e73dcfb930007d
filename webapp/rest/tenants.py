"""``/tenant``, ``/engine`` and ``/version``."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine.errors import AgencyNotFound
from webapp.db import database
from webapp.rest.gate import caller
from webapp.rest.operation import PAGING, SORTING, Query, operation, texts


@operation(
    "GET",
    "/tenant",
    "The agencies that the caller belongs to",
    query=(*texts("id", "name"), *SORTING, *PAGING),
)
def listed(query: Query) -> ResponseReturnValue:
    found = [
        {"id": agency.id, "name": agency.name}
        for agency in engine.list_agencies(database(), caller())
        if query.get("id") in (None, agency.id) and query.get("name") in (None, agency.name)
    ]
    found.sort(
        key=lambda a: a["name" if query.get("sortBy") == "name" else "id"],
        reverse=query.get("sortOrder") == "desc",
    )
    first = query.get("firstResult", 0)
    return jsonify(found[first : first + query.get("maxResults", len(found))])


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
