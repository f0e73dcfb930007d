"""Short ways to write form-js schemas."""

import json
from typing import Any

from engine.definitions.forms import Form, parse_form
from engine.errors import FormInvalid

YES_NO = [{"label": "Ya", "value": True}, {"label": "Tidak", "value": False}]


def component(type_: str, key: str = "", **more: Any) -> dict[str, Any]:
    """A component with a label; ``hide`` and ``required`` are short for where form-js has them."""
    found: dict[str, Any] = {"type": type_, "id": f"id_{key or type_}", "label": (key or type_).capitalize()}
    if key:
        found["path" if type_ in ("group", "dynamiclist") else "key"] = key
    if "hide" in more:
        found["conditional"] = {"hide": more.pop("hide")}
    if more.pop("required", False):
        found["validate"] = {"required": True, **more.pop("validate", {})}
    return {**found, **more}


def content(*components: dict[str, Any], **more: Any) -> bytes:
    """A ``.form`` file."""
    schema = {"type": "default", "id": "formulir", "schemaVersion": 19, "components": components, **more}
    return json.dumps(schema).encode()


def form(*components: dict[str, Any]) -> Form:
    """The form of some components."""
    return parse_form(content(*components), "formulir.form")


def errors(found: Form, data: Any, variables: dict[str, Any] | None = None, **more: Any) -> dict[str, str]:
    """Field -> sentence of everything wrong with a submission; empty if it is accepted."""
    try:
        found.check(data, variables or {}, **more)
    except FormInvalid as refused:
        return {error.field: str(error) for error in refused.fields}
    return {}
