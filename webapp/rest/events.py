"""``/signal``, and ``/event-subscription``: what waits for messages and signals."""

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import SubscriptionFilter, SubscriptionView
from engine.errors import QueryInvalid
from webapp.db import database
from webapp.rest.gate import caller
from webapp.rest.operation import (
    NO_TENANT,
    PAGING,
    SORTING,
    Json,
    Query,
    flag_of,
    lists,
    operation,
    read_body,
    required_text,
    text_of,
    texts,
)
from webapp.rest.paging import page_of
from webapp.rest.values import read_variables

_SIGNAL: Json = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "executionId": {"type": "string"},
        "tenantId": {"type": "string"},
        "variables": {
            "type": "object",
            "additionalProperties": {"$ref": "#/components/schemas/Variable"},
        },
    },
}
_FIELDS = {
    "eventSubscriptionId": "subscription_id",
    "eventName": "name",
    "eventType": "kind",
    "executionId": "instance_id",
    "processInstanceId": "instance_id",
    "activityId": "element_id",
    "tenantIdIn": "agency_ids",
}
FILTERS = (*texts(*(name for name in _FIELDS if name != "tenantIdIn")), *lists("tenantIdIn"), *NO_TENANT)
_SORT_KEYS = {"id": "id", "tenantId": "agency"}


@operation(
    "POST",
    "/signal",
    "Send a signal to all that wait for it in an agency, or to one instance (executionId)",
    body=_SIGNAL,
    answers={
        204: "It is on its way to each of them",
        403: "Only managers and service accounts may",
        404: "No such agency",
    },
)
def signal(query: Query) -> ResponseReturnValue:
    body = read_body([*_SIGNAL["properties"], "withoutTenantId"])
    if flag_of(body, "withoutTenantId"):
        raise QueryInvalid(reason="'withoutTenantId' is not supported: everything belongs to an agency")
    engine.send_signal(
        database(),
        caller(),
        required_text(body, "name"),
        agency_id=text_of(body, "tenantId"),
        instance_id=text_of(body, "executionId"),
        variables=read_variables(body.get("variables")),
    )
    return "", 204


def _filter(query: Query) -> SubscriptionFilter:
    values: Json = {}
    for name, value in query.items():
        field = _FIELDS.get(name)
        if field is not None and values.setdefault(field, value) != value:
            raise QueryInvalid(reason=f"'{name}' contradicts another parameter")
    return SubscriptionFilter(**values)


def _json(subscription: SubscriptionView) -> Json:
    return {
        "id": subscription.id,
        "eventType": subscription.kind,
        "eventName": subscription.name,
        "executionId": subscription.instance_id,
        "processInstanceId": subscription.instance_id,
        "activityId": subscription.element_id,
        "createdDate": None,
        "tenantId": subscription.agency_id,
    }


@operation(
    "GET",
    "/event-subscription",
    "What the cases that the caller may see wait for: messages and signals",
    query=(*FILTERS, *SORTING, *PAGING),
)
def listed(query: Query) -> ResponseReturnValue:
    found = engine.list_subscriptions(database(), caller(), _filter(query), page_of(query, _SORT_KEYS))
    return jsonify([_json(subscription) for subscription in found])


@operation("GET", "/event-subscription/count", "How many event subscriptions", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=engine.count_subscriptions(database(), caller(), _filter(query)))
