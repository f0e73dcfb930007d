"""Shares of a case across agencies: ``/process-instance/{id}/share`` for the owner, ``/share`` for the group
that reads them. Camunda knows none; rights, errors and record are those of the pages.
"""

from datetime import datetime
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import Database
from engine.errors import QueryInvalid, ShareNotFound
from engine.types import ReceivedShare, ShareView
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.listing import part
from webapp.rest.operation import (
    PAGING,
    Json,
    Query,
    operation,
    read_body,
    required_text,
    text_of,
    texts_of,
)
from webapp.rest.repeating import repeatable
from webapp.rest.values import read_moment, write_moment

_TERMS = {
    "type": "object",
    "properties": {
        "toTenantId": {"type": "string"},
        "toGroup": {"type": "string", "description": "A candidate group of that agency"},
        "fields": {"type": "array", "items": {"type": "string"}, "description": "Names of variables"},
        "until": {"type": "string", "format": "date-time", "description": "At most a year ahead"},
        "consent": {"type": "string", "description": "The consent or the law that it rests on"},
    },
}
_REASON = {"type": "object", "properties": {"reason": {"type": "string"}}}


def _json(share: ShareView) -> Json:
    """A share without what was written about it: neither consent nor reason."""
    return {
        "id": share.id,
        "processInstanceId": share.instance_id,
        "tenantId": share.agency_id,
        "toTenantId": share.to_agency_id,
        "toGroup": share.to_group,
        "fields": list(share.fields),
        "createTime": write_moment(share.shared_at),
        "userId": share.shared_by,
        "until": write_moment(share.expires_at),
        "revokeTime": write_moment(share.revoked_at),
        "revokeUserId": share.revoked_by,
    }


def _received(share: ReceivedShare) -> Json:
    return {
        "id": share.id,
        "tenantId": share.agency_id,
        "processDefinitionName": share.definition_name,
        "toTenantId": share.to_agency_id,
        "toGroup": share.to_group,
        "createTime": write_moment(share.shared_at),
        "userId": share.shared_by,
        "until": write_moment(share.expires_at),
    }


@operation(
    "GET",
    "/process-instance/<id>/share",
    "With whom an instance is or was shared, the newest first",
    answers={200: "The shares", 403: "Only a manager of its agency", 404: "No such instance"},
)
def listed(id: str, query: Query) -> ResponseReturnValue:
    found = engine.list_shares(database(), caller(), id)
    seen(id)
    words = [{"consent": each.consent, "revokeReason": each.revoke_reason} for each in found]
    return jsonify([_json(share) | said for share, said in zip(found, words, strict=True)])


@operation(
    "POST",
    "/process-instance/<id>/share/create",
    "Let a group of another agency read some variables of an instance",
    body=_TERMS,
    answers={
        200: "The share",
        400: "It cannot be shared like this",
        403: "Only a manager of its agency",
        404: "No such instance, or no such agency",
        409: "What is confidential in it was erased",
    },
    repeatable=True,
)
def create(id: str, query: Query) -> ResponseReturnValue:
    """Answered without the words of the consent: an answer that is kept does not outlive their erasure."""
    body = read_body(list(_TERMS["properties"]))
    terms: dict[str, Any] = {
        "to_agency_id": required_text(body, "toTenantId"),
        "to_group": required_text(body, "toGroup"),
        "fields": texts_of(body, "fields") or (),
        "until": _until(body),
        "consent": text_of(body, "consent") or "",
    }

    def act(at: Database) -> ResponseReturnValue:
        return jsonify(_json(engine.share_case(at, caller(), id, **terms)))

    return repeatable("share", act)


@operation(
    "POST",
    "/process-instance/<id>/share/<share_id>/revoke",
    "End a share from the next request on",
    body=_REASON,
    answers={
        204: "Done; twice is fine",
        400: "Without a reason",
        403: "Only a manager of its agency",
        404: "No such instance, or it has no such share",
    },
)
def revoke(id: str, share_id: str, query: Query) -> ResponseReturnValue:
    reason = text_of(read_body(["reason"]), "reason") or ""
    if share_id not in {each.id for each in engine.list_shares(database(), caller(), id)}:
        raise ShareNotFound(id=share_id)
    engine.revoke_share(database(), caller(), share_id, reason)
    return "", 204


@operation(
    "GET",
    "/share",
    "What other agencies share with the caller's groups at this moment, the newest first",
    query=PAGING,
)
def received(query: Query) -> ResponseReturnValue:
    found = engine.list_received_shares(database(), caller())
    return jsonify([_received(share) for share in part(found, query)])


@operation(
    "GET",
    "/share/<id>",
    "The variables that a share names, as they are now",
    answers={200: "The share", 404: "None for the caller's groups, or it has ended"},
)
def one(id: str, query: Query) -> ResponseReturnValue:
    found = engine.open_share(database(), caller(), id)
    seen(found.instance_id, found.share.agency_id, f"share:{id}")
    values = [
        {"name": each.name, "label": each.label, "value": _words(each.value), "sealed": each.sealed}
        for each in found.values
    ]
    return jsonify(_received(found.share) | {"values": values})


def _until(body: Json) -> datetime:
    try:
        return read_moment(required_text(body, "until"))
    except ValueError as error:
        raise QueryInvalid(reason=f"'until': {error}") from error


def _words(value: Any) -> Any:
    """Rows of a list, which are tuples of (label, value), as objects."""
    if not isinstance(value, tuple):
        return value
    return [[{"label": label, "value": _words(said)} for label, said in row] for row in value]
