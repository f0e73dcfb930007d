"""The law of `/engine-rest`, whatever is sent: never a 500, only statuses that the document names, a body of
`{type, message}` for every refusal, and after a refusal the database as it was before.

TITIAN_REQUESTS sets how many requests are made (150).
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.property.requests import USERS, World, make_world, requests
from tests.support.service import Service
from webapp.config import DEMO_PASSWORD
from webapp.rest.openapi import document
from webapp.rest.operation import Operation

REQUESTS = int(os.environ.get("TITIAN_REQUESTS", "150"))
PATHS = document()["paths"]
OTHER_METHODS = {200, 204, 308, 400, 403, 404, 405, 409, 501}
"""Answers to a method that is drawn for an address that has others."""


@pytest.fixture
def world(service: Service) -> World:
    return make_world(service)


def described(declared: Operation) -> set[int]:
    path = declared.rule.replace("<", "{").replace(">", "}")
    return {int(status) for status in PATHS[path][declared.method.lower()]["responses"]}


@settings(
    max_examples=REQUESTS,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # requests change the database: a failure does not come back while shrinking
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_request_breaks_the_law(world: World, data: st.DataObject) -> None:
    declared, sent = data.draw(requests(world))
    user = data.draw(st.sampled_from(USERS))
    before = world.state()
    answer = world.service.app.test_client(use_cookies=False).open(**sent, auth=(user, DEMO_PASSWORD))
    body: Any = answer.get_data(as_text=True)
    assert answer.status_code in (described(declared) if declared else OTHER_METHODS), body
    if answer.status_code < 400:
        return
    assert world.state() == before, body
    if sent["method"] == "HEAD":
        return
    assert {"type", "message"} <= set(answer.json), body
    assert all(isinstance(answer.json[name], str) and answer.json[name] for name in ("type", "message")), body
    assert "Traceback" not in body
