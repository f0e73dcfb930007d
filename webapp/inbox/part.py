"""The blueprint that the views of this folder hang on."""

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest

blueprint = Blueprint("inbox", __name__, template_folder="templates")


def sent_variables() -> dict[str, object]:
    """What the form script sends, ``{"variables": {name: JSON value}}``; nothing from a plain button.

    Raises ``BadRequest`` for anything else.
    """
    if not request.is_json:
        return {}
    body = request.get_json()
    variables = body.get("variables") if isinstance(body, dict) else None
    if not isinstance(variables, dict):
        raise BadRequest('the body must be {"variables": {...}}')
    return variables
