"""The OpenAPI document says what the routes are, and the routes do what it says."""

import re

from tests.support.service import Service


def test_every_route_is_in_the_document_and_nothing_else(service: Service) -> None:
    document = service.caller("analis@natuna").get("/openapi.json").json
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/engine-rest")))
        for rule in service.app.url_map.iter_rules()
        if rule.endpoint.startswith("rest.") and not rule.endpoint.endswith(".unsupported")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes
    assert len(described) > 50


def test_every_described_parameter_is_accepted(service: Service) -> None:
    caller = service.caller("manajer@natuna")
    document = caller.get("/openapi.json").json
    examples = {"integer": "0", "boolean": "true", "string": "x", "array": "x"}
    for path, methods in document["paths"].items():
        if "get" not in methods or "{" in path:
            continue
        for parameter in methods["get"]["parameters"]:
            name, schema = parameter["name"], parameter["schema"]
            if name in ("sortBy", "sortOrder"):
                continue
            example = "2026-01-05T09:00:00.000+0700" if schema.get("format") else examples[schema["type"]]
            example = str(schema.get("example", schema.get("enum", [example])[0]))
            answer = caller.get(path, **{name: example})
            needs_instance = path.startswith("/history/variable-instance")
            assert answer.status_code == 200 or needs_instance, (path, name, answer.json)


def test_the_client_side_names_of_operations_are_unique(service: Service) -> None:
    document = service.caller("manajer@natuna").get("/openapi.json").json
    ids = [op["operationId"] for methods in document["paths"].values() for op in methods.values()]
    assert len(ids) == len(set(ids))
