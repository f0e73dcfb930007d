"""The blueprint that the views of this folder hang on."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")


def to(endpoint: str) -> Response:
    """Go on with one of the account's pages."""
    return redirect(url_for(f"account.{endpoint}"), 303)
